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

    shares_cores = False

    def start(self):
        pass

    def enter(self):
        pass

    def cut_short(self):
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


@pytest.mark.parametrize("workers", [1, 4])
def test_workers_feed_a_network_that_shares_their_cores(workers):
    threads = set()

    class Shared(Stages):
        shares_cores = True

        def color(self, works):
            threads.add(threading.current_thread().name)
            super().color(works)

    stages = Shared()
    line = pipeline(stages, workers=workers)
    assert line.run(range(200))
    assert sorted(stages.saved) == list(range(200))
    assert len(line._threads) == workers
    assert len(threads) > 1 or workers == 1


def test_a_network_that_shares_the_cores_gets_whole_batches():
    stages = Stages()
    stages.shares_cores = True
    assert pipeline(stages, workers=1, budget=10**12).run(range(3 * BATCH + 1))
    assert [len(batch) for batch in stages.batches] == [BATCH, BATCH, BATCH, 1]


@pytest.mark.parametrize("shared", [False, True])
def test_what_the_threads_had_to_do_is_known(shared):
    stages = Stages()
    stages.shares_cores = shared
    line = pipeline(stages, workers=2)
    line.run(range(30))
    assert line.busy.stages["network"] >= 0.03 / BATCH
    assert set(line.busy.shares) == ({"workers"} if shared else {"workers", "network"})
    assert all(0 < share <= 1 for share in line.busy.shares.values())


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


def test_only_photos_that_are_alike_go_together():
    class Mixed(Stages):
        def read(self, item, pixel_limit):
            load = super().read(item, pixel_limit)
            load.likeness = item % 2
            return load

    stages = Mixed()
    assert pipeline(stages).run(range(100))
    assert sorted(stages.saved) == list(range(100))
    assert all(len({number % 2 for number in batch}) == 1 and len(batch) <= BATCH for batch in stages.batches)


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


def test_a_thread_that_wants_to_end_the_program_ends_the_run():
    class Leaving(Stages):
        def save(self, work):
            raise SystemExit(1)

    with pytest.raises(SystemExit):
        pipeline(Leaving()).run(range(5))


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


def test_pause_in_the_middle_really_pauses():
    progress = Progress()

    class Pausing(Stages):
        begun = 0

        def read(self, item, pixel_limit):
            with self.lock:
                self.begun += 1
            return super().read(item, pixel_limit)

        def color(self, works):
            with self.lock:
                self.begun += 1
            if len(self.saved) >= 5 and not progress.paused and not self.resumed:
                progress.pause()
            super().color(works)

        resumed = False

    stages = Pausing()
    line = pipeline(stages, workers=4, budget=4 * NEED, progress=progress)
    runner = threading.Thread(target=line.run, args=(range(60),))
    runner.start()
    while not progress.paused:
        time.sleep(0.005)
    time.sleep(0.2)  # what was in hand comes to its end
    begun, saved = stages.begun, list(stages.saved)
    assert len(saved) < 60
    time.sleep(0.4)
    assert (stages.begun, stages.saved) == (begun, saved)
    stages.resumed = True
    progress.resume()
    runner.join(20)
    assert not runner.is_alive()
    assert sorted(stages.saved) == list(range(60))


@pytest.mark.parametrize("stage", ["start", "read", "color", "save"])
def test_cancel_while_paused_waits_no_longer_than_the_grace(stage):
    """Whatever the threads are doing: here one of them is stuck for good in each of the stages."""
    progress, release, entered = Progress(), threading.Event(), threading.Event()

    class Stuck(Stages):
        def stick(self, here):
            if here == stage:
                progress.pause()
                entered.set()
                release.wait(30)

        def start(self):
            self.stick("start")

        def read(self, item, pixel_limit):
            self.stick("read")
            return super().read(item, pixel_limit)

        def color(self, works):
            self.stick("color")
            super().color(works)

        def save(self, work):
            self.stick("save")
            super().save(work)

    stages = Stuck()
    line = Pipeline(stages, workers=2, memory=Memory(10**9, 10 * NEED), progress=progress, grace=0.05)
    ended = []
    runner = threading.Thread(target=lambda: ended.append(line.run(range(9))))
    runner.start()
    assert entered.wait(10)
    progress.cancel()
    runner.join(10)
    assert ended == [False]
    release.set()
    for thread in line._threads:
        thread.join(10)
    assert len(stages.saved) <= 9
