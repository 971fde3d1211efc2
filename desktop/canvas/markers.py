"""The signs of hints on a photo: readable on any photo, for they have a light and a dark tone."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPolygonF

from desktop.canvas.ink import DARK, LIGHT, kind_of
from engine import HintKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine import Hint

SIZE, SELECTED_SIZE = 7.0, 10.0
"""Radius of a marker, in the view's coordinates."""
REACH = 14.0
"""How far from its place anything of a marker is drawn."""
NUMBERED_SIZE = 12.0
KEPT = QColor("#3a3a3e")
CROSS = 14.0
"""Half of the crosshair."""
GAP = 5.0
"""Half of the hole in the crosshair."""
LEAST_RING = 3.0
BADGE = 5.0
"""Radius of the sign of the colour beside the brush."""


def marker_place(hint: Hint) -> QPointF:
    """Where a hint's marker stands, in pixels of the photo: halfway along its stroke."""
    points = hint.points
    steps = [math.hypot(b.x - a.x, b.y - a.y) for a, b in pairwise(points)]
    left = sum(steps) / 2
    for (a, b), step in zip(pairwise(points), steps, strict=True):
        if 0 < step >= left:
            share = left / step
            return QPointF(a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share)
        left -= step
    return QPointF(points[0].x, points[0].y)


class Sign(NamedTuple):
    """A hint as it is shown, in pixels of the photo.

    Attributes:
        center: Of its marker.
        color: Of its ink.
        way: Of its stroke.
        area: Around all of its ink.
    """

    center: QPointF
    color: str | None
    way: QPolygonF
    area: QRectF


def sign_of(hint: Hint) -> Sign:
    """How a hint is shown."""
    way, reach = QPolygonF([QPointF(x, y) for x, y, _ in hint.points]), hint.radius
    area = way.boundingRect().adjusted(-reach, -reach, reach, reach)
    return Sign(marker_place(hint), hint.color, way, area)


def two_tone(painter: QPainter, draw: Callable[[], object], width: float = 1.5) -> None:
    """Draws lines so that they are seen on any photo: light ones with a dark edge on both sides.

    Args:
        painter: To draw with.
        draw: Draws them with the painter's pen.
        width: Of the light line, in the view's coordinates.
    """
    for color, wide in ((DARK, width + 2), (LIGHT, width)):
        painter.setPen(QPen(color, wide, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        draw()


def draw_marker(painter: QPainter, center: QPointF, color: str | None, *, selected: QColor | None = None) -> None:
    """Draws the sign of a hint: its colour; a cross on dark for "keep"; a bar on grey for "no colour".

    Args:
        painter: In the view's coordinates, smooth.
        center: Where.
        color: The hint's.
        selected: The colour of the ring that shows that it is selected; None if it is not.
    """
    size = SIZE if selected is None else SELECTED_SIZE
    if selected is not None:
        for tone, radius in ((DARK, size + 4), (LIGHT, size + 3)):
            _disc(painter, center, radius, tone)
        _disc(painter, center, size + 2, selected)
    draw_sign(painter, center, color, size)


def draw_sign(painter: QPainter, center: QPointF, color: str | None, size: float) -> None:
    """Draws a disc of a hint's colour with its sign, in a light and a dark ring."""
    _disc(painter, center, size + 1, DARK)
    _disc(painter, center, size, LIGHT)
    kind = kind_of(color)
    _disc(painter, center, size - 1.5, KEPT if color is None else QColor(color))
    arm = size * 0.42
    if kind is HintKind.KEEP:
        painter.setPen(QPen(LIGHT, 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(center + QPointF(-arm, -arm), center + QPointF(arm, arm))
        painter.drawLine(center + QPointF(-arm, arm), center + QPointF(arm, -arm))
    elif kind is HintKind.NEUTRAL:
        light = QColor(color or "").lightness() < 128
        painter.setPen(QPen(LIGHT if light else DARK, 2.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawLine(center + QPointF(-arm * 1.3, 0), center + QPointF(arm * 1.3, 0))


def draw_line(painter: QPainter, way: QPolygonF) -> None:
    """Draws the way of a stroke."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    two_tone(painter, lambda: painter.drawPolyline(way), 1.25)


def draw_number(painter: QPainter, center: QPointF, number: int, font: QFont) -> None:
    """Draws a numbered place.

    Args:
        painter: In the view's coordinates, smooth.
        center: Where.
        number: Which.
        font: The view's.
    """
    _disc(painter, center, NUMBERED_SIZE + 1, DARK)
    _disc(painter, center, NUMBERED_SIZE, LIGHT)
    bold = QFont(font)
    bold.setBold(True)
    bold.setPixelSize(14)
    painter.setFont(bold)
    painter.setPen(DARK)
    square = QRectF(center.x() - NUMBERED_SIZE, center.y() - NUMBERED_SIZE, 2 * NUMBERED_SIZE, 2 * NUMBERED_SIZE)
    painter.drawText(square, Qt.AlignmentFlag.AlignCenter, str(number))


def draw_ring(painter: QPainter, center: QPointF, radius: float, *, dashed: bool = False) -> None:
    """Draws the edge of the brush.

    Args:
        painter: In the view's coordinates, smooth.
        center: Where the pointer is.
        radius: Of the brush, in the view's coordinates.
        dashed: The eraser's is.
    """
    painter.setBrush(Qt.BrushStyle.NoBrush)
    radius = max(radius, LEAST_RING)
    painter.setPen(QPen(DARK, 3.0))
    painter.drawEllipse(center, radius, radius)
    pen = QPen(LIGHT, 1.25)
    if dashed:
        pen.setDashPattern([4.0, 3.0])
    painter.setPen(pen)
    painter.drawEllipse(center, radius, radius)


def draw_crosshair(painter: QPainter, center: QPointF) -> None:
    """Draws the crosshair that keys move."""

    def cross() -> None:
        for across, down in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            way = QPointF(across, down)
            painter.drawLine(center + way * GAP, center + way * CROSS)

    two_tone(painter, cross, 1.5)


def _disc(painter: QPainter, center: QPointF, radius: float, color: QColor) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawEllipse(center, radius, radius)
