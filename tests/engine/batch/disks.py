"""Real disks that are full, or that are unplugged in the middle of a run, and then no longer.

Run where mounting is allowed: `unshare -rm python -m tests.engine.batch.disks CASE FOLDER`.
"""

import os
import subprocess
import sys
from pathlib import Path

from engine.batch.place import Place, opened
from engine.progress import Progress
from tests.painting import contents, files_below, is_coloured, job, make_photo, of

NAMES = [f"box/{number}.jpg" for number in range(4)]


def full(folder, *, left):
    """A disk of two megabytes with some bytes left: the run waits, space is made, and it goes on by itself."""
    photos, output = _photos(folder), _mounted(folder / "disk") / "out"
    ballast = folder / "disk" / "ballast"
    events, partial = [], []

    def listen(event):
        events.append(event)
        if event.name == "begin":  # the journal is there
            _fill(ballast, left)
        elif event.name == "waiting":
            partial.extend(output.rglob("*.part"))
            ballast.unlink()

    summary = job(photos, output=output, jobs=1).run(listener=listen)
    assert partial == []
    assert [event.cause for event in of(events, "waiting")] == ["the disk is full."]
    _end_well(summary, events, photos, output)


def unplugged(folder, *, where, again=False, photos_too=False, jobs=1):
    """The disk goes away once photos are being coloured; while it is away, nothing lands on the disk below."""
    disk, below = _mounted(folder / "disk"), folder / "mount"
    below.mkdir()
    _plug(disk, below)
    photos = _photos(below if photos_too else folder)
    output = below / where
    if again:  # outputs are there that are to be replaced
        assert job(photos, output=output, model_hash="b" * 64).run().done == len(NAMES)
    events, strays = [], []

    def listen(event):
        events.append(event)
        if len(of(events, "done")) == 1 and event.name == "done":
            _unplug(below)
        elif event.name == "waiting":
            strays.extend(os.listdir(below))
            _plug(disk, below)

    summary = job(photos, output=output, jobs=jobs).run(listener=listen)
    assert strays == []
    assert "gone" in of(events, "waiting")[0].cause, events
    _end_well(summary, events, photos, output)
    _unplug(below)
    assert os.listdir(below) == []


def cancelled(folder):
    """The user does not wait until the disk is back; the next run goes on."""
    photos, disk, below = _photos(folder), _mounted(folder / "disk"), folder / "mount"
    below.mkdir()
    _plug(disk, below)
    progress, events = Progress(), []

    def listen(event):
        events.append(event)
        if event.name == "done":
            _unplug(below)
        elif event.name == "waiting":
            progress.cancel()

    summary = job(photos, output=below / "out", jobs=1).run(progress, listen)
    assert summary.interrupted
    assert (summary.done, summary.failed) == (1, 0)
    assert os.listdir(below) == []
    _plug(disk, below)
    summary = job(photos, output=below / "out", jobs=1).run()
    assert (summary.done, summary.skipped, summary.failed) == (3, 1, 0)
    with opened(Place(below / "out", below / "out" / ".autochrome")) as shelf:
        assert {row.state for row in shelf.journal.below(b"")} == {"done"}


def _photos(folder):
    for number, name in enumerate(NAMES):
        make_photo(folder / "photos" / name, seed=number, width=400, height=300)
    return folder / "photos"


def _end_well(summary, events, photos, output):
    """Everything is done, each photo once, and the next run has nothing to do."""
    assert (summary.done, summary.failed) == (len(NAMES), 0)
    assert len(of(events, "waiting")) == len(of(events, "resumed")) == 1
    assert [name for name in files_below(output) if not name.startswith(("report.", "ballast"))] == NAMES
    assert all(is_coloured(output / name) for name in NAMES)
    assert not list(output.rglob("*.part"))
    made = contents(output / "box")
    assert job(photos, output=output, jobs=1).run().skipped == len(NAMES)
    assert contents(output / "box") == made


def _fill(ballast, left):
    """Takes all the space there is, but for some bytes."""
    with ballast.open("wb", buffering=0) as file:
        try:
            while file.write(bytes(4096)):
                pass
        except OSError:
            file.truncate(file.tell() - left)


def _mounted(folder):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder], check=True)
    return folder


def _plug(disk, below):
    subprocess.run(["mount", "--bind", disk, below], check=True)


def _unplug(below):
    subprocess.run(["umount", "--lazy", below], check=True)


CASES = {
    "no space": lambda folder: full(folder, left=0),
    "space for the journal alone": lambda folder: full(folder, left=12 << 10),
    "unplugged": lambda folder: unplugged(folder, where="out"),
    "unplugged, its root": lambda folder: unplugged(folder, where="."),
    "unplugged, replacing": lambda folder: unplugged(folder, where="out", again=True),
    "unplugged with the photos": lambda folder: unplugged(folder, where="out", photos_too=True, jobs=2),
    "unplugged and cancelled": cancelled,
}

if __name__ == "__main__":
    CASES[sys.argv[1]](Path(sys.argv[2]))
