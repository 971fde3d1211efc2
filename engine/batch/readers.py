"""Who decodes the photos of a batch: this process, or processes that may crash, run away and be killed without harm.

`ReaderProcesses` gives each thread that asks a process of its own: `reader_child` starts it, `reader_process` is what
it runs, `reader_messages` what passes between them. A process that dies over a photo costs that photo an error that
says how, and the next photo gets a new process. One that the system killed, or that had grown too large, is replaced
once for the same photo: mostly another was to blame, or none.
"""

from __future__ import annotations

import math
import os
import signal
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from engine.batch.memory import FIRST_ALLOWANCE
from engine.batch.reader_child import Child, ChildEndedError
from engine.batch.reader_messages import SenselessMessageError, most_bytes, photo_of
from engine.errors import CancelledError, PhotoError, PhotoTooLargeError, UnreadablePhotoError
from engine.photo import default_pixel_limit, is_marked, read_pages, read_photo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from engine.batch.reader_messages import Message
    from engine.photo import Photo

ENTRY = "engine.batch.reader_process"
_SAVE_ANEW = "Open it in another program and save it anew."
_TRY_AGAIN = "Close other programs and run the same command again."
_END_SECONDS = 1.0
_KILLED = -getattr(signal, "SIGKILL", 0)
_TOO_MUCH_WORK = -getattr(signal, "SIGXCPU", 0)


class Reader(Protocol):
    """Decodes photos; used by one thread at a time."""

    def is_marked(self, path: Path) -> bool:
        """As `engine.photo.is_marked`."""
        ...

    def pages(self, path: Path, *, salvage: bool, pixel_limit: int | None) -> Iterator[Photo]:
        """As `engine.photo.read_pages`."""
        ...

    def page(self, path: Path, number: int, *, salvage: bool) -> Photo:
        """As `engine.photo.read_photo`."""
        ...


class Readers(Protocol):
    """Where threads get their readers; safe to use from several."""

    def reader(self) -> Reader:
        """The calling thread's own."""
        ...

    def close(self) -> None:
        """Ends all readers, also those that are at work: whoever waits for one gets a CancelledError."""
        ...


class HereReader:
    """Decodes in this process."""

    def is_marked(self, path: Path) -> bool:
        """As `engine.photo.is_marked`."""
        return is_marked(path)

    def pages(self, path: Path, *, salvage: bool, pixel_limit: int | None) -> Iterator[Photo]:
        """As `engine.photo.read_pages`."""
        return read_pages(path, salvage=salvage, pixel_limit=pixel_limit)

    def page(self, path: Path, number: int, *, salvage: bool) -> Photo:
        """As `engine.photo.read_photo`."""
        return read_photo(path, page=number, salvage=salvage)


HERE = HereReader()


class HereReaders:
    """Everybody decodes in this process: no other is started, and nothing is held back."""

    def reader(self) -> Reader:
        """The one that there is."""
        return HERE

    def close(self) -> None:
        """There is nothing to end."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """How long one page may take.

    Attributes:
        seconds: Of the processor's work, for the smallest page.
        pixels_a_second: How many of the pixels that a page may have are worth a second more.
        patience: How many times as long it may take by the clock, where the disk or the other work is slow.
    """

    seconds: float = 2.0
    pixels_a_second: float = 2e6
    patience: float = 10.0

    def work(self, pixels: int) -> int:
        """Whole seconds of work for a page that may have so many pixels."""
        return math.ceil(self.seconds + pixels / self.pixels_a_second)


class ReaderProcesses:
    """Each thread decodes in a process of its own, started when it first asks.

    Where not even a first process can be started, photos are decoded here instead, and a note says so.

    Args:
        note: Takes remarks for the user.
        allowance: How long a page may take.
        entry: The module whose `main` the processes run.
    """

    def __init__(
        self,
        note: Callable[[str], None] | None = None,
        *,
        allowance: Allowance | None = None,
        entry: str = ENTRY,
    ) -> None:
        self.allowance = allowance or Allowance()
        self._note = note
        self._entry = entry
        self._own = threading.local()
        self._lock = threading.Lock()
        self._children: list[Child] = []
        self._started = False
        self._unprotected = False
        self._closed = False

    @property
    def closed(self) -> bool:
        """Whether the end has come."""
        return self._closed

    @property
    def process_ids(self) -> tuple[int, ...]:
        """The processes that are there now."""
        with self._lock:
            return tuple(child.pid for child in self._children if child.alive)

    def reader(self) -> Reader:
        """The calling thread's own; its process is started when it is first used."""
        own: Reader | None = getattr(self._own, "reader", None)
        if own is None:
            own = self._own.reader = _ProcessReader(self)
        return own

    def close(self) -> None:
        """Kills the processes; whoever waits for one gets a CancelledError. Never waits longer than a second."""
        with self._lock:
            self._closed = True
            children, self._children = self._children, []
        for child in children:
            child.kill()
        end = time.monotonic() + _END_SECONDS
        for child in children:
            child.join(max(end - time.monotonic(), 0.0))

    def start(self, path: Path) -> Child | None:
        """A new process, ready to be asked; None if photos are to be decoded here.

        Args:
            path: The photo that it is needed for.

        Raises:
            UnreadablePhotoError: If none can be started just now.
            CancelledError: If the end has come.
        """
        if self._unprotected:
            return None
        child: Child | None = None
        try:
            child = self._child()
            child.wait_until_ready()
        except (OSError, ChildEndedError, SenselessMessageError) as error:
            if child is not None:
                self.end(child)
            self.check()
            self._without(path, str(error) or "it does not answer")
            return None
        self._started = True
        return child

    def end(self, child: Child) -> None:
        """Ends a process that is of no use any more."""
        child.kill()
        child.join(_END_SECONDS)
        with self._lock:
            self._children = [each for each in self._children if each is not child]

    def check(self) -> None:
        """Raises CancelledError if the end has come."""
        if self._closed:
            raise CancelledError("Reading was ended.")

    def _child(self) -> Child:
        with self._lock:  # so that the end does not miss one that is just being started
            self.check()
            child = Child(self._entry)
            self._children.append(child)
            return child

    def _without(self, path: Path, why: str) -> None:
        """Decodes here from now on, if there never was a process; one that fails later is only this photo's loss."""
        if self._started:
            raise UnreadablePhotoError(path, f"the process that reads photos could not be started: {why}.", _TRY_AGAIN)
        with self._lock:
            known, self._unprotected = self._unprotected, True
        if self._note is not None and not known:
            self._note(
                f"Photos are read without the protection of a process of their own: none could be started ({why})."
            )


class _ProcessReader:
    """Decodes in a process that belongs to one thread."""

    def __init__(self, family: ReaderProcesses) -> None:
        self._family = family
        self._child: Child | None = None

    def is_marked(self, path: Path) -> bool:
        """As `engine.photo.is_marked`; what cannot be told without a crash is not marked."""
        try:
            answer = self._ask(path, {"do": "is_marked"}, FIRST_ALLOWANCE)
        except PhotoError:
            return False
        return is_marked(path) if answer is None else answer.header.get("marked") is True

    def pages(self, path: Path, *, salvage: bool, pixel_limit: int | None) -> Iterator[Photo]:
        """As `engine.photo.read_pages`, each page with limits of its own."""
        number, count = 0, 1
        while number < count:
            photo = self._read(path, number, salvage, pixel_limit)
            yield photo
            number, count = number + 1, photo.page_count

    def page(self, path: Path, number: int, *, salvage: bool) -> Photo:
        """As `engine.photo.read_photo`."""
        return self._read(path, number, salvage, None)

    def _read(self, path: Path, page: int, salvage: bool, pixel_limit: int | None) -> Photo:
        pixels = default_pixel_limit() if pixel_limit is None else pixel_limit
        answer = self._ask(path, {"do": "read", "page": page, "salvage": salvage}, pixels)
        if answer is None:
            return read_photo(path, page=page, salvage=salvage, pixel_limit=pixels)
        try:
            return photo_of(answer, path, page, pixels)
        except SenselessMessageError as error:
            self._drop()
            raise _senseless(path) from error

    def _ask(self, path: Path, question: dict[str, Any], pixels: int) -> Message | None:
        """The process's answer; None where there is no process."""
        work = self._family.allowance.work(pixels)
        request = question | {"path": os.fsencode(path).hex(), "pixel_limit": pixels, "seconds": work}
        try:
            return self._answer(path, request, most_bytes(pixels), work)
        except ChildEndedError as end:
            raise self._explained(path, end, work) from end
        except SenselessMessageError as error:
            self._drop()
            raise _senseless(path) from error
        except MemoryError as error:
            self._drop()
            raise PhotoTooLargeError(path, "there is not enough memory to read it.", "Close other programs.") from error

    def _answer(self, path: Path, request: dict[str, Any], most: int, work: int) -> Message | None:
        """Asks a process, and once more another one if this photo need not be why the first one ended."""
        retried = False
        while True:
            self._family.check()
            if self._child is None or not self._child.alive:
                self._drop()
                self._child = self._family.start(path)
            if self._child is None:
                return None
            try:
                return self._child.ask(request, most, work * self._family.allowance.patience)
            except ChildEndedError as end:
                self._drop()
                self._family.check()
                # One that has grown too large ends by itself, with 0.
                if retried or (end.asked and end.code not in (0, _KILLED)):
                    raise
                retried = True

    def _drop(self) -> None:
        """Lets a process go."""
        if self._child is not None:
            self._family.end(self._child)
            self._child = None

    def _explained(self, path: Path, end: ChildEndedError, work: int) -> UnreadablePhotoError:
        """What the end of a process says about a photo."""
        if end.code is None:
            seconds = math.ceil(work * self._family.allowance.patience)
            return UnreadablePhotoError(path, f"decoding it took longer than {seconds} s.", _SAVE_ANEW)
        if end.code and end.code == _TOO_MUCH_WORK:
            return UnreadablePhotoError(path, f"decoding it took longer than {work} s of work.", _SAVE_ANEW)
        if end.code and end.code == _KILLED:
            cause = "decoding it was stopped by the system, most likely because memory ran out."
            return UnreadablePhotoError(path, cause, _TRY_AGAIN)
        return UnreadablePhotoError(path, "the program that decodes it crashed on it.", _SAVE_ANEW)


def _senseless(path: Path) -> UnreadablePhotoError:
    return UnreadablePhotoError(path, "the program that decodes it gave an answer without sense.", _SAVE_ANEW)
