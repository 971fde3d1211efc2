"""Draws a hint's colour; "no colour here" and "keep" have signs of their own, the same as on the photo."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen

NEUTRAL = "#808080"
"""The colour of "no colour here"; any other grey means the same."""
ROUNDING = 3.0
_FAINT = 0.4
_DARK_LINE, _LIGHT_LINE = QColor("#000000"), QColor("#ffffff")


def is_neutral(color: str | None) -> bool:
    """Whether a hint's colour means "no colour here"."""
    return color is not None and color[1:3] == color[3:5] == color[5:7]


def contrasting(color: QColor) -> QColor:
    """Black or white, whichever is seen better on a colour."""
    # The weights of ITU-R BT.601: green counts more for brightness than blue.
    brightness = 0.299 * color.redF() + 0.587 * color.greenF() + 0.114 * color.blueF()
    return _DARK_LINE if brightness > 0.55 else _LIGHT_LINE


def faint_line(palette: QPalette) -> QColor:
    """The outline of a swatch, which may have the colour of its ground."""
    line = QColor(palette.color(QPalette.ColorRole.Text))
    line.setAlphaF(_FAINT)
    return line


def draw_swatch(painter: QPainter, area: QRectF, color: str | None, palette: QPalette, *, marked: bool = False) -> None:
    """Draws a colour as a rounded square: a grey with a bar across, "keep" as a cross on no ground.

    Args:
        painter: The painter.
        area: Where.
        color: "#rrggbb", or None for "keep".
        palette: Of the widget.
        marked: Whether it is the one in use: it gets a frame.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = area.adjusted(3.5, 3.5, -3.5, -3.5) if marked else area.adjusted(0.5, 0.5, -0.5, -0.5)
    ground = palette.color(QPalette.ColorRole.Base) if color is None else QColor(color)
    painter.setPen(QPen(faint_line(palette), 1))
    painter.setBrush(ground)
    painter.drawRoundedRect(inner, ROUNDING, ROUNDING)
    if color is None or is_neutral(color):
        _draw_sign(painter, inner, contrasting(ground), crossed=color is None)
    if marked:
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Text), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area.adjusted(0.75, 0.75, -0.75, -0.75), ROUNDING + 2, ROUNDING + 2)
    painter.restore()


def _draw_sign(painter: QPainter, area: QRectF, line: QColor, *, crossed: bool) -> None:
    side = min(area.width(), area.height()) * 0.44
    middle = QRectF(0, 0, side, side)
    middle.moveCenter(area.center())
    painter.setPen(QPen(line, 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
    painter.drawLine(middle.bottomLeft(), middle.topRight())
    if crossed:
        painter.drawLine(middle.topLeft(), middle.bottomRight())
