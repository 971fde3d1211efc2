"""Notices that a folder has changed on disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.tasks import Task, Tasks

QUIET = 250
LATEST = 2000
EVERY = 4000
FILES = 64
_State = tuple[int, int, int]  # device, inode, mtime_ns


class FolderWatch(QObject):
    """Watches a folder, and the files in it that matter just now.

    The system tells of names that come and go, but says nothing of a file that is written where it lies unless the
    file itself is watched; and nothing at all on many network folders and for names that Qt cannot express. So the
    folder's own time of change is also looked at every few seconds, in the background, which tells as well when the
    folder vanishes or comes back.

    Args:
        tasks: Where the looking is done.
        parent: The owner.

    Signals:
        changed (): Something may have changed; once for many changes, when they pause or have lasted two seconds.
    """

    changed = Signal()

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._folder: Path | None = None
        self._state: _State | None = None
        self._task: Task[_State | None] | None = None
        self._watcher = QFileSystemWatcher(self)
        self._quiet = QTimer(self, interval=QUIET, singleShot=True)
        self._latest = QTimer(self, interval=LATEST, singleShot=True)
        self._poll = QTimer(self, interval=EVERY)
        self._watcher.directoryChanged.connect(self.touch)
        self._watcher.fileChanged.connect(self.touch)
        self._quiet.timeout.connect(self._tell)
        self._latest.timeout.connect(self._tell)
        self._poll.timeout.connect(self.look)

    def follow(self, folder: Path) -> None:
        """Watches a folder instead of any other; again after it came back, or was replaced by another of its name."""
        if folder != self._folder:
            self.stop()
            self._folder = folder
            self._task = self._tasks.run(lambda _: _state_of(folder), done=self._remember)
        elif str(folder) in self._watcher.directories():
            return
        if _is_text(folder):
            self._watcher.addPath(str(folder))
        self._poll.start()

    def set_files(self, paths: Sequence[Path]) -> None:
        """Watches these files for being written where they lie; the first few dozen of them."""
        wanted = {str(path) for path in paths[:FILES] if _is_text(path)}
        watched = set(self._watcher.files())
        if watched - wanted:
            self._watcher.removePaths(list(watched - wanted))
        if wanted - watched:
            self._watcher.addPaths(list(wanted - watched))

    def stop(self) -> None:
        """Watches nothing."""
        if self._task is not None:
            self._task.cancel()
        self._task = None
        for timer in (self._quiet, self._latest, self._poll):
            timer.stop()
        watched = self._watcher.files() + self._watcher.directories()
        if watched:
            self._watcher.removePaths(watched)
        self._folder, self._state = None, None

    def touch(self) -> None:
        """Says that something may have changed."""
        if self._folder is not None:
            self._quiet.start()
            if not self._latest.isActive():
                self._latest.start()

    def look(self) -> None:
        """Looks at the folder now, in the background."""
        folder = self._folder
        if folder is not None and self._task is None:
            self._task = self._tasks.run(lambda _: _state_of(folder), done=self._compare)

    def _remember(self, state: _State | None) -> None:
        self._task = None
        self._state = state

    def _compare(self, state: _State | None) -> None:
        self._task = None
        if state != self._state:
            self._state = state
            self.touch()

    def _tell(self) -> None:
        self._quiet.stop()
        self._latest.stop()
        self.changed.emit()


def _is_text(path: Path) -> bool:
    """Whether Qt can express a path; bytes that are no text it cannot."""
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _state_of(folder: Path) -> _State | None:
    """What tells one state of a folder from another; None if it is not there."""
    try:
        status = os.stat(folder)
    except OSError:
        return None
    return status.st_dev, status.st_ino, status.st_mtime_ns
