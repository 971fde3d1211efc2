"""Nothing is lost, and one bad photo costs one row, whatever goes wrong."""

import errno
import os
import sqlite3
import subprocess
import sys

import pytest

from engine.batch import journal as journals
from engine.batch import pages, work
from tests.painting import files_below, make_photo, of, run


@pytest.fixture
def photos(tmp_path):
    for number in range(4):
        make_photo(tmp_path / "photos" / f"{number}.jpg", seed=number)
    return tmp_path / "photos"


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("how", ["new", "replace"])
def test_killed_at_every_step_and_resumed(tmp_path, how):
    """The checks are in `killing`."""
    command = [sys.executable, "-m", "tests.engine.batch.killing", str(tmp_path), how]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) > 10


@pytest.mark.parametrize(
    "error", [MemoryError(), RecursionError(), SyntaxError("odd"), ValueError("x"), OSError(5, "I/O")]
)
def test_whatever_a_decoder_raises_costs_one_row(photos, monkeypatch, error):
    real = pages.read_pages

    def fail(path, **options):
        if path.name == "2.jpg":
            raise error
        return real(path, **options)

    monkeypatch.setattr(pages, "read_pages", fail)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (3, 1)
    assert of(events, "failed")[0].cause


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_full_disk_is_told_and_leaves_nothing(photos, monkeypatch, number):
    real = os.fsync

    def fail(descriptor):
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith(".part"):
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (0, 4)
    assert any(word in of(events, "failed")[0].cause for word in ("disk is full", "disk says"))
    assert files_below(photos.with_name("photos-color")) == []
    monkeypatch.undo()
    assert run(photos)[0].done == 4


def test_journal_that_cannot_be_written(photos, monkeypatch):
    def fail(journal, row, made=None):
        raise journals.JournalError("The journal cannot be written: disk full.")

    monkeypatch.setattr(journals.Journal, "store", fail)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (0, 4)
    assert "disk full" in of(events, "failed")[0].cause


def test_disk_full_for_the_last_line_of_the_journal_loses_nothing(photos, monkeypatch):
    real = journals.Journal.store

    def fail(journal, row, made=None):
        if row.state == "done":
            raise journals.JournalError("The journal cannot be written: disk full.")
        real(journal, row, made)

    monkeypatch.setattr(journals.Journal, "store", fail)
    summary, events = run(photos)
    assert (summary.done, len(of(events, "note"))) == (4, 1)
    monkeypatch.setattr(journals.Journal, "store", real)
    assert run(photos)[0].skipped == 4


def test_source_that_changes_while_it_is_read(photos, monkeypatch):
    real = pages.read_pages

    def grow(path, **options):
        yield from real(path, **options)
        if path.name == "1.jpg":
            with path.open("ab") as file:
                file.write(b"more")

    monkeypatch.setattr(pages, "read_pages", grow)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (3, 1)
    assert "changed while it was being read" in of(events, "failed")[0].cause


def test_source_that_is_removed(photos, monkeypatch):
    real = work.is_marked

    def remove(path):
        if path.name == "1.jpg":
            path.unlink()
        return real(path)

    monkeypatch.setattr(work, "is_marked", remove)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (3, 1)
    assert "no such file" in of(events, "failed")[0].cause


def test_odd_names_are_coloured_and_reported(tmp_path):
    names = [b"-n.jpg", b"a\nb.jpg", b"[red].jpg", b"\xff\xfe.jpg", "é 🌞.jpg".encode(), b"x" * 251 + b".jpg"]
    for number, name in enumerate(names):
        make_photo(tmp_path / "in" / os.fsdecode(name), seed=number)
    (tmp_path / "in" / os.fsdecode(b"bad\xff.jpg")).write_bytes(b"")
    summary, events = run(tmp_path / "in")
    assert (summary.done, summary.failed) == (6, 1)
    assert {os.fsencode(event.output.name) for event in of(events, "done")} == set(names)
    report = (tmp_path / "in-color" / "report.csv").read_text(encoding="utf-8-sig")
    assert "bad\\xff.jpg" in report
    assert all(event.to_json().isascii() for event in events)
    assert run(tmp_path / "in")[0].skipped == 6


def test_long_name_beside_itself(tmp_path):
    photo = make_photo(tmp_path / ("x" * 251 + ".jpg"))
    _, events = run(photo)
    output = of(events, "done")[0].output
    assert len(output.name) == 255
    assert output.name.endswith("-color.jpg")
    assert run(photo)[0].skipped == 1


def test_what_is_no_file_does_not_hold_up_the_batch(photos):
    os.mkfifo(photos / "pipe.jpg")
    (photos / "self").symlink_to(photos)
    summary, _ = run(photos)
    assert (summary.done, summary.failed, summary.skipped) == (4, 0, 1)
    summary, _ = run(photos / "pipe.jpg")
    assert summary.failed == 1


def test_stale_journal_rows_do_not_adopt_other_peoples_files(photos):
    """A run died before it published; then somebody put a file there."""
    output = photos.with_name("photos-color")
    run(photos)
    (output / "1.jpg").write_bytes(b"mine")
    connection = sqlite3.connect(output / ".autochrome" / "journal.sqlite")
    with connection:
        connection.execute("UPDATE photos SET state = 'saving' WHERE source = ?", (b"../photos/1.jpg",))
        connection.execute("DELETE FROM outputs WHERE name = ?", (b"1.jpg",))
    connection.close()
    summary, events = run(photos)
    assert (summary.done, summary.skipped) == (1, 3)
    assert (output / "1.jpg").read_bytes() == b"mine"
    assert of(events, "done")[0].output == output / "1-color.jpg"


def test_times_far_away_do_not_matter(photos):
    for year, name in ((0, "0.jpg"), (4102444800, "1.jpg")):
        os.utime(photos / name, (year, year))
    assert run(photos)[0].done == 4
    assert run(photos)[0].skipped == 4
