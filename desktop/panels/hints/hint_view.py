"""The list of hints, with what can be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListView, QSizePolicy, QVBoxLayout, QWidget

from desktop.panels.hints.hint_delegate import HintDelegate, row_height
from desktop.panels.hints.hint_list import HintList
from desktop.panels.hints.swatch_view import LIST_KEYS
from desktop.panels.icon_button import IconButton

if TYPE_CHECKING:
    from engine import Hint, HintSet

ROWS = 5
_SELECTING = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})
_DELETING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})


class HintRows(QListView):
    """The rows alone.

    Letters choose the tools here, too; hints have no names to search for.

    Args:
        hints: The model.
        parent: The owner.

    Signals:
        deletion_requested (): The user pressed Delete on the row that is selected.
    """

    deletion_requested = Signal()

    def __init__(self, hints: HintList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setModel(hints)
        self.setItemDelegate(HintDelegate(self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Hints of this photo"))
        self.setAccessibleDescription(
            self.tr("Delete takes the selected hint away; another colour becomes the colour of the selected hint.")
        )
        self.setFixedHeight(ROWS * row_height(self.fontMetrics().height()) + 2 * self.frameWidth())

    def needs_key(self, key: int, text: str) -> bool:
        """Whether it has a plain key for itself; letters are those of the tools, and Space shows the original."""
        del text
        return key in LIST_KEYS or key in _DELETING or key in _SELECTING

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace ask for deletion, Enter selects; else as in any list."""
        if event.key() in _DELETING:
            self.deletion_requested.emit()
        elif event.key() in _SELECTING:
            self.selectionModel().select(self.currentIndex(), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click below the rows selects none."""
        super().mousePressEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the rows, or what to do where there are none."""
        super().paintEvent(event)
        if self.model().rowCount():
            return
        painter = QPainter(self.viewport())
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.PlaceholderText))
        area = self.viewport().rect().adjusted(8, 8, -8, -8)
        text = self.tr("None yet. Choose a colour, and paint with the brush on the photo.")
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), text)


class HintView(QWidget):
    """The list of hints with a heading, and buttons to delete one or all.

    Args:
        parent: The owner.

    Signals:
        selected (object): The user selected the hint of this number, or None.
        deleted (int): The user wants this one deleted.
        clear_requested (): The user wants all of them deleted.
    """

    selected = Signal(object)
    deleted = Signal(int)
    clear_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hints = HintList(self)
        self.rows = HintRows(self.hints)
        self.heading = QLabel()
        self.delete_button = IconButton("remove", self.tr("Delete the selected hint"))
        self.clear_button = IconButton("clear", self.tr("Delete all hints of this photo"))
        self._lay_out()
        self.rows.selectionModel().selectionChanged.connect(self._select)
        self.rows.deletion_requested.connect(self._delete)
        self.delete_button.clicked.connect(self._delete)
        self.clear_button.clicked.connect(self.clear_requested)
        self._show_state()

    @property
    def current(self) -> int | None:
        """The number of the hint that is selected, as the photo counts them; None if none is."""
        chosen = self.rows.selectionModel().selectedIndexes()
        return self.hints.row_of(chosen[0].row()) if chosen else None

    @property
    def current_hint(self) -> Hint | None:
        """The hint that is selected."""
        number = self.current
        return None if number is None else self.hints.hint(number)

    def set_hints(self, hints: HintSet | None) -> None:
        """Shows other hints; nothing is emitted. The one that is selected stays so as long as it is there."""
        chosen = self.rows.selectionModel().selectedIndexes()
        selected = QPersistentModelIndex(chosen[0]) if chosen else None
        with QSignalBlocker(self):
            self.hints.set_hints(hints)
            if selected is None or not selected.isValid():
                self.rows.clearSelection()  # the view would have selected the one beside it
        self._show_state()

    def set_selected(self, number: int | None) -> None:
        """Selects a hint; nothing is emitted."""
        with QSignalBlocker(self):
            if number is None or self.hints.hint(number) is None:
                self.rows.selectionModel().setCurrentIndex(QModelIndex(), QItemSelectionModel.SelectionFlag.Clear)
            else:
                index = self.hints.index(self.hints.row_of(number))
                self.rows.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._show_state()

    def _lay_out(self) -> None:
        self.heading.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.heading.setBuddy(self.rows)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.heading, 1)
        head.addWidget(self.delete_button)
        head.addWidget(self.clear_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.rows)

    def _select(self) -> None:
        self._show_state()
        self.selected.emit(self.current)

    def _delete(self) -> None:
        number = self.current
        if number is not None:
            self.deleted.emit(number)

    def _show_state(self) -> None:
        count = self.hints.rowCount()
        self.heading.setText(self.tr("%n hints", "", count) if count else self.tr("Hints"))
        self.delete_button.setEnabled(self.current is not None)
        self.clear_button.setEnabled(count > 0)
        self.rows.viewport().update()
