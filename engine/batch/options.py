"""What a batch is asked to do."""

from __future__ import annotations

import hashlib
import json
import math
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.photo import chosen_format
from engine.render import Look

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.photo import FormatChoice, Luma, OutputFormat

LOSSY: frozenset[OutputFormat] = frozenset({"JPEG", "WebP"})


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """What to colour, where to, and how.

    Attributes:
        paths: Photos and folders of photos. One that is a `str` may be a URL (`s3://bucket/scans`), which fsspec opens;
            so may `output` and `sidecars`.
        output: The folder for the coloured photos; None puts `photos-color` beside `photos` and `x-color.jpg` beside
            `x.jpg`.
        model: Name of an installed model.
        format: The outputs' format; `same` is the source's where it can hold colours.
        quality: 1 to 100, for JPEG and WebP.
        look: How the colours are shown.
        device: auto, cpu, cuda or mps.
        jobs: Photos that are worked on at the same time; 0 is one for each core.
        restart: Forgets what was done and colours again what this program had made.
        mark: Whether the outputs say that their colours are synthetic.
        metadata: Whether the sources' EXIF, XMP, IPTC and comments are carried over.
        luma: `lightness` keeps L*; `exact` keeps a JPEG's own luma bit for bit, and refuses what cannot be kept so.
        salvage: Whether to colour what is left of files that are cut off.
        sidecars: The folder that holds the photos' sidecars, their tree mirrored; None looks beside the photos.
        use_sidecars: Whether sidecars count. What one says of its photo wins over `model` and `look`.
        cluster: Whether the photos are coloured on a Ray cluster. `jobs` is then how many photos each of its actors
            works on at the same time.
        cluster_address: Of the cluster; None starts one on this machine.

    Raises:
        EngineError: If a number is outside of its range, or two choices contradict each other.
    """

    paths: tuple[Path | str, ...]
    output: Path | str | None = None
    model: str = "photo"
    format: FormatChoice = "same"
    quality: int = 92
    look: Look = field(default_factory=Look)
    device: str = "auto"
    jobs: int = 0
    restart: bool = False
    mark: bool = True
    metadata: bool = True
    luma: Luma = "lightness"
    salvage: bool = False
    sidecars: Path | str | None = None
    use_sidecars: bool = True
    cluster: bool = False
    cluster_address: str | None = None

    def __post_init__(self) -> None:
        look = self.look
        _within("The quality", self.quality, 1, 100)
        _within("The saturation", look.saturation, 0, math.inf)
        _within("The vibrance", look.vibrance, -1, 1)
        _within("The temperature", look.temperature, -100, 100)
        _within("The evenness", look.evenness, 0, 1)
        _within("The number of jobs", self.jobs, 0, math.inf)
        if self.sidecars is not None and not self.use_sidecars:
            raise EngineError("A folder of sidecars is given, and sidecars are to be ignored.", "Choose one of both.")
        if self.cluster_address is not None and not self.cluster:
            raise EngineError("The address of a cluster is given, and none is to be used.", "Add --cluster.")
        if self.luma == "exact" and self.format not in ("same", "jpeg"):
            raise EngineError(
                f"The luma of a JPEG cannot be kept in a {self.format}.", "Choose the format same or jpeg."
            )

    @property
    def workers(self) -> int:
        """How many threads read, render and save, and run the network where that is on the processor."""
        return self.jobs or cores()

    def format_for(self, natural: OutputFormat) -> OutputFormat:
        """The format of an output whose source would by itself become `natural`."""
        return chosen_format(self.format, natural)

    def settings(self, output_format: OutputFormat, *, look: Look | None = None, more: Sequence[object] = ()) -> str:
        """A hash of everything that shapes an output of this format; what does not touch it does not count.

        Salvage is no part of it: it changes nothing about a file that is whole, and files that failed are tried again
        anyhow.

        Args:
            output_format: The format.
            look: The photo's own look; None for that of all photos.
            more: What else shapes this photo's output alone, as plain values.
        """
        look = look or self.look
        quality = self.quality if output_format in LOSSY else None
        shaping: list[object] = [look.saturation, look.vibrance, look.temperature, output_format, quality, self.mark]
        # What earlier versions did not know is left out where it changes nothing, so that what they made still counts.
        if look.white_balance:
            shaping.append("white balance")
        if look.evenness:
            shaping += ["evenness", look.evenness]
        if not self.metadata:
            shaping.append("no metadata")
        if self.luma == "exact":
            shaping.append("exact luma")
        shaping.extend(more)
        return hashlib.sha256(json.dumps(shaping).encode()).hexdigest()[:16]


def _within(name: str, value: float, low: float, high: float) -> None:
    if math.isfinite(value) and low <= value <= high:
        return
    allowed = f"between {low} and {high}" if math.isfinite(high) else f"{low} or more"
    raise EngineError(f"{name} is {value}.", f"It must be {allowed}.")


def cores() -> int:
    """The cores that this process may use; a container often has fewer than the machine."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
