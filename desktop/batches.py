"""The batch queue: folders that are coloured one after the other in the background.

`BatchQueue.add` makes a `BatchEntry` that waits. The first one that waits is run on the queue's only thread, by the
engine's own `BatchJob`; so whatever ends a run, a cancel, an error or the end of the program, the same options go on
from there. What a run tells is gathered where it comes from (`desktop.batch_events`); a timer of the window looks at it
twenty times a second, brings the entry up to date, and passes each photo's outcome on.

A run whose disk is full, or gone, is not over: it waits, and goes on by itself. Meanwhile its entry has an `outage`,
whatever its state, so that it can be paused and cancelled as ever.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.batch_events import Counts, Failure, Gathering, Pace
from desktop.tasks import Tasks
from engine import BatchJob, BatchOptions, CancelledError, Done, EngineError, Progress, Summary

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine import Waiting

GRACE = 0.3
"""Seconds that a cancelled run gives to the work in hand, so that the cancel is seen within half a second."""
LOOK_EVERY_MS = 50
BUDGET = 0.008
"""Seconds that one look at a run may spend on passing outcomes on."""


class BatchState(enum.Enum):
    """What an entry of the queue is doing."""

    WAITING = "waiting"
    RUNNING = "running"
    PAUSED = "paused"
    STOPPING = "stopping"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def active(self) -> bool:
        """Whether the entry holds the queue's thread."""
        return self in (BatchState.RUNNING, BatchState.PAUSED, BatchState.STOPPING)

    @property
    def ended(self) -> bool:
        """Whether the entry was run and is no longer."""
        return self in (BatchState.DONE, BatchState.CANCELLED, BatchState.FAILED)


@dataclass(eq=False, slots=True, kw_only=True)
class BatchEntry:
    """One entry of the queue. Only the queue changes it, on the thread of the window.

    Attributes:
        options: What to colour, where to, and how.
        state: What it is doing.
        counts: How far it is.
        rate: Photos a second; None while that is not known.
        seconds_left: Seconds to its end at that rate; None while that is not known.
        failures: Photos that could not be coloured by its last run, in the order of their failing. It only grows while
            an entry runs; a new run has a new list.
        notes: Remarks about the run as a whole.
        outage: Why nothing can be saved for now; the run waits, and goes on by itself. None while all is well.
        tried_at: When the user last had it try again during this outage.
        output: The folder of its first coloured photo, or the one that was asked for.
        reports: What it wrote about itself at its end, each as a table and as a page.
        seconds: How long its last run took, once it has ended.
        error: Why it could not be run; set in the state FAILED alone.
    """

    options: BatchOptions
    state: BatchState = BatchState.WAITING
    counts: Counts = field(default_factory=Counts)
    rate: float | None = None
    seconds_left: float | None = None
    failures: list[Failure] = field(default_factory=list[Failure])
    notes: tuple[str, ...] = ()
    outage: Waiting | None = None
    tried_at: dt.datetime | None = None
    output: Path | None = None
    reports: tuple[Path, ...] = ()
    seconds: float | None = None
    error: Exception | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """The folders and photos that it colours."""
        return tuple(map(Path, self.options.paths))  # the window gives no URLs

    @property
    def held_up(self) -> bool:
        """Whether it waits for its disk, and is not being stopped."""
        return self.outage is not None and self.state is not BatchState.STOPPING


class Job(Protocol):
    """A batch that can be run: an `engine.BatchJob`, or what a test puts in its place."""

    def run(self, progress: Progress | None, listener: Callable[[object], None] | None, *, grace: float) -> Summary:
        """Colours the photos; on a thread of the background."""
        ...

    def try_again(self) -> None:
        """Has a run that waits for its disk try at once; from any thread, and at any time."""
        ...


@dataclass(eq=False, slots=True)
class _Run:
    """The entry that is running, and all that belongs to this run of it."""

    entry: BatchEntry
    progress: Progress = field(default_factory=Progress)
    gathering: Gathering = field(default_factory=Gathering)
    pace: Pace = field(default_factory=Pace)
    job: Job | None = None
    over: bool = False
    summary: Summary | None = None
    error: Exception | None = None


class BatchQueue(QObject):
    """Colours folders and photos in the background, one entry after the other.

    Args:
        parent: The owner. Call `stop` before it goes.
        job: Makes the job of an entry's options.

    Signals:
        entry_added (object): A `BatchEntry` was put at the end.
        entry_changed (object): A `BatchEntry` has another state, count or time left; at most some twenty times a
            second while it runs.
        failures_changed (object): A `BatchEntry` has more failures, or a new and empty list of them.
        entry_removed (object): A `BatchEntry` was taken out.
        held_up (object): A `BatchEntry` has begun to wait for its disk.
        entry_ended (object): A `BatchEntry` has come to its end, whichever; all its photos were told before.
        photo_done (object, object): A photo was coloured: its path, and the path of the coloured copy.
        photo_failed (object, str): A photo could not be coloured: its path, and the cause in plain words.
        failed (object): An entry ended by an exception that is none of the engine's: a fault of the program. Errors of
            the engine stand in the entry alone.
    """

    entry_added = Signal(object)
    entry_changed = Signal(object)
    failures_changed = Signal(object)
    entry_removed = Signal(object)
    held_up = Signal(object)
    entry_ended = Signal(object)
    photo_done = Signal(object, object)
    photo_failed = Signal(object, str)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None, *, job: Callable[[BatchOptions], Job] = BatchJob) -> None:
        super().__init__(parent)
        self._job = job
        self._entries: list[BatchEntry] = []
        self._run: _Run | None = None
        self._tasks = Tasks("batch", 1, self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self._look)

    @property
    def entries(self) -> tuple[BatchEntry, ...]:
        """All entries, in the order in which they are run."""
        return tuple(self._entries)

    @property
    def active(self) -> BatchEntry | None:
        """The entry that is running, paused or stopping."""
        return None if self._run is None else self._run.entry

    @property
    def busy(self) -> bool:
        """Whether an entry is active or waits."""
        return any(entry.state.active or entry.state is BatchState.WAITING for entry in self._entries)

    def add(self, paths: Sequence[Path], options: BatchOptions) -> BatchEntry:
        """Puts folders and photos at the end of the queue; it begins by itself.

        Args:
            paths: What to colour.
            options: How; its own paths are not looked at.

        Returns:
            The new entry, or one that waits already for exactly this.
        """
        options = dataclasses.replace(options, paths=tuple(paths))
        for entry in self._entries:
            if entry.state is BatchState.WAITING and entry.options == options:
                return entry
        entry = BatchEntry(options=options, output=None if options.output is None else Path(options.output))
        self._entries.append(entry)
        self.entry_added.emit(entry)
        self._begin_next()
        return entry

    def pause(self, entry: BatchEntry) -> None:
        """Begins no further work of a running entry; what is in hand comes to its end."""
        if self._run is not None and self._run.entry is entry and entry.state is BatchState.RUNNING:
            self._run.progress.pause()
            self._run.pace.pause()
            self._set_state(entry, BatchState.PAUSED)

    def resume(self, entry: BatchEntry) -> None:
        """Goes on with a paused entry."""
        if self._run is not None and self._run.entry is entry and entry.state is BatchState.PAUSED:
            self._run.progress.resume()
            self._set_state(entry, BatchState.RUNNING)

    def try_again(self, entry: BatchEntry) -> None:
        """Has an entry that waits for its disk try at once, instead of in a moment."""
        run = self._run
        if run is None or run.entry is not entry or run.job is None or not entry.held_up:
            return
        run.job.try_again()
        entry.tried_at = dt.datetime.now().astimezone()
        self.entry_changed.emit(entry)

    def cancel(self, entry: BatchEntry) -> None:
        """Stops an entry, or keeps one that waits from beginning; `retry` goes on from there."""
        if entry.state is BatchState.WAITING:
            self._set_state(entry, BatchState.CANCELLED)
            self.entry_ended.emit(entry)
        elif self._run is not None and self._run.entry is entry and entry.state is not BatchState.STOPPING:
            self._run.progress.cancel()
            self._set_state(entry, BatchState.STOPPING)

    def retry(self, entry: BatchEntry) -> None:
        """Runs an entry that has ended again: only what is missing, failed or changed since is coloured."""
        if not entry.state.ended:
            return
        entry.options = dataclasses.replace(entry.options, restart=False)
        self._set_state(entry, BatchState.WAITING)
        self._begin_next()

    def remove(self, entry: BatchEntry) -> None:
        """Takes an entry out that is not active; no photo is touched."""
        if entry.state.active or entry not in self._entries:
            return
        self._entries.remove(entry)
        self.entry_removed.emit(entry)

    def stop(self) -> bool:
        """Cancels everything and ends the thread; call it before the queue goes.

        Returns:
            Whether the thread has ended.
        """
        self._timer.stop()
        if self._run is not None:
            self._run.progress.cancel()
        return self._tasks.stop()

    def _begin_next(self) -> None:
        if self._run is not None:
            return
        entry = next((entry for entry in self._entries if entry.state is BatchState.WAITING), None)
        if entry is None:
            return
        self._run = run = _Run(entry)
        entry.counts, entry.notes, entry.reports, entry.seconds, entry.error = Counts(), (), (), None, None
        entry.failures = []
        self.failures_changed.emit(entry)
        self._set_state(entry, BatchState.RUNNING)
        self._timer.start()
        self._tasks.run(
            lambda _: self._work(run),
            done=lambda summary: self._over(run, summary, None),
            failed=lambda error: self._over(run, None, error),
        )

    def _work(self, run: _Run) -> Summary | None:
        """Runs a job; on the queue's thread. None if it was cancelled before it could sum up."""
        run.job = self._job(run.entry.options)
        try:
            return run.job.run(run.progress, run.gathering.take, grace=GRACE)
        except CancelledError:
            return None

    def _over(self, run: _Run, summary: Summary | None, error: Exception | None) -> None:
        run.over, run.summary, run.error = True, summary, error
        self._look()

    def _look(self) -> None:
        """Brings the entry that runs up to date, and ends it once all of it was told."""
        run = self._run
        if run is None:
            self._timer.stop()
            return
        self._pass_on(run)
        if self._run is not run:
            return  # who was told opened a dialog, and this was called again meanwhile
        self._update(run)
        if self._run is run and run.over and run.gathering.empty:
            self._end(run)

    def _pass_on(self, run: _Run) -> None:
        """Tells the outcomes of single photos, as many as there is time for."""
        end = time.perf_counter() + BUDGET
        before = len(run.entry.failures)
        while time.perf_counter() < end and (outcome := run.gathering.pop()) is not None:
            if isinstance(outcome, Done):
                self.photo_done.emit(outcome.source, outcome.output)
            else:
                run.entry.failures.append(Failure(outcome.source, outcome.cause, outcome.advice))
                self.photo_failed.emit(outcome.source, outcome.cause)
        if len(run.entry.failures) > before:
            self.failures_changed.emit(run.entry)

    def _update(self, run: _Run) -> None:
        entry, counts, outage = run.entry, run.gathering.counts, run.gathering.outage
        if outage is not None:
            run.pace.pause()
        elif entry.state is BatchState.RUNNING and counts.begun:
            run.pace.note(counts.worked)
        rate = run.pace.rate
        left = None if rate is None or counts.total is None else round((counts.total - counts.settled) / rate)
        before, held_up = _shown(entry), outage is not None and entry.outage is None
        entry.counts, entry.rate, entry.seconds_left = counts, rate, left
        entry.notes, entry.output = run.gathering.notes, entry.output or run.gathering.output
        if outage != entry.outage:
            entry.outage, entry.tried_at = outage, None
        if _shown(entry) != before:
            self.entry_changed.emit(entry)
        if held_up:
            self.held_up.emit(entry)

    def _end(self, run: _Run) -> None:
        self._run = None
        self._timer.stop()
        entry, summary = run.entry, run.summary
        entry.rate = entry.seconds_left = entry.outage = entry.tried_at = None
        entry.error = run.error
        if summary is not None:
            entry.reports, entry.seconds = summary.reports, summary.seconds
        if run.error is not None:
            state = BatchState.FAILED
        elif summary is None or summary.interrupted:
            state = BatchState.CANCELLED
        else:
            state = BatchState.DONE
        self._set_state(entry, state)
        self.entry_ended.emit(entry)
        if run.error is not None and not isinstance(run.error, EngineError):
            self.failed.emit(run.error)
        self._begin_next()

    def _set_state(self, entry: BatchEntry, state: BatchState) -> None:
        entry.state = state
        self.entry_changed.emit(entry)


def _shown(entry: BatchEntry) -> tuple[object, ...]:
    """What people see of an entry that runs: it has changed only if this has."""
    rate = entry.rate and round(entry.rate, 2)
    return (entry.counts, rate, entry.seconds_left, entry.notes, entry.outage, entry.output)
