"""Copies are made for a batch, its clock is read, and nothing stays."""

from types import SimpleNamespace

import pytest

from engine.benchmark.batches import BatchClock, BatchRate, time_batch
from engine.errors import CancelledError
from engine.progress import Progress
from tests.painting import files_below, make_photo


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes one second further each time it is read."""
    seconds = iter(range(1000))
    monkeypatch.setattr("engine.benchmark.batches.time", SimpleNamespace(perf_counter=lambda: float(next(seconds))))


def ended(seconds=9.0):
    return SimpleNamespace(seconds=seconds, stages={"read": 2.0}, busy={"workers": 0.9})


def timed(photo, run, progress=None):
    return time_batch(photo, run, photo.parent, model="tiny", device="cpu", count=3, progress=progress or Progress())


def test_the_rate_counts_from_the_first_read_to_the_last_saved(tmp_path, clock):
    photo = make_photo(tmp_path / "a.jpg")
    seen = []

    def run(copies, progress):
        seen.append((copies.model, copies.device, copies.output.exists()))
        for path in copies.photos:
            assert path.read_bytes() == photo.read_bytes()
            assert path.suffix == ".jpg"
            copies.clock.was_read()
        for _ in copies.photos:
            copies.clock.was_saved()
        return ended()

    found = timed(photo, run)
    assert seen == [("tiny", "cpu", False)]
    assert found == BatchRate(photos=3, seconds=3.0, whole=9.0, stages={"read": 2.0}, busy={"workers": 0.9})
    assert found.rate == 1.0
    assert files_below(tmp_path) == ["a.jpg"]


def test_a_batch_that_leaves_all_of_them(tmp_path):
    def run(copies, progress):
        copies.clock.was_left("it is a coloured photo.")
        return ended()

    found = timed(make_photo(tmp_path / "a.jpg"), run)
    assert (found.photos, found.rate, found.cause) == (0, 0.0, "it is a coloured photo.")


def test_nothing_stays_of_a_cancelled_one(tmp_path):
    progress = Progress()

    def run(copies, progress):
        copies.output.mkdir()
        (copies.output / "half").write_bytes(b"")
        progress.cancel()
        return ended()

    with pytest.raises(CancelledError):
        timed(make_photo(tmp_path / "a.jpg"), run, progress)
    assert files_below(tmp_path) == ["a.jpg"]


def test_a_clock_that_was_told_nothing():
    assert BatchClock().seconds == 0.0
