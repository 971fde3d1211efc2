"""The ring around a small button that has the keyboard; the style's own is hardly seen on one without a frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from desktop.theme import theme_colors

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def draw_focus_ring(widget: QWidget, color: QColor | None = None) -> None:
    """Draws the ring if a widget has the keyboard and its window is the active one; call it in its paint event.

    Args:
        widget: The widget.
        color: Of the ring; None takes the theme's.
    """
    if not (widget.hasFocus() and widget.isActiveWindow()):
        return
    painter = QPainter(widget)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color or theme_colors(widget.palette()).focus, 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(QRectF(widget.rect()).adjusted(2, 2, -2, -2), 2, 2)
    painter.end()
