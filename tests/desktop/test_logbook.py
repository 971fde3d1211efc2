"""The log: kept, shown, bounded, and never in the way."""

import logging
import os
import subprocess
import sys
import threading

import pytest

from desktop.logbook import MOST_LINES, Logbook, log_folder

log = logging.getLogger("desktop.test")


@pytest.fixture
def logbook(tmp_path):
    made = Logbook(tmp_path / "state" / "log")
    yield made
    made.stop()


def test_what_is_logged_anywhere_is_in_the_file(logbook):
    logbook.start()
    log.info("A photo was opened")
    thread = threading.Thread(target=log.warning, args=("From a thread",))
    thread.start()
    thread.join()
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        log.exception("It went wrong")
    logbook.stop()
    text = logbook.path.read_text()
    assert "INFO     desktop.test: A photo was opened" in text
    assert "From a thread" in text
    assert "ZeroDivisionError: division by zero" in text


def test_file_names_that_are_no_text_are_logged(logbook, monkeypatch):
    logbook.start()
    for handler in logging.getLogger().handlers:
        if type(handler).__module__.startswith("_pytest"):  # its report cannot carry such a name between processes
            monkeypatch.setattr(handler, "level", logging.CRITICAL)
    log.info("%s", os.fsdecode(b"\xff.jpg"))
    logbook.stop()
    assert "\\udcff.jpg" in logbook.path.read_text()


def test_the_lines_are_numbered_for_whoever_follows(qtbot, logbook):
    logbook.start()
    log.info("one\nand more")
    qtbot.waitUntil(lambda: len(logbook.last(9)) == 2)
    lines, number = logbook.since(0)
    assert [line.endswith(end) for line, end in zip(lines, ("one", "and more"), strict=True)] == [True, True]
    assert logbook.since(number) == ([], number)
    log.info("two")
    qtbot.waitUntil(lambda: logbook.since(number)[0] != [])
    assert logbook.since(number)[0][0].endswith("two")
    assert logbook.last(1)[0].endswith("two")


def test_memory_is_bounded(logbook):
    logbook.start()
    for number in range(MOST_LINES + 100):
        log.info("%d", number)
    logbook.stop()
    lines, number = logbook.since(0)
    assert len(lines) == MOST_LINES
    assert lines[-1].endswith(str(MOST_LINES + 99))
    assert logbook.since(number - 3)[0] == lines[-3:]


def test_earlier_sessions_are_shown_too(tmp_path):
    first = Logbook(tmp_path)
    first.start()
    log.info("Yesterday")
    first.stop()
    second = Logbook(tmp_path)
    second.start()
    assert any("Yesterday" in line for line in second.last(10))
    second.stop()


def test_of_a_long_file_only_the_end_is_read(tmp_path):
    book = Logbook(tmp_path)
    book.path.write_text("\n".join(f"line {number}" for number in range(50_000)))
    book.start()
    lines = book.since(0)[0]
    book.stop()
    assert lines[-1] == "line 49999"
    assert len(lines) < 10_000
    assert lines[0].startswith("line ")


def test_files_are_turned_over(tmp_path, monkeypatch):
    monkeypatch.setattr("desktop.logbook.MOST_BYTES", 2000)
    book = Logbook(tmp_path)
    book.start()
    for number in range(400):
        log.info("%d", number)
    book.stop()
    names = sorted(path.name for path in tmp_path.glob("autochrome.log*"))
    assert names == ["autochrome.log", "autochrome.log.1", "autochrome.log.2", "autochrome.log.3"]
    assert all(path.stat().st_size <= 2100 for path in tmp_path.glob("autochrome.log*"))


def test_a_folder_that_cannot_be_made_is_noted_and_the_program_goes_on(tmp_path):
    (tmp_path / "file").write_text("")
    book = Logbook(tmp_path / "file" / "log")
    book.start()
    log.info("Still here")
    book.stop()
    lines = book.since(0)[0]
    assert "cannot be kept" in lines[0]
    assert "Still here" in lines[-1]


def test_a_full_disk_is_noted_once(logbook, monkeypatch, capsys):
    logbook.start()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(logbook._file, "flush", full)
    for _ in range(5):
        log.info("Something")
    logbook._listener.stop()
    logbook._listener = None
    monkeypatch.undo()
    lines = logbook.since(0)[0]
    assert sum("No space left on device" in line for line in lines) == 1
    assert sum(line.endswith("Something") for line in lines) == 5
    assert capsys.readouterr().err == ""


def test_starting_and_stopping_twice_does_no_harm(logbook):
    level, handlers = logging.getLogger().level, list(logging.getLogger().handlers)
    for _ in range(2):
        logbook.start()
        logbook.start()
        logbook.stop()
        logbook.stop()
    assert logging.getLogger().level == level
    assert logging.getLogger().handlers == handlers


def test_how_the_program_died_is_told_at_the_next_start(tmp_path):
    program = f"""
from desktop.logbook import Logbook
import faulthandler
from pathlib import Path
faulthandler.disable()
Logbook(Path({str(tmp_path)!r})).start()
import os
os.abort()
"""
    assert subprocess.run([sys.executable, "-c", program], stderr=subprocess.DEVNULL, check=False).returncode != 0
    book = Logbook(tmp_path)
    book.start()
    book.stop()
    text = book.path.read_text()
    assert "The program died the last time" in text
    assert "Fatal Python error: Aborted" in text
    again = Logbook(tmp_path)
    again.start()
    again.stop()
    assert again.path.read_text().count("The program died") == 1


def test_the_environment_names_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("AUTOCHROME_STATE", str(tmp_path))
    assert log_folder() == tmp_path / "log"
    monkeypatch.delenv("AUTOCHROME_STATE")
    assert "autochrome" in str(log_folder())
