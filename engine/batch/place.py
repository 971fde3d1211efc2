"""Places: where coloured photos go, and where the record of them is kept.

A folder of photos has its coloured copies in an output folder, with the record in `.autochrome` inside it. Single
photos without --output have theirs beside them, and the record in the user's state folder.
"""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from engine.batch.journal import FILE, Journal, JournalError, Made, open_journal, time_of_change
from engine.batch.scan import RECORDS
from engine.batch.storage import is_marked, mirror_of, path_of, url_of
from engine.batch.storage.locking import locked
from engine.errors import EngineError
from engine.lock import RunLock
from engine.photo import is_temporary

if TYPE_CHECKING:
    from collections.abc import Generator

    from engine.batch.options import BatchOptions
    from engine.batch.scan import Found

LOCK = "lock"
"""The file, beside the journal, that says which run is at work."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the outputs of one argument go.

    Attributes:
        root: The output folder; None puts each output beside its source.
        records: The folder of the journal and the lock.
        inside: A folder below `root` that keeps the arguments of one command apart.
    """

    root: Path | None
    records: Path
    inside: Path = Path()

    def folder_for(self, found: Found) -> Path:
        """The folder of a photo's output."""
        return found.path.parent if self.root is None else self.root / self.inside / found.relative.parent

    def key(self, path: Path) -> bytes:
        """A path as the journal keeps it: below or beside the output folder, or a URL.

        Where a mirror of objects lies on this machine changes from run to run.
        """
        root = self.root
        if root is not None and (path.is_relative_to(root) or (url_of(root) is None and url_of(path) is None)):
            with contextlib.suppress(ValueError):  # another drive, on Windows
                return os.fsencode(os.path.relpath(path, root))
        return os.fsencode(url_of(path) or path)

    def path(self, key: bytes) -> Path:
        """The path that a key stands for."""
        if b"://" in key:  # in no path, for they have single slashes
            return path_of(os.fsdecode(key)) or Path(os.fsdecode(key))
        return Path(os.path.normpath((self.root or Path()) / os.fsdecode(key)))

    def holds(self, output: Path) -> bool:
        """Whether a path really lies where outputs of this place go.

        A journal in a folder that others can write to may name any file, and so may a link in it.
        """
        if self.root is None:
            return True
        return output.is_relative_to(self.root) and Path(os.path.realpath(output.parent)).is_relative_to(
            os.path.realpath(self.root)
        )

    @property
    def title(self) -> Path:
        """What to call it in messages."""
        return self.root or self.records


class Ground:
    """An output folder as it was when a run began: the same folder on the same disk, or it is gone.

    Where a disk is unplugged, another folder comes to light under its name: the one that it was mounted on.

    Args:
        root: The folder; None where outputs lie beside their sources.
    """

    def __init__(self, root: Path | None) -> None:
        self._root = root
        self._was = _identity(root)

    def is_there(self) -> bool:
        """Whether it is still the same one."""
        return self._root is None or (self._was is not None and _identity(self._root) == self._was)

    def renew(self) -> None:
        """Takes the folder that is there now for the same one: a disk that was plugged in again has a new number."""
        self._was = _identity(self._root)


def _identity(folder: Path | None) -> tuple[int, int] | None:
    """What tells a folder from every other that is there at the same time; None if there is none."""
    if folder is None:
        return None
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


@dataclass(frozen=True, slots=True)
class Shelf:
    """A place with its journal open.

    Attributes:
        place: The place.
        journal: Its journal; one in memory for a dry run.
        notes: Remarks for the user about opening it.
        ground: Its output folder as it was when this was made.
    """

    place: Place
    journal: Journal
    notes: tuple[str, ...] = ()
    ground: Ground = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Remembers the output folder."""
        object.__setattr__(self, "ground", Ground(self.place.root))

    def check(self) -> None:
        """Makes sure that the output folder is still the one of the beginning.

        Raises:
            OSError: If it is gone; `outage.outage_of` says what that means.
        """
        if not self.ground.is_there():
            raise FileNotFoundError(errno.ENOENT, "the output folder is gone", os.fspath(self.place.title))

    def make_folder(self, folder: Path) -> None:
        """Makes a folder for outputs where it is missing, but never the output folder itself.

        That one was there when the run began. If it is missing now, its disk is, and a new one would lie on the disk
        below, where nobody looks for it. Nor is a photo's own folder made again, where outputs go beside their sources.

        Args:
            folder: At or below the output folder.

        Raises:
            OSError: If it cannot be made, or the output folder is gone.
        """
        self.check()
        if folder.is_dir():
            return
        root = self.place.root
        if root is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fspath(folder))
        step = root
        for name in folder.relative_to(root).parts:
            step /= name
            step.mkdir(exist_ok=True)

    def beside(self, place: Place) -> Shelf:
        """A shelf for another place with the same output folder: when one of them is taken up again, all are."""
        shelf = Shelf(place, self.journal)
        object.__setattr__(shelf, "ground", self.ground)
        return shelf

    def regain(self) -> bool:
        """Takes up the output folder again after it was gone; whether it is there, with this run's journal in it."""
        root = self.place.root
        if root is not None and not os.path.isdir(root):  # unlike Path's, it raises nothing on a dead disk
            return False
        try:
            self.journal.reconnect()
        except JournalError:
            return False
        self.ground.renew()
        return True

    def is_untouched(self, output: Path) -> bool:
        """Whether a file is one that this program made and nobody changed since; only such are ever replaced."""
        made = self.journal.made(self.place.key(output))
        return made is not None and made == fingerprint(output, made.source) and self.place.holds(output)


def state_folder() -> Path:
    """The folder for what outlives a run and belongs to no output folder; AUTOCHROME_STATE overrides it."""
    chosen = os.environ.get("AUTOCHROME_STATE")
    return Path(chosen) if chosen else user_state_path("autochrome", appauthor=False)


def places_for(options: BatchOptions) -> list[Place]:
    """The place of each argument, in their order.

    Raises:
        EngineError: If a folder has no name to derive its output's from.
    """
    return [_place_for(Path(os.path.abspath(path)), options) for path in options.paths]


def _place_for(path: Path, options: BatchOptions) -> Place:
    is_folder = path.is_dir()
    if options.output is not None:
        root = Path(os.path.abspath(options.output))
        apart = Path(path.name) if is_folder and len(options.paths) > 1 else Path()
        return Place(root, records_of(root), apart)
    if not is_folder:
        return Place(None, state_folder())
    mirror = mirror_of(path)
    if not path.name or (mirror is not None and mirror.is_top(path)):
        raise EngineError(f"{path} has no folder beside it.", "Say with --output where the coloured photos shall go.")
    root = path.with_name(f"{path.name}-color")
    return Place(root, records_of(root))


def records_of(root: Path) -> Path:
    """The folder of an output folder's journal and lock: in it; for one in object storage, in the user's state."""
    url = url_of(root)
    return root / RECORDS if url is None else state_folder() / "remote" / Path(*_pieces(url)) / RECORDS


def _pieces(url: str) -> list[str]:
    scheme, _, rest = url.partition("://")
    return [scheme, *(piece for piece in rest.split("/") if piece)]


@contextlib.contextmanager
def opened(place: Place) -> Generator[Shelf]:
    """Locks a place and opens its journal, after finishing what a run that died there left behind.

    Yields:
        The place with its journal.

    Raises:
        InUseError: If another run is at work there.
        JournalError: If its journal cannot be used.
        EngineError: If nothing can be written there.
    """
    with contextlib.ExitStack() as held:
        try:
            place.records.mkdir(parents=True, exist_ok=True)
            if place.root is not None:
                place.root.mkdir(parents=True, exist_ok=True)
            held.enter_context(RunLock(place.records / LOCK, place.title))
        except OSError as error:
            raise EngineError(
                f"Nothing can be written to {place.title}: {error.strerror}.", "Choose another folder with --output."
            ) from error
        if place.root is not None:
            held.enter_context(locked(place.root / RECORDS / LOCK, place.records))
            _remove_uploads(place.root)
        journal, notes = open_journal(place.records)
        held.callback(journal.close)
        recover(place, journal, clean=True)
        yield Shelf(place, journal, notes)


def recover(place: Place, journal: Journal, *, clean: bool) -> None:
    """Finds out what became of outputs that were being saved when a run died.

    An output appears whole or not at all, so one that is there, and is not the one of before, is finished.

    Args:
        place: Where.
        journal: Its journal.
        clean: Whether to delete the hidden files that the dead run was writing.
    """
    if clean:
        for folder in (place.root, place.records):
            if folder is not None:
                remove_temporaries(folder)  # of the report, and of looking whether there is space
    cleaned: set[Path] = set()
    for row in journal.unfinished():
        output = place.path(row.output)
        if not place.holds(output):
            continue
        if clean and output.parent not in cleaned:  # once: a run on a cluster may leave very many of one folder
            cleaned.add(output.parent)
            remove_temporaries(output.parent)
        made = fingerprint(output, row.source)
        if made is None or made == journal.made(row.output) or (row.marked and not is_marked(output)):
            continue
        # One of a cluster may have waited for hours before it was worked on: what has no mark, or is in the place of a
        # former output, may be what somebody saved there meanwhile. Without its time it is never replaced.
        if not row.kind and (not row.marked or journal.made(row.output) is not None):
            made = dataclasses.replace(made, mtime_ns=0)
        journal.store(dataclasses.replace(row, state="done"), made)


def fingerprint(output: Path, source: bytes) -> Made | None:
    """A file as the journal remembers it; None if there is none."""
    try:
        status = output.stat()
    except OSError:
        return None
    return Made(source, status.st_size, time_of_change(status))


def remove_temporaries(folder: Path) -> None:
    """Deletes the hidden files of saves that never ended. Only for folders that no other run writes to."""
    with contextlib.suppress(OSError):
        for file in folder.iterdir():
            if is_temporary(file):
                file.unlink(missing_ok=True)


def _remove_uploads(root: Path) -> None:
    """Removes from an output folder in object storage what dead runs were uploading.

    Below it may be the output folder of another run that is alive, and it may be in one itself: each has its own lock,
    which is looked for now, for that run may have begun while the objects were being listed.
    """
    mirror = mirror_of(root)
    if mirror is None:
        return
    for path in mirror.unfinished(root):
        others = (each for each in path.parents if each != root and url_of(each) is not None)
        with contextlib.suppress(OSError):
            if all(mirror.content(each / RECORDS / LOCK) is None for each in others):
                mirror.remove(path)


def has_journal(folder: Path) -> bool:
    """Whether a folder is an output folder of this program."""
    return (records_of(folder) / FILE).is_file()
