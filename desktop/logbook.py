"""The log: a file in the state folder, and its newest lines in memory for the window to show.

Records are written on a thread of their own, so that no slow disk holds up whoever logs. A disk that is full or may not
be written to is noted once, in memory, and the program goes on. What Python's fault handler writes as the process dies
goes to a file beside the log, and is taken into the log at the next start.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import queue
import sys
import threading
from collections import deque
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from typing import IO

from platformdirs import user_log_path

STATE_VARIABLE = "AUTOCHROME_STATE"
"""Environment variable: a folder to use in place of the user's state folder."""
MOST_BYTES = 1_000_000
OLD_FILES = 3
MOST_LINES = 5000
"""Lines kept in memory."""
EARLIER_BYTES = 64_000
"""So much of earlier sessions is shown."""
LAYOUT = "%(asctime)s %(levelname)-8s %(name)s: %(message)s"

log = logging.getLogger(__name__)


def log_folder() -> Path:
    """The folder of the log; AUTOCHROME_STATE overrides where it lies."""
    chosen = os.environ.get(STATE_VARIABLE)
    return Path(chosen) / "log" if chosen else user_log_path("autochrome", appauthor=False)


class Logbook:
    """Writes down what the program logs.

    Args:
        folder: Where; None for the user's.

    Attributes:
        folder: Where the files are.
        path: The newest file.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or log_folder()
        self.path = self.folder / "autochrome.log"
        self._lines = _Lines()
        self._entrance: QueueHandler | None = None
        self._listener: QueueListener | None = None
        self._file: logging.Handler | None = None
        self._crash: IO[str] | None = None
        self._catching = False
        self._former_level = logging.NOTSET

    def start(self, level: int = logging.INFO) -> None:
        """Begins to take in what is logged anywhere in the program, and how it dies."""
        if self._listener is not None:
            return
        handlers: list[logging.Handler] = [self._lines]
        crash = ""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lines.extend(_tail(self.path))
            handlers.append(self._open_file())
            crash = self._catch_crashes()
        except OSError as error:
            self._lines.extend([f"The log cannot be kept in {self.folder}: {error}"])
        self._entrance = QueueHandler(queue.SimpleQueue())
        self._listener = QueueListener(self._entrance.queue, *handlers)
        self._listener.start()
        root = logging.getLogger()
        root.addHandler(self._entrance)
        self._former_level = root.level
        root.setLevel(min(level, root.level or level))
        if crash:
            log.error("The program died the last time:\n%s", crash)

    def stop(self) -> None:
        """Writes what still waits, and lets the files go."""
        if self._entrance is not None:
            logging.getLogger().removeHandler(self._entrance)
            logging.getLogger().setLevel(self._former_level)
            self._entrance.close()
            self._entrance = None
        if self._listener is not None:
            self._listener.stop()
            self._listener = None
        if self._file is not None:
            self._file.close()
            self._file = None
        if self._crash is not None:
            if self._catching:
                faulthandler.disable()
                self._catching = False
            self._crash.close()
            self._crash = None

    def since(self, number: int) -> tuple[list[str], int]:
        """The lines from a number on, as far as they are kept, and the number to ask for next; 0 gives all."""
        return self._lines.since(number)

    def last(self, count: int) -> list[str]:
        """The newest lines, the newest last."""
        return self._lines.since(0)[0][-count:]

    def _open_file(self) -> logging.Handler:
        self._file = _File(self.path, self._lines)
        self._file.setFormatter(logging.Formatter(LAYOUT))
        return self._file

    def _catch_crashes(self) -> str:
        """Has the fault handler write to a file; what it wrote the last time."""
        path = self.folder / "crash.log"
        crash = "\n".join(_tail(path)).strip()
        self._crash = path.open("a", encoding="utf-8")  # another window may have it open too
        self._crash.truncate(0)
        if not faulthandler.is_enabled():  # whoever starts Python with it wants it on standard error
            faulthandler.enable(self._crash)
            self._catching = True
        return crash


class _Lines(logging.Handler):
    """The newest lines, numbered from the first one of the session."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(LAYOUT))
        self._kept: deque[str] = deque(maxlen=MOST_LINES)
        self._next = 0
        self._guard = threading.Lock()

    def emit(self, record: logging.LogRecord) -> None:
        self.extend(self.format(record).splitlines())

    def extend(self, lines: list[str]) -> None:
        with self._guard:
            self._kept.extend(lines)
            self._next += len(lines)

    def since(self, number: int) -> tuple[list[str], int]:
        with self._guard:
            fresh = min(max(0, self._next - number), len(self._kept))
            return list(self._kept)[len(self._kept) - fresh :], self._next


class _File(RotatingFileHandler):
    """The file, which may fail: that is told once, to the lines, and never to standard error for each record."""

    def __init__(self, path: Path, lines: _Lines) -> None:
        super().__init__(path, maxBytes=MOST_BYTES, backupCount=OLD_FILES, encoding="utf-8", errors="backslashreplace")
        self._lines = lines
        self._told = False

    def handleError(self, record: logging.LogRecord) -> None:
        if not self._told:
            self._told = True
            self._lines.extend([f"The log could not be written to {self.baseFilename}: {sys.exc_info()[1]}"])


def _tail(path: Path) -> list[str]:
    """The last lines of a file, whole ones; none where there is no such file."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - EARLIER_BYTES))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    return lines[1:] if size > EARLIER_BYTES else lines
