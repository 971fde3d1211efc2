"""Ctrl-C, and a request to end: they cancel long work in good order."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

    from engine.progress import Progress


@contextlib.contextmanager
def interruptible(progress: Progress) -> Generator[None]:
    """Lets Ctrl-C and a request to end cancel the work, in good order; a second Ctrl-C ends it at once."""

    def cancel(number: int, frame: FrameType | None) -> None:
        del number, frame
        progress.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    former = {number: signal.signal(number, cancel) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
