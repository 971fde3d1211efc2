"""Errors on their way to the user and to the log: none is lost in a console, and none comes as a flood.

Whoever meets an error gives it to `Messages.show_error`. What nobody met (an exception in a slot, on a thread, in a
destructor) comes here from `desktop.uncaught`, and Qt's own warnings go to the log. An unexpected error of one kind is
shown once; after that it is only logged.
"""

from __future__ import annotations

import logging
import traceback

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QWidget

from desktop.details import bug_report
from desktop.dialogs.error import ErrorDialog, ErrorText
from desktop.error_titles import translated_title
from desktop.logbook import Logbook
from desktop.uncaught import Uncaught
from engine import CancelledError, EngineError

MOST_DIALOGS = 3
"""So many are open at a time; more errors than that are counted in the last one."""

log = logging.getLogger(__name__)
translate = QCoreApplication.translate


class Messages(QObject):
    """Shows errors, and takes in those that nobody expected.

    Args:
        logbook: The log; None for the user's. It is begun by `start`.
        parent: The owner.

    Attributes:
        logbook: The log.
    """

    _raised = Signal(object)

    def __init__(self, logbook: Logbook | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.logbook = logbook or Logbook()
        self._open: list[ErrorDialog] = []
        self._known: set[tuple[object, ...]] = set()
        self._uncaught = Uncaught(self._on_uncaught)
        # Queued even on this thread: an exception may come out of the middle of a paint event.
        self._raised.connect(self._on_raised, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begins the log, and takes in what nobody catches, from every thread and from Qt itself."""
        self.logbook.start()
        self._uncaught.install()

    def stop(self) -> None:
        """Gives the hooks back, closes what is still shown, and ends the log."""
        self._uncaught.remove()
        for dialog in list(self._open):
            dialog.close()
        self.logbook.stop()

    def show_error(self, error: BaseException, parent: QWidget | None = None) -> None:
        """Shows an error without waiting for the user; what was cancelled is no error.

        Args:
            error: An `EngineError` is told in its own words, an `OSError` in the system's; any other one is a fault of
                this program, and shown only the first time.
            parent: The window that it belongs to; None for the active one.
        """
        if not isinstance(error, CancelledError):
            _log_error(error)
            self._tell(error, parent)

    def _tell(self, error: BaseException, parent: QWidget | None) -> None:
        """Shows an error that is in the log by now."""
        if not _expected(error):
            kind = _kind(error)
            if kind in self._known:
                return
            self._known.add(kind)
        self._show(error, parent)

    def _show(self, error: BaseException, parent: QWidget | None) -> None:
        text = text_of(error)
        same = next((dialog for dialog in self._open if dialog.text == text), None)
        if same is None and len(self._open) >= MOST_DIALOGS:
            same = self._open[-1]
        if same is not None:
            same.count_one_more()
            return
        dialog = ErrorDialog(text, bug_report(error, self.logbook.last(50)), parent or QApplication.activeWindow())
        self._open.append(dialog)
        dialog.finished.connect(lambda: self._forget(dialog))
        dialog.open()

    def _forget(self, dialog: ErrorDialog) -> None:
        """Lets a dialog go that was closed."""
        self._open.remove(dialog)
        dialog.deleteLater()

    def _on_uncaught(self, error: BaseException) -> None:
        """Called on any thread, and perhaps when no events are handled any more: the log first."""
        _log_error(error)
        self._raised.emit(error)

    def _on_raised(self, error: object) -> None:
        if isinstance(error, BaseException):
            self._tell(error, None)


def text_of(error: BaseException) -> ErrorText:
    """An error in the user's words."""
    if isinstance(error, EngineError):
        return ErrorText(translated_title(error.title), error.sentence, error.advice)
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return ErrorText(
            translate("Messages", "The system did not allow this"),
            f"{where}{error.strerror}.",
            translate("Messages", "Check the disk and your permissions, and try again."),
        )
    return ErrorText(
        translate("Messages", "Something unexpected happened"),
        translate("Messages", "Autochrome met an error that it was not prepared for: {error}").format(
            error=f"{type(error).__name__}: {error}".rstrip(": ")
        ),
        translate("Messages", "Your photos are as they were. If it happens again, report it with the details below."),
        unexpected=True,
    )


def _expected(error: BaseException) -> bool:
    """Whether it is one of the errors that are no fault of the program."""
    return isinstance(error, (EngineError, OSError))


def _log_error(error: BaseException) -> None:
    if _expected(error):
        log.warning("%s: %s", type(error).__name__, error)
    else:
        log.error("%s: %s", type(error).__name__, error, exc_info=error)


def _kind(error: BaseException) -> tuple[object, ...]:
    """What makes two unexpected errors the same: their type, and where they were raised."""
    frames = traceback.extract_tb(error.__traceback__)
    return (type(error), frames[-1].filename, frames[-1].lineno) if frames else (type(error), str(error))
