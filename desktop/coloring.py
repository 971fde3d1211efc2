"""The engine's thread: one worker that owns the models, and the newest wish of the window.

What the window shows is asked for with a number: a new request takes the place of the one that
waits, cancels the one that runs, and only the answer to the newest is passed on, so a stale result is never shown.
Work of the background (saving other photos, other pages) queues behind it and waits for its own answer.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from desktop.tasks import give_way
from engine import CancelledError, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.studio import Choice, Coloring, Studio
    from engine import Photo

log = logging.getLogger(__name__)

POLL = 0.05
"""Seconds between two looks of a waiting background task at whether it was cancelled."""


@dataclass(slots=True, eq=False)
class _Request:
    """Something that the engine's thread is to do; `future` gets its answer."""

    work: Callable[[Studio, Progress], Any]
    progress: Progress = field(default_factory=Progress)
    future: Future[Any] = field(default_factory=lambda: Future[Any]())


class _Mailbox:
    """What waits for the engine's thread: at most one wish of the window, and the queue of the background."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: _Request | None = None
        self._running: _Request | None = None
        self._background: deque[_Request] = deque()
        self._closed = False

    def put_newest(self, request: _Request) -> None:
        with self._lock:
            for old in (self._newest, self._running):
                if old is not None:
                    old.progress.cancel()
            self._newest = request

    def put(self, request: _Request) -> None:
        with self._lock:
            if self._closed:
                request.progress.cancel()  # whoever waits for it looks at that
            self._background.append(request)

    def cancel_newest(self) -> None:
        with self._lock:
            for old in (self._newest, self._running):
                if old is not None:
                    old.progress.cancel()
            self._newest = None

    def next(self) -> _Request | None:
        with self._lock:
            self._running = None
            if self._newest is not None:
                self._running, self._newest = self._newest, None
                return self._running
            return self._background.popleft() if self._background else None

    def close(self) -> None:
        self.cancel_newest()
        with self._lock:
            self._closed = True
            for request in self._background:
                request.progress.cancel()


class _Worker(QObject):
    """Lives on the engine's thread."""

    def __init__(self, studio: Studio, mailbox: _Mailbox) -> None:
        super().__init__()
        self._studio = studio
        self._mailbox = mailbox

    @Slot()
    def work(self) -> None:
        """Does all that waits."""
        while (request := self._mailbox.next()) is not None:
            try:
                request.progress.check()
                answer = request.work(self._studio, request.progress)
            except Exception as error:  # noqa: BLE001 - carried to whoever asked
                request.future.set_exception(error)
            else:
                request.future.set_result(answer)
            del request


class Engine(QObject):
    """The window's way to the networks.

    Args:
        studio: The models; given to the engine's thread, and touched by nobody else from then on.
        parent: The owner. Call `stop` before it goes.

    Signals:
        colored (int, object): The number of the newest request, and its `Coloring`.
        candidate (int, int, object): Number of the newest request, index of a candidate, and its `Coloring`, or the
            exception that took its place.
        failed (int, object): The number of the newest request, and the exception.
        busy_changed (bool): Whether the newest request waits for its answer.
    """

    colored = Signal(int, object)
    candidate = Signal(int, int, object)
    failed = Signal(int, object)
    busy_changed = Signal(bool)
    _wake = Signal()
    _answered = Signal(int, object)
    _partly = Signal(int, int, object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._busy = False
        self._mailbox = _Mailbox()
        self._thread = QThread(self)
        self._thread.setObjectName("autochrome-engine")
        self._worker = _Worker(studio, self._mailbox)
        self._worker.moveToThread(self._thread)
        self._wake.connect(self._worker.work, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        self._partly.connect(self._on_part, Qt.ConnectionType.QueuedConnection)
        self._thread.started.connect(give_way, Qt.ConnectionType.DirectConnection)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether the window waits for the network."""
        return self._busy

    def color(self, photo: Photo, choice: Choice) -> int:
        """Asks for the colours of the open photo; the answer is `colored` or `failed`, unless a newer one is asked for.

        Returns:
            The number of the request.
        """
        return self._ask(lambda studio, progress: studio.color(photo, choice, progress))

    def color_candidates(self, photo: Photo, choices: Sequence[Choice]) -> int:
        """Asks for several colourings of the open photo; each is told by `candidate` as soon as it is there.

        Returns:
            The number of the request.
        """
        number = self._number + 1

        def work(studio: Studio, progress: Progress) -> None:
            for index, choice in enumerate(choices):
                progress.check()
                try:
                    result: object = studio.color(photo, choice, progress)
                except CancelledError:
                    raise
                except Exception as error:
                    log.warning("A candidate failed.", exc_info=error)
                    result = error
                self._partly.emit(number, index, result)

        return self._ask(work)

    def cancel(self) -> None:
        """Gives up the newest request; no answer to it comes any more."""
        self._number += 1
        self._mailbox.cancel_newest()
        self._set_busy(busy=False)

    def close_photo(self, photo: Photo | None) -> None:
        """Gives up the newest request, and lets a photo go that was open."""
        self.cancel()
        if photo is not None:
            self._post(lambda studio, progress: studio.close_photo(photo))

    def warm_up(self, model: str) -> Future[Any]:
        """Loads a model ahead of its first use; what fails is told when it is used."""
        return self._post(lambda studio, progress: studio.colorist(model))

    def set_device(self, device: str) -> None:
        """Has models loaded on another device from now on."""
        self._post(lambda studio, progress: studio.set_device(device))

    def forget(self, model: str) -> None:
        """Lets go of a model that was removed or replaced."""
        self._post(lambda studio, progress: studio.forget(model))

    def color_aside(self, photo: Photo, choice: Choice, progress: Progress) -> Coloring:
        """Colours another photo and waits for it. Never call it on the thread of the window.

        Raises:
            CancelledError: If it was cancelled meanwhile, or the engine was stopped.
            EngineError: If it cannot be coloured.
        """
        future = self._post(lambda studio, own: studio.color_aside(photo, choice, own), progress)
        while True:
            try:
                return cast("Coloring", future.result(timeout=POLL))
            except TimeoutError:
                progress.check()

    def stop(self, seconds: float = 2.0) -> bool:
        """Ends the thread; whether it has ended in that time."""
        self.cancel()
        self._mailbox.close()
        self._thread.quit()
        return self._thread.wait(int(seconds * 1000))

    def _ask(self, work: Callable[[Studio, Progress], Any]) -> int:
        self._number += 1
        number = self._number
        request = _Request(work)
        request.future.add_done_callback(lambda future: self._answered.emit(number, future))
        self._mailbox.put_newest(request)
        self._set_busy(busy=True)
        self._wake.emit()
        return number

    def _post(self, work: Callable[[Studio, Progress], Any], progress: Progress | None = None) -> Future[Any]:
        request = _Request(work, progress or Progress())
        self._mailbox.put(request)
        self._wake.emit()
        return request.future

    def _on_answer(self, number: int, answer: object) -> None:
        if number != self._number:
            return
        future = cast("Future[Any]", answer)
        error = future.exception()
        if isinstance(error, CancelledError):
            return
        self._set_busy(busy=False)
        if error is not None:
            self.failed.emit(number, error)
        elif future.result() is not None:
            self.colored.emit(number, future.result())

    def _on_part(self, number: int, index: int, result: object) -> None:
        if number == self._number:
            self.candidate.emit(number, index, result)

    def _set_busy(self, *, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
