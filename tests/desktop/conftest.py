"""The window is tested on Qt's offscreen platform, with folders and models of its own."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import logging

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler


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
    return "offscreen" in text.lower() or "propagateSizeHints" in text or "XDG_RUNTIME_DIR" in text
