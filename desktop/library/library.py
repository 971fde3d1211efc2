"""The left side of the window: folders, and the photos of the one that is open."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from desktop.library.contents import Changes, Mark, PhotoFile, PhotoState, Recorded, StateFilter
from desktop.library.count import PhotoCount
from desktop.library.filter_bar import FilterBar
from desktop.library.folders import FolderModel
from desktop.library.grid import ThumbnailGrid
from desktop.library.listing import FolderError
from desktop.library.loader import ThumbnailLoader
from desktop.library.menus import PhotoMenu, folder_menu
from desktop.library.photo_list import PhotoList
from desktop.library.reader import FolderReader
from desktop.library.recent import RecentFolders
from desktop.library.records import FolderRecords
from desktop.library.tree import FolderTree
from desktop.library.uri import path_of
from desktop.library.watch import FolderWatch
from engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from desktop.library.cache import ThumbnailCache
    from desktop.tasks import Tasks

PATIENCE = 300
"""So many milliseconds a folder's first photos wait for its records: else coloured copies would come and go at once."""


class Library(QWidget):
    """Folder tree, filters and thumbnail grid.

    Args:
        tasks: Where folders are listed and thumbnails are made; two to four threads.
        cache: Where thumbnails are kept.
        parent: The owner. Call `stop` before it goes.

    Signals:
        photo_activated (Path): The user went to a photo, or pressed Enter on it or double-clicked it.
        folder_opened (Path): A folder can be read; its first photos, if it has any, are there.
        files_dropped (list[Path]): Files or folders were dropped on the library.
        color_requested (list[Path]): These photos, or this folder, are to be coloured in the background.
        photo_changed (Path): The file of a photo has other content now.
        failed (Exception): A folder cannot be opened, has vanished, or what is known of it cannot be read.
    """

    photo_activated = Signal(object)
    folder_opened = Signal(object)
    files_dropped = Signal(list)
    color_requested = Signal(list)
    photo_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, cache: ThumbnailCache, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._folder: Path | None = None
        self._opened = False
        self._gone = False
        self._trouble = ""
        self._current: PhotoFile | None = None
        self._select: Path | None = None
        self._again = False
        self._loader = ThumbnailLoader(tasks, cache, parent=self)
        self._reader = FolderReader(tasks, self)
        self._records = FolderRecords(tasks, self)
        self._watch = FolderWatch(tasks, self)
        self._folders = FolderModel(tasks, parent=self)
        self.photos = PhotoList(self._loader, self)
        self.recent = RecentFolders(self)
        self.tree = FolderTree(self._folders, self)
        self.filters = FilterBar(self)
        self.grid = ThumbnailGrid(self.photos, self)
        self.count = PhotoCount(self)
        self._splitter = QSplitter(Qt.Orientation.Vertical, self)
        self._settled = QTimer(self, interval=400, singleShot=True)
        self._lay_out()
        self._wire()
        self._tell_count()

    # The face

    @property
    def folder(self) -> Path | None:
        """The folder that is open."""
        return self._folder

    @property
    def readable_folder(self) -> Path | None:
        """The folder that is open, if it can be read: not one that is gone, nor one that is still being looked for."""
        return self._folder if self._opened and not self._gone else None

    def open_folder(self, path: Path, select: Path | None = None) -> None:
        """Lists a folder, in the background.

        Args:
            path: The folder.
            select: A photo in it to go to, as soon as it is there; `photo_activated` is not emitted for it.
        """
        folder = _absolute(path)
        self._close_folder(folder)
        self._folder = folder
        self._select = _absolute(select) if select is not None else None
        self.filters.text.clear()
        self.recent.set_current(self._folder)
        self._reader.read(self._folder, patience=PATIENCE)
        self._records.start(self._folder)
        self._tell_count()

    def current_photo(self) -> Path | None:
        """The photo that the user is at; None if there is none, or if it vanished."""
        return self._current.path if self._current is not None else None

    def step(self, by: int) -> None:
        """Goes to a later photo, or with a negative number to an earlier one, in the order that is shown.

        At the ends it stays. Without a current photo it begins at the first or the last one, or where the current
        one was before it vanished.
        """
        count = self.photos.rowCount()
        if not count or not by:
            return
        row = self._row_for_step(by)
        following = min(max(row + by, 0), count - 1)
        if following != row:
            self.grid.go_to(following, by_program=False)

    def refresh(self) -> None:
        """Looks at the folder again, soon."""
        self._watch.touch()

    def set_state(self, path: Path, state: PhotoState, cause: str = "", output: Path | None = None) -> None:
        """Says what became of a photo; it need not be listed yet.

        It holds while the folder is open, or until its records know something newer, or the photo's file is changed.

        Args:
            path: The photo.
            state: What became of it.
            cause: Why it failed.
            output: Its coloured copy. If that lies beside the photo, it is no photo to colour: see `note_output`.
        """
        mark, photo = Mark(state, cause), _absolute(path)
        copy = _absolute(output) if output is not None else None
        self._change_rows(lambda: self.photos.tell(photo, mark, copy, reading=self._records.busy))
        self._tell_count()

    def note_output(self, path: Path) -> None:
        """Says that a file is a coloured copy, which is then shown only if it was opened or is asked for.

        The file need not be there yet, nor its folder be open. Copies in the records are known without this.
        """
        copy = _absolute(path)
        self._change_rows(lambda: self.photos.note_copy(copy))
        self._tell_count()

    def set_edited(self, path: Path, edited: bool) -> None:
        """Says whether a photo has changes that are not saved; remembered through all folders."""
        self._change_rows(lambda: self.photos.set_edited(path, edited))

    def set_recent(self, folders: Sequence[Path]) -> None:
        """Sets the folders that are offered as recent, newest first."""
        self.recent.set_recent(folders)

    def set_outputs(self, folders: Sequence[Path]) -> None:
        """Sets the output folders, besides the usual ones, in which coloured photos may be."""
        self._records.set_outputs(folders)
        if self._folder is not None:
            self._records.start(self._folder)

    def set_thumbnail_size(self, side: int) -> None:
        """Sets the longer side of thumbnails, in device-independent pixels."""
        self.grid.set_side(side)

    def focus_filter(self) -> None:
        """Lets the user type a part of a name."""
        self.filters.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.filters.text.selectAll()

    def save_layout(self) -> QByteArray:
        """How the height is shared, for `restore_layout`."""
        return self._splitter.saveState()

    def restore_layout(self, saved: QByteArray) -> None:
        """Shares the height as before."""
        self._splitter.restoreState(saved)

    def stop(self) -> None:
        """Ends everything that it does in the background."""
        self._close_folder(None)
        self._folder = None

    # What Qt asks

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files and folders, but not the photos that are dragged out of here."""
        source = event.source()
        from_here = isinstance(source, QWidget) and self.isAncestorOf(source)
        if event.mimeData().hasUrls() and not from_here:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Hands on what was dropped."""
        paths = [path for url in event.mimeData().urls() if (path := path_of(url)) is not None]
        if paths:
            event.acceptProposedAction()
            self.files_dropped.emit(paths)

    def changeEvent(self, event: QEvent) -> None:
        """Looks at the folder when the user comes back from another program; draws icons in the new colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow():
            self.refresh()
        elif event.type() == QEvent.Type.PaletteChange:
            self._folders.renew_icons()
            self.recent.set_current(self._folder)

    # How it is made

    def _lay_out(self) -> None:
        above, below = QWidget(self), QWidget(self)
        for pane, widgets in ((above, (self.recent, self.tree)), (below, (self.filters, self.grid, self.count))):
            column = QVBoxLayout(pane)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(4)
            for widget in widgets:
                column.addWidget(widget)
        self._splitter.addWidget(above)
        self._splitter.addWidget(below)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setStretchFactor(1, 3)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.addWidget(self._splitter)
        self.setAcceptDrops(True)
        self.setAccessibleName(self.tr("Library"))
        self.setFocusProxy(self.grid)

    def _wire(self) -> None:
        self.recent.chosen.connect(self.open_folder)
        self.tree.chosen.connect(self.open_folder)
        self.tree.menu_asked.connect(self._show_folder_menu)
        self._folders.failed.connect(self.failed)
        self.filters.changed.connect(self._filter)
        self.filters.left.connect(self._enter_grid)
        self.grid.current_changed.connect(self._go_to)
        self.grid.chosen.connect(self._go_to)
        self.grid.view_changed.connect(self._want)
        self.grid.menu_asked.connect(self._show_photo_menu)
        self._loader.loaded.connect(self._redraw)
        self._loader.failed.connect(self.failed)
        self._reader.listed.connect(self._append)
        self._reader.finished.connect(self._finish)
        self._reader.compared.connect(self._apply)
        self._reader.failed.connect(self._fail)
        self._records.read.connect(self._take_records)
        self._records.failed.connect(self._do_without_records)
        self._watch.changed.connect(self._look_again)
        self._settled.timeout.connect(self._watch_visible)
        for changed in (self.photos.rowsInserted, self.photos.rowsRemoved, self.photos.modelReset):
            changed.connect(self._tell_count)

    # Reading folders

    def _close_folder(self, following: Path | None) -> None:
        self._reader.stop()
        self._watch.stop()
        self._settled.stop()
        self._records.stop()
        self._loader.clear()
        self._opened = self._gone = self._again = False
        self._trouble = ""
        self._current, self._select = None, None
        self.photos.clear(following)

    def _append(self, files: list[PhotoFile]) -> None:
        self.photos.append(files)
        self._note_opened()
        self._go_to_selected()

    def _finish(self) -> None:
        self._note_opened()
        self._go_to_selected()
        self._select = None
        self._tell_count()
        if self._again:
            self._look_again()

    def _note_opened(self) -> None:
        if not self._opened and self._folder is not None:
            self._opened = True
            self._watch.follow(self._folder)
            self._folders.reveal(self._folder)
            self.folder_opened.emit(self._folder)

    def _go_to_selected(self) -> None:
        if self._select is None or not self.photos.contains(self._select):
            return
        path, self._select = self._select, None
        self.photos.pin(path)
        row = self.photos.row_of(path)
        self._current = self.photos.file_at(row)
        self.grid.go_to(row, by_program=True)

    def _look_again(self) -> None:
        """Compares the folder with what is shown; once more if it changes meanwhile."""
        if self._folder is None:
            return
        if self._reader.busy:
            self._again = True
            return
        self._again = False
        self._reader.compare(self._folder, self.photos.snapshot())
        self._records.start(self._folder)

    def _apply(self, changes: Changes) -> None:
        self._gone = False
        self._trouble = ""
        self._note_opened()
        if self._folder is not None:
            self._watch.follow(self._folder)
        known = self.photos.snapshot() if changes.changed else {}
        if len(changes):
            self._change_rows(lambda: self.photos.apply(changes))
        self._tell_count()
        for file in changes.changed:
            if not _same_content(known.get(file.file_name), file):
                self.photo_changed.emit(file.path)
        if self._again:
            self._look_again()

    def _fail(self, error: Exception) -> None:
        gone = isinstance(error, FolderError) and error.is_gone
        told = self._gone
        self._gone = gone
        self._trouble = error.sentence if isinstance(error, EngineError) else str(error)
        if gone and self._opened:
            self._change_rows(self._forget_photos)
        self._tell_count()
        if self._folder is not None:
            self._watch.follow(self._folder)  # it may come back: a disk that is plugged in again
        if not (gone and told):
            self.failed.emit(error)

    def _forget_photos(self) -> None:
        self.photos.apply(Changes(removed=tuple(self.photos.snapshot().values())))

    def _change_rows(self, change: Callable[[], object]) -> None:
        """Changes rows so that the user stays at the same photo, or at none if that is gone."""
        self.grid.hold_still(True)
        try:
            change()
            if self._current is not None and self.photos.row_of(self._current.path) < 0:
                self.grid.leave()
        finally:
            self.grid.hold_still(False)

    def _take_records(self, recorded: Recorded) -> None:
        self._change_rows(lambda: self.photos.set_records(recorded))
        self._reader.release()
        self._tell_count()

    def _do_without_records(self, error: Exception) -> None:
        self._reader.release()
        self.failed.emit(error)

    # What the user does

    def _go_to(self, path: Path) -> None:
        row = self.photos.row_of(path)
        if row >= 0:
            self._select = None
            self._current = self.photos.file_at(row)
            self.photos.pin(path)
            self.photo_activated.emit(path)

    def _row_for_step(self, by: int) -> int:
        """The row that a step counts from."""
        if self._current is None:
            return -1 if by > 0 else self.photos.rowCount()
        row = self.photos.row_of(self._current.path)
        if row >= 0:
            return row
        near = self.photos.row_near(self._current.key)
        return near - 1 if by > 0 else near

    def _filter(self) -> None:
        self._change_rows(lambda: self.photos.set_filter(self.filters.filter))
        row = self.photos.row_of(self._current.path) if self._current is not None else -1
        if self._current is not None and row >= 0:
            self.photos.pin(self._current.path)
            if self.grid.current_path != self._current.path:
                self.grid.go_to(row, by_program=True)  # back from a filter that had hidden it

    def _enter_grid(self) -> None:
        self.grid.setFocus(Qt.FocusReason.TabFocusReason)
        if not self.grid.currentIndex().isValid():
            self.step(1)

    def _show_photo_menu(self, place: QPoint) -> None:
        if self._folder is not None:
            menu = PhotoMenu(
                self,
                self.grid.selected_paths,
                self._folder,
                open_photo=self._go_to,
                color=self.color_requested.emit,
            )
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(place)

    def _show_folder_menu(self, folder: Path, place: QPoint) -> None:
        menu = folder_menu(self, folder, open_folder=self.open_folder, color=self.color_requested.emit)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(place)

    # What is on the screen

    def _want(self) -> None:
        visible, ahead = self.grid.visible_files()
        self._loader.set_pixels(self.grid.pixels)
        self._loader.want([*visible, *ahead])
        self._settled.start()

    def _watch_visible(self) -> None:
        if self._opened and not self._gone:
            self._watch.set_files([file.path for file in self.grid.visible_files()[0]])

    def _redraw(self, path: Path) -> None:
        row = self.photos.row_of(path)
        if row >= 0:
            self.grid.redraw(row)

    def _tell_count(self) -> None:
        copies = self.filters.filter.state is StateFilter.COPIES
        self.count.tell(self.photos, opened=self._opened, copies=copies)
        self.grid.set_message(self._message(copies=copies))

    def _message(self, *, copies: bool) -> str:
        total = self.photos.copy_count if copies else self.photos.total
        if self._folder is None:
            return self.tr("Choose a folder above, or drop one here.")
        if self._trouble:
            return self._trouble
        if self._reader.busy and not total:
            return self.tr("Reading the folder…")
        if total:
            return self.tr("No photo is both of this name and of this state.")
        if copies:
            return self.tr("Autochrome has made no coloured copies in this folder.")
        if self.photos.copy_count:
            return self.tr("There are only coloured copies in this folder.")
        return self.tr("There are no photos in this folder.")


def _absolute(path: Path) -> Path:
    """A path as photos are listed by; looks at no disk."""
    return Path(os.path.abspath(path))


def _same_content(before: PhotoFile | None, now: PhotoFile) -> bool:
    """Whether only what lies beside a photo is new, such as a sidecar: its own picture is what it was."""
    return before is not None and (before.mtime_ns, before.size) == (now.mtime_ns, now.size)
