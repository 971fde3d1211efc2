"""The pipeline: reading, the network, and saving at the same time, each as fast as the slowest lets it.

All threads take their next piece of work from one board, what is nearly finished first, so that it gets out of the
memory. Where the network has a device of its own, one thread feeds it, with several photos at a time, and the others
read and save. Where it shares the processor's cores with them, every thread does whatever comes next, the network too,
each on its own core: so all cores are busy, and none is fought for, whichever stage is the slow one. Photos in flight
are bounded by the bytes that they take; a photo that is larger than the whole budget goes alone.

The pipeline knows nothing of pictures: `Stages` does the work. What `read` does may happen in another process, with
its thread waiting for it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from engine.errors import PhotoTooLargeError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

    from engine.batch.memory import Memory
    from engine.progress import Progress

GRACE = 1.4
"""Seconds that an interrupted run gives to the work in hand before it is left behind."""
POLL = 0.1
"""Seconds between two looks at the progress."""
BATCH = 8
"""The most photos that go through the network together: it is a quarter quicker so than with one at a time."""
MANY = 3 * BATCH
"""So many photos of different sizes are not waited for any longer."""

ItemT = TypeVar("ItemT")
WorkT = TypeVar("WorkT", bound="Work")
StageItemT = TypeVar("StageItemT", contravariant=True)


class Work(Protocol):
    """A photo in flight: what the stages know of it."""

    @property
    def cost(self) -> int:
        """Bytes of memory that it takes until it is saved."""
        ...

    @property
    def likeness(self) -> object:
        """Photos that are equal in this go through the network together."""
        ...


class Stages(Protocol[StageItemT, WorkT]):
    """The work itself. Whatever these raise is given to `fail`, and the pipeline goes on."""

    @property
    def shares_cores(self) -> bool:
        """Whether the network runs on the workers' cores, so that each of them may `color`; asked after `start`."""
        ...

    def start(self) -> None:
        """Called once, on a thread of its own, before everything else; what it raises ends the run."""
        ...

    def enter(self) -> None:
        """Called on each thread before its first piece of work."""
        ...

    def read(self, item: StageItemT, pixel_limit: int | None) -> WorkT:
        """Reads a photo; a PhotoTooLargeError brings it back with a higher limit, until that is None."""
        ...

    def color(self, works: Sequence[WorkT]) -> None:
        """Runs the network."""
        ...

    def save(self, work: WorkT) -> None:
        """Saves the coloured photo."""
        ...

    def fail(self, item: StageItemT, error: Exception) -> None:
        """Takes down that a photo could not be coloured."""
        ...

    def cut_short(self) -> None:
        """Called once when the run is cancelled: work that can be ended at once shall be."""
        ...


@dataclass(slots=True, eq=False)
class Busy:
    """How much the threads of a run had to do.

    Attributes:
        stages: Seconds of work by stage, summed over all threads: read, network, save.
        workers: How many threads read and save, and run the network where it shares their cores.
        apart: Whether the network had a thread of its own.
        seconds: How long they were at it.
    """

    stages: dict[str, float] = field(default_factory=lambda: dict.fromkeys(("read", "network", "save"), 0.0))
    workers: int = 0
    apart: bool = False
    seconds: float = 0.0

    @property
    def shares(self) -> dict[str, float]:
        """The share of their time that threads worked, by group: "workers", and "network" where that has its own."""
        if not self.seconds or not self.workers:
            return {}
        own = self.stages["network"] if self.apart else 0.0
        shares = {"workers": (sum(self.stages.values()) - own) / (self.seconds * self.workers)}
        return shares | ({"network": own / self.seconds} if self.apart else {})


@dataclass(slots=True, eq=False)
class _Task(Generic[ItemT, WorkT]):
    """An item on its way."""

    item: ItemT
    attempt: int = 0
    held: int = 0
    work: WorkT | None = None


@dataclass(slots=True, eq=False)
class _Board(Generic[ItemT, WorkT]):
    """Who works on what; every method is called with `changed` held."""

    memory: Memory
    waiting: deque[_Task[ItemT, WorkT]]
    read: deque[_Task[ItemT, WorkT]] = field(default_factory=lambda: deque())
    colored: deque[_Task[ItemT, WorkT]] = field(default_factory=lambda: deque())
    in_flight: int = 0
    held: int = 0
    stopped: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def finished(self) -> bool:
        return self.stopped or not (self.waiting or self.in_flight)

    def next_to_read(self) -> _Task[ItemT, WorkT] | None:
        """The next photo, if there is room for it. None overtakes another, or a large one would wait for ever."""
        if not self.waiting:
            return None
        room = self.memory.need(self.waiting[0].attempt)
        if self.held and self.held + room > self.memory.budget:
            return None
        task = self.waiting.popleft()
        self.in_flight += 1
        self.hold(task, room)
        return task

    @property
    def full(self) -> bool:
        """Whether it is time for the network: a batch is complete, or reading on would only fill the memory."""
        if not self.read:
            return False
        first = self.read[0].work
        alike = sum(bool(task.work and first and task.work.likeness == first.likeness) for task in self.read)
        return alike >= BATCH or len(self.read) >= MANY or 2 * self.held > self.memory.budget

    def next_to_color(self) -> list[_Task[ItemT, WorkT]]:
        """The first photo that waits for the network, and others like it."""
        first = self.read[0].work
        like = first.likeness if first else None
        # No further than that many are found: there may be thousands of small ones, and others wait for the lock.
        alike = list(islice((task for task in self.read if task.work and task.work.likeness == like), BATCH))
        for task in alike:
            self.read.remove(task)
        return alike

    def hold(self, task: _Task[ItemT, WorkT], size: int) -> None:
        """Corrects what a photo takes of the budget."""
        self.held += size - task.held
        task.held = size

    def leave(self, task: _Task[ItemT, WorkT]) -> None:
        """A photo's way is over, well or not."""
        self.hold(task, 0)
        task.work = None
        self.in_flight -= 1


class Pipeline(Generic[ItemT, WorkT]):
    """Runs items through the stages.

    Args:
        stages: The work.
        workers: How many threads read and save, and run the network where it shares their cores.
        memory: What photos in flight may take together.
        progress: Ends the run when it is cancelled; while it is paused, no piece of work is begun.
        grace: Seconds that a cancelled run gives to the work in hand.
    """

    def __init__(
        self,
        stages: Stages[ItemT, WorkT],
        *,
        workers: int,
        memory: Memory,
        progress: Progress,
        grace: float = GRACE,
    ) -> None:
        self._stages = stages
        self._workers = workers
        self._progress = progress
        self._grace = grace
        self._board = _Board[ItemT, WorkT](memory, deque())
        self._fatal: BaseException | None = None
        self._threads: list[threading.Thread] = []
        self._busy = Busy()
        self._begun = 0.0

    def run(self, items: Iterable[ItemT]) -> bool:
        """Works until every item is done, or the progress is cancelled.

        Returns:
            Whether all work in hand has come to its end. If not, threads were left behind after a cancel; they end by
            themselves, and publish nothing unless they were about to.

        Raises:
            Exception: What `Stages.start` raised, or a fault of the pipeline itself.
        """
        self._board.waiting.extend(_Task[ItemT, WorkT](item) for item in items)
        end: float | None = None
        try:
            self._start(self._begin, "network")
            while not self._settled():
                if self._progress.cancelled:
                    end = time.monotonic() + self._grace  # cutting short may take some of it
                    self._stages.cut_short()
                    break
                self._wait(POLL)
        finally:
            self._stop()
        if end is None and self._progress.cancelled:
            end = time.monotonic() + self._grace
        ended = self._join(end)
        if self._begun:
            self._busy.seconds = time.monotonic() - self._begun
        if self._fatal is not None:
            raise self._fatal
        return ended

    @property
    def busy(self) -> Busy:
        """What the run that is over had to do."""
        return self._busy

    def _start(self, target: Callable[[], None], name: str) -> None:
        # Daemons: a thread that was left behind inside a decoder does not keep the program from ending.
        thread = threading.Thread(target=target, name=f"autochrome-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _settled(self) -> bool:
        with self._board.changed:
            return self._board.finished

    def _wait(self, seconds: float) -> None:
        with self._board.changed:
            if not self._board.finished:
                self._board.changed.wait(seconds)

    def _stop(self) -> None:
        with self._board.changed:
            self._board.stopped = True
            self._board.changed.notify_all()

    def _join(self, end: float | None) -> bool:
        """Waits for the threads, no longer than to a time if one is given; whether they have all ended."""
        for thread in self._threads:
            thread.join(None if end is None else max(end - time.monotonic(), 0.0))
        return not any(thread.is_alive() for thread in self._threads)

    def _begin(self) -> None:
        """The first thread: it loads the network, starts the others, and then feeds it or becomes one of them."""
        try:
            self._stages.start()
            shared = self._stages.shares_cores
            self._busy = Busy(workers=self._workers, apart=not shared)
            self._begun = time.monotonic()
            for number in range(1 if shared else 0, self._workers):
                self._start(lambda: self._serve(reads=True, colors=shared), f"worker-{number}")
            self._serve(reads=shared, colors=True)
        except BaseException as error:  # noqa: BLE001 - carried to the thread that waits
            self._give_up(error)

    def _serve(self, *, reads: bool, colors: bool) -> None:
        """A thread that does one thing after the other: reads and saves, feeds the network, or all of these."""
        try:
            self._stages.enter()
            while work := self._take(reads=reads, colors=colors):
                work()
        except BaseException as error:  # noqa: BLE001 - a thread that ended in silence would be waited for in vain
            self._give_up(error)

    def _take(self, *, reads: bool, colors: bool) -> Callable[[], None] | None:
        """The next piece of work, what is nearest to its end first; None when none is left.

        A thread that could read as well lets the network wait until there is a whole batch for it.
        """
        board = self._board
        with board.changed:
            while self._may_go_on():
                if reads and board.colored:
                    return partial(self._save, board.colored.popleft())
                if colors and board.full:
                    return partial(self._feed, board.next_to_color())
                task = board.next_to_read() if reads else None
                if task is not None:
                    return partial(self._read, task)
                if colors and board.read:
                    return partial(self._feed, board.next_to_color())
                board.changed.wait()
        return None

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Generator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            with self._board.changed:
                self._busy.stages[stage] += time.monotonic() - begun

    def _may_go_on(self) -> bool:
        """Waits, with the board's lock held, while the progress is paused; whether there is more to do then."""
        board = self._board
        while self._progress.paused and not board.finished:
            board.changed.wait(POLL)
        return not (board.finished or self._progress.cancelled)

    def _feed(self, tasks: Sequence[_Task[ItemT, WorkT]]) -> None:
        with self._timed("network"):
            self._color(tasks)

    def _color(self, tasks: Sequence[_Task[ItemT, WorkT]]) -> None:
        works = [task.work for task in tasks if task.work is not None]
        try:
            self._stages.color(works)
        except Exception as error:  # noqa: BLE001 - a network fails in as many ways as a decoder
            if len(tasks) == 1:
                self._fail(tasks[0], error)
            else:
                for task in tasks:  # one bad photo must not take the others along
                    self._color([task])
            return
        with self._board.changed:
            self._board.colored.extend(tasks)
            self._board.changed.notify_all()

    def _read(self, task: _Task[ItemT, WorkT]) -> None:
        try:
            with self._timed("read"):
                task.work = self._stages.read(task.item, self._board.memory.allowance(task.attempt))
        except PhotoTooLargeError as error:
            self._again_or_fail(task, error)
            return
        except Exception as error:  # noqa: BLE001 - decoders raise nearly every exception there is
            self._fail(task, error)
            return
        with self._board.changed:
            self._board.hold(task, task.work.cost)
            self._board.read.append(task)
            self._board.changed.notify_all()

    def _again_or_fail(self, task: _Task[ItemT, WorkT], error: PhotoTooLargeError) -> None:
        """A photo that needs more room is put back to the front of the queue, to wait for it."""
        if self._board.memory.allowance(task.attempt) is None:
            self._fail(task, error)
            return
        with self._board.changed:
            self._board.leave(task)
            task.attempt += 1
            self._board.waiting.appendleft(task)
            self._board.changed.notify_all()

    def _save(self, task: _Task[ItemT, WorkT]) -> None:
        try:
            if task.work is not None:
                with self._timed("save"):
                    self._stages.save(task.work)
        except Exception as error:  # noqa: BLE001 - encoders too
            self._fail(task, error)
            return
        self._leave(task)

    def _fail(self, task: _Task[ItemT, WorkT], error: Exception) -> None:
        self._stages.fail(task.item, error)
        self._leave(task)

    def _leave(self, task: _Task[ItemT, WorkT]) -> None:
        with self._board.changed:
            self._board.leave(task)
            self._board.changed.notify_all()

    def _give_up(self, error: BaseException) -> None:
        self._fatal = self._fatal or error
        self._stop()
