"""A row of colours to choose from, or a few rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QSizePolicy,
)

from desktop.panels.hints.swatch_delegate import GAP, NOTE_SIZE, SIDE, SwatchDelegate
from desktop.panels.hints.swatch_list import Swatch, SwatchList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

COLUMNS = 9
LIST_KEYS = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
"""Keys that lead from one row to the next."""
_CHOOSING = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select})


class SwatchView(QListView):
    """Colours in rows of nine. One click or key chooses; arrows only lead from one to the next.

    A click leaves the keyboard where it was, over the photo, where keys choose the tools.

    Args:
        name: What it is called, for a screen reader.
        empty: What stands in its place while it has no colours.
        parent: The owner.
        noted: Whether there is room for notes below.

    Signals:
        chosen (object): The user chose this colour.
        removal_requested (int): The user pressed Delete on the colour of this row.
    """

    chosen = Signal(object)
    removal_requested = Signal(int)

    def __init__(self, name: str, empty: str, parent: QWidget | None = None, *, noted: bool = False) -> None:
        super().__init__(parent)
        self._empty = empty
        self._noted = noted
        self._most_rows = 1
        self._list = SwatchList(self)
        self._delegate = SwatchDelegate(self)
        self.setModel(self._list)
        self.setItemDelegate(self._delegate)
        self.setAccessibleName(name)
        self._set_up()
        self._fit()

    @property
    def swatches(self) -> tuple[Swatch, ...]:
        """What there is to choose."""
        return self._list.swatches

    @property
    def empty(self) -> str:
        """What stands in its place while it has no colours."""
        return self._empty

    def set_empty(self, text: str) -> None:
        """Sets what stands in its place while it has no colours."""
        self._empty = text
        self._describe()
        self.viewport().update()

    def set_most_rows(self, rows: int) -> None:
        """Sets how many rows are seen at once; the rest is scrolled."""
        self._most_rows = rows
        self._fit()

    def set_swatches(self, swatches: Sequence[Swatch]) -> None:
        """Shows other colours; nothing is emitted."""
        self._list.set_swatches(swatches)
        self._describe()
        self._fit()

    def set_marked(self, color: str | None, *, on: bool = True) -> None:
        """Puts a frame around the colour in use, if it is there."""
        self._delegate.color, self._delegate.marks = color, on
        self.viewport().update()

    def choose(self, row: int) -> None:
        """Chooses the colour of a row, as an act of the user; one that is not there is passed over."""
        if self.isEnabled() and row < len(self.swatches):
            self.chosen.emit(self.swatches[row].color)

    def needs_key(self, key: int, text: str) -> bool:
        """Whether it has a plain key for itself; letters are those of the tools."""
        del text
        return key in LIST_KEYS or key in _CHOOSING or key == Qt.Key.Key_Delete

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Space and Enter choose, Delete asks for removal; else as in any list."""
        if event.key() in _CHOOSING and self.currentIndex().isValid():
            self.choose(self.currentIndex().row())
        elif event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.removal_requested.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shares the width."""
        super().resizeEvent(event)
        self._share()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the colours, or what is to be said where there are none."""
        super().paintEvent(event)
        if self.swatches or not self._empty:
            return
        painter = QPainter(self.viewport())
        group = QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled
        painter.setPen(self.palette().color(group, QPalette.ColorRole.PlaceholderText))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeading | Qt.TextFlag.TextWordWrap
        painter.drawText(self.viewport().rect(), int(flags), self._empty)

    def _set_up(self) -> None:
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.clicked.connect(self._clicked)

    def _clicked(self, index: QModelIndex) -> None:
        self.choose(index.row())

    def _describe(self) -> None:
        self.setAccessibleDescription("" if self.swatches else self._empty)

    def _fit(self) -> None:
        rows = -(-len(self.swatches) // COLUMNS)
        shown = min(max(rows, 1), self._most_rows)
        scrolls = rows > self._most_rows
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if scrolls else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        self.setFixedHeight(shown * self._cell_height())
        self._share()

    def _share(self) -> None:
        self._delegate.cell = QSize(max((self.viewport().width() - 1) // COLUMNS, 1), self._cell_height())
        self.setGridSize(self._delegate.cell)

    def _cell_height(self) -> int:
        note = int(self.fontMetrics().height() * NOTE_SIZE) + 1 if self._noted else 0
        return SIDE + 2 * GAP + note
