"""The list of models: the chosen one by its name, all of them with what they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QListView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.panels.wheel import WheelGuard
from desktop.panels.wording import plain_tooltip, shortened
from desktop.purposes import translated_purpose

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QPainter

    from engine import BrokenModel, InstalledModel

ID_ROLE = Qt.ItemDataRole.UserRole
PURPOSE_ROLE = Qt.ItemDataRole.UserRole + 1
MOST_CHARACTERS = 300
POPUP_WIDTH = 440
MARGIN = 6


class ModelRow(QStyledItemDelegate):
    """Draws a model as two lines: its name, and below it what it is for or why it cannot be used."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws the row."""
        full: Any = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        name, full.text = str(full.text), ""
        style = full.widget.style() if full.widget is not None else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, full, painter, full.widget)
        painter.save()
        selected = bool(full.state & QStyle.StateFlag.State_Selected)
        enabled = bool(full.state & QStyle.StateFlag.State_Enabled)
        group = QPalette.ColorGroup.Active if enabled else QPalette.ColorGroup.Disabled
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Text
        painter.setPen(full.palette.color(group, role))
        area: QRect = full.rect.adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        bold = painter.font()
        bold.setBold(True)
        for font, text in ((bold, name), (full.font, str(index.data(PURPOSE_ROLE) or ""))):
            painter.setFont(font)
            metrics = painter.fontMetrics()
            line = QRect(area.left(), area.top(), area.width(), metrics.height())
            painter.drawText(
                line,
                int(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter),
                metrics.elidedText(text, Qt.TextElideMode.ElideRight, line.width()),
            )
            area.setTop(line.bottom() + 2)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for two lines."""
        del index
        metrics: Any = option
        return QSize(POPUP_WIDTH, 2 * metrics.fontMetrics.height() + 2 + 2 * MARGIN)


class ModelChoice(QComboBox):
    """The installed models; those that are broken stand at the end and cannot be chosen.

    Args:
        parent: The owner.

    Signals:
        chosen (str): The user chose the model of this name.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = QStandardItemModel(self)
        view = QListView()
        view.setItemDelegate(ModelRow(view))
        view.setMinimumWidth(POPUP_WIDTH)
        view.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setView(view)
        self.setModel(self._rows)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumContentsLength(8)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setAccessibleName(self.tr("Model"))
        self.setPlaceholderText(self.tr("No model"))
        self.activated.connect(self._activated)
        WheelGuard(self)

    def set_models(self, models: Sequence[InstalledModel], broken: Sequence[BrokenModel]) -> None:
        """Lists models. The chosen one stays chosen if it is still there."""
        current = self.current_id
        self._rows.clear()
        for model in models:
            self._rows.appendRow(_item(model.id, translated_purpose(model.card.purpose), model.id))
        for bad in broken:
            item = _item(self.tr("{name} (cannot be used)").format(name=bad.id or bad.path.name), str(bad.error), "")
            item.setEnabled(False)
            self._rows.appendRow(item)
        self.set_current(current)

    @property
    def current_id(self) -> str:
        """The name of the chosen model; empty if there is none."""
        return str(self.currentData(ID_ROLE) or "")

    def set_current(self, name: str) -> None:
        """Shows a model as chosen; nothing is emitted. None is if there is no such model."""
        self.setCurrentIndex(self.findData(name, ID_ROLE) if name else -1)

    def _activated(self, row: int) -> None:
        name = str(self.itemData(row, ID_ROLE) or "")
        if name:
            self.chosen.emit(name)


def _item(name: str, purpose: str, model_id: str) -> QStandardItem:
    purpose = shortened(purpose, MOST_CHARACTERS)
    item = QStandardItem(name)
    item.setEditable(False)
    item.setData(model_id, ID_ROLE)
    item.setData(purpose, PURPOSE_ROLE)
    item.setData(plain_tooltip(purpose), Qt.ItemDataRole.ToolTipRole)
    item.setData(f"{name}. {purpose}", Qt.ItemDataRole.AccessibleTextRole)
    return item
