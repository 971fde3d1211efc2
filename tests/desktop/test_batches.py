"""The batch queue, with the engine's real batches and a painter that needs no network."""

import dataclasses
import threading
from pathlib import Path

import pytest

from desktop.batches import BatchQueue, BatchState
from engine import (
    BatchJob,
    BatchOptions,
    Begin,
    CancelledError,
    Done,
    EngineError,
    Failed,
    Resumed,
    Skipped,
    Summary,
    Waiting,
)
from engine.batch.readers import HereReaders
from tests.painting import FakePainter, is_coloured, make_photo

OPTIONS = BatchOptions(paths=(), jobs=2)


class GatedPainter(FakePainter):
    """Paints one photo whenever it is let."""

    def __init__(self):
        super().__init__()
        self.gate = threading.Semaphore(0)
        self.painted = 0

    def colors(self, prepared):
        for _ in prepared:
            self.gate.acquire()
        self.painted += len(prepared)
        return super().colors(prepared)

    def open(self):
        self.gate.release(1000)


class Scripted:
    """A job that does what a function says."""

    def __init__(self, script):
        self._script = script
        self._options = None

    def __call__(self, options):
        self._options = options
        return self

    def run(self, progress, listener, *, grace):
        return self._script(self._options, progress, listener) or Summary(done=0, failed=0, skipped=0)

    def try_again(self):
        pass


class FullDisk:
    """A job whose disk is full until it is asked to try again with room on it."""

    OUTAGE = Waiting(folder=Path("/out"), cause="the disk is full.", advice="Make room on it.")

    def __init__(self):
        self.asked = threading.Semaphore(0)
        self.tries = 0
        self.room = False

    def __call__(self, options):
        return self

    def run(self, progress, listener, *, grace):
        listener(Begin(total=1))
        listener(self.OUTAGE)
        while not self.room and not progress.cancelled:
            self.asked.acquire(timeout=0.01)
        if not progress.cancelled:
            listener(Resumed(folder=Path("/out"), seconds=1.0))
            listener(Done(source=Path("a.jpg"), output=Path("/out/a.jpg")))
        return Summary(done=1, failed=0, skipped=0, seconds=7.0, interrupted=progress.cancelled)

    def try_again(self):
        self.tries += 1
        self.asked.release()


@pytest.fixture
def make_queue(qapp):
    """Makes queues whose jobs paint with the painter that is given."""
    made = []

    def make(painter=None, job=None):
        used = painter or FakePainter()

        def real(options):
            return BatchJob(
                options,
                load=lambda model, device: used,
                hash_of=lambda model: "a" * 64,
                readers=lambda note: HereReaders(),
            )

        queue = BatchQueue(job=job or real)
        made.append((queue, used))
        return queue

    yield make
    for queue, used in made:
        if isinstance(used, GatedPainter):
            used.open()
        queue.stop()


def photos(folder, *names):
    for seed, name in enumerate(names):
        make_photo(folder / name, seed=seed)
    return folder


def wait_for(qtbot, entry, state):
    qtbot.waitUntil(lambda: entry.state is state, timeout=20_000)


def test_a_folder_is_coloured_and_each_photo_told(qtbot, tmp_path, make_queue):
    queue = make_queue()
    folder = photos(tmp_path / "album", "a.jpg", "b.png")
    told, ended = [], []
    queue.photo_done.connect(lambda source, output: told.append((source, output)))
    queue.entry_ended.connect(lambda entry: ended.append(len(told)))
    entry = queue.add([folder], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    assert sorted(source.name for source, _ in told) == ["a.jpg", "b.png"]
    assert all(is_coloured(output) for _, output in told)
    assert ended == [2]
    assert (entry.counts.total, entry.counts.done, entry.counts.failed) == (2, 2, 0)
    assert entry.output == tmp_path / "album-color"
    assert "report.csv" in [report.name for report in entry.reports]
    assert entry.seconds > 0
    assert entry.error is None
    assert queue.active is None
    assert not queue.busy


def test_a_failure_has_its_cause_and_can_be_retried_alone(qtbot, tmp_path, make_queue):
    painter = FakePainter()
    queue = make_queue(painter)
    folder = photos(tmp_path / "album", "good.jpg")
    (folder / "bad.png").write_bytes(b"no picture at all")
    failed = []
    queue.photo_failed.connect(lambda path, cause: failed.append((path, cause)))
    entry = queue.add([folder], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    (failure,) = entry.failures
    assert failure.path == folder / "bad.png"
    assert failure.cause
    assert failed == [(folder / "bad.png", failure.cause)]
    assert entry.counts.failed == 1
    make_photo(folder / "bad.png")
    painted = sum(painter.batches)
    queue.retry(entry)
    assert entry.state is not BatchState.DONE
    wait_for(qtbot, entry, BatchState.DONE)
    assert entry.failures == []
    assert (entry.counts.done, entry.counts.skipped) == (1, 1)
    assert sum(painter.batches) == painted + 1


def test_entries_run_one_after_the_other(qtbot, tmp_path, make_queue):
    painter = GatedPainter()
    queue = make_queue(painter)
    first = queue.add([photos(tmp_path / "one", "a.jpg")], OPTIONS)
    second = queue.add([photos(tmp_path / "two", "b.jpg")], OPTIONS)
    assert queue.entries == (first, second)
    assert queue.active is first
    assert second.state is BatchState.WAITING
    painter.open()
    wait_for(qtbot, second, BatchState.DONE)
    assert first.state is BatchState.DONE


def test_a_pause_begins_no_more_photos_until_it_is_over(qtbot, tmp_path, make_queue):
    painter = GatedPainter()
    queue = make_queue(painter)
    names = [f"{number:02}.png" for number in range(12)]
    entry = queue.add([photos(tmp_path / "album", *names)], OPTIONS)
    qtbot.waitUntil(lambda: entry.counts.begun)
    queue.pause(entry)
    assert entry.state is BatchState.PAUSED
    painter.open()
    # A photo in hand may still be finished; then nothing moves.
    qtbot.waitUntil(lambda: painter.painted > 0)
    qtbot.wait_signal(queue.photo_done, timeout=300, raising=False).wait()
    with qtbot.assertNotEmitted(queue.photo_done, wait=300):
        seen = entry.counts.settled
    assert entry.counts.settled == seen < 12
    assert entry.state is BatchState.PAUSED
    queue.resume(entry)
    assert entry.state is BatchState.RUNNING
    wait_for(qtbot, entry, BatchState.DONE)
    assert entry.counts.done == 12


@pytest.mark.parametrize("paused", [False, True])
def test_a_cancelled_entry_stops_with_work_in_hand_and_goes_on_when_retried(qtbot, tmp_path, make_queue, paused):
    painter = GatedPainter()
    queue = make_queue(painter)
    entry = queue.add([photos(tmp_path / "album", "a.png", "b.png", "c.png")], OPTIONS)
    qtbot.waitUntil(lambda: entry.counts.begun)
    if paused:
        queue.pause(entry)
    with qtbot.waitSignal(queue.entry_ended):
        queue.cancel(entry)
        assert entry.state is BatchState.STOPPING
    assert entry.state is BatchState.CANCELLED
    assert not queue.busy
    painter.open()
    queue.retry(entry)
    wait_for(qtbot, entry, BatchState.DONE)
    assert entry.counts.done + entry.counts.skipped == 3


def test_an_entry_that_waits_can_be_cancelled_and_is_never_run(qtbot, tmp_path, make_queue):
    painter = GatedPainter()
    queue = make_queue(painter)
    first = queue.add([photos(tmp_path / "one", "a.jpg")], OPTIONS)
    second = queue.add([photos(tmp_path / "two", "b.jpg")], OPTIONS)
    queue.cancel(second)
    assert second.state is BatchState.CANCELLED
    painter.open()
    wait_for(qtbot, first, BatchState.DONE)
    assert not (tmp_path / "two-color").exists()


def test_what_cannot_be_run_says_why_and_the_next_goes_on(qtbot, tmp_path, make_queue):
    queue = make_queue()
    faults = []
    queue.failed.connect(faults.append)
    (tmp_path / "empty").mkdir()
    empty = queue.add([tmp_path / "empty"], OPTIONS)
    other = queue.add([photos(tmp_path / "album", "a.jpg")], OPTIONS)
    wait_for(qtbot, other, BatchState.DONE)
    assert empty.state is BatchState.FAILED
    assert isinstance(empty.error, EngineError)
    assert "no photos" in str(empty.error)
    assert faults == []
    make_photo(tmp_path / "empty" / "now.jpg")
    queue.retry(empty)
    wait_for(qtbot, empty, BatchState.DONE)
    assert empty.error is None


def test_a_fault_of_the_program_is_told(qtbot, make_queue):
    def script(options, progress, listener):
        raise ValueError("a fault")

    queue = make_queue(job=Scripted(script))
    with qtbot.waitSignal(queue.failed) as blocker:
        entry = queue.add([Path("album")], OPTIONS)
    assert isinstance(blocker.args[0], ValueError)
    assert entry.state is BatchState.FAILED
    assert entry.error is blocker.args[0]


def test_a_job_that_is_cancelled_before_it_sums_up_is_cancelled(qtbot, make_queue):
    def script(options, progress, listener):
        raise CancelledError("The work was cancelled.")

    queue = make_queue(job=Scripted(script))
    entry = queue.add([Path("album")], OPTIONS)
    wait_for(qtbot, entry, BatchState.CANCELLED)
    assert entry.error is None


def test_a_hundred_thousand_events_reach_the_window_in_a_few(qtbot, make_queue):
    skipped, failing = 100_000, 3_000

    def script(options, progress, listener):
        listener(Begin(total=skipped + failing))
        for _ in range(skipped):
            listener(Skipped(source=Path("a"), output=Path("b")))
        for number in range(failing):
            listener(Failed(source=Path(f"{number}.jpg"), cause="it is empty."))
        listener(Done(source=Path("last.jpg"), output=Path("last-color.jpg")))

    queue = make_queue(job=Scripted(script))
    changes, grown, failures, done = [], [], [], []
    queue.entry_changed.connect(changes.append)
    queue.failures_changed.connect(grown.append)
    queue.photo_failed.connect(lambda path, cause: failures.append(path))
    queue.photo_done.connect(lambda source, output: done.append(source))
    entry = queue.add([Path("album")], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    assert entry.counts.skipped == skipped
    assert [failure.path for failure in entry.failures] == failures
    assert len(failures) == failing
    assert done == [Path("last.jpg")]
    assert len(changes) < 1000
    assert len(grown) < 1000


def test_only_what_is_not_active_can_be_removed(qtbot, tmp_path, make_queue):
    painter = GatedPainter()
    queue = make_queue(painter)
    removed = []
    queue.entry_removed.connect(removed.append)
    entry = queue.add([photos(tmp_path / "album", "a.jpg")], OPTIONS)
    queue.remove(entry)
    assert queue.entries == (entry,)
    painter.open()
    wait_for(qtbot, entry, BatchState.DONE)
    queue.remove(entry)
    queue.remove(entry)
    assert queue.entries == ()
    assert removed == [entry]
    assert (tmp_path / "album-color" / "a.jpg").exists()


def test_what_waits_already_is_not_added_twice(tmp_path, make_queue):
    queue = make_queue(GatedPainter())
    first = queue.add([photos(tmp_path / "one", "a.jpg")], OPTIONS)
    second = queue.add([tmp_path / "two"], OPTIONS)
    assert queue.add([tmp_path / "two"], OPTIONS) is second
    assert queue.add([tmp_path / "two"], dataclasses.replace(OPTIONS, quality=50)) is not second
    assert queue.add([tmp_path / "one"], OPTIONS) is not first


def held_up(qtbot, queue):
    """An entry that waits for its disk."""
    told = []
    queue.held_up.connect(told.append)
    entry = queue.add([Path("album")], OPTIONS)
    qtbot.waitUntil(lambda: told == [entry])
    return entry


def test_a_full_disk_is_told_and_waited_for_and_then_the_entry_goes_on(qtbot, make_queue):
    job = FullDisk()
    queue = make_queue(job=job)
    entry = held_up(qtbot, queue)
    assert entry.outage == FullDisk.OUTAGE
    assert entry.state is BatchState.RUNNING
    queue.try_again(entry)
    assert job.tries == 1
    assert entry.tried_at is not None
    assert entry.outage == FullDisk.OUTAGE
    job.room = True
    wait_for(qtbot, entry, BatchState.DONE)
    assert (entry.outage, entry.tried_at) == (None, None)
    assert (entry.counts.done, entry.seconds) == (1, 7.0)


def test_an_output_folder_that_is_moved_away_is_waited_for(qtbot, tmp_path, make_queue):
    painter = GatedPainter()
    queue = make_queue(painter)
    entry = queue.add([photos(tmp_path / "album", "a.jpg", "b.jpg", "c.jpg")], OPTIONS)
    output, away = tmp_path / "album-color", tmp_path / "away"
    qtbot.waitUntil(lambda: entry.counts.total == 3)
    output.rename(away)
    painter.open()
    qtbot.waitUntil(lambda: entry.outage is not None)
    assert entry.outage.folder == output
    assert not output.exists(), "a folder of this name on the disk below is not the one that was meant"
    away.rename(output)
    queue.try_again(entry)
    wait_for(qtbot, entry, BatchState.DONE)
    assert (entry.outage, entry.counts.done, entry.counts.failed) == (None, 3, 0)
    assert all(is_coloured(output / name) for name in ("a.jpg", "b.jpg", "c.jpg"))


def test_an_entry_that_waits_for_its_disk_can_be_paused_and_cancelled(qtbot, make_queue):
    job = FullDisk()
    queue = make_queue(job=job)
    entry = held_up(qtbot, queue)
    queue.pause(entry)
    assert entry.state is BatchState.PAUSED
    queue.try_again(entry)
    assert job.tries == 1
    queue.resume(entry)
    assert entry.state is BatchState.RUNNING
    with qtbot.waitSignal(queue.entry_ended):
        queue.cancel(entry)
        queue.try_again(entry)
    assert job.tries == 1, "it is being stopped"
    assert entry.state is BatchState.CANCELLED
    assert entry.outage is None


def test_only_an_entry_that_waits_for_its_disk_tries_again(qtbot, tmp_path, make_queue):
    job = FullDisk()
    queue = make_queue(job=job)
    entry = held_up(qtbot, queue)
    other = queue.add([tmp_path], OPTIONS)
    queue.try_again(other)
    assert job.tries == 0
    job.room = True
    wait_for(qtbot, other, BatchState.DONE)
    queue.try_again(entry)
    assert job.tries == 0


def test_a_retry_never_starts_from_the_beginning(qtbot, tmp_path, make_queue):
    queue = make_queue()
    folder = photos(tmp_path / "album", "a.jpg")
    entry = queue.add([folder], dataclasses.replace(OPTIONS, restart=True))
    wait_for(qtbot, entry, BatchState.DONE)
    queue.retry(entry)
    wait_for(qtbot, entry, BatchState.DONE)
    assert (entry.counts.done, entry.counts.skipped) == (0, 1)


def test_acts_that_do_not_fit_the_state_are_let_by(qtbot, tmp_path, make_queue):
    queue = make_queue()
    entry = queue.add([photos(tmp_path / "album", "a.jpg")], OPTIONS)
    queue.resume(entry)
    queue.retry(entry)
    assert entry.state is BatchState.RUNNING
    wait_for(qtbot, entry, BatchState.DONE)
    queue.pause(entry)
    queue.cancel(entry)
    assert entry.state is BatchState.DONE


def test_a_listener_may_start_something_else_when_an_entry_ends(qtbot, tmp_path, make_queue):
    queue = make_queue()
    first = queue.add([photos(tmp_path / "one", "a.jpg")], OPTIONS)
    more = []

    def follow(entry):
        if entry is first:
            queue.remove(entry)
            more.append(queue.add([photos(tmp_path / "two", "b.jpg")], OPTIONS))

    queue.entry_ended.connect(follow)
    qtbot.waitUntil(lambda: bool(more) and more[0].state is BatchState.DONE)
    assert queue.entries == tuple(more)


def test_stopping_ends_the_thread_in_the_middle_of_work(qtbot, tmp_path, make_queue):
    painter = GatedPainter()
    queue = make_queue(painter)
    entry = queue.add([photos(tmp_path / "album", "a.jpg", "b.jpg")], OPTIONS)
    qtbot.waitUntil(lambda: entry.counts.begun)
    assert queue.stop()
    assert not any(thread.name.startswith("batch-") for thread in threading.enumerate())


def test_names_that_are_no_text_work(qtbot, tmp_path, make_queue):
    queue = make_queue()
    folder = tmp_path / "album"
    name = b"gr\xfcn.jpg".decode("utf-8", "surrogateescape")
    try:
        make_photo(folder / name)
    except OSError:
        pytest.skip("this disk takes no such names")
    told = []
    queue.photo_done.connect(lambda source, output: told.append(source))
    entry = queue.add([folder], OPTIONS)
    wait_for(qtbot, entry, BatchState.DONE)
    assert told == [folder / name]
