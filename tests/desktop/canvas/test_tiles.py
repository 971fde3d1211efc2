import threading

import numpy as np
import pytest
from PySide6.QtCore import QObject, QRect

from desktop.canvas.mosaic import Mosaic
from desktop.canvas.picture import Source
from desktop.canvas.tiles import IN_FLIGHT, TileStore, Wishes
from desktop.canvas.viewport import Placement
from engine import Pyramid

TILE = 514 * 514 * 4


class Slow:
    """A photo whose parts come when they may."""

    def __init__(self, width=4096, height=4096):
        self._pyramid = Pyramid.build(np.zeros((height, width), np.uint8))
        self.width, self.height, self.level_count = width, height, self._pyramid.level_count
        self.size = self._pyramid.size
        self.asked = []
        self.open = threading.Event()

    def original(self, level, box):
        self.asked.append((level, box))
        assert self.open.wait(10)
        return self._pyramid.original(level, box)


class Broken(Slow):
    def original(self, level, box):
        raise MemoryError("no room")


@pytest.fixture
def view(qapp):
    return QObject()


def keys(source, area=None):
    mosaic = Mosaic(source, Placement(0, 0, source.pyramid.width, source.pyramid.height))
    return mosaic.keys(area or QRect(0, 0, 4096, 4096))


def wishes(needed, ahead=(), *sources):
    named = {key.source for key in [*needed, *ahead]} | set(sources)
    return Wishes(needed, ahead, frozenset(named))


def test_the_first_wishes_come_first_and_few_at_a_time(qtbot, tasks, view):
    photo = Slow()
    store, wanted = TileStore(tasks), keys(Source(photo))
    store.want(view, wishes(wanted))
    qtbot.waitUntil(lambda: len(photo.asked) == 2)
    assert not store.idle
    later = wanted[-4:]
    store.want(view, wishes(later))
    photo.open.set()
    qtbot.waitUntil(lambda: all(key in store for key in later) and store.idle)
    # What was under way came too, and nothing else of the former wishes.
    assert len(store) <= len(later) + IN_FLIGHT


def test_views_take_turns(qtbot, tasks, view):
    one, two, other = Slow(), Slow(), QObject()
    store = TileStore(tasks)
    one.open.set()
    two.open.set()
    store.want(view, wishes(keys(Source(one))))
    store.want(other, wishes(keys(Source(two), QRect(0, 0, 10, 10))))
    qtbot.waitUntil(lambda: len(two.asked) == 1)
    assert len(one.asked) < 64


def test_tiles_of_a_source_that_nobody_names_are_dropped(qtbot, tasks, view):
    one, two = Slow(), Slow()
    store, wanted = TileStore(tasks), keys(Source(one), QRect(0, 0, 600, 600))
    one.open.set()
    store.want(view, wishes(wanted))
    qtbot.waitUntil(lambda: all(key in store for key in wanted))
    store.want(view, wishes([], [], Source(one)))
    assert len(store) == 4
    store.want(view, wishes(keys(Source(two), QRect(0, 0, 10, 10))))
    assert not any(key in store for key in wanted)
    two.open.set()
    qtbot.waitUntil(lambda: store.idle)


def test_a_tile_of_a_dropped_source_does_not_arrive(qtbot, tasks, view):
    photo = Slow()
    store = TileStore(tasks)
    arrived = []
    store.arrived.connect(arrived.append)
    store.want(view, wishes(keys(Source(photo))))
    qtbot.waitUntil(lambda: len(photo.asked) == 2)
    store.want(view, Wishes())
    photo.open.set()
    qtbot.waitUntil(lambda: tasks.idle)
    qtbot.wait(20)
    assert arrived == []
    assert len(store) == 0
    assert store.size == 0


def test_the_bytes_are_bounded_and_the_needed_ones_stay(qtbot, tasks, view):
    photo = Slow()
    photo.open.set()
    store, every = TileStore(tasks, 10 * TILE), keys(Source(photo))
    for first in range(0, 64, 4):
        needed = every[first : first + 4]
        store.want(view, wishes(needed))
        qtbot.waitUntil(lambda needed=needed: all(key in store for key in needed) and store.idle)
        assert store.size <= 10 * TILE
        assert len(store) <= 10


def test_what_is_needed_at_once_is_kept_beyond_the_budget(qtbot, tasks, view):
    photo = Slow()
    photo.open.set()
    store, needed = TileStore(tasks, 2 * TILE), keys(Source(photo))[:6]
    ahead = keys(Source(photo))[6:12]
    store.want(view, wishes(needed, ahead))
    qtbot.waitUntil(lambda: all(key in store for key in needed) and store.idle)
    assert len(store) == 6  # and nothing ahead of need
    assert len(photo.asked) == 6


def test_a_failure_is_told_once_and_not_tried_again(qtbot, tasks, view):
    photo = Broken()
    store, wanted = TileStore(tasks), keys(Source(photo))[:5]
    told = []
    store.failed.connect(told.append)
    store.want(view, wishes(wanted))
    qtbot.waitUntil(lambda: all(key in store for key in wanted))
    assert [str(error) for error in told] == ["no room"]
    assert store.get(wanted[0]) is None
    store.want(view, wishes(wanted))
    assert store.idle


def test_tiles_that_others_cancelled_are_asked_for_again(qtbot, tasks, view):
    photo = Slow()
    store, wanted = TileStore(tasks), keys(Source(photo))[:3]
    store.want(view, wishes(wanted))
    tasks.cancel_all()
    photo.open.set()
    store.want(view, wishes(wanted))
    qtbot.waitUntil(lambda: all(key in store for key in wanted))


def test_threads_that_have_ended_are_no_trouble(qtbot, tasks, view):
    assert tasks.stop()
    store = TileStore(tasks)
    store.want(view, wishes(keys(Source(Slow()))))
    assert store.idle


def test_a_view_that_is_gone_wants_nothing(qtbot, tasks):
    photo = Slow()
    store = TileStore(tasks)
    gone = QObject()
    store.want(gone, wishes(keys(Source(photo))[:3]))
    del gone
    photo.open.set()
    qtbot.waitUntil(lambda: store.idle)
    store.want(QObject(), Wishes())
    assert len(store) == 0
