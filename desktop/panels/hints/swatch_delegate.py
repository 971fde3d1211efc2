"""Draws a colour of a row: the swatch, a note below it, and a frame around the one in use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.panels.hints.swatch import ROUNDING, draw_swatch
from desktop.panels.hints.swatch_list import SWATCH_ROLE, Swatch
from desktop.theme import theme_colors

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

SIDE = 24
"""Height of a swatch; its width is its share of the row."""
GAP = 2
NOTE_SIZE = 0.8
"""Of the size of other texts."""


class SwatchDelegate(QStyledItemDelegate):
    """Draws a colour, the note below it, and a frame around the one in use.

    Args:
        parent: The view.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.color: str | None = None
        self.marks = False
        self.cell = QSize(SIDE, SIDE)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """All of a cell."""
        del option, index
        return self.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws it."""
        swatch: Swatch = index.data(SWATCH_ROLE)
        full: Any = option
        area = QRectF(full.rect).adjusted(GAP, GAP, -GAP, -GAP)
        square = QRectF(area.left(), area.top(), area.width(), SIDE)
        painter.save()
        if not full.state & QStyle.StateFlag.State_Enabled:
            painter.setOpacity(0.4)
        draw_swatch(painter, square, swatch.color, full.palette, marked=self.marks and swatch.color == self.color)
        if swatch.note:
            below = QRectF(full.rect).adjusted(0, GAP + SIDE, 0, 0)
            painter.setFont(note_font(full.font))
            painter.setPen(full.palette.color(QPalette.ColorRole.WindowText))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), swatch.note)
        if full.state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme_colors(full.palette).focus, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(square.adjusted(-1, -1, 1, 1), ROUNDING + 1, ROUNDING + 1)
        painter.restore()


def note_font(font: QFont) -> QFont:
    """A smaller font, for what stands below a swatch."""
    smaller = QFont(font)
    if font.pointSizeF() > 0:
        smaller.setPointSizeF(font.pointSizeF() * NOTE_SIZE)
    else:
        smaller.setPixelSize(max(round(font.pixelSize() * NOTE_SIZE), 1))
    return smaller
