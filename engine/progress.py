"""Progress and cancelling, without any window: long work polls a token, whoever started it listens or cancels."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from engine.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable


class Progress:
    """A token that long work reports to and polls.

    Safe to use from several threads: one works, another cancels or pauses.

    Args:
        on_report: Called from the working thread with the share done, in [0, 1], and what is being done.
    """

    def __init__(self, on_report: Callable[[float, str], None] | None = None) -> None:
        self._on_report = on_report
        self._cancelled = threading.Event()
        self._running = threading.Event()
        self._running.set()

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled.is_set()

    @property
    def paused(self) -> bool:
        """Whether work shall wait: `pause` was called, and neither `resume` nor `cancel` since."""
        return not self._running.is_set()

    def cancel(self) -> None:
        """Asks the work to stop at its next `check`; a paused work wakes to do so."""
        self._cancelled.set()
        self._running.set()

    def pause(self) -> None:
        """Makes the work wait in its next `check` until `resume` or `cancel`; work that was cancelled is not paused."""
        self._running.clear()
        if self._cancelled.is_set():
            self._running.set()

    def resume(self) -> None:
        """Lets a paused work go on."""
        self._running.set()

    def check(self) -> None:
        """Waits while paused.

        Raises:
            CancelledError: If the work was cancelled.
        """
        self._running.wait()
        if self._cancelled.is_set():
            raise CancelledError("The work was cancelled.")

    def report(self, share: float, doing: str = "") -> None:
        """Tells how far the work is, then checks.

        Args:
            share: The share of the work that is done, in [0, 1].
            doing: What is being done, for people to read.

        Raises:
            CancelledError: If the work was cancelled.
        """
        self.check()
        if self._on_report is not None:
            self._on_report(min(max(share, 0.0), 1.0), doing)
