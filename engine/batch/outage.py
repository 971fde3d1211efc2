"""Outages: the disk of the outputs is full, or a disk is gone. A run waits then, and goes on by itself.

A photo that cannot be read is its own affair, and so is one output that its folder refuses. But where nothing at all
can be read or saved, a hundred thousand failures help nobody: what could not be saved stays in the memory, nothing new
is begun because every thread waits here with its own, and each tries again when there is space or the disk is back.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sqlite3
import threading
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from engine.batch.events import Event, Resumed, Waiting
from engine.batch.journal import Journal, JournalError
from engine.batch.place import Ground
from engine.batch.storage import mirror_of
from engine.batch.storage.stores import AwayError, FullError, reason_of
from engine.errors import CancelledError, EngineError, PhotoError, SaveError
from engine.photo import temporary_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.batch.place import Shelf
    from engine.batch.scan import Found
    from engine.progress import Progress

INTERVAL = 2.0
"""Seconds between two looks at the disk."""
ANYWAY = 60.0
"""Seconds after which a disk that takes files is tried again, however little space it says it has: what the system
tells of quotas and of numbers of files is not always true."""
POLL = 0.05
"""Seconds between two looks at the progress."""
MARGIN = 4 << 20
"""Bytes that must be free on a large disk besides those that did not suffice."""

_FULL = {errno.ENOSPC: "the disk is full.", errno.EDQUOT: "your share of the disk is used up."}
_AWAY = frozenset({errno.ENODEV, errno.ENXIO, errno.ESTALE})
_UNSURE = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
_GONE = "the folder is gone: its disk was removed, or the folder was moved."
_SOURCES_GONE = "the folder of the photos is gone: its disk was removed, or the folder was moved."
_CONNECT = "Connect the disk again, or put the folder back."
_READ_ONLY = "the disk has become read-only."

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outage:
    """Why nothing can be read or saved for now.

    Attributes:
        folder: The folder that cannot be read or written to.
        cause: Why, in plain words.
        advice: What the user can do about it.
        gone: Whether the folder is away with its disk, or refuses everything; otherwise it is full.
        need: Bytes that were free when it began, and did not suffice.
        store: Whether the folder is in object storage, which does not answer or is full.
    """

    folder: Path
    cause: str
    advice: str
    gone: bool
    need: int = 0
    store: bool = False


def outage_of(error: Exception, shelf: Shelf, output: Path) -> Outage | None:
    """Tells an outage from the failure of one photo.

    Args:
        error: What was raised while an output was being saved or taken down.
        shelf: Where it was to go.
        output: The output.

    Returns:
        The outage; None where the error is about this one file, or not about the disk at all.
    """
    journal = isinstance(error, JournalError)
    away = _store_away(error, output.parent if shelf.place.root is None else shelf.place.root)
    away = away or (None if journal else _full_where_fetched(error, output))
    if away is not None:
        return away
    reason = _reason(error)
    if reason is None and not journal:
        return None
    root = shelf.place.root
    folder = root or output.parent
    if journal and (root is None or mirror_of(root) is not None):  # then it is elsewhere
        folder = shelf.place.records
    if not (shelf.ground.is_there() and os.path.isdir(folder)) or (journal and shelf.journal.lost):
        return _away(folder, _GONE, _CONNECT)
    number = _journal_number(error, folder) if isinstance(error, JournalError) else reason.errno if reason else None
    if number in _FULL:
        return _full(folder, number)
    if number in _AWAY:
        return _away(folder, _GONE, _CONNECT)
    if number == errno.EROFS and root is not None:  # without, nobody knows whether it was ever writable
        return _away(folder, _READ_ONLY, "Check the disk and its cable.")
    return None


class Outages:
    """Waits out the outages of a run; safe to use from several threads.

    Args:
        tell: Takes `Waiting` and `Resumed`.
        progress: Ends the waiting when it is cancelled.
    """

    def __init__(self, tell: Callable[[Event], None], progress: Progress) -> None:
        self._tell = tell
        self._progress = progress
        self._lock = threading.Lock()
        self._probing = threading.Lock()
        self._open: tuple[Outage, float] | None = None
        self._lost: set[Journal] = set()
        self._sources: dict[Path, Ground] = {}
        self._asked = 0
        self._changes = 0
        self._own = threading.local()

    @property
    def waited(self) -> float:
        """Seconds that the calling thread has waited so far: no work of any photo."""
        seconds: float = getattr(self._own, "waited", 0.0)
        return seconds

    def attempt(self, work: Callable[[], T], shelf: Shelf, output: Path) -> T:
        """Saves something or takes it down, again and again while an outage keeps it from its end.

        Args:
            work: Does it; it leaves nothing behind when it raises.
            shelf: Where to.
            output: The output that it is about.

        Raises:
            CancelledError: If the run was cancelled while it waited.
            Exception: What the work raised that is no outage.
        """

        def outage(error: Exception) -> Outage | None:
            return self._noted(outage_of(error, shelf, output), shelf)

        return self._until_done(work, outage, partial(self._is_over, shelf))

    def read(self, work: Callable[[], T], shelf: Shelf, found: Found) -> T:
        """Reads a photo, again and again while its folder, or the one of the outputs, is gone.

        Also while this machine's disk has no room to bring it here from object storage.

        Args:
            work: Reads it, with all that belongs to it.
            shelf: Where its output will go: often on the same disk.
            found: The photo.

        Raises:
            CancelledError: If the run was cancelled while it waited.
            Exception: What the work raised that is no outage.
        """
        root = found.path.parents[len(found.relative.parts) - 1]
        output = shelf.place.root or root

        def outage(error: Exception) -> Outage | None:
            if not isinstance(error, EngineError | OSError) or isinstance(error, CancelledError):
                return None
            mirror = mirror_of(root)
            away = None if isinstance(error, SaveError) else _store_away(error, output if mirror is None else root)
            away = away or _full_where_fetched(error, root)
            if away is not None:
                return away
            if shelf.place.root is not None and not shelf.ground.is_there():
                return self._noted(_away(shelf.place.root, _GONE, _CONNECT), shelf)
            return None if self._is_readable(root, found) else _away(root, _SOURCES_GONE, _CONNECT)

        def is_over(outage: Outage, need: int | None) -> bool:
            if outage.folder == root and not outage.store:
                return self._is_readable(root, found)
            return self._is_over(shelf, outage, need)

        result = self._until_done(work, outage, is_over)
        self._sources[root] = Ground(root)
        return result

    def _noted(self, outage: Outage | None, shelf: Shelf) -> Outage | None:
        """The outage; where a shelf's folder is gone, its journal has to be opened again."""
        if outage is not None and outage.gone:
            with self._probing:
                self._lost.add(shelf.journal)
        return outage

    def _is_readable(self, root: Path, found: Found) -> bool:
        """Whether a photo can be read, as far as its disk is there; one that is away alone is its own affair."""
        known = self._sources.get(root)
        return os.path.lexists(found.path) or (os.path.isdir(root) if known is None else known.is_there())

    def _until_done(
        self,
        work: Callable[[], T],
        outage_in: Callable[[Exception], Outage | None],
        is_over: Callable[[Outage, int | None], bool],
    ) -> T:
        failed, doubted = 0, False
        while True:
            asked, changes = self._asked, self._changes
            try:
                result = work()
            except Exception as error:
                outage = outage_in(error)
                if outage is None:
                    if not doubted and self._is_doubtful(changes):
                        doubted = True
                        continue
                    if failed and not self._progress.cancelled:
                        self._end()
                    raise
            else:
                if failed:
                    self._end()
                return result
            failed, doubted = failed + 1, False
            self._begin(outage)
            begun = time.monotonic()
            self._wait(outage, asked, is_over, first=failed == 1)
            self._own.waited = self.waited + time.monotonic() - begun

    def _is_doubtful(self, changes: int) -> bool:
        """Whether a failure that is no outage by now may have been one, for there was one when it came about.

        The disk may have come back in the moment between.
        """
        return (self._open is not None or self._changes != changes) and not self._progress.cancelled

    def try_again(self) -> None:
        """Makes all who wait try again at once; for a key or a button."""
        # Without a lock: listeners may call this while they are being told of an outage.
        self._asked += 1

    def _begin(self, outage: Outage) -> None:
        """Tells of an outage, unless it is known."""
        with self._lock:
            if self._open is None:
                self._open = (outage, time.monotonic())
                self._changes += 1
                self._tell(Waiting(folder=outage.folder, cause=outage.cause, advice=outage.advice))

    def _end(self) -> None:
        """Tells that an outage is over, unless that is known. Whoever still waits will say so at the next look."""
        with self._lock:
            if self._open is not None:
                (outage, begun), self._open = self._open, None
                self._changes += 1
                self._tell(Resumed(folder=outage.folder, seconds=time.monotonic() - begun))

    def _wait(self, outage: Outage, asked: int, is_over: Callable[[Outage, int | None], bool], *, first: bool) -> None:
        """Waits until it is worth to try again.

        The first time nothing is known of how much space is needed, and much may have been freed by the attempt itself.
        """
        begun = time.monotonic()
        due = begun if first else begun + INTERVAL
        while True:
            self._progress.check()
            now = time.monotonic()
            if self._asked != asked:
                is_over(outage, None)
                return
            if now >= due:
                if is_over(outage, None if now - begun > ANYWAY else 0 if first else outage.need):
                    return
                self._begin(outage)
                due = now + INTERVAL
            time.sleep(POLL)

    def _is_over(self, shelf: Shelf, outage: Outage, need: int | None) -> bool:
        """Whether a folder can be written to again, and has more space than did not suffice, where that counts."""
        if outage.store:
            mirror = mirror_of(outage.folder)
            return mirror is None or mirror.answers(outage.folder)
        with self._probing:
            if not self._is_back(shelf):
                return False
            if not outage.gone and need is not None:
                free, total = _free(outage.folder)
                if free < need + min(MARGIN, total // 50):
                    return False
            return _refusal(outage.folder) is None

    def _is_back(self, shelf: Shelf) -> bool:
        """Whether a shelf's folder is there; takes it up again where it was gone."""
        if shelf.journal not in self._lost and shelf.ground.is_there():
            return True
        if not shelf.regain():  # also where it went once more after it was taken up
            return False
        self._lost.discard(shelf.journal)
        return True


def _reason(error: BaseException | None) -> OSError | None:
    """What the system said, of an error about an output. What it says of a source is no outage of the outputs."""
    if isinstance(error, SaveError):
        error = error.__cause__
    return error if isinstance(error, OSError) else None


def _store_away(error: BaseException | None, folder: Path) -> Outage | None:
    """The outage of the object storage that a folder is in; it does not tell how much room it has."""
    while error is not None and not isinstance(error, AwayError | FullError):
        error = error.__cause__
    if error is None:
        return None
    if isinstance(error, FullError):
        return Outage(folder, f"the storage is full: {reason_of(error)}.", "Free some space there.", False, store=True)
    cause = f"the storage does not answer: {reason_of(error)}."
    return Outage(folder, cause, "Check the network and your credentials.", gone=False, store=True)


def _number_in(error: BaseException | None) -> int:
    """The first number of the system's in a chain of errors; 0 where there is none."""
    while error is not None:
        if isinstance(error, OSError) and error.errno is not None:
            return error.errno
        error = error.__cause__
    return 0


def _full_where_fetched(error: Exception, root: Path) -> Outage | None:
    """The outage of the disk that objects are brought to; None for what cannot be saved, which has a disk of its own.

    A photo that is read once more while it is saved may raise both. What is fetched may also be the sidecar alone.
    """
    number = _number_in(error)
    place = error.path if isinstance(error, PhotoError) else root
    if number not in _FULL or isinstance(error, SaveError) or mirror_of(place) is None:
        return None
    return _full(place, number)


def _full(folder: Path, number: int) -> Outage:
    """The outage of a disk that is full: for what is in object storage, the one where it is while it is worked on."""
    mirror = mirror_of(folder)
    if mirror is None:
        return Outage(folder, _FULL[number], "Free some space.", gone=False, need=_free(folder)[0])
    advice = "Free some space: photos and outputs of a storage are there while they are worked on (TMPDIR)."
    return Outage(mirror.folder, _FULL[number], advice, gone=False, need=_free(mirror.folder)[0])


def _journal_number(error: JournalError, folder: Path) -> int | None:
    """What the system would have said where SQLite failed; SQLite itself tells only a full disk."""
    if error.code == sqlite3.SQLITE_FULL:
        return errno.ENOSPC
    refusal = _refusal(folder) if error.code in _UNSURE else None
    return None if refusal is None else refusal.errno


def _away(folder: Path, cause: str, advice: str) -> Outage:
    return Outage(folder, cause, advice, gone=True)


def _free(folder: Path) -> tuple[int, int]:
    """Bytes that are free on a folder's disk, and all that it has; zero where nobody can tell."""
    try:
        usage = shutil.disk_usage(folder)
    except OSError:
        return 0, 0
    return usage.free, usage.total


def _refusal(folder: Path) -> OSError | None:
    """What the system says to a small file in a folder; None if it takes one."""
    probe = temporary_in(folder)
    try:
        with probe.open("xb") as file:
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return error
    finally:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
    return None
