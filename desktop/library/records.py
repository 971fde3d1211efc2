"""What the engine remembers of a folder's photos, in the library's terms."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.library.contents import Mark, PhotoState, Recorded
from engine import folder_records

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.tasks import Task, Tasks

log = logging.getLogger(__name__)

_STATES = {"done": PhotoState.COLORED, "failed": PhotoState.FAILED}
_PRIORITY = 15


def recorded_in(folder: Path, outputs: Sequence[Path] = ()) -> Recorded:
    """What became of the photos directly in a folder, and which of them are coloured copies. Reads files.

    Args:
        folder: Which.
        outputs: Output folders to look into besides the usual ones.

    Raises:
        EngineError: If the records cannot be read.
    """
    records = folder_records(folder, outputs)
    copies = {record.output for record in records.values() if record.output is not None}
    return Recorded(
        {path.name: Mark(_STATES[record.state], record.cause) for path, record in records.items()},
        {copy.name for copy in copies if copy.parent == folder},
    )


class FolderRecords(QObject):
    """Reads the records of one folder at a time.

    Args:
        tasks: Where they are read.
        parent: The owner.

    Signals:
        read (Recorded): What the records say.
        failed (Exception): The records cannot be read; told once for a folder, for the next look would fail as well.
    """

    read = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._outputs: tuple[Path, ...] = ()
        self._folder: Path | None = None
        self._failed = False
        self._task: Task[Recorded] | None = None

    @property
    def busy(self) -> bool:
        """Whether records are being read."""
        return self._task is not None

    def set_outputs(self, folders: Sequence[Path]) -> None:
        """Sets the output folders to look into besides the usual ones."""
        self._outputs = tuple(folders)

    def start(self, folder: Path) -> None:
        """Reads the records of a folder; whatever was being read is dropped."""
        if folder != self._folder:
            self.stop()
            self._folder = folder
        elif self._task is not None:
            self._task.cancel()
        outputs = self._outputs
        self._task = self._tasks.run(
            lambda _: recorded_in(folder, outputs), done=self._take, failed=self._fail, priority=_PRIORITY
        )

    def stop(self) -> None:
        """Drops what is being read, and forgets the folder."""
        if self._task is not None:
            self._task.cancel()
        self._task, self._folder, self._failed = None, None, False

    def _take(self, recorded: Recorded) -> None:
        self._task = None
        self._failed = False
        self.read.emit(recorded)

    def _fail(self, error: Exception) -> None:
        self._task = None
        log.warning("What is known of %s cannot be read", self._folder, exc_info=error)
        if not self._failed:
            self._failed = True
            self.failed.emit(error)
