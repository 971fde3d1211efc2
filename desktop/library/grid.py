"""The thumbnail grid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QElapsedTimer,
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from desktop.library.delegate import PhotoDelegate
from desktop.library.flow import FlowView
from desktop.library.photo_list import PhotoList, PhotoRole

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.library.contents import PhotoFile

_Index = QModelIndex | QPersistentModelIndex

SIDE = 128

# The window has these as shortcuts for the photo on the canvas; the grid, when it has the focus, knows better.
_OWN_KEYS = frozenset(
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


class ThumbnailGrid(FlowView):
    """Shows the photos of a `PhotoList`.

    Args:
        photos: What it shows.
        parent: The owner.

    Signals:
        current_changed (Path): The user, not the program, went to a photo.
        chosen (Path): A photo was double-clicked, or Enter was pressed on it.
        view_changed (): Other photos may be visible now; emitted soon after, once for many causes.
        menu_asked (QPoint): A context menu is wanted, at a place of the screen.
    """

    current_changed = Signal(object)
    chosen = Signal(object)
    view_changed = Signal()
    menu_asked = Signal(QPoint)

    def __init__(self, photos: PhotoList, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = photos
        self._side = SIDE
        self._message = ""
        self._by_program = False
        self._before: tuple[Path | None, list[Path]] = (None, [])
        self._typed = QElapsedTimer()
        self._delegate = PhotoDelegate(self)
        self._view_timer = QTimer(self, interval=15, singleShot=True)
        self._view_timer.timeout.connect(self.view_changed)
        self.setModel(photos)
        self._set_up()
        photos.modelAboutToBeReset.connect(self._remember)
        photos.modelReset.connect(self._restore)
        photos.rowsInserted.connect(self._look_again)
        photos.rowsRemoved.connect(self._look_again)
        photos.modelReset.connect(self._look_again)
        photos.dataChanged.connect(self._look_again)
        self.activated.connect(self._choose)
        self.customContextMenuRequested.connect(self._ask_menu)

    def _set_up(self) -> None:
        self.setItemDelegate(self._delegate)
        self._spread()
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.setAccessibleName(self.tr("Photos of the folder"))
        self.verticalScrollBar().valueChanged.connect(self._look_again)

    # What the library asks and does

    @property
    def current_path(self) -> Path | None:
        """The photo that the user is at."""
        return self.currentIndex().data(PhotoRole.PATH)

    @property
    def selected_paths(self) -> list[Path]:
        """All photos that are selected, in order."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self._photos.file_at(row).path for row in rows]

    @property
    def pixels(self) -> int:
        """The longer side of thumbnails in pixels of the screen."""
        return round(self._side * self.devicePixelRatioF())

    def set_side(self, side: int) -> None:
        """Sets the longer side of thumbnails, in device-independent pixels."""
        self._side = side
        self._delegate.set_side(side)
        self._spread()
        self._look_again()

    def set_message(self, message: str) -> None:
        """Sets what is told while there are no photos."""
        if message != self._message:
            self._message = message
            self.setAccessibleDescription(message)
            self.viewport().update()

    def go_to(self, row: int, *, by_program: bool) -> None:
        """Makes a row the current one and selects it alone; scrolls there.

        Args:
            row: Which.
            by_program: Whether this is no act of the user: nothing is emitted then.
        """
        self._by_program = by_program
        try:
            self.setCurrentIndex(self._photos.index(row))
            self.scrollTo(self.currentIndex())
        finally:
            self._by_program = False

    def hold_still(self, still: bool) -> None:
        """Says that the program is changing rows: what becomes current then is no act of the user."""
        self._by_program = still

    def leave(self) -> None:
        """Has no photo current or selected."""
        self.selectionModel().clear()

    def visible_files(self) -> tuple[list[PhotoFile], list[PhotoFile]]:
        """The photos on the screen, and those a screenful after and before them, nearest first."""
        rows = self.visible_rows()
        screenful = len(rows)
        before = self._photos.files(max(0, rows.start - screenful), min(screenful, rows.start))
        ahead = [*self._photos.files(rows.stop, screenful), *reversed(before)]
        return self._photos.files(rows.start, screenful), ahead

    def redraw(self, row: int) -> None:
        """Draws a row again."""
        self.update(self._photos.index(row))

    @property
    def typing(self) -> bool:
        """Whether the user is in the middle of typing a name."""
        return self._typed.isValid() and self._typed.elapsed() < QApplication.keyboardInputInterval()

    def needs_key(self, key: int, text: str) -> bool:
        """Whether a key without Ctrl or Alt means something here, whatever it is to the window.

        Args:
            key: The key, a `Qt.Key`.
            text: What it types.
        """
        # A name that was begun is typed to its end, even with the letters that are shortcuts.
        return key in _OWN_KEYS or (self.typing and text != "" and text.isprintable())

    # What Qt asks

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        """Tells where the user went."""
        super().currentChanged(current, previous)
        if current.isValid() and not self._by_program:
            self.current_changed.emit(current.data(PhotoRole.PATH))

    def keyboardSearch(self, search: str) -> None:
        """Remembers that the user is typing a name."""
        self._typed.start()
        super().keyboardSearch(search)

    def event(self, event: QEvent) -> bool:
        """Takes keys that are shortcuts of the window, where they mean something here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._spread()
            self._look_again()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a photo on every platform; on some, Qt would have it rename."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _COMMAND:
            self._choose(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Other photos may be visible."""
        super().resizeEvent(event)
        self._look_again()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the photos, or the message where there are none."""
        super().paintEvent(event)
        if self._message and not self._photos.rowCount():
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            space = self.viewport().rect().adjusted(12, 12, -12, -12)
            painter.drawText(space, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._message)
            painter.end()

    def minimumSizeHint(self) -> QSize:
        """One photo and the scroll bar."""
        cell = self._delegate.cell(self.fontMetrics().height())
        return cell + QSize(self.verticalScrollBar().sizeHint().width() + 2 * self.frameWidth(), 0)

    # How

    def _is_own(self, event: QKeyEvent) -> bool:
        return not event.modifiers() & _COMMAND and self.needs_key(event.key(), event.text())

    def _spread(self) -> None:
        self.set_cell(self._delegate.cell(self.fontMetrics().height()))

    def _remember(self) -> None:
        self._before = (self.current_path, self.selected_paths)

    def _restore(self) -> None:
        """Takes the user back to where they were before the rows were replaced."""
        (current, selected), self._before = self._before, (None, [])
        row = self._photos.row_of(current) if current is not None else -1
        if row < 0:
            return
        still, self._by_program = self._by_program, True
        self.setCurrentIndex(self._photos.index(row))
        selection = QItemSelection()
        for first, last in _runs(sorted(self._photos.row_of(path) for path in selected)):
            selection.select(self._photos.index(first), self._photos.index(last))
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.scrollTo(self._photos.index(row))
        self._by_program = still

    def _look_again(self) -> None:
        if not self._view_timer.isActive():
            self._view_timer.start()

    def _choose(self, index: _Index) -> None:
        if index.isValid():
            self.chosen.emit(index.data(PhotoRole.PATH))

    def _ask_menu(self, place: QPoint) -> None:
        area: QRect = self.visualRect(self.currentIndex())
        if not self.indexAt(place).isValid() and area.isValid() and not self.underMouse():
            place = area.center()  # asked for by a key
        self.menu_asked.emit(self.viewport().mapToGlobal(place))


def _runs(rows: list[int]) -> list[tuple[int, int]]:
    """Rows in order as first and last of each unbroken run; rows below 0 are left out."""
    runs: list[tuple[int, int]] = []
    for row in rows:
        if row < 0:
            continue
        if runs and row == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], row)
        else:
            runs.append((row, row))
    return runs


_COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
