"""Nothing is lost, and one bad photo costs one row, whatever goes wrong."""

import errno
import os
import shutil
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

from engine.batch import journal as journals
from engine.batch import readers, saving
from engine.batch.thumbnails import Thumbnails
from engine.progress import Progress
from tests.engine.batch.disks import CASES
from tests.painting import contents, files_below, job, make_photo, of, run


@pytest.fixture
def photos(tmp_path):
    for number in range(4):
        make_photo(tmp_path / "photos" / f"{number}.jpg", seed=number)
    return tmp_path / "photos"


@pytest.mark.parametrize(
    "error", [MemoryError(), RecursionError(), SyntaxError("odd"), ValueError("x"), OSError(5, "I/O")]
)
def test_whatever_a_decoder_raises_costs_one_row(photos, monkeypatch, error):
    real = readers.read_pages

    def fail(path, **options):
        if path.name == "2.jpg":
            raise error
        return real(path, **options)

    monkeypatch.setattr(readers, "read_pages", fail)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (3, 1)
    assert of(events, "failed")[0].cause


def refuse_outputs(monkeypatch, number):
    """Has the system refuse every output, once it is written."""
    real = os.fsync

    def fail(descriptor):
        if os.readlink(f"/proc/self/fd/{descriptor}").endswith(".part") and os.fstat(descriptor).st_size > 500:
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail)


def test_disk_that_refuses_outputs_is_told_and_leaves_nothing(photos, monkeypatch):
    refuse_outputs(monkeypatch, errno.EIO)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (0, 4)
    assert "disk says" in of(events, "failed")[0].cause
    output = photos.with_name("photos-color")
    assert [name for name in files_below(output) if not name.startswith("report.")] == []
    monkeypatch.undo()
    assert run(photos)[0].done == 4


def test_full_disk_is_waited_for(photos, monkeypatch):
    events, left = [], []

    def listen(event):
        events.append(event)
        if event.name == "waiting":
            left.extend(files_below(photos.with_name("photos-color")))
            monkeypatch.undo()  # there is space again

    refuse_outputs(monkeypatch, errno.ENOSPC)
    summary = job(photos, jobs=1).run(listener=listen)
    assert left == []
    assert (summary.done, summary.failed) == (4, 0)
    assert [event.cause for event in of(events, "waiting")] == ["the disk is full."]
    assert len(of(events, "resumed")) == 1
    assert run(photos)[0].skipped == 4


def test_full_disk_and_a_user_who_does_not_wait(photos, monkeypatch):
    progress, events = Progress(), []

    def listen(event):
        events.append(event)
        if event.name == "waiting":
            progress.cancel()

    refuse_outputs(monkeypatch, errno.ENOSPC)
    summary = job(photos).run(progress, listen)
    assert summary.interrupted
    assert (summary.done, summary.failed, len(of(events, "waiting"))) == (0, 0, 1)
    monkeypatch.undo()
    assert not list(photos.with_name("photos-color").rglob("*.part"))
    assert run(photos)[0].done == 4


def test_disk_that_goes_before_an_output_is_taken_down(photos, monkeypatch):
    """It is known as ours all the same, even without its mark."""
    output = photos.with_name("photos-color")
    events = []

    def listen(event):
        events.append(event)
        if event.name == "waiting":
            output.with_name("away").rename(output)

    def save(*arguments, _real=saving.save_photo, **options):
        notes = _real(*arguments, **options)
        if len(of(events, "done")) == 1 and not of(events, "waiting"):
            output.rename(output.with_name("away"))
        return notes

    monkeypatch.setattr(saving, "save_photo", save)
    summary = job(photos, jobs=1, mark=False).run(listener=listen)
    assert (summary.done, summary.failed, len(of(events, "waiting"))) == (4, 0, 1)
    made = contents(output)
    assert run(photos, mark=False)[0].skipped == 4
    assert {name: made[name] for name in made if name.endswith(".jpg")} == {
        name: entry for name, entry in contents(output).items() if name.endswith(".jpg")
    }


def test_disk_that_goes_before_a_thumbnail_is_written(photos, monkeypatch):
    """Where it comes back, so does the thumbnail, and there is nothing to remark."""
    output, events = photos.with_name("photos-color"), []

    def listen(event):
        events.append(event)
        if event.name == "waiting":
            output.with_name("away").rename(output)

    def keep(self, *arguments, _real=Thumbnails.keep):
        if not of(events, "waiting"):
            output.rename(output.with_name("away"))
        return _real(self, *arguments)

    monkeypatch.setattr(Thumbnails, "keep", keep)
    summary = job(photos, jobs=1).run(listener=listen)
    assert (summary.done, summary.failed, len(of(events, "waiting"))) == (4, 0, 1)
    assert of(events, "note") == []
    assert len(list((output / ".autochrome" / "thumbnails").rglob("*.jpg"))) == 4
    assert not list(output.rglob("*.part"))


@pytest.mark.parametrize("case", CASES)
def test_real_disks(tmp_path, case):
    """The checks are in `disks`."""
    apart = ["unshare", "-rm"]
    allowed = shutil.which("unshare") and subprocess.run(
        [*apart, "mount", "-t", "tmpfs", "none", str(tmp_path)], check=False, capture_output=True, timeout=20
    )
    if not allowed or allowed.returncode != 0:
        pytest.skip("nothing may be mounted here")
    command = [*apart, sys.executable, "-m", "tests.engine.batch.disks", case, str(tmp_path)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
def test_a_file_larger_than_an_account_may_write_costs_one_row(photos):
    """No other photo need wait for it."""
    noise = np.random.default_rng(0).integers(0, 256, (1000, 1000), np.uint8)
    Image.fromarray(noise).save(photos / "large.png")
    code = (
        "import resource, signal, sys; from tests.painting import of, run; "
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN); "
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, -1)); summary, events = run(sys.argv[1]); "
        "print(summary.done, summary.failed, len(of(events, 'waiting')), of(events, 'failed')[0].cause)"
    )
    ended = subprocess.run([sys.executable, "-c", code, str(photos)], check=True, capture_output=True, text=True)
    assert ended.stdout.startswith("4 1 0 the file would be larger")


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


@pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="cannot tell there what is synced")
def test_a_loss_of_power_finds_old_or_new(photos, monkeypatch):
    """Each thing is on the disk before the next one builds on it."""
    steps = []

    def noted(real, name):
        def call(*arguments, **options):
            steps.append(name(*arguments))
            return real(*arguments, **options)

        return call

    def synced(descriptor):
        file = os.readlink(f"/proc/self/fd/{descriptor}")
        return f"sync {'folder' if os.path.isdir(file) else os.path.basename(file)[-5:]}"

    monkeypatch.setattr(os, "fsync", noted(os.fsync, synced))
    monkeypatch.setattr(os, "link", noted(os.link, lambda source, target: "publish"))
    monkeypatch.setattr(journals.Journal, "store", noted(journals.Journal.store, lambda self, row, *rest: row.state))
    run(photos / "0.jpg", output=photos.with_name("out"), jobs=1)
    first = steps.index("saving")
    assert steps[first : first + 5] == ["saving", "sync .part", "publish", "sync folder", "done"]


def test_source_that_changes_while_it_is_read(photos, monkeypatch):
    real = readers.read_pages

    def grow(path, **options):
        yield from real(path, **options)
        if path.name == "1.jpg":
            with path.open("ab") as file:
                file.write(b"more")

    monkeypatch.setattr(readers, "read_pages", grow)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (3, 1)
    assert "changed while it was being read" in of(events, "failed")[0].cause


def test_source_that_is_removed(photos, monkeypatch):
    real = readers.is_marked

    def remove(path):
        if path.name == "1.jpg":
            path.unlink()
        return real(path)

    monkeypatch.setattr(readers, "is_marked", remove)
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
    for year, name in ((0, "0.jpg"), (4102444800, "1.jpg"), (10413792000, "2.jpg")):  # the last is beyond 64 bits
        os.utime(photos / name, (year, year))
    assert run(photos)[0].done == 4
    assert run(photos)[0].skipped == 4


def test_a_cause_that_quotes_a_name_that_is_no_text_costs_one_row(photos, monkeypatch):
    name = os.fsdecode(b"\xff.jpg")

    def failing(destination, *args, **options):
        raise ValueError(f"cannot make sense of {name}")

    monkeypatch.setattr("engine.batch.saving.save_photo", failing)
    summary, events = run(photos)
    assert (summary.done, summary.failed) == (0, 4)
    assert "\\xff.jpg" in of(events, "failed")[0].cause
