"""What old archives are like: names of every kind, paths without end, trees of any depth, and a night's sleep."""

import csv
import os
import signal
import subprocess
import sys
import time
import unicodedata

import pytest

from engine.batch.scan import scan
from engine.hints import Hint, HintPoint
from engine.sidecar import Sidecar, sidecar_path, write_sidecar
from tests.painting import FakePainter, contents, files_below, job, make_photo, of, run

COMMAND = """
from engine.cli import app, colorize, run
from tests.painting import job

colorize.make_job = lambda options: job(*options.paths, jobs=1)
run(app)
"""
ODD = [
    "-n.jpg",
    "--output=x.jpg",
    "a\nb.jpg",
    "tab\there.jpg",
    "[red]bold.jpg",
    "100%.jpg",
    "%s%n.jpg",
    "é.jpg",
    unicodedata.normalize("NFD", "é.jpg"),
    "شمس‏.jpg",
    "👨‍👩‍👧 🌞.jpg",
    " leading and trailing .jpg",
    "dots...jpg",
    "...jpg",
    ".hidden.jpg",
    "con.jpg",
    "'quoted' \"twice\" $HOME `id`;&|.jpg",
    "=1+1.jpg",
    "\\back\\slash.jpg",
    "x" * 230 + ".jpg",
    os.fsdecode(b"\xff\xfe.jpg"),
]


def test_every_name_is_coloured_with_its_hints_and_reported(tmp_path):
    folder = tmp_path / "in"
    hints = (Hint((HintPoint(24, 16),), 4.0, "#7d2a2f"),)
    for number, name in enumerate(ODD):
        photo = make_photo(folder / name, seed=number)
        write_sidecar(sidecar_path(photo), Sidecar(hints=hints, width=48, height=32))
    before = contents(folder)
    summary, events = run(folder)
    assert (summary.done, summary.failed) == (len(ODD), 0)
    done = of(events, "done")
    assert {event.source.name for event in done} == set(ODD)
    assert {event.hints for event in done} == {1}
    assert contents(folder) == before
    # Two names that differ by the composition of an accent alone would be one file on some disks.
    folded = {unicodedata.normalize("NFC", event.output.name.casefold()) for event in done}
    assert len(folded) == len(ODD)
    assert all(event.to_json().isascii() for event in events)
    with (tmp_path / "in-color" / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert len(rows) == len(ODD) + 1
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in rows for cell in row)  # no formulas
    assert run(folder)[0].skipped == len(ODD)


def test_a_path_that_becomes_too_long_is_one_row(tmp_path, monkeypatch):
    longest = os.pathconf("/", "PC_PATH_MAX")
    monkeypatch.chdir(tmp_path)
    os.mkdir("in")
    make_photo(tmp_path / "in" / "a.jpg")
    here = tmp_path / "in"
    while len(os.fsencode(here)) < longest - 110:
        here /= "d" * min(100, longest - 10 - len(os.fsencode(here)) - 1)
        os.mkdir(here)
    make_photo(here / "b.jpg")
    assert len(os.fsencode(here / "b.jpg")) < longest
    summary, events = run(tmp_path / "in", output=tmp_path / ("out" + "o" * 100))
    assert (summary.done, summary.failed) == (1, 1)
    (failed,) = of(events, "failed")
    assert failed.source == here / "b.jpg"
    assert "too long" in failed.cause.lower()


def test_a_tree_beyond_the_longest_path_is_one_row(tmp_path, monkeypatch):
    make_photo(tmp_path / "a.jpg")
    monkeypatch.chdir(tmp_path)
    depth = 2200
    for _ in range(depth):
        os.mkdir("d")
        os.chdir("d")
    try:
        found = list(scan([tmp_path]))
    finally:
        for _ in range(depth):  # neither pytest nor the system can name it
            os.chdir("..")
            os.rmdir("d")
    assert [one.path.name for one in found if not one.cause] == ["a.jpg"]
    (refused,) = [one for one in found if one.cause]
    assert "too long" in refused.cause


def test_many_files_in_one_folder_are_found_once_in_order(tmp_path):
    first = tmp_path / "0.jpg"
    first.write_bytes(b"x")
    for number in range(1, 3000):
        (tmp_path / f"{number}.jpg").write_bytes(b"")
    assert [one.path.name for one in scan([tmp_path])] == [f"{number}.jpg" for number in range(3000)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is stopped as Unix has it")
def test_a_run_that_sleeps_goes_on(tmp_path):
    """The lid is closed in the middle of a batch: nothing is lost, and no time left is below zero."""
    for number in range(6):
        make_photo(tmp_path / "in" / f"{number}.jpg", seed=number)

    class Sleepy(FakePainter):
        def colors(self, prepared):
            if not self.batches:
                os.kill(os.getpid(), signal.SIGSTOP)
            return super().colors(prepared)

    child = os.fork()
    if child == 0:
        try:
            summary = job(tmp_path / "in", painter=Sleepy(), jobs=1).run()
            os._exit(0 if (summary.done, summary.failed) == (6, 0) and summary.seconds >= 0 else 1)
        finally:
            os._exit(2)
    _, status = os.waitpid(child, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    os.kill(child, signal.SIGCONT)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert {f"{number}.jpg" for number in range(6)} <= set(files_below(tmp_path / "in-color"))
    assert run(tmp_path / "in")[0].skipped == 6


def test_a_clock_that_is_set_back_does_no_harm(tmp_path, monkeypatch):
    for number in range(3):
        make_photo(tmp_path / "in" / f"{number}.jpg", seed=number)
    real, calls = time.time, iter(range(1_000_000))
    monkeypatch.setattr(time, "time", lambda: real() - 86_400 * 365 * next(calls))
    summary, events = run(tmp_path / "in")
    assert summary.done == 3
    assert summary.seconds >= 0
    assert all(event.seconds >= 0 for event in of(events, "done"))
    assert run(tmp_path / "in")[0].skipped == 3


@pytest.mark.parametrize("more", [(), ("--json",)], ids=["plain", "json"])
def test_names_survive_a_locale_without_letters(tmp_path, more):
    names = ["é.jpg", "🌞.jpg", os.fsdecode(b"\xff.jpg")]
    for number, name in enumerate(names):
        make_photo(tmp_path / "in" / name, seed=number)
    (tmp_path / "in" / "ü.jpg").write_bytes(b"")  # so that a name is said on stderr too
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    answer = subprocess.run(
        [sys.executable, "-c", COMMAND, "colorize", str(tmp_path / "in"), *more],
        env={**{name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}, **plain},
        capture_output=True,
        check=False,
    )
    assert answer.returncode == 1, answer.stderr.decode(errors="replace")
    assert b"Traceback" not in answer.stderr
    assert {os.fsencode(name) for name in names} <= {
        os.fsencode(path.name) for path in (tmp_path / "in-color").iterdir()
    }
