"""Enter, pressed on the terminal while a command runs.

Nothing is read where stdin is no terminal, or where the command runs in the background: what is in a pipe, or is typed
for another program, is not ours.
"""

from __future__ import annotations

import contextlib
import os
import select
import sys
import threading
from typing import TYPE_CHECKING

from engine.batch import Resumed, Waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from engine.batch import Event

_LOOK = 0.2
"""Seconds between two looks at the keyboard where nothing can wake us, or where the keys are another program's."""


def can_press_enter() -> bool:
    """Whether stdin is a terminal, so that somebody may press a key."""
    try:
        return sys.stdin.isatty()
    except (AttributeError, ValueError):  # there is no stdin, or it was closed
        return False


@contextlib.contextmanager
def on_enter(callback: Callable[[], object]) -> Generator[None]:
    """Calls back, from another thread, each time that Enter is pressed on the terminal while the block runs.

    Where stdin is no terminal the block just runs. Its end never waits for a key.

    Args:
        callback: What to do; must not raise.
    """
    if not can_press_enter():
        yield
        return
    with _listening(callback) as thread:
        thread.start()
        yield
    if thread is not threading.current_thread():
        thread.join(_LOOK)  # so that it takes no key any more; where it hangs all the same it is left behind


@contextlib.contextmanager
def enter_while_waiting(
    callback: Callable[[], object], listener: Callable[[Event], None]
) -> Generator[Callable[[Event], None]]:
    """Listens for Enter only while a run waits, so that what is typed ahead for the shell stays there otherwise.

    Args:
        callback: What Enter does; must not raise.
        listener: Takes the events.

    Yields:
        The listener to give to the run: it watches the events on their way.
    """
    listening = contextlib.ExitStack()
    waiting: set[Path] = set()

    def watch(event: Event) -> None:
        before = bool(waiting)
        if isinstance(event, Waiting):
            waiting.add(event.folder)
        elif isinstance(event, Resumed):
            waiting.discard(event.folder)
        if waiting and not before:
            listening.enter_context(on_enter(callback))
        elif before and not waiting:
            listening.close()
        listener(event)

    with listening:
        yield watch


if sys.platform == "win32":
    import msvcrt

    @contextlib.contextmanager
    def _listening(callback: Callable[[], object]) -> Generator[threading.Thread]:
        """A thread that asks the console now and then; its other keys are taken and left aside."""
        over = threading.Event()

        def listen() -> None:
            while not over.wait(_LOOK):
                while msvcrt.kbhit():
                    if msvcrt.getwch() in "\r\n":
                        callback()

        try:
            yield threading.Thread(target=listen, name="keys", daemon=True)
        finally:
            over.set()

else:

    @contextlib.contextmanager
    def _listening(callback: Callable[[], object]) -> Generator[threading.Thread]:
        """A thread that waits for a line, or for the end: a pipe of our own wakes it."""
        terminal = sys.stdin.fileno()
        ear, bell = os.pipe()

        def listen() -> None:
            try:
                while _line(terminal, ear):
                    callback()
            finally:
                os.close(ear)

        try:
            yield threading.Thread(target=listen, name="keys", daemon=True)
        finally:
            os.close(bell)  # from now on there is something to read at the other end: the end

    def _line(terminal: int, ear: int) -> bool:
        """Waits until a line was typed; False at the end of the block or of the terminal."""
        while True:
            ready, _, _ = select.select([terminal, ear], [], [])
            if ear in ready:
                return False
            if not _in_foreground(terminal):
                if select.select([ear], [], [], _LOOK)[0]:
                    return False
                continue
            try:
                typed = os.read(terminal, 1024)
            except OSError:  # the terminal was closed
                return False
            if not typed or b"\n" in typed:
                return bool(typed)

    def _in_foreground(terminal: int) -> bool:
        """Whether what is typed is meant for this process; to read it all the same would stop a process."""
        try:
            return os.tcgetpgrp(terminal) == os.getpgrp()
        except OSError:  # not the terminal that this process belongs to: nothing stops it there
            return True
