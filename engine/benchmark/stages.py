"""How long each stage of a photo takes on this machine, and how that compares with decoding and encoding it bare.

All stages are timed in one run, in turns, and given as medians: on a busy machine a ratio says more than a second does.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import cv2
import numpy as np
from PIL import Image

from engine.colorist import Colorist
from engine.photo import SaveOptions, format_suffix, output_format, read_photo, save_photo
from engine.render import render

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from engine.progress import Progress

Result = TypeVar("Result")

MEGAPIXELS_12 = (4000, 3000)
QUALITY = 92
WARM_UP = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What was measured for one photo and one model.

    Attributes:
        photo: What was coloured, in words.
        model: The model's name.
        device: Where its network ran.
        seconds: Median seconds of each stage: "decode" and "encode" bare, by Pillow with the same settings; "read",
            "prepare", "network", "render" and "save" as the batch does them, saving with its check and its sync.
    """

    photo: str
    model: str
    device: str
    seconds: dict[str, float]

    @property
    def bare(self) -> float:
        """Decoding the source plus encoding the coloured result, in seconds."""
        return self.seconds["decode"] + self.seconds["encode"]

    @property
    def ratio(self) -> float:
        """Everything but the network, as a multiple of `bare`."""
        return sum(self.seconds[stage] for stage in ("read", "prepare", "render", "save")) / self.bare


def benchmark(
    photo: Path | None = None,
    *,
    model: str = "photo",
    device: str = "auto",
    repeats: int = 5,
    progress: Progress | None = None,
) -> Benchmark:
    """Times the stages of one photo.

    Args:
        photo: A picture file; None makes a 12 MP grey JPEG of soft shapes and grain.
        model: An installed model.
        device: auto, cpu, cuda or mps.
        repeats: How often each stage runs; the median counts.
        progress: Told after each repeat; may cancel.

    Raises:
        EngineError: If the photo or the model cannot be used, or the benchmark was cancelled.
    """
    colorist = Colorist(model, device)
    with tempfile.TemporaryDirectory() as folder:
        source = photo or grey_jpeg(Path(folder))
        runs: list[dict[str, float]] = []
        for repeat in range(WARM_UP + repeats):
            runs.append(_time_stages(source, Path(folder) / f"{repeat}", colorist))
            if progress is not None:
                progress.report((repeat + 1) / (WARM_UP + repeats), source.name)
    seconds = {stage: statistics.median(run[stage] for run in runs[WARM_UP:]) for stage in runs[0]}
    name = source.name if photo else "12 MP grey JPEG"
    return Benchmark(photo=name, model=model, device=colorist.device_name, seconds=seconds)


def _time_stages(source: Path, target: Path, colorist: Colorist) -> dict[str, float]:
    read, read_seconds = _timed(lambda: read_photo(source))
    prepared, prepare_seconds = _timed(lambda: colorist.prepare(read.pixels))
    colors, network_seconds = _timed(lambda: colorist.colors([prepared])[0])
    colored, render_seconds = _timed(lambda: render(read.pixels, colors))
    form = output_format(read.format, bit_depth=read.bit_depth, has_alpha=read.alpha is not None)
    options = SaveOptions(format=form, quality=QUALITY, model=colorist.card.id)
    _, save_seconds = _timed(lambda: save_photo(target.with_suffix(format_suffix(form)), [colored], [read], options))
    return {
        "decode": _timed(lambda: _decode(source))[1],
        "encode": _timed(lambda: _encode(colored, form))[1],
        "read": read_seconds,
        "prepare": prepare_seconds,
        "network": network_seconds,
        "render": render_seconds,
        "save": save_seconds,
    }


def _timed(work: Callable[[], Result]) -> tuple[Result, float]:
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _decode(path: Path) -> None:
    with Image.open(path) as opened:
        opened.load()


def _encode(colored: NDArray[Any], form: str) -> None:
    """The bare encoder at the settings of a save; 16-bit colour, which Pillow lacks, is measured at 8 bits."""
    eight = (colored >> 8).astype(np.uint8) if colored.dtype == np.uint16 else colored
    extra = {"quality": QUALITY, "subsampling": 0} if form == "JPEG" else {}
    Image.fromarray(eight).save(BytesIO(), form, **extra)


def grey_jpeg(folder: Path) -> Path:
    """A 12 MP grey JPEG that is about as hard to code as a scan: soft shapes, edges, grain."""
    generator = np.random.default_rng(0)
    width, height = MEGAPIXELS_12
    shapes = generator.normal(128, 60, (24, 32)).astype(np.float32)
    picture = cv2.resize(shapes, (width, height), interpolation=cv2.INTER_CUBIC)
    picture += np.where(cv2.resize(shapes, (width, height), interpolation=cv2.INTER_NEAREST) > 160, 30, 0)
    picture += generator.normal(0, 4, (height, width)).astype(np.float32)
    path = folder / "grey.jpg"
    Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8)).save(path, quality=QUALITY)
    return path
