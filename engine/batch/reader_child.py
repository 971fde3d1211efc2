"""One process that decodes, as its batch sees it: started, asked, waited for, ended.

It is started as a program of its own, not by `multiprocessing`: that would run the user's script a second time. A
thread takes its answers off the pipe, so that whoever asked can wait for a limited time on every system, and can leave
at once when the process is ended from elsewhere.
"""

from __future__ import annotations

import contextlib
import math
import os
import queue
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from engine.batch.reader_messages import Message, SenselessMessageError, receive, send

if TYPE_CHECKING:
    from collections.abc import Mapping
    from io import RawIOBase

_ALONE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "MALLOC_ARENA_MAX", "TIFFFILE_NUM_THREADS")
_START_SECONDS = 120
_PIPE_BYTES = 1 << 20


class ChildEndedError(Exception):
    """The process is no more.

    Args:
        code: As `subprocess.Popen.returncode`; None if it was ended because it took too long.
        asked: Whether it had heard the question.
    """

    def __init__(self, code: int | None, asked: bool) -> None:
        super().__init__(f"ended with {code}")
        self.code = code
        self.asked = asked


@dataclass(frozen=True, slots=True)
class _End:
    """What comes in the place of an answer."""

    code: int | None
    error: Exception | None = None


class Child:
    """A process that decodes.

    Args:
        entry: The module whose `main` it runs.

    Raises:
        OSError: If the system starts no more processes.
    """

    def __init__(self, entry: str) -> None:
        if getattr(sys, "frozen", False) or not sys.executable:
            raise OSError("there is no Python to start")
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _program(entry)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            env=os.environ | dict.fromkeys(_ALONE, "1"),
            **_apart(),
        )
        self._requests = cast("RawIOBase", self._process.stdin)
        self._most = 0
        self._turns = threading.Semaphore()  # answers to take: that it is ready, and then one to each question
        self._answers: queue.SimpleQueue[Message | _End] = queue.SimpleQueue()
        answers = cast("RawIOBase", self._process.stdout)
        _widen(answers.fileno())
        self._pump = threading.Thread(target=self._pass_on, args=(answers,), name="autochrome-reader", daemon=True)
        self._pump.start()

    @property
    def pid(self) -> int:
        """Its number."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it can be asked."""
        return self._pump.is_alive() and self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Waits for its imports.

        Raises:
            ChildEndedError: If it ends instead.
        """
        self._wait(_START_SECONDS, asked=False)

    def ask(self, request: Mapping[str, Any], most: int, seconds: float) -> Message:
        """Asks, and waits for the answer.

        Args:
            request: The question.
            most: The most bytes that the answer may have behind its header.
            seconds: The longest to wait. A time when this process itself stood still does not count.

        Raises:
            ChildEndedError: If there is none.
            SenselessMessageError: If it is nonsense.
            MemoryError: If there is no room for it.
        """
        self._most = most
        try:
            send(self._requests, Message(dict(request)))
        except OSError:
            self.kill()
            self._wait(1, asked=False)
        self._turns.release()
        try:
            return self._wait(seconds, asked=True)
        except BaseException:  # nobody takes its answer now, and the next question must not get it
            self.kill()
            raise

    def kill(self) -> None:
        """Ends it, and lets who waits for it go."""
        self._answers.put(_End(None))
        with contextlib.suppress(OSError):
            self._process.kill()
        self._turns.release()

    def join(self, seconds: float) -> None:
        """Waits, but no longer than this, until an ended process is gone altogether."""
        self._pump.join(seconds)
        with contextlib.suppress(OSError):
            self._requests.close()

    def _wait(self, seconds: float, *, asked: bool) -> Message:
        """The next answer. The seconds are counted one by one, so that a computer that slept is not blamed on it."""
        for _ in range(math.ceil(seconds)):
            try:
                answer = self._answers.get(timeout=1.0)
            except queue.Empty:
                continue
            if isinstance(answer, Message):
                return answer
            if answer.error is not None:
                raise answer.error
            raise ChildEndedError(answer.code, asked)
        self.kill()
        raise ChildEndedError(None, asked)

    def _pass_on(self, answers: RawIOBase) -> None:
        """Takes answers off the pipe, none that was not asked for, until it ends, and the process with it."""
        error: Exception | None = None
        with answers:
            try:
                while self._turns.acquire():
                    self._answers.put(receive(answers, lambda: self._most))
            except (SenselessMessageError, MemoryError) as caught:
                error = caught
                self._process.kill()
            except (EOFError, OSError):
                pass
        self._answers.put(_End(self._process.wait(), error))


def _program(entry: str) -> str:
    """What the process runs: with this one's ways to modules, and nothing of the folder that it happens to be in."""
    ways = [os.path.abspath(way) for way in sys.path]
    return f"import sys; sys.path[:] = {ways!a}; from {entry} import main; main()"


def _apart() -> dict[str, Any]:
    """A process group of its own, so that Ctrl-C in a terminal does not reach it while it starts; no console."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
    return {"process_group": 0}


def _widen(pipe: int) -> None:
    """Lets more bytes wait in a pipe, where the system can."""
    if sys.platform == "linux":
        import fcntl

        with contextlib.suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
