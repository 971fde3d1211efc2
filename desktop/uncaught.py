"""What nobody catches: exceptions in slots, on threads and in destructors, and what Qt complains about.

The hooks that were there before are called too, so that a console shows what it always showed, and a test that watches
for such errors finds them.
"""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QtMsgType, qInstallMessageHandler

from engine import CancelledError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

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
        hooks: list[tuple[Any, str, Any, Any]] = [
            (sys, "excepthook", on_exception, exception),
            (threading, "excepthook", on_thread, thread),
            (sys, "unraisablehook", on_unraisable, unraisable),
        ]
        self._restore = [*(lambda hook=hook: _put_back(*hook) for hook in hooks), lambda: _put_back_qt(on_qt, former)]

    def remove(self) -> None:
        """Puts the former hooks back; where others have been put over ours meanwhile, ours only pass on from now."""
        for restore in self._restore:
            restore()
        self._restore = []

    def _tell(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if self._restore and not issubclass(kind, (SystemExit, CancelledError)):
            self._report((RuntimeError(kind.__name__) if error is None else error).with_traceback(trace))


def _put_back(owner: Any, name: str, ours: object, former: object) -> None:
    """Puts a hook of Python's back, unless somebody has put another one over ours."""
    if getattr(owner, name) is ours:
        setattr(owner, name, former)


def _put_back_qt(ours: object, former: list[Any]) -> None:
    """As `_put_back` for Qt, which tells the present handler only when another is put in its place."""
    present = qInstallMessageHandler(former[0])
    if present is not ours:
        qInstallMessageHandler(present)
