import io
import json
import re
import sys
from pathlib import Path

import pytest
from rich.console import Console

from engine.batch import Begin, Done, Failed, Planned, Resumed, Skipped, Started, Summary, Waiting
from engine.cli.display import Bar, JsonLines, Lines
from engine.cli.pace import Pace

FULL = Waiting(folder=Path("/disk"), cause="the disk is full.", advice="Free some space.")


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def console():
    return Console(file=io.StringIO(), force_terminal=True, color_system=None, width=160)


def said(console):
    return console.file.getvalue()


def drawn(console):
    """The bar as it was drawn last."""
    return [line for line in said(console).splitlines() if re.search(r"\d+/\d+ ", line)][-1]


def tell(display, *events):
    """Shows events, and takes the display away."""
    with display:
        for event in events:
            display.on_event(event)


@pytest.mark.parametrize(("stdin", "key"), [(Terminal(), "; Enter tries again now."), (io.StringIO(), " itself.")])
def test_a_run_that_waits_says_what_where_and_how_it_goes_on(console, monkeypatch, stdin, key):
    monkeypatch.setattr(sys, "stdin", stdin)
    tell(Lines(console), FULL, Resumed(folder=Path("/disk"), seconds=200))
    waiting, going_on = said(console).splitlines()
    assert waiting.startswith("Waiting for /disk: the disk is full. Free some space. The run goes on")
    assert waiting.endswith(key)
    assert going_on == "Going on in /disk, after 3 min."


def test_the_bar_counts_failures_and_shows_what_it_waits_for(console):
    bar = Bar(console)
    tell(
        bar,
        Begin(total=7),
        Failed(source=Path("/in/a.jpg"), cause="it is empty."),
        Skipped(source=Path("/in/b.jpg"), cause="already there"),
        Failed(source=Path("/in/c.jpg"), cause="it is cut off."),
        FULL,
    )
    assert "3/7 2 failed" in drawn(console)
    assert "waiting to go on" in drawn(console)
    assert "/in/c.jpg: it is cut off." in said(console)


def test_the_name_returns_when_the_run_goes_on(console):
    bar = Bar(console)
    with bar:
        bar.on_event(Begin(total=2))
        bar.on_event(FULL)
        bar.on_report(0.0, "read meanwhile.jpg")
        bar.on_event(Resumed(folder=Path("/disk"), seconds=1))
        bar.on_report(0.0, "[b]after[/b].jpg")
    assert "read meanwhile" not in said(console)
    assert "[b]after[/b].jpg" in said(console)


def test_rate_and_time_left_come_from_photos_that_needed_work(console):
    tell(Bar(console), Begin(total=1000), *[Skipped(source=Path("/in/x.jpg"), cause="already there")] * 500)
    assert "500/1000" in drawn(console)
    assert " left" not in said(console)
    now = [0.0]
    bar = Bar(console, Pace(lambda: now[0]))
    with bar:
        bar.on_event(Begin(total=1000))
        bar.on_event(Started(source=Path("/in/0.jpg")))
        for number in range(4):
            now[0] += 30
            bar.on_event(Done(source=Path(f"/in/{number}.jpg"), seconds=1))
    assert "4/1000  30.0 s each, 8 h 18 min left" in drawn(console)


@pytest.mark.parametrize(
    ("estimate", "sample", "words"),
    [
        (12000.0, 8, "1 would be coloured, 0 skipped. It would take about 3 h 20 min, judged by 8 photos."),
        (40.0, 1, "1 would be coloured, 0 skipped. It would take about 40 s, judged by 1 photo."),
        (None, 0, "1 would be coloured, 0 skipped."),
    ],
)
def test_a_dry_run_says_how_long_it_would_take(console, capsys, estimate, sample, words):
    planned = Planned(source=Path("/in/a.jpg"), output=Path("/out/a.jpg"))
    tell(Lines(console), planned, Summary(done=0, failed=0, skipped=0, estimate=estimate, sample=sample))
    assert said(console).splitlines() == [words]
    assert capsys.readouterr().out == "/in/a.jpg -> /out/a.jpg\n"


def test_json_tells_of_waiting_and_of_the_busy_shares(capsys):
    tell(
        JsonLines(),
        FULL,
        Resumed(folder=Path("/disk"), seconds=1.23456),
        Summary(done=1, failed=0, skipped=0, stages={"read": 1.0}, busy={"network": 0.98765}),
    )
    waiting, resumed, summary = map(json.loads, capsys.readouterr().out.splitlines())
    assert waiting.pop("cause") == "the disk is full."
    assert waiting == {"event": "waiting", "folder": "/disk", "advice": "Free some space."}
    assert resumed == {"event": "resumed", "folder": "/disk", "seconds": 1.235}
    assert (summary["stages"], summary["busy"], summary["estimate"]) == ({"read": 1.0}, {"network": 0.988}, None)
