import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.batch.memory import FIRST_ALLOWANCE, STEP, Memory
from engine.batch.pipeline import BATCH, Pipeline
from engine.errors import PhotoTooLargeError
from engine.photo import BYTES_PER_PIXEL
from engine.progress import Progress

NEED = FIRST_ALLOWANCE * BYTES_PER_PIXEL
"""What is set aside for a photo that was not opened yet."""


@dataclass(eq=False)
class Load:
    """A photo in flight, by its number."""

    number: int
    cost: int
    likeness: object = 0


class Stages:
    """Stages that note what they were given, and how much of it at a time."""

    def __init__(self, cost=1000, pixels=1, bad=()):
        self.cost, self.pixels, self.bad = cost, pixels, bad
        self.saved, self.failed, self.batches, self.limits = [], [], [], []
        self.in_flight = self.most_in_flight = 0
        self.lock = threading.Lock()

    def start(self):
        pass

    def read(self, item, pixel_limit):
        if pixel_limit is not None and self.pixels > pixel_limit:
            self.limits.append(pixel_limit)
            raise PhotoTooLargeError(Path("x.jpg"), "too large.")
        with self.lock:
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        return Load(item, self.cost)

    def color(self, works):
        self.batches.append([work.number for work in works])
        if any(work.number in self.bad for work in works):
            raise ValueError("bad")
        time.sleep(0.001)

    def save(self, work):
        with self.lock:
            self.in_flight -= 1
            self.saved.append(work.number)

    def fail(self, item, error):
        with self.lock:
            self.failed.append((item, error))


def pipeline(stages, *, workers=3, budget=10 * NEED, pixels=10**9, progress=None):
    return Pipeline(stages, workers=workers, memory=Memory(pixels, budget), progress=progress or Progress())


def test_everything_passes_once():
    stages = Stages()
    assert pipeline(stages).run(range(50))
    assert sorted(stages.saved) == list(range(50))
    assert max(len(batch) for batch in stages.batches) <= BATCH


def test_bytes_in_flight_are_bounded():
    stages = Stages(cost=NEED)
    assert pipeline(stages, workers=8, budget=3 * NEED).run(range(30))
    assert stages.most_in_flight <= 3
    assert len(stages.saved) == 30


def test_photo_beyond_the_budget_goes_alone():
    stages = Stages(cost=5 * NEED)
    assert pipeline(stages, workers=4, budget=NEED // 2).run(range(10))
    assert stages.most_in_flight == 1
    assert len(stages.saved) == 10


def test_large_photo_comes_back_for_more_room():
    stages = Stages(pixels=FIRST_ALLOWANCE * STEP + 1)
    assert pipeline(stages, workers=1).run([0])
    assert stages.limits == [FIRST_ALLOWANCE, FIRST_ALLOWANCE * STEP]
    assert stages.saved == [0]


def test_photo_that_fits_nowhere_fails():
    class Hopeless(Stages):
        def read(self, item, pixel_limit):
            self.limits.append(pixel_limit)
            raise PhotoTooLargeError(Path("x.jpg"), "too large.")

    stages = Hopeless()
    assert pipeline(stages, pixels=FIRST_ALLOWANCE * 2).run([0])
    assert stages.limits == [FIRST_ALLOWANCE, None]
    assert len(stages.failed) == 1


def test_one_bad_photo_does_not_take_its_batch_along():
    stages = Stages(bad={3, 7})
    assert pipeline(stages).run(range(20))
    assert sorted(item for item, _ in stages.failed) == [3, 7]
    assert len(stages.saved) == 18


def test_what_start_raises_ends_the_run():
    class NoModel(Stages):
        def start(self):
            raise LookupError("no model")

    with pytest.raises(LookupError):
        pipeline(NoModel()).run(range(3))


def test_fault_of_a_stage_itself_is_not_swallowed():
    class Broken(Stages):
        def fail(self, item, error):
            raise KeyError("a fault")

    with pytest.raises(KeyError):
        pipeline(Broken(bad={0})).run([0])


def test_pause_holds_work_back_and_cancel_ends_it():
    progress = Progress()
    stages = Stages()
    progress.pause()
    line = pipeline(stages, progress=progress)
    runner = threading.Thread(target=line.run, args=(range(5),))
    runner.start()
    time.sleep(0.05)
    assert stages.saved == []
    progress.cancel()
    runner.join(5)
    assert not runner.is_alive()
    assert stages.saved == []


def test_thread_inside_a_decoder_is_left_behind():
    release = threading.Event()

    class Stuck(Stages):
        def read(self, item, pixel_limit):
            progress.cancel()
            release.wait(20)
            return super().read(item, pixel_limit)

    progress = Progress()
    stages = Stuck()
    line = pipeline(stages, workers=1, progress=progress)
    assert line.run(range(3)) is False
    release.set()
    for thread in line._threads:
        thread.join(5)
    assert stages.saved == []
