"""The pace of a run: how fast photos are finished, and how long the rest will take."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_WINDOW = 60.0
"""Seconds that count; sizes differ, so one photo alone tells nothing."""
_FEWEST = 20
"""Photos that count even where they took longer."""
_MOST = 5000
_START = 3
"""Photos that must be finished before anything is said."""


class Pace:
    """Watches photos being finished. What needed no work does not count, or a run that goes on would seem too fast.

    Args:
        clock: Tells the time in seconds; one that never jumps.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._times: deque[float] = deque(maxlen=_MOST)
        self._begun: float | None = None

    def begin(self) -> None:
        """The first photo is being worked on."""
        if self._begun is None:
            self._begun = self._clock()
            self._times.append(self._begun)

    def finished(self) -> None:
        """One more photo was finished."""
        self.begin()
        now = self._clock()
        self._times.append(now)
        while len(self._times) > _FEWEST + 1 and now - self._times[0] > _WINDOW:
            self._times.popleft()

    def waited(self, seconds: float) -> None:
        """The run stood still for a while, which says nothing of its pace."""
        self._times = deque((each + seconds for each in self._times), maxlen=_MOST)

    @property
    def rate(self) -> float | None:
        """Photos a second; None while there is too little to judge by."""
        count = len(self._times) - 1
        if count < _START:
            return None
        # A photo that takes very long slows the pace already before it is finished.
        passed = max(self._times[-1] - self._times[0], (self._clock() - self._times[0]) * count / (count + 1))
        return count / passed if passed > 0 else None

    def left(self, photos: int) -> float | None:
        """Seconds that so many photos will take; None if unknown."""
        rate = self.rate
        return None if rate is None else max(photos, 0) / rate
