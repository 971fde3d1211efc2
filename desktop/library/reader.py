"""Brings what is in a folder from the background to the window, in portions that can be shown without a stall."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.library.contents import Changes, PhotoFile
from desktop.library.listing import list_photos

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.tasks import Task, Tasks
    from engine import Progress

LISTING_PRIORITY = 20
"""Before thumbnails: there is nothing to show one of yet."""


class FolderReader(QObject):
    """Lists one folder at a time.

    Args:
        tasks: Where the listing is done.
        parent: The owner.

    Signals:
        listed (list[PhotoFile]): The next photos, in order.
        finished (): All photos have been listed.
        compared (Changes): A second look at the folder is done.
        failed (Exception): The folder cannot be listed.
    """

    listed = Signal(object)
    finished = Signal()
    compared = Signal(object)
    failed = Signal(object)
    _portion = Signal(int, object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._task: Task[list[PhotoFile]] | Task[Changes] | None = None
        self._number = 0
        self._waiting: deque[list[PhotoFile]] = deque()
        self._ended = False
        # One portion each time round the event loop: keys, paint and thumbnails come in between.
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._hand_on)
        self._patience = QTimer(self, singleShot=True)
        self._patience.timeout.connect(self.release)
        self._portion.connect(self._take, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether a folder is being read."""
        return self._task is not None

    def read(self, folder: Path, *, patience: int = 0) -> None:
        """Lists a folder from the start; whatever was being read is dropped.

        Args:
            folder: Which.
            patience: For so many milliseconds at most, photos wait for `release`.
        """
        self.stop()
        if patience:
            self._patience.start(patience)
        number = self._number

        def work(progress: Progress) -> list[PhotoFile]:
            return list_photos(folder, progress, lambda files: self._portion.emit(number, files))

        self._task = self._tasks.run(work, done=self._end, failed=self._fail, priority=LISTING_PRIORITY)

    def compare(self, folder: Path, before: dict[str, PhotoFile]) -> None:
        """Looks at a folder again; whatever was being read is dropped.

        Args:
            folder: Which.
            before: What was found last, by file name; not changed meanwhile.
        """
        self.stop()

        def work(progress: Progress) -> Changes:
            return Changes.between(before, list_photos(folder, progress, known=before))

        self._task = self._tasks.run(work, done=self._compared, failed=self._fail, priority=LISTING_PRIORITY)

    def release(self) -> None:
        """Photos need not wait any longer."""
        self._patience.stop()
        if self._waiting or self._ended:
            self._timer.start()

    def stop(self) -> None:
        """Drops what is being read."""
        self._patience.stop()
        if self._task is not None:
            self._task.cancel()
        self._task = None
        self._number += 1
        self._waiting.clear()
        self._ended = False
        self._timer.stop()

    def _take(self, number: int, files: list[PhotoFile]) -> None:
        if number == self._number:
            self._waiting.append(files)
            self._go_on()

    def _hand_on(self) -> None:
        if self._waiting:
            self.listed.emit(self._waiting.popleft())
        elif self._ended:
            self.stop()
            self.finished.emit()
        else:
            self._timer.stop()

    def _end(self, _: list[PhotoFile]) -> None:
        self._ended = True
        self._go_on()

    def _go_on(self) -> None:
        if not self._patience.isActive():
            self._timer.start()

    def _compared(self, changes: Changes) -> None:
        self._task = None
        self.compared.emit(changes)

    def _fail(self, error: Exception) -> None:
        self.stop()
        self.failed.emit(error)
