"""Strokes as a hand would paint them, alike on every machine."""

from __future__ import annotations

import numpy as np

from engine.hints import Hint, HintPoint, HintSet

POINTS = 12


def painted_hints(width: int, height: int, count: int) -> HintSet:
    """The first strokes of a photo.

    Args:
        width: The photo's, in pixels.
        height: The photo's.
        count: How many.
    """
    generator = np.random.default_rng(0)
    return HintSet(width, height, tuple(stroke(generator, width, height) for _ in range(count)))


def stroke(generator: np.random.Generator, width: int, height: int) -> Hint:
    """A wavering stroke of a tenth of the photo, in any colour."""
    start = generator.uniform(0.1, 0.9, 2) * (width, height)
    steps = generator.normal(0, 0.1 * width / POINTS, (POINTS, 2))
    ways = np.clip(start + np.cumsum(steps, axis=0), 0, (width - 1, height - 1))
    red, green, blue = (int(level) for level in generator.integers(0, 256, 3))
    points = tuple(HintPoint(float(x), float(y)) for x, y in ways)
    return Hint(points, 0.012 * width, f"#{red:02x}{green:02x}{blue:02x}")
