"""The only door to threads: work goes out as a function, its result comes back as a call on the thread of the window.

Whoever wants something done in the background gives `Tasks.run` a function of a `Progress`, and callbacks. The function
runs on one of the threads and must touch no widget; the callbacks run on the thread of the window, and never after
`Task.cancel`, so nobody has to ask whether a result is still wanted.
"""

from __future__ import annotations

import heapq
import itertools
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from PySide6.QtCore import QObject, Qt, Signal

from engine import CancelledError, Progress

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)

T = TypeVar("T")


YIELD = 10
"""How much more willing than the window a thread is to give up the processor, on Unix's scale of niceness."""


def give_way() -> None:
    """Lets the window go first where there are more threads than cores; for the thread that calls it, for good.

    Linux alone knows niceness of single threads. Threads that this one starts, such as those of torch, inherit it.
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), YIELD)


class Task(Generic[T]):
    """A piece of work on its way; made by `Tasks.run`."""

    def __init__(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], object] | None,
        failed: Callable[[Exception], object] | None,
        reported: Callable[[float, str], object] | None,
    ) -> None:
        self._work = work
        self.done = done
        self.failed = failed
        self.reported = reported
        self.progress = Progress()
        self.result: T | None = None
        self.error: Exception | None = None
        self.ended = False

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called: no callback is called any more."""
        return self.progress.cancelled

    def cancel(self) -> None:
        """Asks the work to stop, and keeps its callbacks from being called, whatever it still does."""
        self.progress.cancel()

    def work(self) -> None:
        """Does the work; called on a thread of `Tasks`."""
        try:
            self.result = self._work(self.progress)
        except Exception as error:  # noqa: BLE001 - carried to the thread of the window
            self.error = error
        self.ended = True


class Tasks(QObject):
    """Threads of one purpose, and the way back from them.

    Args:
        name: What the threads are called, for logs.
        threads: How many.
        parent: The owner. Call `stop` before it goes.

    Signals:
        unhandled (object): A task failed that has no `failed`; the exception. On the thread of the window.
    """

    unhandled = Signal(object)
    _finished = Signal(object)
    _reported = Signal(object, float, str)

    def __init__(self, name: str, threads: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: list[tuple[int, int, Task[Any]]] = []
        self._order = itertools.count()
        self._running: set[Task[Any]] = set()
        self._changed = threading.Condition()
        self._stopped = False
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._reported.connect(self._report, Qt.ConnectionType.QueuedConnection)
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{number}", daemon=True) for number in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def run(
        self,
        work: Callable[[Progress], T],
        *,
        done: Callable[[T], object] | None = None,
        failed: Callable[[Exception], object] | None = None,
        reported: Callable[[float, str], object] | None = None,
        priority: int = 0,
    ) -> Task[T]:
        """Queues a piece of work.

        Args:
            work: Runs on a thread. It gets a `Progress` to report to and to poll; what it raises goes to `failed`.
            done: Called with the result, on the thread of the window.
            failed: Called with the exception there. Without it the exception goes to `unhandled`.
            reported: Called there with the share that is done, in [0, 1], and what is being done.
            priority: Higher goes first; of equals, the older one.

        Returns:
            The task, to be cancelled.
        """
        task = Task(work, done, failed, reported)
        if reported is not None:
            task.progress = Progress(lambda share, doing: self._reported.emit(task, share, doing))
        with self._changed:
            if self._stopped:
                task.cancel()
                return task
            heapq.heappush(self._queue, (-priority, next(self._order), task))
            self._changed.notify()
        return task

    @property
    def idle(self) -> bool:
        """Whether nothing waits or runs."""
        with self._changed:
            return not self._running and not any(not task.cancelled for *_, task in self._queue)

    def cancel_all(self) -> None:
        """Cancels everything that waits or runs."""
        with self._changed:
            for task in [*self._running, *(task for *_, task in self._queue)]:
                task.cancel()
            self._queue.clear()

    def stop(self, seconds: float = 2.0) -> bool:
        """Cancels everything and ends the threads.

        Args:
            seconds: How long to wait for work that does not look at its progress.

        Returns:
            Whether all threads have ended; those that did not are daemons and go with the process.
        """
        with self._changed:
            self._stopped = True
        self.cancel_all()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(seconds)
        return not any(thread.is_alive() for thread in self._threads)

    def _serve(self) -> None:
        give_way()
        while (task := self._next()) is not None:
            if not task.cancelled:
                task.work()
            with self._changed:
                self._running.discard(task)
                stopped = self._stopped
            if not stopped and not task.cancelled:
                self._finished.emit(task)
            del task  # the result may be large, and the next task long in coming

    def _next(self) -> Task[Any] | None:
        with self._changed:
            while not self._queue and not self._stopped:
                self._changed.wait()
            if self._stopped:
                return None
            *_, task = heapq.heappop(self._queue)
            self._running.add(task)
            return task

    def _deliver(self, task: object) -> None:
        ended = cast("Task[Any]", task)
        if ended.cancelled:
            return
        if ended.error is None:
            if ended.done is not None:
                ended.done(ended.result)
        elif isinstance(ended.error, CancelledError):
            log.debug("A task cancelled itself.")
        elif ended.failed is not None:
            ended.failed(ended.error)
        else:
            self.unhandled.emit(ended.error)

    def _report(self, task: object, share: float, doing: str) -> None:
        running = cast("Task[Any]", task)
        if not running.cancelled and running.reported is not None:
            running.reported(share, doing)
