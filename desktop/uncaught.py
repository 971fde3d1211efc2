"""What nobody catches: exceptions in slots, on threads and in destructors, and what Qt complains about.

The hooks that were there before are called too, so that a console shows what it always showed, and a test that watches
for such errors finds them.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QtMsgType, qInstallMessageHandler

from engine import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType
    from typing import Any

    from PySide6.QtCore import QMessageLogContext

INTERRUPTED = 130
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Uncaught:
    """Python's and Qt's hooks while the window runs.

    Args:
        report: Called with each exception, on the thread where it was raised. It must not raise.
    """

    def __init__(self, report: Callable[[BaseException], object]) -> None:
        self._report = report
        self._restore: list[Callable[[], object]] = []

    def install(self) -> None:
        """Puts the hooks in place; done twice, it is done once."""
        if self._restore:
            return
        exception, thread, unraisable = sys.excepthook, threading.excepthook, sys.unraisablehook

        def on_exception(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                QCoreApplication.exit(INTERRUPTED)
                return
            exception(kind, error, trace)
            self._tell(kind, error, trace)

        def on_thread(args: threading.ExceptHookArgs) -> None:
            thread(args)
            self._tell(args.exc_type, args.exc_value, args.exc_traceback)

        def on_unraisable(args: sys.UnraisableHookArgs) -> None:
            unraisable(args)
            self._tell(args.exc_type, args.exc_value, args.exc_traceback)

        sys.excepthook, threading.excepthook, sys.unraisablehook = on_exception, on_thread, on_unraisable
        former: list[Any] = []

        def on_qt(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
            logging.getLogger("qt").log(_LEVELS.get(kind, logging.WARNING), "%s", text)
            if former and callable(former[0]):
                former[0](kind, context, text)

        former.append(qInstallMessageHandler(on_qt))
        self._restore = [
            lambda: setattr(sys, "excepthook", exception),
            lambda: setattr(threading, "excepthook", thread),
            lambda: setattr(sys, "unraisablehook", unraisable),
            lambda: qInstallMessageHandler(former[0]),
        ]

    def remove(self) -> None:
        """Puts the former hooks back."""
        for restore in self._restore:
            restore()
        self._restore = []

    def _tell(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if not issubclass(kind, (SystemExit, CancelledError)):
            self._report((RuntimeError(kind.__name__) if error is None else error).with_traceback(trace))
