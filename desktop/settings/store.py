"""The one place that holds the settings of the running program, and has them written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.settings.file import UnsavedSettingsError

if TYPE_CHECKING:
    from desktop.settings.file import SettingsFile
    from desktop.settings.values import Settings
    from desktop.tasks import Task, Tasks


class SettingsStore(QObject):
    """Holds the settings of the running program.

    Args:
        file: Where they are kept. It is read here, once.
        tasks: Threads to write on, so that a slow disk does not hold up the window; None writes at once.
        parent: The owner. Call `flush` before it goes.

    Attributes:
        problem: What was wrong with the file, to be told once; None where it was good or not there.

    Signals:
        changed (Settings): The settings are others now; the new ones.
        failed (UnsavedSettingsError): They could not be written. Emitted once only: the program goes on without.
    """

    changed = Signal(object)
    failed = Signal(object)

    def __init__(self, file: SettingsFile, tasks: Tasks | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self._tasks = tasks
        self._settings, self.problem = file.read()
        self._unwritten = False
        self._writing: Task[None] | None = None
        self._told = False

    @property
    def settings(self) -> Settings:
        """The present settings."""
        return self._settings

    def update(self, settings: Settings) -> None:
        """Makes these the present settings, tells of it, and has them written."""
        if settings == self._settings:
            return
        self._settings = settings
        self._unwritten = True
        self.changed.emit(settings)
        self._write()

    def flush(self) -> None:
        """Writes what is not written yet, and returns when it is; for the end of the program."""
        if not self._unwritten and self._writing is None:
            return
        if self._writing is not None:
            self._writing.cancel()
            self._writing = None
        self._unwritten = False
        try:
            self._file.write(self._newest)
        except UnsavedSettingsError as error:
            self._tell(error)

    def _newest(self) -> Settings:
        return self._settings

    def _write(self) -> None:
        """Starts writing, unless that is going on: then it is done again afterwards."""
        if self._tasks is None:
            self.flush()
        elif self._writing is None:
            self._unwritten = False
            self._writing = self._tasks.run(
                lambda progress: self._file.write(self._newest), done=self._written, failed=self._written
            )

    def _written(self, error: Exception | None) -> None:
        self._writing = None
        if error is not None:
            self._tell(error)
        if self._unwritten:
            self._write()

    def _tell(self, error: Exception) -> None:
        if not self._told:
            self._told = True
            self.failed.emit(error)
