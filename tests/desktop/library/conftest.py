"""A library over folders that the test has made."""

import os

import pytest

from desktop.library import Library, ThumbnailCache
from desktop.tasks import Tasks
from tests.painting import make_photo

LONG_AGO = 1_600_000_000


@pytest.fixture
def tasks(qtbot):
    made = Tasks("library", 2)
    faults = []
    made.unhandled.connect(faults.append)
    yield made
    assert made.stop()
    assert faults == []


@pytest.fixture
def cache(tmp_path):
    return ThumbnailCache(tmp_path / "thumbnails", "autochrome-test")


@pytest.fixture
def library(qtbot, tasks, cache, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    made = Library(tasks, cache)
    qtbot.addWidget(made)
    made.resize(400, 700)
    made.show()
    yield made
    made.stop()


@pytest.fixture
def album(tmp_path):
    """A folder of twelve photos, `p1.jpg` to `p12.jpg`."""
    folder = tmp_path / "album"
    for number in range(1, 13):
        old_photo(folder / f"p{number}.jpg", seed=number)
    return folder


def old_photo(path, **options):
    """A photo that was not changed just now, so that its thumbnail may be kept."""
    make_photo(path, **options)
    os.utime(path, (LONG_AGO, LONG_AGO))
    return path
