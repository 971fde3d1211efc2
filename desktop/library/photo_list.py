"""The photos of one folder, as the thumbnail grid sees them."""

from __future__ import annotations

from bisect import bisect_left, insort
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QMimeData, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl

from desktop.library.contents import NEW, Changes, Mark, PhotoFile, PhotoFilter, PhotoState, Recorded
from desktop.library.marks import Marks
from desktop.library.uri import file_uri

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from desktop.library.loader import ThumbnailLoader

_Index = QModelIndex | QPersistentModelIndex

_MANY = 200
"""More changes than this are shown as a new list: each single one would cost the view a layout."""


class PhotoRole(IntEnum):
    """What the model tells of a row, besides Qt's own roles."""

    PATH = Qt.ItemDataRole.UserRole + 1
    STATE = PATH + 1
    HINTS = PATH + 2
    EDITED = PATH + 3
    CAUSE = PATH + 4
    THUMBNAIL = PATH + 5


class PhotoList(QAbstractListModel):
    """Photos in natural order, those that the filter accepts.

    It filters itself instead of leaving that to a proxy model: a proxy asks for every row from C++ one by one, which
    takes longer than a frame at ten thousand rows. One photo, the current one, stays as long as the filter is the same:
    it must not vanish under the user's eyes because it has just been coloured.

    Coloured copies that the program made lie among the photos, but are not photos to colour: they are shown only where
    the filter asks for them.

    Args:
        loader: Where thumbnails come from.
        parent: The owner.
    """

    def __init__(self, loader: ThumbnailLoader, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loader = loader
        self._files: list[PhotoFile] = []
        self._shown: list[PhotoFile] = []
        self._by_name: dict[str, PhotoFile] = {}
        self._marks = Marks()
        self._edited: set[Path] = set()
        self._filter = PhotoFilter()
        self._pinned: Path | None = None

    # What Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - the signature is Qt's
        """How many photos are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Photos can be dragged out."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled | Qt.ItemFlag.ItemNeverHasChildren

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What is known of a row; see `PhotoRole`."""
        if not 0 <= index.row() < len(self._shown):
            return None
        file = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return file.name
            case Qt.ItemDataRole.AccessibleTextRole:
                return ", ".join(self._told(file))
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(file)
            case PhotoRole.PATH:
                return file.path
            case PhotoRole.THUMBNAIL:
                return self._loader.thumbnail(file.path)
            case PhotoRole.HINTS:
                return file.has_hints
            case PhotoRole.EDITED:
                return file.path in self._edited
            case PhotoRole.STATE:
                return self._mark(file).state
            case PhotoRole.CAUSE:
                return self._mark(file).cause
            case _:
                return None

    def match(
        self,
        start: _Index,
        role: int,
        value: Any,
        hits: int = 1,
        flags: Qt.MatchFlag = Qt.MatchFlag.MatchStartsWith | Qt.MatchFlag.MatchWrap,
    ) -> list[QModelIndex]:
        """Type-ahead: Qt's own asks for every row from C++, which is slow at ten thousand."""
        if role != Qt.ItemDataRole.DisplayRole or not isinstance(value, str) or hits != 1:
            return super().match(start, role, value, hits, flags)
        typed, first, count = value.casefold(), max(start.row(), 0), len(self._shown)
        rows = (*range(first, count), *range(min(first, count)))
        return [self.index(row) for row in rows if self._shown[row].folded.startswith(typed)][:1]

    def supportedDragActions(self) -> Qt.DropAction:
        """Copies only: originals are never moved from here."""
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        """Photos go out as files."""
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The files of rows, for dragging them to another program."""
        carried = QMimeData()
        carried.setUrls([QUrl.fromEncoded(file_uri(self._shown[index.row()].path).encode()) for index in indexes])
        return carried

    # What the library asks

    @property
    def total(self) -> int:
        """How many photos to colour the folder has, shown or not."""
        return len(self._files) - self.copy_count

    @property
    def copy_count(self) -> int:
        """How many coloured copies the folder has, shown or not."""
        return len(self._by_name.keys() & self._marks.copies)

    @property
    def copies_shown(self) -> int:
        """How many of the rows are coloured copies."""
        copies = self._marks.copies
        return sum(file.file_name in copies for file in self._shown) if copies else 0

    @property
    def paths(self) -> list[Path]:
        """All photos that are shown, in order."""
        return [file.path for file in self._shown]

    def files(self, first: int, count: int) -> list[PhotoFile]:
        """The files of some rows; fewer where the rows end."""
        return self._shown[max(first, 0) : max(first + count, 0)]

    def snapshot(self) -> dict[str, PhotoFile]:
        """All photos by file name; a copy, for another thread."""
        return dict(self._by_name)

    def row_of(self, path: Path) -> int:
        """Where a photo is shown; -1 if it is not."""
        file = self._file(path)
        return -1 if file is None else self._row(file)

    def row_near(self, key: tuple[Any, str]) -> int:
        """Where a photo with a key is shown, or would be."""
        return bisect_left(self._shown, key, key=_key)

    def file_at(self, row: int) -> PhotoFile:
        """The file of a row."""
        return self._shown[row]

    def contains(self, path: Path) -> bool:
        """Whether a photo is in the folder, shown or not."""
        return self._file(path) is not None

    def state_of(self, path: Path) -> Mark:
        """What became of a photo, as far as is known."""
        file = self._file(path)
        return NEW if file is None else self._mark(file)

    # What the library does

    def clear(self, folder: Path | None = None) -> None:
        """Forgets all rows, for the photos of a folder.

        Unsaved changes are remembered, for the user may come back; so is, if it is the same folder, what the window has
        told.
        """
        self.beginResetModel()
        self._files, self._shown, self._by_name = [], [], {}
        self._pinned = None
        self._marks.enter(folder)
        self.endResetModel()

    def append(self, files: list[PhotoFile]) -> None:
        """Adds photos that come after all that are there."""
        self._files += files
        self._by_name.update((file.file_name, file) for file in files)
        shown = self._select(files)
        if shown:
            self.beginInsertRows(QModelIndex(), len(self._shown), len(self._shown) + len(shown) - 1)
            self._shown += shown
            self.endInsertRows()

    def apply(self, changes: Changes) -> None:
        """Makes changes that happened on disk; many of them as a new list, a few as what they are."""
        if len(changes) > _MANY:
            self._apply_at_once(changes)
            return
        for file in changes.removed:
            self._remove(file)
        for file in changes.added:
            self._insert(file)
        for file in changes.changed:
            self._replace(file)

    def set_filter(self, chosen: PhotoFilter) -> None:
        """Chooses which photos are shown; no photo is pinned any more."""
        if chosen != self._filter:
            self._filter = chosen
            self._pinned = None
            self._show_again()

    def pin(self, path: Path | None) -> None:
        """Shows a photo until the filter is changed, whatever becomes of it."""
        self._pinned = path
        file = self._file(path) if path is not None else None
        if file is not None:
            self._show(file)

    def set_records(self, recorded: Recorded) -> None:
        """Takes over what the records say of the folder; what the window has told since holds."""
        known, copies = self._marks.known, self._marks.copies
        self._marks.take(recorded)
        others = copies ^ self._marks.copies
        if known == self._marks.known and not others:
            return
        if self._filter.state.name in PhotoState.__members__ or len(others) > _MANY:
            self._show_again()
            return
        for name in others & self._by_name.keys():
            self._refresh(self._by_name[name])
        self._tell_all()

    def tell(self, path: Path, mark: Mark, output: Path | None = None, *, reading: bool = False) -> None:
        """Says what became of a photo, listed or not; see `Marks.tell`."""
        self._marks.tell(path, mark, output, reading=reading)
        for each in (path, output):
            self._refresh_path(each)

    def note_copy(self, path: Path) -> None:
        """Says that a file, listed or not, in this folder or another, is a coloured copy."""
        self._marks.announce(path)
        self._refresh_path(path)

    def set_edited(self, path: Path, edited: bool) -> None:
        """Says whether a photo has unsaved changes."""
        if edited == (path in self._edited):
            return
        (self._edited.add if edited else self._edited.discard)(path)
        self._refresh_path(path)

    # How

    def _file(self, path: Path) -> PhotoFile | None:
        file = self._by_name.get(path.name)
        return file if file is not None and file.path == path else None

    def _mark(self, file: PhotoFile) -> Mark:
        return self._marks.known.get(file.file_name, NEW)

    def _select(self, files: list[PhotoFile]) -> list[PhotoFile]:
        """Those of the files, which are in order, that are to be shown."""
        shown = self._filter.select(files, self._marks.known, self._edited, self._marks.copies)
        pinned = self._file(self._pinned) if self._pinned is not None else None
        if pinned is not None and pinned in files and pinned not in shown:
            insort(shown, pinned, key=_key)
        return shown

    def _accepts(self, file: PhotoFile) -> bool:
        return bool(self._select([file]))

    def _row(self, file: PhotoFile) -> int:
        row = self.row_near(file.key)
        return row if row < len(self._shown) and self._shown[row].key == file.key else -1

    def _show(self, file: PhotoFile) -> None:
        if self._row(file) < 0:
            row = self.row_near(file.key)
            self.beginInsertRows(QModelIndex(), row, row)
            self._shown.insert(row, file)
            self.endInsertRows()

    def _hide(self, file: PhotoFile) -> None:
        row = self._row(file)
        if row >= 0:
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._shown[row]
            self.endRemoveRows()

    def _refresh_path(self, path: Path | None) -> None:
        file = self._file(path) if path is not None else None
        if file is not None:
            self._refresh(file)

    def _refresh(self, file: PhotoFile) -> None:
        """Shows, hides or redraws a photo about which something else is known now."""
        if not self._accepts(file):
            self._hide(file)
            return
        self._show(file)
        row = self._row(file)
        self._shown[row] = file
        self.dataChanged.emit(self.index(row), self.index(row))

    def _remove(self, file: PhotoFile) -> None:
        if self._by_name.pop(file.file_name, None) is not None:
            self._hide(file)
            del self._files[bisect_left(self._files, file.key, key=_key)]
            for name in self._marks.forget(file.file_name):
                self._refresh_path(file.folder / name)

    def _insert(self, file: PhotoFile) -> None:
        if file.file_name not in self._by_name:
            self._by_name[file.file_name] = file
            insort(self._files, file, key=_key)
            if self._accepts(file):
                self._show(file)

    def _replace(self, file: PhotoFile) -> None:
        if file.file_name in self._by_name:
            self._renew(file)
            self._by_name[file.file_name] = file
            self._files[bisect_left(self._files, file.key, key=_key)] = file
            self._refresh(file)

    def _apply_at_once(self, changes: Changes) -> None:
        for file in changes.removed:
            self._by_name.pop(file.file_name, None)
            self._marks.forget(file.file_name)
        for file in changes.changed:
            self._renew(file)
        self._by_name.update((file.file_name, file) for file in (*changes.added, *changes.changed))
        self._files = sorted(self._by_name.values(), key=_key)
        self._show_again()

    def _renew(self, file: PhotoFile) -> None:
        """What was told of a photo is no longer true once it is another; a sidecar beside it makes it no other."""
        before = self._by_name.get(file.file_name)
        if before is not None and (before.mtime_ns, before.size) != (file.mtime_ns, file.size):
            self._marks.renew(file.file_name)

    def _show_again(self) -> None:
        self.beginResetModel()
        self._shown = self._select(self._files)
        self.endResetModel()

    def _tell_all(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def _told(self, file: PhotoFile) -> Iterable[str]:
        """A photo in words: its name and everything that its badges say."""
        yield file.name
        mark = self._mark(file)
        if file.file_name in self._marks.copies:
            yield self.tr("coloured copy")
        elif mark.state is PhotoState.COLORED:
            yield self.tr("coloured")
        elif mark.state is PhotoState.FAILED:
            yield self.tr("failed: {cause}").format(cause=mark.cause) if mark.cause else self.tr("failed")
        else:
            yield self.tr("not coloured yet")
        if file.has_hints:
            yield self.tr("has hints")
        if file.path in self._edited:
            yield self.tr("has unsaved changes")
        thumbnail = self._loader.thumbnail(file.path)
        if thumbnail is not None and thumbnail.image is None:
            yield self.tr("cannot be shown: {cause}").format(cause=thumbnail.cause)

    def _tool_tip(self, file: PhotoFile) -> str:
        return "\n".join(self._told(file))


def _key(file: PhotoFile) -> tuple[Any, str]:
    return file.key
