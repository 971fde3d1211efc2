"""Where the edits of photos are kept: in a sidecar beside each photo, or in a store of the program's own.

A photo's sidecar is read when the photo is opened (`read_kept`, on the thread that reads the photo). What the user
changes is written half a second after the last change, on the thread that writes. Where nothing can be written beside
the photo (its folder is not writable, the file there is damaged or of a newer version, or the photo is not the user's
own), the edits go to the private store, and that is said once. Of two that can be read the newer one counts.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import logging
import os
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from desktop.edits import NO_EDITS, Edits
from desktop.studio import Choice
from engine import (
    EngineError,
    Sidecar,
    SidecarError,
    read_header,
    read_sidecar,
    sidecar_path,
    state_folder,
    write_sidecar,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from desktop.edits import EditBook
    from desktop.tasks import Tasks
    from engine import Progress

translate = QCoreApplication.translate
log = logging.getLogger(__name__)

WRITE_AFTER_MS = 500
LAST_WRITE_SECONDS = 2.0
"""So long the end of the program waits for a write that is going on."""
CLEARED = {"cleared": True}
"""What an empty sidecar in the private store says, where one beside the photo cannot be removed."""

Size = tuple[int, int]
Stamp = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the disk has of a photo's edits.

    Attributes:
        edits: The edits; hints in pixels of the photo as it is now.
        stamp: Which content of the sidecars that is.
        locked: Whether its hints are of a newer version of the program, and stay as they are.
        problem: Why a sidecar could not be used; None where all is well.
    """

    edits: Edits = NO_EDITS
    stamp: Stamp = (None, None)
    locked: bool = False
    problem: SidecarError | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Asks for what is kept of a photo; made by `Keeper.ticket`, for `read_kept` on any thread.

    Attributes:
        path: The photo.
        borrowed: Whether nothing is looked for beside it.
        version: How often its edits were changed by then.
    """

    path: Path
    borrowed: bool
    version: int


def private_sidecar(photo: Path) -> Path:
    """Where the private store keeps the edits of a photo."""
    name = hashlib.sha256(os.fsencode(os.path.abspath(photo))).hexdigest()
    return sidecar_path(photo.with_name(name), state_folder() / "sidecars")


def read_kept(ticket: Ticket, size: Size | None = None) -> Kept:
    """Reads what is kept of a photo's edits. Never raises for a sidecar that cannot be used: see `Kept.problem`.

    Args:
        ticket: Which photo.
        size: Its width and height; None looks into its file if need be.
    """
    photo = ticket.path
    beside = None if ticket.borrowed else sidecar_path(photo)
    own, stamp = private_sidecar(photo), _stamp(photo, beside)
    problem: SidecarError | None = None
    found: list[Sidecar] = []
    for file in sorted((place for place in (own, beside) if place is not None), key=_changed, reverse=True):
        try:
            sidecar = read_sidecar(file)
        except SidecarError as error:
            problem = problem or error
            continue
        if sidecar is not None:
            found.append(sidecar)
    if not found:
        return Kept(stamp=stamp, problem=problem)
    locked = next((sidecar for sidecar in found if sidecar.read_only), None)
    edits = _edits_of(found[0], photo, size)
    if locked is not None:
        edits = replace(edits, hints=_edits_of(locked, photo, size).hints)
    return Kept(edits, stamp, locked is not None, problem)


def _read_all(tickets: Iterable[Ticket], progress: Progress) -> list[tuple[Ticket, Kept]]:
    found: list[tuple[Ticket, Kept]] = []
    for ticket in tickets:
        progress.check()
        try:
            found.append((ticket, read_kept(ticket)))
        except EngineError as error:  # of a photo that is gone, and whose size nobody noted
            log.warning("What is kept of %s is of no use.", ticket.path, exc_info=error)
    return found


def write_kept(photo: Path, edits: Edits, *, borrowed: bool) -> EngineError | None:
    """Writes a photo's edits, or takes them away where there are none.

    Args:
        photo: The photo.
        edits: All of its edits.
        borrowed: Whether nothing is written beside it.

    Returns:
        Why they are in the private store; None where they are beside the photo, or belong into the store.

    Raises:
        SidecarError: If they could not be written anywhere.
    """
    sidecar, own = sidecar_of(edits), private_sidecar(photo)
    problem: EngineError | None = None
    if not borrowed:
        try:
            _write_beside(photo, sidecar)
        except SidecarError as error:
            problem = error
        else:
            with contextlib.suppress(OSError):  # where it stays it is the older one, and does not count
                own.unlink(missing_ok=True)
            return None
        if sidecar.is_empty and os.path.lexists(sidecar_path(photo)):
            sidecar = replace(sidecar, unknown=CLEARED)
    _write_private(own, sidecar)
    return problem


def _write_beside(photo: Path, sidecar: Sidecar) -> None:
    if not os.path.lexists(photo):  # on a disk that was pulled out, say; its folder must not be made anew
        raise SidecarError(sidecar_path(photo), translate("Keeping", "its photo is not there."))
    write_sidecar(sidecar_path(photo), sidecar)


def _write_private(file: Path, sidecar: Sidecar) -> None:
    """Writes into the private store; what is damaged there is put aside, for nobody would mend it."""
    try:
        read_sidecar(file)
    except SidecarError:
        with contextlib.suppress(OSError):  # then writing tells what is wrong
            file.replace(file.with_name(f"{file.name}.bad"))
    write_sidecar(file, sidecar)


def sidecar_of(edits: Edits) -> Sidecar:
    """What a sidecar says of a photo with these edits."""
    hints, choice = edits.hints, edits.choice
    return Sidecar(
        width=None if hints is None else hints.width,
        height=None if hints is None else hints.height,
        model=None if choice is None else choice.model,
        variant=None if choice is None else choice.variant,
        look=edits.look,
        hints=() if hints is None else hints.hints,
    )


def _edits_of(sidecar: Sidecar, photo: Path, size: Size | None) -> Edits:
    choice = None if sidecar.model is None else Choice(sidecar.model, sidecar.variant)
    hints = None
    if sidecar.hints:
        hints = sidecar.hint_set(*(size or _size_of(sidecar, photo)))
    return Edits(sidecar.look, choice, hints)


def _size_of(sidecar: Sidecar, photo: Path) -> Size:
    if sidecar.width is not None and sidecar.height is not None:
        return sidecar.width, sidecar.height
    header = read_header(photo)
    return header.width, header.height


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return -1


def _stamp(photo: Path, beside: Path | None) -> Stamp:
    return (None if beside is None else _changed(beside)), _changed(private_sidecar(photo))


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
        return _Outcome(path, edits, _stamp(path, None if borrowed else sidecar_path(path)), problem, error)

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
