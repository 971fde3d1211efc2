"""What a report says of its run as a whole: when, how long, and what was asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from engine.batch.durations import duration
from engine.batch.events import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.batch.options import BatchOptions


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about a run, in words.

    Attributes:
        ended: When it ended.
        took: How long it took.
        settings: What was asked for, as label and value.
    """

    ended: str = ""
    took: str = ""
    settings: tuple[tuple[str, str], ...] = ()


def facts_of(options: BatchOptions, seconds: float) -> Facts:
    """The facts of a run that ends now.

    Args:
        options: What was asked for.
        seconds: How long it took.
    """
    # Digits alone: the names of months depend on the system's language, and the report has its own.
    ended = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M")
    return Facts(ended, duration(seconds), tuple(_settings(options)))


def _settings(options: BatchOptions) -> Iterator[tuple[str, str]]:
    look = options.look
    yield "Model", options.model
    yield "Format", "that of each source" if options.format == "same" else options.format.upper()
    yield "Quality of JPEG and WebP", str(options.quality)
    yield "Saturation", f"× {look.saturation:g}"
    if look.vibrance:
        yield "Vibrance", f"{look.vibrance:+g}"
    if look.temperature:
        yield "Temperature", f"{look.temperature:+g}"
    if look.white_balance:
        yield "White balance", "casts taken away"
    if look.evenness:
        yield "Evenness", f"{look.evenness:g}"
    yield "Kept of each photo", "its JPEG luma, bit for bit" if options.luma == "exact" else "its lightness"
    yield "Marked as synthetic colours", "yes" if options.mark else "no"
    yield "Metadata", "carried over" if options.metadata else "left out"
    yield "Sidecars", _sidecars(options)
    if options.salvage:
        yield "Files that are cut off", "what is left of them was coloured"


def _sidecars(options: BatchOptions) -> str:
    if not options.use_sidecars:
        return "left aside"
    return "beside the photos" if options.sidecars is None else f"in {shown(options.sidecars)}"
