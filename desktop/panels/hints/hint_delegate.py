"""Draws a hint of the list: its colour or sign, and its words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.panels.hints.hint_list import HINT_ROLE
from desktop.panels.hints.swatch import draw_swatch

if TYPE_CHECKING:
    from engine import Hint

MARGIN = 4
SWATCH = 18
GAP = 8


class HintDelegate(QStyledItemDelegate):
    """Draws a `Hint` in one line."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws the row."""
        hint: Hint = index.data(HINT_ROLE)
        full: Any = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        words, full.text = full.text, ""
        style = full.widget.style() if full.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, full, painter, full.widget)
        area = QRectF(full.rect).adjusted(MARGIN, 0, -MARGIN, 0)
        square = QRectF(area.left(), area.center().y() - SWATCH / 2, SWATCH, SWATCH)
        enabled, selected = (
            bool(full.state & state) for state in (QStyle.StateFlag.State_Enabled, QStyle.StateFlag.State_Selected)
        )
        painter.save()
        painter.setPen(full.palette.color(_group(full.state), _role(selected=selected)))
        line = area.adjusted(SWATCH + GAP, 0, 0, 0)
        fitting = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, int(line.width()))
        painter.drawText(line, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading), fitting)
        painter.setOpacity(1.0 if enabled else 0.4)
        draw_swatch(painter, square, hint.color, full.palette)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for a line, and for the swatch."""
        del index
        full: Any = option
        return QSize(120, row_height(full.fontMetrics.height()))


def row_height(line: int) -> int:
    """Height of a row for the height of a line of text."""
    return max(line, SWATCH) + MARGIN


def _group(state: QStyle.StateFlag) -> QPalette.ColorGroup:
    if not state & QStyle.StateFlag.State_Enabled:
        return QPalette.ColorGroup.Disabled
    return QPalette.ColorGroup.Active if state & QStyle.StateFlag.State_Active else QPalette.ColorGroup.Inactive


def _role(*, selected: bool) -> QPalette.ColorRole:
    return QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
