"""Anchors: hints as points, for networks that spread them by likeness (`engine.models.kriging`).

A small dab is one point. Of a broad stroke every pixel that it covers is one, or as many of them as there is room for,
for whoever paints a whole sky says more than where the brush's middle went. What a later hint lies over does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.hints.propagation import KEEP, SPOT_FIELDS, covered

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray

MOST = 400
"""Points that a solve takes at most, so that a stroke is answered at once."""
BROAD = 1.0
"""A spot of a larger radius than this, in pixels, is as many points as it covers pixels."""
MOSTLY = 0.5
"""A pixel counts as covered from this share on."""
STEP = 0.6180339887
"""The golden ratio's: places drawn by its multiples are spread evenly, however many are taken."""


def anchors(spots: FloatArray, size: tuple[int, int]) -> FloatArray:
    """The points that hints are known at.

    Args:
        spots: N×6 as of `engine.hints.propagation.propagate`, the radius in pixels of the map.
        size: (h, w) of the map of colours.

    Returns:
        M×6, M ≤ 400: spots again, their radius of no meaning any more.
    """
    spots = np.asarray(spots, np.float32).reshape(-1, SPOT_FIELDS)
    if len(spots) == 0:
        return spots
    seen = _uncovered(spots, size)
    small = spots[seen & (spots[:, 4] <= BROAD)]
    broad = _pixels(spots, small, size) if (spots[:, 4] > BROAD).any() else small[:0]
    return np.concatenate([_thinned(broad, MOST - min(len(small), MOST // 2)), _thinned(small, MOST)])[-MOST:]


def _uncovered(spots: FloatArray, size: tuple[int, int]) -> NDArray[np.bool_]:
    """N, whether nothing else lies over a spot's middle: later spots of another colour or kind."""
    places = spots[:, :2] * np.array(size[::-1], np.float32)
    reach = np.maximum(spots[:, 4], 0.5)
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))  # N×N: of a spot from each other one
    other = (spots[:, None, [2, 3, 5]] != spots[None, :, [2, 3, 5]]).any(axis=2)
    later = np.triu(np.ones(apart.shape, bool), 1)
    return ~((apart < reach[None]) & other & later).any(axis=1)


def _pixels(spots: FloatArray, small: FloatArray, size: tuple[int, int]) -> FloatArray:
    """The pixels that broad spots cover and no small one marks."""
    height, width = size
    share, ink = covered(spots, size)
    counts = share >= MOSTLY
    if len(small):
        columns = np.clip((small[:, 0] * width).astype(np.int64), 0, width - 1)
        rows = np.clip((small[:, 1] * height).astype(np.int64), 0, height - 1)
        counts[rows, columns] = False
    rows, columns = np.nonzero(counts)
    points = np.zeros((len(rows), SPOT_FIELDS), np.float32)
    points[:, 0], points[:, 1] = (columns + 0.5) / width, (rows + 0.5) / height
    keep = ink[rows, columns, 2] >= MOSTLY
    # At the border of two inks a pixel has some of each; "keep" names no colour of its own.
    points[:, 2:4] = np.where(keep[:, None], 0, ink[rows, columns, :2] / np.maximum(1 - ink[rows, columns, 2:], 1e-3))
    points[:, 5] = np.where(keep, KEEP, 0.0)
    return points


def _thinned(points: FloatArray, most: int) -> FloatArray:
    """At most so many of the points, evenly chosen."""
    if len(points) <= most:
        return points
    drawn = np.argsort((np.arange(len(points)) * STEP) % 1, kind="stable")[:most]
    return points[np.sort(drawn)]
