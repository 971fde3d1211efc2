"""`autochrome benchmark`: what each stage costs on this machine."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

SHOWN = ("decode", "encode", "read", "prepare", "network", "render", "save")


def benchmark(
    photo: Annotated[Path | None, typer.Option(help="The photo to colour. Default: a 12 MP grey JPEG.")] = None,
    model: Annotated[str, typer.Option(help="The model to colour with.")] = "photo",
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    repeats: Annotated[int, typer.Option(min=1, help="How often each stage runs; the median counts.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")] = False,
) -> None:
    """Times each stage of a photo, beside decoding and encoding it bare."""
    from engine.benchmark import benchmark as measure

    found = measure(photo, model=model, device=device, repeats=repeats)
    if as_json:
        typer.echo(json.dumps(asdict(found) | {"ratio": found.ratio}))
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
