"""What `autochrome benchmark` measured, as tables for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from engine.batch import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console

    from engine.benchmark import BatchRate, Benchmark, Strokes

STAGES = {
    "decode": "decode, bare",
    "encode": "encode, bare",
    "read": "decode",
    "prepare": "lightness",
    "network": "network, no hints",
    "network_encode": "  encode",
    "network_decode": "  decode",
    "network_hints": "  decode with hints",
    "propagation": "propagation of hints",
    "render": "render",
    "save": "save",
}


def print_measured(found: Benchmark, console: Console) -> None:
    """Prints what one photo costs with one model on one device."""
    table = Table(title=Text(f"{shown(found.photo)}, model {found.model} on {found.device}"), title_justify="left")
    table.add_column("stage")
    table.add_column("ms", justify="right")
    table.add_column("of decode + encode", justify="right")
    for stage, words in STAGES.items():
        seconds = found.seconds[stage]
        table.add_row(words, f"{1000 * seconds:.1f}", f"{seconds / found.bare:.2f}")
    console.print(table)
    _say(f"Everything but the network: {found.ratio:.2f} times bare decode + encode.", console)
    if found.strokes is not None:
        _say(_of_strokes(found.strokes), console)
    if found.batch is not None:
        _say(_of_batch(found.batch), console)
    for note in found.notes:
        _say(note, console)
    console.print()


def print_overview(found: Sequence[Benchmark], console: Console) -> None:
    """Prints the figures that count of several measurements, a row each."""
    table = Table(title="In short", title_justify="left", box=None, pad_edge=False, collapse_padding=True)
    for name in ("photo", "model", "device"):
        table.add_column(name, no_wrap=True)
    for name in ("all but\nnetwork", "network", "photos\na second", "busy", "stroke\nms", "p95\nms"):
        table.add_column(name, justify="right", no_wrap=True)
    for one in found:
        strokes, batch = one.strokes, one.batch
        busiest = max(batch.busy.values(), default=None) if batch else None
        table.add_row(
            Text(shown(one.photo)),
            Text(one.model),
            one.device,
            f"{one.ratio:.2f} ×",
            f"{one.seconds['network'] / one.bare:.2f} ×",
            "" if batch is None else f"{batch.rate:.2f}",
            "" if busiest is None else f"{busiest:.0%}",
            "" if strokes is None else f"{1000 * strokes.median:.0f}",
            "" if strokes is None else f"{1000 * strokes.p95:.0f}",
        )
    console.print(table)
    _say("×: of bare decode + encode of the same photo. Busy: the busiest threads of the batch.", console)


def _of_strokes(strokes: Strokes) -> str:
    network = strokes.encode + strokes.decode
    return (
        f"From stroke to screen: median {1000 * strokes.median:.0f} ms, p95 {1000 * strokes.p95:.0f} ms of "
        f"{len(strokes.seconds)} ({1000 * strokes.hinted:.0f} ms for the colours, {1000 * strokes.draw:.0f} ms for "
        f"drawing); of the network's work, decoding is {strokes.decode / network:.0%}."
    )


def _of_batch(batch: BatchRate) -> str:
    cause = f" Others were left: {batch.cause}" if batch.cause else ""
    if not batch.photos:
        return f"A batch coloured none of the copies.{cause}"
    busy = f"; busy: {_shares(batch.busy)}" if batch.busy else ""
    return f"A batch of {batch.photos}: {batch.rate:.2f} photos a second{busy}.{cause}"


def _shares(busy: Mapping[str, float]) -> str:
    return ", ".join(f"{name} {share:.0%}" for name, share in busy.items())


def _say(line: str, console: Console) -> None:
    console.print(Text(shown(line)), soft_wrap=True)
