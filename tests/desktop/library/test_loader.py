import os
import threading

import numpy as np
import pytest

from desktop.library.listing import list_photos
from desktop.library.loader import ThumbnailLoader
from desktop.pixels import image_of
from engine import PhotoError, Progress
from tests.desktop.library.conftest import old_photo


class SlowCache:
    """Makes thumbnails when it is told to."""

    def __init__(self):
        self.asked = []
        self.gate = threading.Semaphore(0)

    def image(self, path, size):
        self.asked.append(path.name)
        self.gate.acquire(timeout=10)
        if "broken" in path.name:
            raise PhotoError(path, "it is empty.")
        if "fault" in path.name:
            raise ValueError("a fault of the program")
        return image_of(np.zeros((size, size, 3), np.uint8))


@pytest.fixture
def slow():
    return SlowCache()


def files_of(folder, *names):
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).touch()
    return list_photos(folder, Progress())


def test_what_is_wanted_comes_at_the_size_it_is_drawn_at(qtbot, tasks, cache, tmp_path):
    old_photo(tmp_path / "album" / "a.jpg", width=600, height=300)
    files = list_photos(tmp_path / "album", Progress())
    loader = ThumbnailLoader(tasks, cache)
    loader.set_pixels(200)
    with qtbot.waitSignal(loader.loaded) as caught:
        loader.want(files)
    image = loader.thumbnail(files[0].path).image
    assert caught.args == [files[0].path]
    assert (image.width(), image.height()) == (200, 100)
    assert loader.idle


def test_the_most_urgent_comes_first_and_what_scrolled_away_never(qtbot, tasks, slow, tmp_path):
    files = files_of(tmp_path, *(f"{number}.jpg" for number in range(10)))
    loader = ThumbnailLoader(tasks, slow, at_once=1)
    loader.want(files[:5])
    qtbot.waitUntil(lambda: slow.asked == ["0.jpg"])
    loader.want(files[8:])
    slow.gate.release(10)
    qtbot.waitUntil(lambda: loader.idle)
    assert slow.asked == ["0.jpg", "8.jpg", "9.jpg"]


def test_few_are_made_at_a_time(qtbot, tasks, slow, tmp_path):
    files = files_of(tmp_path, *(f"{number}.jpg" for number in range(10)))
    loader = ThumbnailLoader(tasks, slow, at_once=2)
    loader.want(files)
    qtbot.waitUntil(lambda: len(slow.asked) == 2)
    slow.gate.release()
    qtbot.waitUntil(lambda: len(slow.asked) == 3)
    assert sorted(slow.asked) == ["0.jpg", "1.jpg", "2.jpg"]
    slow.gate.release(10)
    qtbot.waitUntil(lambda: loader.idle)


def test_memory_is_bounded_and_what_was_seen_last_stays(qtbot, tasks, slow, tmp_path):
    files = files_of(tmp_path, *(f"{number}.jpg" for number in range(6)))
    loader = ThumbnailLoader(tasks, slow, memory=3 * 64 * 64 * 4, at_once=1)
    loader.set_pixels(64)
    slow.gate.release(10)
    loader.want(files)
    qtbot.waitUntil(lambda: loader.idle)
    assert loader.bytes_kept <= 3 * 64 * 64 * 4
    assert [loader.thumbnail(file.path) is not None for file in files] == [False] * 3 + [True] * 3


def test_a_changed_photo_keeps_its_thumbnail_until_the_new_one_is_there(qtbot, tasks, slow, tmp_path):
    (before,) = files_of(tmp_path, "a.jpg")
    loader = ThumbnailLoader(tasks, slow)
    slow.gate.release()
    loader.want([before])
    qtbot.waitUntil(lambda: loader.idle)
    first = loader.thumbnail(before.path)
    os.utime(before.path, (1, 1))
    (after,) = files_of(tmp_path)
    loader.want([after])
    qtbot.waitUntil(lambda: len(slow.asked) == 2)
    assert loader.thumbnail(before.path) is first
    slow.gate.release()
    qtbot.waitUntil(lambda: loader.idle)
    assert loader.thumbnail(before.path) is not first
    loader.want([after])
    assert loader.idle


def test_a_photo_that_cannot_be_read_is_asked_for_once(qtbot, tasks, slow, tmp_path):
    files = files_of(tmp_path, "broken.jpg")
    loader = ThumbnailLoader(tasks, slow)
    slow.gate.release()
    with qtbot.assertNotEmitted(loader.failed):
        loader.want(files)
        qtbot.waitUntil(lambda: loader.idle)
    thumbnail = loader.thumbnail(files[0].path)
    assert (thumbnail.image, thumbnail.cause) == (None, "it is empty.")
    loader.want(files)
    assert loader.idle


def test_a_fault_of_the_program_is_told(qtbot, tasks, slow, tmp_path):
    files = files_of(tmp_path, "fault.jpg")
    loader = ThumbnailLoader(tasks, slow)
    slow.gate.release()
    with qtbot.waitSignal(loader.failed) as caught:
        loader.want(files)
    assert isinstance(caught.args[0], ValueError)


def test_nothing_of_the_last_folder_arrives_in_the_next(qtbot, tasks, slow, tmp_path):
    files = files_of(tmp_path, "a.jpg")
    loader = ThumbnailLoader(tasks, slow)
    loader.want(files)
    qtbot.waitUntil(lambda: slow.asked == ["a.jpg"])
    loader.clear()
    with qtbot.assertNotEmitted(loader.loaded):
        slow.gate.release()
        qtbot.waitUntil(lambda: tasks.idle)
    assert loader.thumbnail(files[0].path) is None
    assert loader.bytes_kept == 0
