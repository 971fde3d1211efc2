"""`autochrome benchmark`: what each stage costs on this machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from engine.benchmark import Strokes

SHOWN = ("decode", "encode", "read", "prepare", "network", "render", "save")


def benchmark(
    photo: Annotated[Path | None, typer.Option(help="The photo to colour. Default: a 12 MP grey JPEG.")] = None,
    model: Annotated[str, typer.Option(help="The model to colour with.")] = "photo",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    repeats: Annotated[int, typer.Option(min=1, help="How often each stage runs; the median counts.")] = 5,
    strokes: Annotated[
        int, typer.Option(min=0, help="Also paint so many strokes of hints, and time each until it is seen.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")] = False,
) -> None:
    """Times each stage of a photo, beside decoding and encoding it bare."""
    from engine.benchmark import benchmark as measure
    from engine.benchmark import time_strokes

    found = measure(photo, model=model, device=device, repeats=repeats)
    painted = time_strokes(photo, model=model, device=device, count=strokes) if strokes else None
    if as_json:
        told = None if painted is None else asdict(painted) | {"median": painted.median, "p95": painted.p95}
        typer.echo(json.dumps(asdict(found) | {"ratio": found.ratio, "strokes": told}))
        return
    table = Table(title=f"{found.photo}, model {found.model} on {found.device}, medians of {repeats}")
    table.add_column("stage")
    table.add_column("seconds", justify="right")
    table.add_column("of decode + encode", justify="right")
    for stage in SHOWN:
        seconds = found.seconds[stage]
        table.add_row(stage, f"{seconds:.3f}", f"{seconds / found.bare:.2f}")
    console = Console()
    console.print(table)
    console.print(f"Everything but the network: {found.ratio:.2f} times bare decode + encode.")
    if painted is not None:
        _show_strokes(painted, console)


def _show_strokes(painted: Strokes, console: Console) -> None:
    network = painted.encode + painted.decode
    table = Table(title=f"Strokes on {painted.photo}, medians of {len(painted.seconds)}")
    table.add_column("step")
    table.add_column("ms", justify="right")
    table.add_row("encode, once per photo", f"{1000 * painted.encode:.0f}")
    table.add_row("decode without hints", f"{1000 * painted.decode:.0f}")
    table.add_row("colours with hints", f"{1000 * painted.hinted:.0f}")
    table.add_row("draw what is seen", f"{1000 * painted.draw:.0f}")
    console.print(table)
    console.print(
        f"From stroke to screen: median {1000 * painted.median:.0f} ms, p95 {1000 * painted.p95:.0f} ms; "
        f"of the network's work, decoding is {painted.decode / network:.0%}."
    )
