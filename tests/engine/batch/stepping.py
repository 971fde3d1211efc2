"""Stands before every call to the system by which a batch changes something on the disk, so that each can go wrong."""

import builtins
import io
import os
import sqlite3
import threading
from functools import partial

from engine.batch import journal as journals

KINDS = ("open", "write", "fsync", "close", "rename", "unlink", "mkdir", "sqlite")
_CALLS = {
    "write": "write",
    "fsync": "fsync",
    "link": "rename",
    "rename": "rename",
    "replace": "rename",
    "unlink": "unlink",
    "mkdir": "mkdir",
}
KILL = 9


class Once:
    """Does something before the n-th step of a kind, once; takes part before each step.

    Args:
        kind: One of `KINDS`.
        number: Which, from 1.
        act: What to do.
    """

    def __init__(self, kind, number, act):
        self._kind = kind
        self._left = number
        self._act = act
        self._lock = threading.Lock()

    @property
    def reached(self):
        """Whether it came to that."""
        return self._left <= 0

    def __call__(self, kind):
        if kind != self._kind:
            return
        with self._lock:
            self._left -= 1
            now = self._left == 0
        if now:
            self._act()


def failing(kind, number, error):
    """Fails the n-th step of a kind with one of the system's errors."""

    def fail():
        raise _of_sqlite(error) if kind == "sqlite" else OSError(error, os.strerror(error))

    return Once(kind, number, fail)


def killing(kind, number):
    """Kills the process at the n-th step of a kind."""
    return Once(kind, number, lambda: os.kill(os.getpid(), KILL))


def stand_before_all(step, patch):
    """Has `step(kind)` called before everything that changes a file; what it raises, the call raises.

    Nothing is synced meanwhile: that takes most of the time, and makes a difference only to a computer without power.

    Args:
        step: Takes the kind of each step, from any thread.
        patch: A pytest.MonkeyPatch.
    """
    for name, kind in _CALLS.items():
        patch.setattr(os, name, _call(kind, getattr(os, name), step))
    patch.setattr(os, "open", _open_number(os.open, step))
    opened = _open_file(io.open, step)
    patch.setattr(io, "open", opened)
    patch.setattr(builtins, "open", opened)
    patch.setattr(journals.sqlite3, "connect", partial(sqlite3.connect, factory=_connection(step)))


def _call(kind, real, step):
    def call(*arguments, **options):
        step(kind)
        return None if kind == "fsync" else real(*arguments, **options)

    return call


def _open_number(real, step):
    """`os.open`, where it may write."""

    def call(path, flags, *arguments, **options):
        if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
            step("open")
        return real(path, flags, *arguments, **options)

    return call


def _open_file(real, step):
    """`open`, whose files take part in each write of theirs to the system, not to a buffer."""

    class Raw(io.FileIO):
        def write(self, content):
            step("write")
            return super().write(content)

        def close(self):
            if not self.closed:
                super().close()
                step("close")

    def call(file, mode="r", *arguments, **options):
        if not set(mode) & set("wxa+"):
            return real(file, mode, *arguments, **options)
        if not isinstance(file, int):
            step("open")
        assert "b" in mode  # text would go past
        kind = io.BufferedRandom if "+" in mode else io.BufferedWriter
        return kind(Raw(file, mode.replace("b", ""), opener=options.get("opener")))

    return call


def _connection(step):
    """The journal's connection; each statement is a step."""

    class Connection(sqlite3.Connection):
        def execute(self, statement, *parameters):
            step("sqlite")
            return super().execute(statement.replace("synchronous = FULL", "synchronous = OFF"), *parameters)

    return Connection


def _of_sqlite(number):
    """What SQLite says where the system says an error."""
    code, text = {
        28: (sqlite3.SQLITE_FULL, "database or disk is full"),
        5: (sqlite3.SQLITE_IOERR_WRITE, "disk I/O error"),
        13: (sqlite3.SQLITE_READONLY, "attempt to write a readonly database"),
    }[number]
    error = sqlite3.OperationalError(text)
    error.sqlite_errorcode = code
    return error
