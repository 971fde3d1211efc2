import pytest

from engine.cli.pace import Pace


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def pace(clock):
    return Pace(clock)


def finish(pace, clock, count, seconds):
    for _ in range(count):
        clock.now += seconds
        pace.finished()


def test_nothing_is_said_before_there_is_something_to_judge_by(pace, clock):
    assert (pace.rate, pace.left(5)) == (None, None)
    pace.begin()
    finish(pace, clock, 2, 1.0)
    assert pace.rate is None
    finish(pace, clock, 1, 1.0)
    assert pace.rate == pytest.approx(1)
    assert pace.left(120) == pytest.approx(120)


def test_the_last_minute_counts(pace, clock):
    pace.begin()
    finish(pace, clock, 200, 2.0)
    finish(pace, clock, 200, 0.5)
    assert pace.rate == pytest.approx(2, rel=0.02)


def test_slow_photos_count_by_their_number(pace, clock):
    pace.begin()
    finish(pace, clock, 30, 100.0)
    assert pace.rate == pytest.approx(0.01)
    assert pace.left(0) == 0
    assert pace.left(-1) == 0


def test_one_that_takes_long_slows_it_before_it_is_finished(pace, clock):
    pace.begin()
    finish(pace, clock, 10, 1.0)
    clock.now += 1.0
    assert pace.rate == pytest.approx(1)
    clock.now += 89.0
    assert pace.rate < 0.2


def test_waiting_does_not_count(pace, clock):
    pace.begin()
    finish(pace, clock, 10, 1.0)
    clock.now += 5000
    pace.waited(5000)
    finish(pace, clock, 5, 1.0)
    assert pace.rate == pytest.approx(1)


def test_beginning_twice_is_beginning_once(pace, clock):
    pace.begin()
    finish(pace, clock, 5, 1.0)
    pace.begin()
    assert pace.rate == pytest.approx(1)
