"""The view of the folder tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QTreeView, QWidget

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.library.folders import FolderModel

_Index = QModelIndex | QPersistentModelIndex

# Shortcuts of the window that mean something else in a tree.
_OWN_KEYS = frozenset({Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown})


class FolderTree(QTreeView):
    """Shows a `FolderModel`; a click or Enter opens a folder, the arrow keys only go through the tree.

    Args:
        folders: What it shows.
        parent: The owner.

    Signals:
        chosen (Path): The user wants to see what is in a folder.
        menu_asked (Path, QPoint): A context menu is wanted for a folder, at a place of the screen.
    """

    chosen = Signal(object)
    menu_asked = Signal(object, QPoint)

    def __init__(self, folders: FolderModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folders = folders
        self.setModel(folders)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setAccessibleName(self.tr("Folders"))
        self.clicked.connect(self._choose)
        self.expanded.connect(folders.refresh)
        self.customContextMenuRequested.connect(self._ask_menu)
        folders.revealed.connect(self._show_folder)

    def sizeHint(self) -> QSize:
        """A handful of folders."""
        return QSize(240, 8 * self.sizeHintForRow(0) if self._folders.rowCount() else 160)

    def event(self, event: QEvent) -> bool:
        """Takes keys that are shortcuts of the window, where they mean something here."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens a folder."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
            return
        super().keyPressEvent(event)

    def _is_own(self, event: QKeyEvent) -> bool:
        return event.key() in _OWN_KEYS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier

    def _choose(self, index: _Index) -> None:
        path: Path | None = self._folders.path_of(index)
        if path is not None:
            self.chosen.emit(path)

    def _show_folder(self, index: QModelIndex) -> None:
        above = index.parent()
        while above.isValid():
            self.expand(above)
            above = above.parent()
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _ask_menu(self, place: QPoint) -> None:
        index = self.indexAt(place)
        path: Path | None = self._folders.path_of(index if index.isValid() else self.currentIndex())
        if path is not None:
            self.menu_asked.emit(path, self.viewport().mapToGlobal(place))
