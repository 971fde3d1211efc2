"""Background work: its results come to the thread of the window, and not after a cancel."""

import threading

import pytest

from desktop.tasks import Tasks


@pytest.fixture
def tasks(qapp):
    made = Tasks("test", 2)
    yield made
    assert made.stop()


@pytest.fixture
def one(qapp):
    made = Tasks("test", 1)
    yield made
    assert made.stop()


def test_a_result_comes_to_the_thread_of_the_window(tasks, qtbot):
    came = []
    tasks.run(
        lambda progress: threading.current_thread().name,
        done=lambda name: came.append((name, threading.current_thread())),
    )
    qtbot.waitUntil(lambda: bool(came))
    name, thread = came[0]
    assert name.startswith("test-")
    assert thread is threading.main_thread()


def test_an_error_comes_to_whoever_asked(tasks, qtbot):
    came = []
    tasks.run(lambda progress: 1 / 0, done=came.append, failed=came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert isinstance(came[0], ZeroDivisionError)


def test_an_error_that_nobody_waits_for_is_told(tasks, qtbot):
    with qtbot.waitSignal(tasks.unhandled) as told:
        tasks.run(lambda progress: 1 / 0)
    assert isinstance(told.args[0], ZeroDivisionError)


def test_after_a_cancel_nothing_is_called(one, qtbot):
    gate, begun, came = threading.Event(), threading.Event(), []

    def work(progress):
        begun.set()
        gate.wait()
        return "too late"

    task = one.run(work, done=came.append, failed=came.append)
    assert begun.wait(5)
    task.cancel()
    gate.set()
    one.run(lambda progress: "next", done=came.append)
    qtbot.waitUntil(lambda: bool(came))
    assert came == ["next"]


def test_work_can_look_whether_it_is_cancelled(one, qtbot):
    begun, ended = threading.Event(), threading.Event()

    def work(progress):
        begun.set()
        try:
            while True:
                progress.check()
        finally:
            ended.set()

    task = one.run(work)
    assert begun.wait(5)
    task.cancel()
    assert ended.wait(5)


def test_progress_is_told(one, qtbot):
    told = []
    one.run(lambda progress: progress.report(0.5, "half"), reported=lambda *what: told.append(what))
    qtbot.waitUntil(lambda: bool(told))
    assert told == [(0.5, "half")]


def test_higher_priority_goes_first_and_of_equals_the_older(one, qtbot):
    gate, came = threading.Event(), []
    one.run(lambda progress: gate.wait())
    for name, priority in (("low", 0), ("high", 5), ("high again", 5), ("lowest", -1)):
        one.run(lambda progress, name=name: name, done=came.append, priority=priority)
    gate.set()
    qtbot.waitUntil(lambda: len(came) == 4)
    assert came == ["high", "high again", "low", "lowest"]


def test_stopping_ends_the_threads_and_takes_no_more_work(qapp):
    tasks = Tasks("test", 3)
    assert tasks.stop()
    assert not any(thread.name.startswith("test-") for thread in threading.enumerate())
    assert tasks.run(lambda progress: 1, done=pytest.fail).cancelled


def test_idle(one, qtbot):
    assert one.idle
    gate = threading.Event()
    one.run(lambda progress: gate.wait())
    assert not one.idle
    gate.set()
    qtbot.waitUntil(lambda: one.idle)
    gate.clear()
    one.run(lambda progress: gate.wait())
    one.cancel_all()
    gate.set()
    qtbot.waitUntil(lambda: one.idle)
