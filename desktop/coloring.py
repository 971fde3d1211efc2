"""The engine's thread: one worker that owns the models, and the newest wish of the window.

What the window shows is asked for with a number: a new request takes the place of the one that
waits, cancels the one that runs, and only the answer to the newest is passed on, so a stale result is never shown.
Behind it come questions about the open photo, of each kind the newest alone: what is at a place, and where hints would
help. Work of the background (saving other photos, other pages) queues behind them and waits for its own answer. Last
comes what nobody has asked for yet, encoding a photo that may be opened next; it is given up as soon as anybody asks.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from PySide6.QtCore import QObject, Qt, QThread, Signal, Slot

from desktop.tasks import give_way
from engine import CancelledError, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from desktop.studio import Choice, Coloring, Studio
    from engine import HintSet, Photo

log = logging.getLogger(__name__)

T = TypeVar("T")

SIGHT, ADVICE = "sight", "advice"
POLL = 0.05
"""Seconds between two looks of a waiting background task at whether it was cancelled."""


@dataclass(slots=True, eq=False)
class _Request:
    """Something that the engine's thread is to do; `future` gets its answer."""

    work: Callable[[Studio, Progress], Any]
    progress: Progress = field(default_factory=Progress)
    future: Future[Any] = field(default_factory=lambda: Future[Any]())


class _Mailbox:
    """What waits for the engine's thread: a wish of the window, questions, the queue of the background, idle work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._newest: _Request | None = None
        self._running: _Request | None = None
        self._questions: dict[str, _Request] = {}
        self._background: deque[_Request] = deque()
        self._idle: _Request | None = None
        self._idling: _Request | None = None
        self._closed = False

    def put_newest(self, request: _Request) -> None:
        with self._lock:
            self._drop(self._newest, self._running)
            self._give_idle_up()
            self._newest = request

    def put_question(self, kind: str, request: _Request) -> None:
        with self._lock:
            self._drop(self._questions.get(kind))
            self._give_idle_up()
            self._questions[kind] = request

    def put(self, request: _Request) -> None:
        with self._lock:
            if self._closed:
                request.progress.cancel()  # whoever waits for it looks at that
            self._give_idle_up()
            self._background.append(request)

    def put_idle(self, request: _Request) -> None:
        with self._lock:
            self._give_idle_up()
            self._idle = request

    def give_idle_up(self) -> None:
        with self._lock:
            self._give_idle_up()

    def cancel_newest(self) -> None:
        with self._lock:
            self._drop(self._newest, self._running)
            self._newest = None

    def cancel_questions(self) -> None:
        with self._lock:
            self._drop(*self._questions.values())
            self._questions.clear()

    def next(self) -> _Request | None:
        with self._lock:
            self._running = self._idling = None
            if self._newest is not None:
                self._running, self._newest = self._newest, None
                return self._running
            for kind in (SIGHT, ADVICE):
                if kind in self._questions:
                    return self._questions.pop(kind)
            if self._background:
                return self._background.popleft()
            self._idling, self._idle = self._idle, None
            return self._idling

    def close(self) -> None:
        self.cancel_newest()
        self.cancel_questions()
        with self._lock:
            self._closed = True
            self._give_idle_up()
            self._drop(*self._background)

    def _give_idle_up(self) -> None:
        self._drop(self._idle, self._idling)
        self._idle = None

    def _drop(self, *requests: _Request | None) -> None:
        for request in requests:
            if request is not None:
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
        seen (object): The `Sight` of the place that was asked for last.
        advised (object): The `Advice` on the hints that were asked about last.
        encoded_ahead (object, str): The path of a photo that was encoded by `encode_ahead`, and the model.
        busy_changed (bool): Whether the newest request waits for its answer.
    """

    colored = Signal(int, object)
    candidate = Signal(int, int, object)
    failed = Signal(int, object)
    seen = Signal(object)
    advised = Signal(object)
    encoded_ahead = Signal(object, str)
    busy_changed = Signal(bool)
    _wake = Signal()
    _answered = Signal(int, object)
    _partly = Signal(int, int, object)
    _replied = Signal(str, int, object)
    _encoded = Signal(object, str, object)

    def __init__(self, studio: Studio, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._questions = 0
        self._asked: dict[str, int] = {}
        self._busy = False
        self._mailbox = _Mailbox()
        self._thread = QThread(self)
        self._thread.setObjectName("autochrome-engine")
        self._worker = _Worker(studio, self._mailbox)
        self._worker.moveToThread(self._thread)
        self._wake.connect(self._worker.work, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        self._partly.connect(self._on_part, Qt.ConnectionType.QueuedConnection)
        self._encoded.connect(self._on_encoded, Qt.ConnectionType.QueuedConnection)
        self._replied.connect(self._on_reply, Qt.ConnectionType.QueuedConnection)
        self._thread.started.connect(give_way, Qt.ConnectionType.DirectConnection)
        self._thread.start()

    @property
    def busy(self) -> bool:
        """Whether the window waits for the network."""
        return self._busy

    def color(self, photo: Photo, choice: Choice, hints: HintSet | None = None) -> int:
        """Asks for the colours of the open photo; the answer is `colored` or `failed`, unless a newer one is asked for.

        Returns:
            The number of the request.
        """
        return self._ask(lambda studio, progress: studio.color(photo, choice, hints, progress))

    def color_candidates(self, photo: Photo, choices: Sequence[Choice], hints: HintSet | None = None) -> int:
        """Asks for several colourings of the open photo; each is told by `candidate` as soon as it is there.

        Returns:
            The number of the request.
        """
        number = self._number + 1

        def work(studio: Studio, progress: Progress) -> None:
            for index, choice in enumerate(choices):
                progress.check()
                try:
                    result: object = studio.color(photo, choice, hints, progress)
                except CancelledError:
                    raise
                except Exception as error:
                    log.warning("A candidate failed.", exc_info=error)
                    result = error
                self._partly.emit(number, index, result)

        return self._ask(work)

    def look_at(self, photo: Photo, choice: Choice, hints: HintSet | None, place: tuple[float, float]) -> None:
        """Asks what there is to know of a place of the open photo, in its pixels; the answer is `seen`."""
        self._question(SIGHT, lambda studio, progress: studio.sight(photo, choice, hints, place, progress))

    def advise(self, photo: Photo, choice: Choice, hints: HintSet | None) -> None:
        """Asks where in the open photo hints would help; the answer is `advised`."""
        self._question(ADVICE, lambda studio, progress: studio.advice(photo, choice, hints, progress))

    def encode_ahead(self, photo: Photo, model: str) -> None:
        """Encodes another photo, unless anything else is asked for: then it is given up. Its end is `encoded_ahead`."""
        request = _Request(lambda studio, progress: studio.encode_ahead(photo, model, progress))
        path = photo.path
        request.future.add_done_callback(lambda future: self._encoded.emit(path, model, future))
        self._mailbox.put_idle(request)
        self._wake.emit()

    def give_idle_up(self) -> None:
        """Gives up what `encode_ahead` began: the window is about to ask for something."""
        self._mailbox.give_idle_up()

    def cancel(self) -> None:
        """Gives up the newest request; no answer to it comes any more."""
        self._number += 1
        self._mailbox.cancel_newest()
        self._set_busy(busy=False)

    def close_photo(self, photo: Photo | None) -> None:
        """Gives up what was asked about a photo that was open, and lets it go."""
        self.cancel()
        self._asked.clear()
        self._mailbox.cancel_questions()
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

    def color_aside(self, photo: Photo, choice: Choice, hints: HintSet | None, progress: Progress) -> Coloring:
        """Colours another photo and waits for it. Never call it on the thread of the window.

        Raises:
            CancelledError: If it was cancelled meanwhile, or the engine was stopped.
            EngineError: If it cannot be coloured.
        """
        return self._wait(lambda studio, own: studio.color_aside(photo, choice, hints, own), progress)

    def reference_hints(self, photo: Photo, choice: Choice, reference: NDArray[Any], progress: Progress) -> HintSet:
        """Hints for the open photo out of a similar colour photo; waits for them. As `color_aside`.

        Args:
            photo: The open photo.
            choice: What it is coloured with.
            reference: H×W×3 pixels of the colour photo.
            progress: Gives it up.
        """
        return self._wait(lambda studio, own: studio.reference_hints(photo, choice, reference, own), progress)

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

    def _question(self, kind: str, work: Callable[[Studio, Progress], Any]) -> None:
        self._questions += 1
        number = self._asked[kind] = self._questions
        request = _Request(work)
        request.future.add_done_callback(lambda future: self._replied.emit(kind, number, future))
        self._mailbox.put_question(kind, request)
        self._wake.emit()

    def _wait(self, work: Callable[[Studio, Progress], T], progress: Progress) -> T:
        """Has something done in the background, and waits for it."""
        future: Future[T] = self._post(work, progress)
        while True:
            try:
                return future.result(timeout=POLL)
            except TimeoutError:
                progress.check()

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

    def _on_encoded(self, path: Path, model: str, answer: object) -> None:
        error = cast("Future[Any]", answer).exception()
        if isinstance(error, CancelledError):
            return
        if error is not None:
            log.info("A photo was not encoded ahead.", exc_info=error)  # when it is opened, that is told
        self.encoded_ahead.emit(path, model)

    def _on_reply(self, kind: str, number: int, answer: object) -> None:
        if number != self._asked.get(kind):
            return
        future = cast("Future[Any]", answer)
        error = future.exception()
        if error is None:
            (self.seen if kind == SIGHT else self.advised).emit(future.result())
        elif not isinstance(error, CancelledError):
            log.warning("A question about the photo was not answered.", exc_info=error)  # its colours will tell why

    def _set_busy(self, *, busy: bool) -> None:
        if busy != self._busy:
            self._busy = busy
            self.busy_changed.emit(busy)
