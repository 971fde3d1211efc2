"""What a run tells, summed up on its threads."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop.batch_events import MOST_NOTES, Counts, Gathering, Pace
from engine import Begin, Done, Failed, Note, Resumed, Skipped, Started, Waiting


class Clock:
    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def test_counts_begin_with_nothing_known():
    counts = Gathering().counts
    assert counts.total is None
    assert counts.share == 0
    assert not counts.begun


def test_events_become_counts():
    gathering = Gathering()
    for event in (
        Begin(total=10),
        Skipped(source=Path("a"), output=Path("out/a")),
        Started(source=Path("folder/b.jpg")),
        Done(source=Path("folder/b.jpg"), output=Path("elsewhere/b.jpg")),
        Failed(source=Path("c"), cause="it is empty.", advice="Scan it again."),
    ):
        gathering.take(event)
    assert gathering.counts == Counts(total=10, done=1, failed=1, skipped=1, begun=True, name="b.jpg")
    assert gathering.counts.settled == 3
    assert gathering.counts.worked == 2
    assert gathering.counts.share == 0.3
    assert gathering.output == Path("out")


def test_outcomes_come_out_in_order_and_once_but_not_those_that_needed_nothing():
    gathering = Gathering()
    done, failed = Done(source=Path("a")), Failed(source=Path("b"))
    for event in (done, Skipped(source=Path("x")), failed):
        gathering.take(event)
    assert not gathering.empty
    assert [gathering.pop(), gathering.pop(), gathering.pop()] == [done, failed, None]
    assert gathering.empty


def test_remarks_are_kept_up_to_a_bound():
    gathering = Gathering()
    for number in range(MOST_NOTES + 50):
        gathering.take(Note(text=f"Remark {number}."))
    assert len(gathering.notes) == MOST_NOTES
    assert gathering.notes[0] == "Remark 0."


def test_an_outage_lasts_until_its_own_folder_is_there_again():
    gathering = Gathering()
    assert gathering.outage is None
    first, second = (Waiting(folder=Path(name), cause="the disk is full.") for name in ("/a", "/b"))
    again = Waiting(folder=Path("/b"), cause="the folder is gone.")
    for event, outage in (
        (first, first),
        (second, first),
        (Resumed(folder=Path("/a"), seconds=3.0), second),
        (again, again),
        (Resumed(folder=Path("/elsewhere")), again),
        (Resumed(folder=Path("/b")), None),
    ):
        gathering.take(event)
        assert gathering.outage == outage


def test_unknown_events_are_let_by():
    gathering = Gathering()
    gathering.take(object())
    assert gathering.counts == Counts()


def test_many_threads_may_tell_at_once():
    gathering = Gathering()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: gathering.take(Skipped(source=Path(str(number)))), range(2000)))
    assert gathering.counts.skipped == 2000


def test_the_share_never_passes_one():
    assert Counts(total=2, done=3).share == 1
    assert Counts(total=0).share == 0


def test_the_rate_comes_from_what_was_done_lately():
    clock = Clock()
    pace = Pace(clock)
    assert pace.rate is None
    for second in range(100):
        pace.note(second if second < 50 else 50 + (second - 50) * 4)
        clock.now += 1
    assert abs(pace.rate - 4) < 0.2


def test_there_is_no_rate_before_a_second_or_a_photo():
    clock = Clock()
    pace = Pace(clock)
    pace.note(0)
    clock.now += 0.6
    pace.note(3)
    assert pace.rate is None
    clock.now += 0.6
    pace.note(3)
    assert abs(pace.rate - 2.5) < 0.01
    other = Pace(clock)
    other.note(5)
    clock.now += 10
    other.note(5)
    assert other.rate is None


def test_paused_time_does_not_count():
    clock = Clock()
    pace = Pace(clock)
    for count in range(11):
        pace.note(count)
        clock.now += 1
    before = pace.rate
    pace.pause()
    clock.now += 3600
    pace.note(10)
    assert abs(pace.rate - before) < 0.15
