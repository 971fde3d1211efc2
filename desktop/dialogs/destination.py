"""Looking at the place where a file is to be saved, on another thread: a network folder may take its time to answer."""

from __future__ import annotations

import os
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.tasks import Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.tasks import Task


class Finding(Enum):
    """What is at a destination."""

    FREE = auto()
    TAKEN = auto()
    """A file that may be replaced, if the user says so."""
    ORIGINAL = auto()
    """The photo itself, by this name or by another one."""
    FOLDER = auto()
    """A folder bears this name."""
    NO_FOLDER = auto()
    """There is no such folder to save into."""


def look_at(destination: Path, original: Path) -> Finding:
    """What is at a destination; never a guess from names alone, for links and disks have other names for one file."""
    if _same(destination, original):
        return Finding.ORIGINAL
    if not destination.parent.is_dir():
        return Finding.NO_FOLDER
    if destination.is_dir():
        return Finding.FOLDER
    return Finding.TAKEN if os.path.lexists(destination) else Finding.FREE


def _same(destination: Path, original: Path) -> bool:
    if os.path.normcase(os.path.abspath(destination)) == os.path.normcase(os.path.abspath(original)):
        return True
    try:
        return destination.samefile(original)
    except OSError:
        return False


class Inspector(QObject):
    """Answers what is at the newest destination that it was asked about.

    Args:
        original: The photo.
        parent: The owner. Call `stop` before it goes.

    Signals:
        found (Path, Finding): About the destination that was asked for last.
        failed (Path): It could not be looked at.
    """

    found = Signal(object, object)
    failed = Signal(object, object)

    def __init__(self, original: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._original = original
        self._tasks = Tasks("destination", 1, self)
        self._asked: Task[Finding] | None = None

    def ask(self, destination: Path) -> None:
        """Begins to look; older questions are forgotten."""
        if self._asked is not None:
            self._asked.cancel()
        self._asked = self._tasks.run(
            lambda _: look_at(destination, self._original),
            done=lambda finding: self.found.emit(destination, finding),
            failed=lambda error: self.failed.emit(destination, error),
        )

    def stop(self) -> None:
        """Ends the thread, unless a disk holds it."""
        self._tasks.stop(0.0)
