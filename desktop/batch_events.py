"""What a running batch tells, gathered on its threads so that the thread of the window has little to do with it.

A batch may tell a hundred thousand events within a second: every photo that is already there is one. They are summed up
where they come from. The window asks a few times a second for the sums, and takes the single photos one by one, as many
as it has time for.
"""

from __future__ import annotations

import dataclasses
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import Begin, Done, Failed, Note, Outcome, Resumed, Skipped, Started, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST_NOTES = 100
"""Remarks that are kept of one run; they are shown to people."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A photo that could not be coloured.

    Attributes:
        path: The photo.
        cause: Why, in plain words.
        advice: What to do about it.
    """

    path: Path
    cause: str
    advice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How far a run is.

    Attributes:
        total: How many photos there are; None while they are still looked for.
        done: How many were coloured.
        failed: How many could not be.
        skipped: How many needed nothing.
        begun: Whether the first photo went through the network.
        name: The file name of the photo that went through the network last.
    """

    total: int | None = None
    done: int = 0
    failed: int = 0
    skipped: int = 0
    begun: bool = False
    name: str = ""

    @property
    def worked(self) -> int:
        """Photos that cost work."""
        return self.done + self.failed

    @property
    def settled(self) -> int:
        """Photos whose outcome is known."""
        return self.worked + self.skipped

    @property
    def share(self) -> float:
        """The share of the photos whose outcome is known, in [0, 1]."""
        return min(self.settled / self.total, 1.0) if self.total else 0.0


class Gathering:
    """Takes the events of one run from any thread, and gives them to the thread of the window.

    Who takes events locks, for each event builds on the one before. Who asks never does: a reader that waited for a
    busy thread would hold the window up. So what is read is replaced as a whole, or is a queue that needs no lock.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counts = Counts()
        self._photos: deque[Done | Failed] = deque()
        self._notes: tuple[str, ...] = ()
        self._outages: tuple[Waiting, ...] = ()
        self._output: Path | None = None

    def take(self, event: object) -> None:
        """Takes an event; the listener of a `BatchJob`."""
        with self._lock:
            if isinstance(event, Begin):
                self._counts = dataclasses.replace(self._counts, total=event.total)
            elif isinstance(event, Started):
                self._counts = dataclasses.replace(self._counts, begun=True, name=event.source.name)
            elif isinstance(event, Note):
                self._notes = (*self._notes, event.text)[:MOST_NOTES]
            elif isinstance(event, Waiting | Resumed):
                self._take_outage(event)
            elif isinstance(event, Outcome):
                self._take_outcome(event)

    @property
    def counts(self) -> Counts:
        """How far the run is, with events whose photos were not popped yet."""
        return self._counts

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to say about the run as a whole."""
        return self._notes

    @property
    def outage(self) -> Waiting | None:
        """Why nothing can be saved for now; the oldest cause where several folders are waited for."""
        outages = self._outages
        return outages[0] if outages else None

    @property
    def output(self) -> Path | None:
        """The folder of the first coloured photo."""
        return self._output

    def pop(self) -> Done | Failed | None:
        """The oldest outcome that nobody has taken yet; called from one thread alone."""
        return self._photos.popleft() if self._photos else None

    @property
    def empty(self) -> bool:
        """Whether all outcomes were taken."""
        return not self._photos

    def _take_outage(self, event: Waiting | Resumed) -> None:
        others = tuple(outage for outage in self._outages if outage.folder != event.folder)
        self._outages = (*others, event) if isinstance(event, Waiting) else others

    def _take_outcome(self, event: Outcome) -> None:
        counts = self._counts
        if isinstance(event, Done):
            self._photos.append(event)
            self._counts = dataclasses.replace(counts, done=counts.done + 1)
        elif isinstance(event, Failed):
            self._photos.append(event)
            self._counts = dataclasses.replace(counts, failed=counts.failed + 1)
        elif isinstance(event, Skipped):
            self._counts = dataclasses.replace(counts, skipped=counts.skipped + 1)
        if self._output is None and event.output is not None and not isinstance(event, Failed):
            self._output = event.output.parent


class Pace:
    """How fast the work goes, from the last half minute of it; time while it is paused does not count.

    Args:
        clock: Seconds that only grow.
    """

    WINDOW = 30.0
    STEP = 0.5
    LEAST = 1.0

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: float | None = None
        self._worked_for = 0.0
        self._count = 0
        self._samples: deque[tuple[float, int]] = deque()

    def note(self, count: int) -> None:
        """Notes that work is going on, and how many photos are done."""
        now = self._clock()
        if self._last is not None:
            self._worked_for += now - self._last
        self._last = now
        self._count = count
        if not self._samples or self._worked_for - self._samples[-1][0] >= self.STEP:
            self._samples.append((self._worked_for, count))
        while len(self._samples) > 2 and self._worked_for - self._samples[1][0] >= self.WINDOW:
            self._samples.popleft()

    def pause(self) -> None:
        """Notes that no work is going on from here to the next `note`."""
        self._last = None

    @property
    def rate(self) -> float | None:
        """Photos a second; None while there is too little to tell it from."""
        if not self._samples:
            return None
        since, before = self._samples[0]
        seconds, photos = self._worked_for - since, self._count - before
        return photos / seconds if seconds >= self.LEAST and photos > 0 else None
