"""The window is tested on Qt's offscreen platform, with folders and models of its own."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import gc
import logging
from dataclasses import replace
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QtMsgType, qInstallMessageHandler

from tests.painting import make_photo


@pytest.fixture(autouse=True)
def _own_desktop_folders(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("AUTOCHROME_CONFIG", str(tmp_path_factory.mktemp("config")))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(autouse=True)
def _no_warnings_from_qt():
    """What Qt complains about is a fault of ours: it fails the test."""
    told = []

    def note(kind, context, text):
        if kind in (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg) and not _of_the_platform(text):
            told.append(text)
        logging.getLogger("qt").debug(text)

    former = qInstallMessageHandler(note)
    yield
    qInstallMessageHandler(former)
    assert told == []


def _of_the_platform(text):
    """What the offscreen platform says of itself, whatever a program does."""
    return text.startswith("This plugin does not support") or "XDG_RUNTIME_DIR" in text


@pytest.fixture
def tiny(qapp):
    """The small network is the chosen model of a new user."""
    from desktop.settings import SettingsFile
    from tests.training.making import install

    install("tiny", saturation=1.5)
    file = SettingsFile()
    settings, _ = file.read()
    file.write(lambda: replace(settings, coloring=replace(settings.coloring, model="tiny", device="cpu")))


@pytest.fixture
def errors(monkeypatch):
    """What the user would be told in dialogs."""
    told = []
    monkeypatch.setattr("desktop.messages.Messages._show", lambda self, error, parent: told.append(error))
    return told


@pytest.fixture
def make_program(tiny, qtbot, qapp):
    """Starts the whole program, as often as a test wants; each is let go in good order."""
    from desktop.app import Autochrome

    running = []

    def start(*paths):
        program = Autochrome(qapp)
        running.append(program)
        program.start([Path(path) for path in paths])
        qtbot.waitExposed(program.parts.window)
        return program

    yield start
    for program in running:
        quit_program(program)


def quit_program(program):
    """Closes the window and ends the program, once."""
    if shiboken6.isValid(program):
        program.parts.window.close()
        assert program.stop(60), "a thread was left behind"
        program.dispose()
        gc.collect()


@pytest.fixture
def program(make_program):
    """The whole program with nothing open."""
    return make_program()


@pytest.fixture
def folder(tmp_path):
    """A folder with three photos, one of them damaged."""
    photos = tmp_path / "photos"
    for number in (1, 2, 10):
        make_photo(photos / f"scan {number}.jpg", width=120, height=80, seed=number)
    (photos / "broken.jpg").write_bytes((photos / "scan 1.jpg").read_bytes()[:300])
    return photos
