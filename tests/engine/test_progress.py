"""The token of long work: reports, cancelling, pausing."""

import threading

import pytest

from engine.errors import CancelledError
from engine.progress import Progress


def test_reports_reach_the_listener():
    heard = []
    progress = Progress(lambda share, doing: heard.append((share, doing)))
    progress.report(0.25, "reading")
    progress.report(1.0)
    assert heard == [(0.25, "reading"), (1.0, "")]


@pytest.mark.parametrize(("told", "heard"), [(-0.5, 0.0), (1.5, 1.0), (0.0, 0.0)])
def test_a_share_stays_between_none_and_all(told, heard):
    shares = []
    Progress(lambda share, doing: shares.append(share)).report(told)
    assert shares == [heard]


def test_nobody_needs_to_listen():
    progress = Progress()
    progress.report(0.5, "working")
    progress.check()
    assert not progress.cancelled


def test_cancelled_work_stops_at_its_next_check():
    heard = []
    progress = Progress(lambda share, doing: heard.append(share))
    progress.cancel()
    assert progress.cancelled
    with pytest.raises(CancelledError):
        progress.check()
    with pytest.raises(CancelledError):
        progress.report(0.5)
    assert heard == []


def paused_worker(progress):
    """A thread that checks once; it says how that ended."""
    ended = []

    def work():
        try:
            progress.check()
            ended.append("went on")
        except CancelledError:
            ended.append("cancelled")

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(0.05)
    assert thread.is_alive()  # it waits
    return thread, ended


@pytest.mark.parametrize(("act", "end"), [("resume", "went on"), ("cancel", "cancelled")])
def test_paused_work_waits(act, end):
    progress = Progress()
    progress.pause()
    thread, ended = paused_worker(progress)
    getattr(progress, act)()
    thread.join(5)
    assert ended == [end]


def test_pausing_and_resuming_again():
    progress = Progress()
    progress.pause()
    progress.resume()
    progress.check()
    progress.pause()
    thread, ended = paused_worker(progress)
    progress.resume()
    thread.join(5)
    assert ended == ["went on"]


def test_it_says_whether_it_is_paused():
    progress = Progress()
    assert not progress.paused
    progress.pause()
    assert progress.paused
    progress.resume()
    assert not progress.paused
    progress.pause()
    progress.cancel()
    assert not progress.paused
    progress.pause()  # nobody may hold back what is to end
    assert not progress.paused
