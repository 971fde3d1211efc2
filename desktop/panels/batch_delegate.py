"""Draws an entry of the batch queue: its name and state, a bar, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.batches import BatchState
from desktop.icons import icon
from desktop.panels.batch_list import ENTRY_ROLE
from desktop.panels.batch_texts import entry_progress, entry_state, entry_title

if TYPE_CHECKING:
    from desktop.batches import BatchEntry

MARGIN = 7
BAR = 7
GAP = 3
SIDE = 16
ICONS = {
    BatchState.WAITING: "batch",
    BatchState.RUNNING: "play",
    BatchState.PAUSED: "pause",
    BatchState.STOPPING: "stop",
    BatchState.DONE: "check",
    BatchState.CANCELLED: "stop",
    BatchState.FAILED: "error",
}


class BatchDelegate(QStyledItemDelegate):
    """Draws a `BatchEntry`. Icon, words and bar have the colour of the text, so all of it can be read on any row."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws the row."""
        entry: BatchEntry = index.data(ENTRY_ROLE)
        full: Any = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        full.text = ""
        style = full.widget.style() if full.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, full, painter, full.widget)
        selected = bool(full.state & QStyle.StateFlag.State_Selected)
        active = bool(full.state & QStyle.StateFlag.State_Active)
        group = QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.save()
        painter.setPen(full.palette.color(group, role))
        self._draw(painter, full.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN), entry)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for two lines and a bar."""
        del index
        full: Any = option
        return QSize(200, 2 * full.fontMetrics.height() + 2 * GAP + BAR + 2 * MARGIN)

    def _draw(self, painter: QPainter, area: QRect, entry: BatchEntry) -> None:
        line = painter.fontMetrics().height()
        top = QRect(area.left(), area.top(), area.width(), line)
        self._draw_icon(painter, top, entry)
        self._draw_title(painter, top.adjusted(SIDE + GAP, 0, 0, 0), entry)
        below = QRect(area.left(), top.bottom() + 1 + GAP, area.width(), line)
        if entry.counts.total is not None or entry.state.active:
            bar = QRect(area.left(), below.top(), area.width(), BAR)
            _draw_bar(painter, QRectF(bar), entry.counts.share)
            below.translate(0, BAR + GAP)
        _draw_text(painter, below, entry_progress(entry))

    def _draw_icon(self, painter: QPainter, line: QRect, entry: BatchEntry) -> None:
        failures = entry.state is BatchState.DONE and entry.counts.failed
        held_up = entry.state is BatchState.RUNNING and entry.outage is not None
        name = "warning" if failures or held_up else ICONS[entry.state]
        ratio = painter.device().devicePixelRatioF()
        pixmap = _tinted(icon(name).pixmap(QSize(SIDE, SIDE), ratio), painter.pen().color())
        painter.drawPixmap(line.left(), line.top() + (line.height() - SIDE) // 2, pixmap)

    def _draw_title(self, painter: QPainter, line: QRect, entry: BatchEntry) -> None:
        """The state at the end of the line takes what it needs, up to half; the name gets the rest."""
        state = entry_state(entry)
        width = min(painter.fontMetrics().horizontalAdvance(state) + 2, line.width() * 3 // 5)
        words = QRect(line.right() - width + 1, line.top(), width, line.height())
        _draw_text(painter, words, state, Qt.AlignmentFlag.AlignTrailing)
        font = painter.font()
        bold = painter.font()
        bold.setBold(True)
        painter.setFont(bold)
        name = line.adjusted(0, 0, -width - 2 * GAP, 0)
        _draw_text(painter, name, entry_title(entry), elide=Qt.TextElideMode.ElideMiddle)
        painter.setFont(font)


def _draw_text(
    painter: QPainter,
    line: QRect,
    text: str,
    side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeading,
    elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> None:
    fitting = painter.fontMetrics().elidedText(text, elide, line.width())
    painter.drawText(line, int(side | Qt.AlignmentFlag.AlignVCenter), fitting)


def _draw_bar(painter: QPainter, bar: QRectF, share: float) -> None:
    color = painter.pen().color()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, 1))
    frame = bar.adjusted(0.5, 0.5, -0.5, -0.5)
    painter.drawRoundedRect(frame, BAR / 2, BAR / 2)
    if share > 0:
        filled = frame.adjusted(1.5, 1.5, -1.5, -1.5)
        filled.setWidth(max(filled.width() * share, filled.height()))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(filled, filled.height() / 2, filled.height() / 2)
    painter.restore()


def _tinted(pixmap: QPixmap, color: QColor) -> QPixmap:
    """An icon in another colour, for a row that is selected."""
    tinted = QPixmap(pixmap)
    painter = QPainter(tinted)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(tinted.rect(), color)
    painter.end()
    return tinted
