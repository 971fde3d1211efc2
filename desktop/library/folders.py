"""The folders of this computer, as a tree that is listed in the background, level by level as it is opened."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QCoreApplication,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QStandardPaths,
    QStorageInfo,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QStandardItem, QStandardItemModel

from desktop.icons import icon
from desktop.library.listing import list_subfolders, shown_name

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.tasks import Tasks
    from engine import Progress

_Index = QModelIndex | QPersistentModelIndex

PATH = Qt.ItemDataRole.UserRole + 1
ICON = Qt.ItemDataRole.UserRole + 2
_PRIORITY = 10
_AT_ONCE = 200
_MEDIA = ("/media/*", "/media/*/*", "/run/media/*/*", "/mnt/*", "/Volumes/*")
"""Where disks that a user has plugged in appear; other mounts are the system's own."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a user may begin to look for photos.

    Attributes:
        path: The folder.
        name: How it is called.
        icon: How it is drawn.
    """

    path: Path
    name: str
    icon: str


def places() -> list[Place]:
    """The user's own folders and the disks of this computer; looks at disks, so it belongs on a background thread."""
    translate = QCoreApplication.translate
    pictures = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation))
    found = [Place(Path.home(), translate("Folders", "Home"), "folder-home")]
    if pictures != Path.home() and pictures.is_dir():
        found.insert(0, Place(pictures, translate("Folders", "Pictures"), "folder-pictures"))
    for volume in QStorageInfo.mountedVolumes():
        path = Path(volume.rootPath())
        is_root = path.parent == path
        if volume.isReady() and (is_root or any(path.match(pattern) for pattern in _MEDIA)):
            name = translate("Folders", "This computer") if str(path) == "/" else volume.displayName()
            found.append(Place(path, name, "folder-drive"))
    return found


class FolderModel(QStandardItemModel):
    """A tree of folders.

    Args:
        tasks: Where folders are listed.
        find_places: Finds the roots, in the background.
        parent: The owner.

    Signals:
        revealed (QModelIndex): The folder that was to be revealed, or as near to it as there is, is in the tree.
        failed (Exception): A folder that the user opened cannot be listed.
    """

    revealed = Signal(QModelIndex)
    failed = Signal(object)

    def __init__(
        self, tasks: Tasks, find_places: Callable[[], Sequence[Place]] = places, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._listing: set[Path] = set()
        self._goal: Path | None = None
        self._ready = False
        tasks.run(lambda _: find_places(), done=self._plant, priority=_PRIORITY)

    # What Qt asks

    def hasChildren(self, parent: _Index = QModelIndex()) -> bool:  # noqa: B008 - the signature is Qt's
        """A folder that was not listed yet may have some."""
        return super().hasChildren(parent) or self.canFetchMore(parent)

    def canFetchMore(self, parent: _Index) -> bool:
        """Whether a folder was not listed yet."""
        item = self.itemFromIndex(parent) if parent.isValid() else None  # pyright: ignore[reportArgumentType]
        return isinstance(item, _Folder) and not item.listed

    def fetchMore(self, parent: _Index) -> None:
        """Lists a folder."""
        item = self.itemFromIndex(parent) if parent.isValid() else None  # pyright: ignore[reportArgumentType]
        if isinstance(item, _Folder):
            self._list(item, by_user=self._goal is None)

    # What the tree asks

    def path_of(self, index: _Index) -> Path | None:
        """The folder of a row."""
        return index.data(PATH)

    def refresh(self, index: _Index) -> None:
        """Lists a folder again; rows that stay are not touched."""
        self.fetchMore(index)

    def reveal(self, path: Path) -> None:
        """Lists whatever lies between the roots and a folder; `revealed` tells when it is there."""
        self._goal = path
        if self._ready:
            self._approach()

    def renew_icons(self) -> None:
        """Draws the icons in the colours that the palette has now."""
        for item in self._all():
            item.setIcon(icon(item.data(ICON)))

    # How

    def _plant(self, found: Sequence[Place]) -> None:
        self._ready = True
        root = self.invisibleRootItem()
        for place in found:
            root.appendRow(_Folder(place.path, place.name, place.icon))
        if self._goal is not None:
            self._approach()

    def _approach(self) -> None:
        """Goes as far towards the goal as folders are listed, and lists the next."""
        goal = self._goal
        roots = [item for item in self._below(self.invisibleRootItem()) if goal and goal.is_relative_to(item.path)]
        if goal is None or not roots:
            self._goal = None
            return
        here = max(roots, key=lambda item: len(item.path.parts))
        while here.path != goal:
            following = next((item for item in self._below(here) if goal.is_relative_to(item.path)), None)
            if following is None and not here.listed:
                self._list(here, by_user=False)
                return
            if following is None:
                break  # hidden, or gone meanwhile
            here = following
        self._goal = None
        self.revealed.emit(here.index())

    def _list(self, item: _Folder, *, by_user: bool) -> None:
        path = item.path
        if path in self._listing:
            return
        self._listing.add(path)
        position = QPersistentModelIndex(item.index())

        def work(progress: Progress) -> list[Path]:
            return list_subfolders(path, progress)

        def done(found: list[Path]) -> None:
            self._listing.discard(path)
            self._fill(position, found)

        def failed(error: Exception) -> None:
            done([])
            if by_user:
                self.failed.emit(error)

        self._tasks.run(work, done=done, failed=failed, priority=_PRIORITY)

    def _fill(self, position: QPersistentModelIndex, found: list[Path]) -> None:
        item = self.itemFromIndex(position) if position.isValid() else None  # pyright: ignore[reportArgumentType]
        if isinstance(item, _Folder):
            item.listed = True
            if not item.agree_with(found):
                # The rest after whatever else the window has to do: a folder may have thousands of subfolders.
                QTimer.singleShot(0, self, lambda: self._fill(position, found))
                return
        if self._goal is not None:
            self._approach()

    def _below(self, item: QStandardItem) -> list[_Folder]:
        children = [item.child(row) for row in range(item.rowCount())]
        return [child for child in children if isinstance(child, _Folder)]

    def _all(self) -> list[_Folder]:
        found: list[_Folder] = []
        waiting = self._below(self.invisibleRootItem())
        while waiting:
            item = waiting.pop()
            found.append(item)
            waiting += self._below(item)
        return found


class _Folder(QStandardItem):
    """A folder in the tree."""

    def __init__(self, path: Path, name: str, icon_name: str = "folder") -> None:
        super().__init__(icon(icon_name), name)
        self.path = path
        self.listed = False
        self.setEditable(False)
        self.setData(path, PATH)
        self.setData(icon_name, ICON)
        self.setToolTip(shown_name(str(path)))

    def agree_with(self, found: list[Path]) -> bool:
        """Makes the rows below it those of a listing, leaving what is in both as it is.

        Returns:
            Whether it is done; else it has added some rows and wants to be called again.
        """
        wanted = set(found)
        for row in reversed(range(self.rowCount())):
            if self._path_at(row) not in wanted:
                self.removeRow(row)
        added = 0
        for row, path in enumerate(found):
            if self._path_at(row) == path:
                continue
            if added == _AT_ONCE:
                return False
            # As a list: of a single item, PySide does not hand the ownership over.
            self.insertRow(row, [_Folder(path, shown_name(path.name))])
            added += 1
        return True

    def _path_at(self, row: int) -> Any:
        child = self.child(row)
        return child.data(PATH) if child is not None else None  # pyright: ignore[reportUnnecessaryComparison]
