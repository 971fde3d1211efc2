"""How long a stroke of the hint brush takes until the visible part of the photo shows it.

The photo has been encoded once, as in the window. Each stroke adds a hint to those that are there; the network decodes
with all of them, what it leaves is spread, and the part of the photo that a window shows is drawn again.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.benchmark.painting import stroke
from engine.hints import HintSet
from engine.photo import read_photo
from engine.render import Look
from engine.session import Session
from engine.tiles import Painting, Pyramid

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.colorist import Colorist
    from engine.progress import Progress
    from engine.tiles import Box

VIEW = (1400, 900)
"""Pixels of the screen that show the photo."""
TOGETHER = 20
"""Strokes on a photo before all of them are taken away again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strokes:
    """What strokes cost on one photo with one model.

    Attributes:
        photo: What was painted on, in words.
        model: The model's name.
        device: Where its network ran.
        encode: Seconds of the slow half of the network, once per photo.
        decode: Median seconds of its fast half without hints.
        hinted: Median seconds of colours with hints: the fast half, and spreading what it leaves.
        draw: Median seconds of drawing what a window shows.
        seconds: Seconds of each stroke from the release of the brush to the last pixel.
    """

    photo: str
    model: str
    device: str
    encode: float
    decode: float
    hinted: float
    draw: float
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """Median seconds of a stroke."""
        return statistics.median(self.seconds)

    @property
    def p95(self) -> float:
        """So many seconds at most take 95 of 100 strokes."""
        return float(np.percentile(self.seconds, 95))


def time_strokes(
    photo: Path, colorist: Colorist, *, name: str = "", count: int = 200, progress: Progress | None = None
) -> Strokes:
    """Paints strokes on a photo and times each.

    Args:
        photo: A picture file.
        colorist: The model to colour it with.
        name: What the photo is, in words; empty for its file's name.
        count: Number of strokes.
        progress: Told after each; may cancel.

    Raises:
        EngineError: If the photo or the model cannot be used, or the benchmark was cancelled.
    """
    pixels = read_photo(photo).pixels
    session = Session(colorist)
    session.set_photo(pixels)
    encode = _median_of(lambda: session.set_photo(pixels))
    decode = _median_of(session.colorize)
    pyramid = Pyramid.build(pixels)
    level, box = _visible(pyramid)
    hints = HintSet(pyramid.width, pyramid.height)
    generator = np.random.default_rng(0)
    colored: list[float] = []
    drawn: list[float] = []
    for number in range(count):
        if number % TOGETHER == 0:
            hints = hints.cleared()
        hints = hints.added(stroke(generator, pyramid.width, pyramid.height))
        start = time.perf_counter()
        colors = session.colorize(hints=hints)
        middle = time.perf_counter()
        pyramid.colored(level, box, Painting(colors, Look()))
        colored.append(middle - start)
        drawn.append(time.perf_counter() - middle)
        if progress is not None:
            progress.report((number + 1) / count)
    return Strokes(
        photo=name or photo.name,
        model=colorist.card.id,
        device=colorist.device_name,
        encode=encode,
        decode=decode,
        hinted=statistics.median(colored),
        draw=statistics.median(drawn),
        seconds=tuple(one + other for one, other in zip(colored, drawn, strict=True)),
    )


def _visible(pyramid: Pyramid) -> tuple[int, Box]:
    """The level that a window shows of a photo fitted into it, and all of it."""
    level = 0
    while level + 1 < pyramid.level_count and all(
        side >= shown for side, shown in zip(pyramid.size(level + 1), VIEW, strict=True)
    ):
        level += 1
    width, height = pyramid.size(level)
    return level, (0, 0, width, height)


def _median_of(work: Callable[[], object], repeats: int = 5) -> float:
    times: list[float] = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)
