"""Where a hint would help most: the map of what the model does not know, and what one answer would tell of it.

The colours of a photo are taken for a Gaussian process: its deviation at each place is that of the model's own
distribution over colours, its correlation what the model learned of likeness, or else nearness in place and lightness.
The hints that there are have answered part of it. A hint at p takes from the variance of all places together

    worth(p) = Σ_q C(p, q)² / (C(p, p) + σ²),

where C is the covariance that is left: a large, uncertain thing is worth more than a small one, and what looks like
something hinted already is worth little.

Source: D. Cohn, "Neural Network Exploration Using Optimal Experiment Design", NIPS 1993 (the expected reduction of the
mean variance), here in the closed form that Gaussian processes have.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from engine.hints.anchors import anchors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray

POINTS = 32 * 32
"""Places that are weighed against each other at most."""
NOISE = 0.05
"""Variance of what a hint says, as a share of the mean variance."""
PLACE, TONE = 0.2, 10.0
"""Scales of likeness where the model tells none: in sides of the photo, and in L*."""
APART = 0.12
"""Good places are about this far from each other, in sides of the photo."""


def color_deviation(log_probability: FloatArray, bins: FloatArray) -> FloatArray:
    """How unsure a distribution over colours is: h×w, standard deviations in CIELAB units.

    Args:
        log_probability: Q×h×w, natural logarithms.
        bins: Q×2, a* and b* of the bins.
    """
    probability = np.exp(log_probability, dtype=np.float32)
    mean = np.tensordot(bins.T, probability, 1)  # 2×h×w
    square = np.tensordot(np.square(bins).sum(axis=1), probability, 1)
    return np.asarray(np.sqrt(np.maximum(square - np.square(mean).sum(axis=0), 0)), np.float32)


def hint_worth(
    lightness: FloatArray,
    size: tuple[int, int],
    *,
    deviation: FloatArray | None = None,
    likeness: FloatArray | None = None,
    spots: FloatArray | None = None,
) -> FloatArray:
    """How much a hint would help at each place.

    Args:
        lightness: H×W, L* of the photo at the network's size.
        size: (h, w) of the network's output.
        deviation: How unsure the model is, at any size; None for the same everywhere.
        likeness: hw×hw, how much the errors at two places have in common; None where the model does not say.
        spots: N×6, the hints that there are, as of `engine.hints.propagation.propagate`, their radius in pixels of the
            output.

    Returns:
        h×w, of the most worthwhile place 1; nought everywhere where nothing is left to learn.
    """
    height, width = size
    chosen, few = _places(size)
    small = np.asarray(cv2.resize(lightness, (width, height), interpolation=cv2.INTER_AREA), np.float32)
    alike = _nearness(small, size, chosen) if likeness is None else likeness[np.ix_(chosen, chosen)]
    unsure = np.ones(size, np.float32) if deviation is None else cv2.resize(deviation, (width, height))
    spread = np.maximum(unsure.reshape(-1)[chosen], 1e-3)
    covariance = np.asarray(alike * spread[:, None] * spread[None], np.float64)
    noise = NOISE * float(np.square(spread).mean())
    covariance = _told(covariance, _hinted(spots, size, chosen), noise)
    left = np.square(covariance).sum(axis=0) / (np.maximum(np.diag(covariance), 0) + noise)
    most = float(left.max())
    worth = (left / most if most > 0 else left).astype(np.float32).reshape(few)
    return np.asarray(cv2.resize(worth, (width, height), interpolation=cv2.INTER_LINEAR), np.float32).clip(0, 1)


def best_places(worth: FloatArray, count: int = 5) -> list[tuple[float, float]]:
    """The most worthwhile places, apart from each other.

    Args:
        worth: h×w, from `hint_worth`.
        count: How many at most.

    Returns:
        (x, y) in [0, 1] from the top-left corner, the best first.
    """
    height, width = worth.shape
    side = (height * width) ** 0.5
    rows, columns = np.mgrid[:height, :width] + 0.5
    left = np.asarray(worth, np.float64).copy()
    places: list[tuple[float, float]] = []
    while len(places) < count and left.max() > 0.05:
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        y, x = float(row) + 0.5, float(column) + 0.5
        places.append((x / width, y / height))
        left *= 1 - np.exp(-(np.square(rows - y) + np.square(columns - x)) / (2 * (APART * side) ** 2))
    return places


def _places(size: tuple[int, int]) -> tuple[NDArray[np.int64], tuple[int, int]]:
    """The pixels that are weighed, and how many rows and columns they are."""
    height, width = size
    step = max(1, int(np.ceil((height * width / POINTS) ** 0.5)))
    rows, columns = np.arange(step // 2, height, step), np.arange(step // 2, width, step)
    return (rows[:, None] * width + columns[None]).reshape(-1), (len(rows), len(columns))


def _nearness(lightness: FloatArray, size: tuple[int, int], chosen: NDArray[np.int64]) -> FloatArray:
    height, width = size
    side = (height * width) ** 0.5
    rows, columns = np.divmod(chosen, width)
    tone = lightness.reshape(-1)[chosen]
    apart = (np.square(rows[:, None] - rows) + np.square(columns[:, None] - columns)) / (PLACE * side) ** 2
    return np.asarray(np.exp(-(apart + np.square(tone[:, None] - tone) / TONE**2) / 2), np.float32)


def _hinted(spots: FloatArray | None, size: tuple[int, int], chosen: NDArray[np.int64]) -> NDArray[np.int64]:
    """Which of the weighed pixels hints have told of: the nearest ones to each point."""
    if spots is None or len(spots) == 0:
        return np.zeros(0, np.int64)
    height, width = size
    points = anchors(spots, size)[:, :2] * np.array([width, height], np.float32)
    rows, columns = np.divmod(chosen, width)
    apart = np.square(points[:, 0, None] - columns - 0.5) + np.square(points[:, 1, None] - rows - 0.5)
    return np.unique(apart.argmin(axis=1))


def _told(covariance: NDArray[np.float64], hinted: NDArray[np.int64], noise: float) -> NDArray[np.float64]:
    """The covariance that is left once the hints have told what they know."""
    if len(hinted) == 0:
        return covariance
    among = covariance[np.ix_(hinted, hinted)] + noise * np.eye(len(hinted))
    return covariance - covariance[:, hinted] @ np.linalg.solve(among, covariance[hinted])
