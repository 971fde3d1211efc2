import os
import sys
import threading
from pathlib import Path

import pytest

from engine.batch import Note, Resumed, Waiting
from engine.cli.keys import can_press_enter, enter_while_waiting, on_enter

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals there", allow_module_level=True)

LONG = 10.0
DISK, OTHER = Path("/disk"), Path("/other")


class Pressed:
    """Counts what is called back."""

    def __init__(self):
        self.count = 0
        self._changed = threading.Condition()

    def __call__(self):
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def wait_for(self, count):
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= count, LONG)


@pytest.fixture
def pressed():
    return Pressed()


@pytest.fixture
def terminal(monkeypatch):
    """A terminal as stdin; writing to what is given types on it."""
    keyboard, line = os.openpty()
    with open(line) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield keyboard
    os.close(keyboard)


@pytest.fixture
def piped(monkeypatch):
    """A pipe as stdin, with a line in it."""
    reading, writing = os.pipe()
    os.write(writing, b"theirs\n")
    os.close(writing)
    with open(reading) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield stdin


def listeners():
    return [thread for thread in threading.enumerate() if thread.name == "keys"]


def left_on(stdin):
    """What nobody has read."""
    os.set_blocking(stdin.fileno(), False)
    return os.read(stdin.fileno(), 100)


def test_enter_calls_back_each_time(terminal, pressed):
    assert can_press_enter()
    with on_enter(pressed):
        for count in (1, 2, 3):
            os.write(terminal, b"\n")
            pressed.wait_for(count)
    assert listeners() == []


def test_other_keys_do_nothing(terminal, pressed):
    with on_enter(pressed):
        os.write(terminal, b"abc")
        os.write(terminal, b"d\n")
        pressed.wait_for(1)
    assert pressed.count == 1


def test_the_end_waits_for_no_key(terminal, pressed):
    with on_enter(pressed):
        pass
    assert (listeners(), pressed.count) == ([], 0)


def test_what_is_typed_afterwards_is_for_the_shell(terminal, pressed):
    with on_enter(pressed):
        pass
    os.write(terminal, b"ls\n")
    assert left_on(sys.stdin) == b"ls\n"


def test_the_end_of_the_terminal_is_no_key(terminal, pressed):
    with on_enter(pressed):
        (thread,) = listeners()
        os.write(terminal, b"\x04")
        thread.join(LONG)
        assert not thread.is_alive()
    assert pressed.count == 0


def test_nothing_is_taken_out_of_a_pipe(piped, pressed):
    assert not can_press_enter()
    with on_enter(pressed):
        assert listeners() == []
    assert piped.read() == "theirs\n"


@pytest.mark.parametrize("closed", [True, False])
def test_without_stdin(monkeypatch, pressed, tmp_path, closed):
    file = (tmp_path / "x").open("w+")
    file.close()
    monkeypatch.setattr(sys, "stdin", file if closed else None)
    assert not can_press_enter()
    with on_enter(pressed):
        assert listeners() == []


def test_in_the_background_nothing_is_taken(terminal, pressed, monkeypatch):
    """Reading there would stop the process."""
    monkeypatch.setattr(os, "tcgetpgrp", lambda terminal: os.getpgrp() + 1)
    with on_enter(pressed):
        os.write(terminal, b"theirs\n")
    assert pressed.count == 0
    assert left_on(sys.stdin) == b"theirs\n"


def test_only_a_run_that_waits_listens(terminal, pressed):
    events = []
    with enter_while_waiting(pressed, events.append) as tell:
        tell(Note(text="x"))
        assert listeners() == []
        tell(Waiting(folder=DISK, cause="full"))
        tell(Waiting(folder=OTHER, cause="gone"))
        assert len(listeners()) == 1
        os.write(terminal, b"\n")
        pressed.wait_for(1)
        tell(Resumed(folder=DISK))
        assert len(listeners()) == 1
        tell(Resumed(folder=OTHER))
        assert listeners() == []
        tell(Waiting(folder=DISK, cause="full"))
        os.write(terminal, b"\n")
        pressed.wait_for(2)
    assert listeners() == []
    assert [event.name for event in events] == ["note", "waiting", "waiting", "resumed", "resumed", "waiting"]
