"""A list view that flows like text, of cells that all have the same size."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QCursor, QPainter, QRegion
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QItemSelectionModel
    from PySide6.QtGui import QPaintEvent, QResizeEvent

_Index = QModelIndex | QPersistentModelIndex
_Move = QAbstractItemView.CursorAction


@dataclass(frozen=True, slots=True)
class Flow:
    """Where cells lie: plain arithmetic, whatever their number.

    Attributes:
        width: Of all columns together, in device-independent pixels.
        cell: The least room for a cell; columns are widened so that they fill the width.
        count: How many cells there are.
    """

    width: int
    cell: QSize
    count: int

    @property
    def columns(self) -> int:
        """How many cells lie side by side; at least one."""
        return max(1, self.width // max(1, self.cell.width()))

    @property
    def height(self) -> int:
        """Of all cells together."""
        return -(-self.count // self.columns) * self.cell.height()

    def rect(self, row: int) -> QRect:
        """The place of a cell."""
        line, column = divmod(row, self.columns)
        left, right = (self.width * edge // self.columns for edge in (column, column + 1))
        return QRect(left, line * self.cell.height(), right - left, self.cell.height())

    def nearest(self, place: QPoint) -> int:
        """The cell at a place, or the one before it in reading order; -1 if there are none."""
        column = min(max(place.x() * self.columns // max(1, self.width), 0), self.columns - 1)
        line = max(place.y() // self.cell.height(), 0)
        return min(line * self.columns + column, self.count - 1)

    def rows_between(self, top: int, bottom: int) -> range:
        """The cells that a band of heights touches; `bottom` is outside."""
        first = max(top, 0) // self.cell.height() * self.columns
        last = (-(-max(bottom, 0) // self.cell.height())) * self.columns
        return range(min(first, self.count), min(last, self.count))


class FlowView(QListView):
    """A list view whose layout takes no time.

    Qt's own goes through all rows whenever one of them comes or goes, which at tens of thousands takes longer than a
    frame. It stays a list view, so that assistive technology sees a list.

    Args:
        parent: The owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cell = QSize(100, 100)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there: where it comes and goes, the width changes, and with it the number of lines.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    @property
    def cells(self) -> Flow:
        """Where the cells lie now, without regard to scrolling."""
        model = cast("QAbstractItemModel | None", self.model())  # Qt asks before there is one
        return Flow(self.viewport().width(), self._cell, 0 if model is None else model.rowCount())

    def set_cell(self, cell: QSize) -> None:
        """Sets the least room for a cell; what is at the top stays there."""
        if cell == self._cell:
            return
        top = self.cells.nearest(QPoint(0, self.verticalOffset()))
        self._cell = cell
        self.updateGeometries()
        self.verticalScrollBar().setValue(self.cells.rect(max(top, 0)).top())
        self.viewport().update()

    def visible_rows(self) -> range:
        """The rows that are on the screen, in part or in whole."""
        top = self.verticalOffset()
        return self.cells.rows_between(top, top + self.viewport().height())

    # What Qt asks of a view

    def horizontalOffset(self) -> int:
        """Never scrolled sideways."""
        return 0

    def verticalOffset(self) -> int:
        """How far it is scrolled, in pixels."""
        return self.verticalScrollBar().value()

    def visualRect(self, index: _Index) -> QRect:
        """Where a row is in the viewport, on the screen or not."""
        return self.cells.rect(index.row()).translated(0, -self.verticalOffset()) if index.isValid() else QRect()

    def indexAt(self, place: QPoint) -> QModelIndex:
        """The row at a place of the viewport; invalid beside the cells."""
        flow, point = self.cells, place + QPoint(0, self.verticalOffset())
        row = flow.nearest(point)
        return self.model().index(row, 0) if row >= 0 and flow.rect(row).contains(point) else QModelIndex()

    def scrollTo(
        self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        """Scrolls as little as is needed to show a row whole, or as the hint says."""
        if not index.isValid():
            return
        cell, height, bar = self.cells.rect(index.row()), self.viewport().height(), self.verticalScrollBar()
        top, bottom = cell.top(), cell.top() + cell.height() - height
        match hint:
            case QAbstractItemView.ScrollHint.PositionAtTop:
                bar.setValue(top)
            case QAbstractItemView.ScrollHint.PositionAtBottom:
                bar.setValue(bottom)
            case QAbstractItemView.ScrollHint.PositionAtCenter:
                bar.setValue((top + bottom) // 2)
            case _:
                bar.setValue(min(max(bar.value(), bottom), top))

    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Where a key leads from the current row."""
        del modifiers
        flow, row = self.cells, self.currentIndex().row()
        if not flow.count:
            return QModelIndex()
        page = max(1, self.viewport().height() // self._cell.height()) * flow.columns
        steps = {
            _Move.MoveLeft: -1,
            _Move.MovePrevious: -1,
            _Move.MoveRight: 1,
            _Move.MoveNext: 1,
            _Move.MoveUp: -flow.columns,
            _Move.MoveDown: flow.columns,
            _Move.MovePageUp: -page,
            _Move.MovePageDown: page,
            _Move.MoveHome: -flow.count,
            _Move.MoveEnd: flow.count,
        }
        return self.model().index(_moved(row, steps[action], flow) if row >= 0 else 0, 0)

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """Selects from the cell at one corner to that at the other, in reading order, as in a text."""
        offset = QPoint(0, self.verticalOffset())
        rows = sorted(self.cells.nearest(corner + offset) for corner in (rect.topLeft(), rect.bottomRight()))
        selection = QItemSelection()
        if rows[0] >= 0:
            selection.select(self.model().index(rows[0], 0), self.model().index(rows[1], 0))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        """What to draw again when a selection changes: all that is on the screen is not much."""
        del selection
        return QRegion(self.viewport().rect())

    def doItemsLayout(self) -> None:
        """There is nothing to lay out, but the height may be another."""
        QAbstractItemView.doItemsLayout(self)

    def updateGeometries(self) -> None:
        """Tells the scroll bar how high everything is."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self.cells.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(1, self._cell.height() // 3))
        QAbstractItemView.updateGeometries(self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Moves what is drawn already."""
        self.scrollDirtyRegion(dx, dy)
        self.viewport().scroll(dx, dy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps what is at the top there, in whatever number of columns."""
        QAbstractItemView.resizeEvent(self, event)

    def dataChanged(self, top: _Index, bottom: _Index, roles: Sequence[int] = ()) -> None:
        """Cells keep their size, whatever is in them."""
        QAbstractItemView.dataChanged(self, top, bottom, roles)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the cells that need it."""
        flow, offset, area = self.cells, self.verticalOffset(), event.rect()
        delegate, selection, current = self.itemDelegate(), self.selectionModel(), self.currentIndex()
        hovered = self._under_mouse()
        painter = QPainter(self.viewport())
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        plain = option.state & ~(_SELECTED | _FOCUS | _HOVER)  # pyright: ignore
        for row in flow.rows_between(area.top() + offset, area.top() + area.height() + offset):
            index = self.model().index(row, 0)
            state = plain
            if selection.isSelected(index):
                state |= _SELECTED
            if index == current and self.hasFocus():
                state |= _FOCUS
            if index == hovered:
                state |= _HOVER
            option.rect = flow.rect(row).translated(0, -offset)  # pyright: ignore
            option.state = state  # pyright: ignore
            delegate.paint(painter, option, index)
        painter.end()

    def _under_mouse(self) -> QModelIndex:
        if not self.viewport().underMouse():
            return QModelIndex()
        return self.indexAt(self.viewport().mapFromGlobal(QCursor.pos()))


def _moved(row: int, step: int, flow: Flow) -> int:
    """Where a step leads; a line up or down at an end stays, unless there is a last, shorter line to go to."""
    target = row + step
    if 0 <= target < flow.count:
        return target
    if step == -flow.columns and flow.columns > 1:
        return row
    if step == flow.columns and row // flow.columns == (flow.count - 1) // flow.columns:
        return row
    return min(max(target, 0), flow.count - 1)


_SELECTED = QStyle.StateFlag.State_Selected
_FOCUS = QStyle.StateFlag.State_HasFocus
_HOVER = QStyle.StateFlag.State_MouseOver
