"""The edits of photos on their way to their sidecars, and back.

A photo's sidecar is read when the photo is opened, by the thread that reads the photo (`desktop.kept`). What the user
changes is written half a second after the last change, by the thread that writes; where it had to go to the private
store, that is said once.
"""

from __future__ import annotations

import itertools
import logging
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.kept import Ticket, read_kept, stamp_of_sidecars, write_kept
from engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from desktop.edits import EditBook, Edits
    from desktop.kept import Kept, Stamp
    from desktop.tasks import Tasks
    from engine import Progress

log = logging.getLogger(__name__)

WRITE_AFTER_MS = 500
LAST_WRITE_SECONDS = 2.0
"""So long the end of the program waits for a write that is going on."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of one photo's edits: where they had to go, and what else was found of them on the disk."""

    path: Path
    edits: Edits
    stamp: Stamp
    problem: EngineError | None
    error: EngineError | None


class Keeper(QObject):
    """Has the edits of the book written, and takes over those that were read.

    Args:
        book: The edits of all photos.
        tasks: The thread that writes.
        borrowed: Tells whether a photo is not the user's own, so that nothing is written beside it.
        parent: The owner. Call `flush` before it goes.

    Signals:
        kept_apart (object, object): A photo's edits had to go to the private store: its path, and why. Once a photo.
        completed (object): More edits of a photo were found on the disk while it was being written; its path.
        failed (object): Edits could not be written anywhere; the error. Once, until it is possible again.
    """

    kept_apart = Signal(object, object)
    completed = Signal(object)
    failed = Signal(object)

    def __init__(
        self, book: EditBook, tasks: Tasks, borrowed: Callable[[Path], bool], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._book = book
        self._tasks = tasks
        self._borrowed = borrowed
        self._waiting: dict[Path, tuple[Edits, bool]] = {}
        self._lock = threading.Lock()  # of what waits: held for moments
        self._writing = threading.Lock()  # of the disk: held while a file is written
        self._versions: dict[Path, int] = {}
        self._numbers = itertools.count(1)
        self._stamps: dict[Path, Stamp] = {}
        self._told: set[Path] = set()
        self._apart: set[Path] = set()
        self._failed = False
        self._later = QTimer(self, singleShot=True, interval=WRITE_AFTER_MS)
        self._later.timeout.connect(self.write)
        book.edited.connect(self.keep)

    def ticket(self, path: Path) -> Ticket:
        """Asks for what is kept of a photo: for `read_kept`, and then `take`."""
        return Ticket(path, self._borrowed(path), self._versions.get(path, 0))

    def take(self, ticket: Ticket, kept: Kept) -> Edits:
        """Takes over what was read of a photo, unless what the program knows is newer; the edits that count now."""
        path = ticket.path
        known = self._stamps.get(path)
        if known is None:  # what was changed before it was read lies over it
            self._stamps[path] = kept.stamp
            self._book.adopt(path, self._book.of(path).over(kept.edits))
        elif known != kept.stamp and ticket.version == self._versions.get(path, 0) and not self.is_waiting(path):
            self._stamps[path] = kept.stamp
            self._book.adopt(path, kept.edits)
        if kept.problem is not None:
            self._tell(path, kept.problem)
        return self._book.of(path)

    def load(self, paths: Iterable[Path], tasks: Tasks) -> None:
        """Reads what is kept of photos that are not open, in the background.

        Args:
            paths: The photos.
            tasks: Threads to read on.
        """
        tickets = [self.ticket(path) for path in paths]

        def take(found: list[tuple[Ticket, Kept]]) -> None:
            for ticket, kept in found:
                self.take(ticket, kept)

        if tickets:
            tasks.run(lambda progress: _read_all(tickets, progress), done=take)

    def keep(self, path: Path) -> None:
        """Has a photo's edits written, soon."""
        self._versions[path] = next(self._numbers)
        with self._lock:
            self._waiting.pop(path, None)
            self._waiting[path] = (self._book.of(path), path in self._stamps)
        self._later.start()

    def is_waiting(self, path: Path) -> bool:
        """Whether a photo's edits are still to be written; may be called on any thread."""
        with self._lock:
            return path in self._waiting

    def is_apart(self, path: Path) -> bool:
        """Whether a photo's edits are in the private store, where no batch finds them."""
        return path in self._apart or self._borrowed(path)

    def write(self, then: Callable[[], object] | None = None) -> None:
        """Has all that waits written now.

        Args:
            then: Called when it is; at once if there is nothing to write.
        """
        self._later.stop()
        with self._lock:
            nothing = not self._waiting
        if nothing and (then is None or self._tasks.idle):
            if then is not None:
                then()
            return

        def done(outcomes: list[_Outcome]) -> None:
            self._take_outcomes(outcomes)
            if then is not None:
                then()

        def failed(error: Exception) -> None:
            self.failed.emit(error)
            done([])

        self._tasks.run(lambda progress: self._write_waiting(), done=done, failed=failed)

    def flush(self) -> None:
        """Writes all that waits, and returns when it is done; for the end of the program."""
        self._later.stop()
        if self._writing.acquire(timeout=LAST_WRITE_SECONDS):
            self._writing.release()
            self._take_outcomes(self._write_waiting())

    def _write_waiting(self) -> list[_Outcome]:
        """Writes what waits, one photo after the other; on any thread."""
        outcomes: list[_Outcome] = []
        with self._writing:
            while True:
                with self._lock:
                    job = next(iter(self._waiting.items()), None)
                if job is None:
                    return outcomes
                path, (edits, known) = job
                outcomes.append(self._write(path, edits, known=known))
                with self._lock:
                    if self._waiting.get(path) is job[1]:  # else it was changed again meanwhile
                        del self._waiting[path]

    def _write(self, path: Path, edits: Edits, *, known: bool) -> _Outcome:
        borrowed = self._borrowed(path)
        problem = error = None
        try:
            if not known:
                edits = edits.over(read_kept(Ticket(path, borrowed, 0)).edits)
            problem = write_kept(path, edits, borrowed=borrowed)
        except EngineError as failure:
            error = failure
        return _Outcome(path, edits, stamp_of_sidecars(path, borrowed=borrowed), problem, error)

    def _take_outcomes(self, outcomes: Iterable[_Outcome]) -> None:
        for outcome in outcomes:
            path = outcome.path
            if outcome.error is not None:
                self._fail(outcome.error)
                continue
            self._failed = False
            found_more = path not in self._stamps and not self.is_waiting(path) and outcome.edits != self._book.of(path)
            self._stamps[path] = outcome.stamp
            self._versions[path] = next(self._numbers)  # what was read before does not count any more
            if found_more:
                self._book.adopt(path, outcome.edits, saved=False)
                self.completed.emit(path)
            self._apart.discard(path)
            if outcome.problem is not None:
                self._apart.add(path)
                self._tell(path, outcome.problem)

    def _fail(self, error: EngineError) -> None:
        log.warning("Edits could not be written.", exc_info=error)
        if not self._failed:
            self._failed = True
            self.failed.emit(error)

    def _tell(self, path: Path, problem: EngineError) -> None:
        if path not in self._told:
            self._told.add(path)
            self.kept_apart.emit(path, problem)


def _read_all(tickets: Iterable[Ticket], progress: Progress) -> list[tuple[Ticket, Kept]]:
    found: list[tuple[Ticket, Kept]] = []
    for ticket in tickets:
        progress.check()
        try:
            found.append((ticket, read_kept(ticket)))
        except EngineError as error:  # of a photo that is gone, and whose size nobody noted
            log.warning("What is kept of %s is of no use.", ticket.path, exc_info=error)
    return found
