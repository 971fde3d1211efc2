"""The shape of ink on a screen: discs along a line, and all that lies between each and the next."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPen, QPolygonF

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SAME = 0.05
"""Pixels by which radii may differ without anybody seeing it."""
SLIGHT = 1e-3
"""A line without length would have no round ends either."""


class Disc(NamedTuple):
    """Ink at a point, in device pixels."""

    x: float
    y: float
    radius: float


def seen_runs(discs: Sequence[Disc], seen: QRectF) -> Iterator[list[Disc]]:
    """Those parts of a line of discs that can be seen: what is out of sight costs nothing.

    Args:
        discs: One at least.
        seen: What is in sight, in device pixels.
    """
    run: list[Disc] = []
    for start, end in pairwise(discs) if len(discs) > 1 else [(discs[0], discs[0])]:
        if _touches(seen, start, end):
            run = [*run, end] if run else [start, end]
        elif run:
            yield run
            run = []
    if run:
        yield run


def _touches(seen: QRectF, start: Disc, end: Disc) -> bool:
    reach = max(start.radius, end.radius) + 2
    left, right = min(start.x, end.x) - reach, max(start.x, end.x) + reach
    top, bottom = min(start.y, end.y) - reach, max(start.y, end.y) + reach
    return right >= seen.left() and left <= seen.right() and bottom >= seen.top() and top <= seen.bottom()


def draw_run(painter: QPainter, brush: QBrush, run: Sequence[Disc], wider: float = 0.0) -> None:
    """Draws discs and what lies between them.

    Args:
        painter: In device pixels, smooth.
        brush: What they are filled with.
        run: Two discs at least.
        wider: By how much they are enlarged.
    """
    radii = [disc.radius for disc in run]
    if max(radii) - min(radii) < SAME:
        way = QPolygonF([QPointF(x, y) for x, y, _ in run])
        way.append(QPointF(run[-1].x + SLIGHT, run[-1].y))
        width, round_cap, round_join = 2 * (radii[0] + wider), Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(brush, width, Qt.PenStyle.SolidLine, round_cap, round_join))
        painter.drawPolyline(way)
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    grown = [Disc(x, y, radius + wider) for x, y, radius in run]
    for disc in grown:
        painter.drawEllipse(QPointF(disc.x, disc.y), disc.radius, disc.radius)
    for start, end in pairwise(grown):
        across, down = end.x - start.x, end.y - start.y
        length = math.hypot(across, down)
        # A disc within the other adds nothing.
        if length > abs(start.radius - end.radius):
            opening = math.acos((start.radius - end.radius) / length)
            painter.drawPolygon(_tangents(start, end, math.atan2(down, across), opening))


def _tangents(start: Disc, end: Disc, angle: float, opening: float) -> QPolygonF:
    """What lies between the two lines that touch both discs."""
    corners = [(start, opening), (end, opening), (end, -opening), (start, -opening)]
    return QPolygonF(
        [
            QPointF(disc.x + disc.radius * math.cos(angle + side), disc.y + disc.radius * math.sin(angle + side))
            for disc, side in corners
        ]
    )
