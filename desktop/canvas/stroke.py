"""A stroke while it is drawn: where the pointer went, and the same with no more points than its shape needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF

from engine import HintPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

LEAST_PRESSURE = 0.05
"""A pen that barely touches still leaves ink."""
CHUNK = 64
"""Points that are simplified together while the stroke goes on, so that a long one costs no more than a short one."""


class Stroke:
    """Ink or an eraser's trail that grows.

    Args:
        radius: Of the brush, in pixels of the photo.
        color: Of the ink; None for "keep".
        size: (width, height) of the photo: what the pointer does beyond its edges is drawn along them.
        erasing: Whether it is an eraser's trail.
    """

    def __init__(self, radius: float, color: str | None, size: tuple[int, int], *, erasing: bool = False) -> None:
        self.radius = radius
        self.color = color
        self.erasing = erasing
        self.points: list[HintPoint] = []
        self._size = size
        self._settled: list[HintPoint] = []
        self._tail = 0
        self._tolerance = float("inf")

    def add(self, place: QPointF, pressure: float, tolerance: float) -> QRectF | None:
        """Goes on to a place.

        Args:
            place: In pixels of the photo.
            pressure: Of the pen.
            tolerance: How far, in pixels of the photo, a simpler stroke may be off; half a pixel of the screen.

        Returns:
            The part of the photo that has new ink; None if the pointer has not moved by as much as counts.
        """
        x, y = min(max(place.x(), 0.0), self._size[0]), min(max(place.y(), 0.0), self._size[1])
        point = HintPoint(x, y, min(max(pressure, LEAST_PRESSURE), 1.0))
        last = self.points[-1] if self.points else None
        if last is not None and self._apart(last, point) < tolerance / 2:
            return None
        self.points.append(point)
        # What was drawn while the photo was large is not made coarser because it is small now.
        self._tolerance = min(self._tolerance, tolerance)
        if len(self.points) - self._tail > CHUNK:
            self._settled += self._simplified(self.points[self._tail :])[:-1]
            self._tail = len(self.points) - 1
        return self._around(point if last is None else last, point)

    @property
    def simple(self) -> tuple[HintPoint, ...]:
        """The stroke so far, no further than half of the tolerance off."""
        return (*self._settled, *self._simplified(self.points[self._tail :]))

    @property
    def simplest(self) -> tuple[HintPoint, ...]:
        """The stroke so far, no further than the tolerance off, with as few points as that takes."""
        return self._simplified(self.simple)

    def _simplified(self, points: Sequence[HintPoint]) -> tuple[HintPoint, ...]:
        return simplified(points, self.radius, self._tolerance / 2)

    def _apart(self, one: HintPoint, other: HintPoint) -> float:
        away = abs(one.x - other.x) + abs(one.y - other.y)
        return away + abs(one.pressure - other.pressure) * self.radius

    def _around(self, one: HintPoint, other: HintPoint) -> QRectF:
        reach = self.radius * max(one.pressure, other.pressure)
        corner, opposite = (
            QPointF(min(one.x, other.x), min(one.y, other.y)),
            QPointF(max(one.x, other.x), max(one.y, other.y)),
        )
        return QRectF(corner, opposite).adjusted(-reach, -reach, reach, reach)


def simplified(points: Sequence[HintPoint], radius: float, tolerance: float) -> tuple[HintPoint, ...]:
    """Some of the points of a stroke, such that the line through them is near all others (Douglas and Peucker's way).

    Args:
        points: The stroke.
        radius: Of the brush; a pressure counts as much as the radius that it makes.
        tolerance: How far the others may be off, in the points' pixels.
    """
    if len(points) < 3:
        return tuple(points)
    rows = np.array(points, np.float64) * (1.0, 1.0, radius)
    kept = np.zeros(len(rows), np.bool_)
    kept[[0, -1]] = True
    spans = [(0, len(rows) - 1)]
    while spans:
        first, last = spans.pop()
        off = _off(rows[first], rows[last], rows[first + 1 : last])
        worst = int(off.argmax())
        if off[worst] > tolerance:
            middle = first + 1 + worst
            kept[middle] = True
            spans += [span for span in ((first, middle), (middle, last)) if span[1] - span[0] > 1]
    return tuple(point for point, keep in zip(points, kept, strict=True) if keep)


def _off(start: NDArray[np.float64], end: NDArray[np.float64], rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far rows are from a line between two others."""
    line, away = end - start, rows - start
    length = float(line @ line)
    along = np.clip(away @ line / length, 0.0, 1.0) if length > 0 else np.zeros(len(rows))
    return np.linalg.norm(away - along[:, None] * line, axis=1)
