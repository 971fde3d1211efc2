"""Fails the n-th step of each kind for n = 1, 2, … until a run gets by without it, and checks that nothing was lost.

Run in a process of its own, whose calls to the system it replaces:
`python -m tests.engine.batch.sweeping FOLDER replace|new`. Prints how many points it swept.
"""

import errno
import shutil
import sys
from pathlib import Path

import pytest

from engine.errors import EngineError
from tests.engine.batch.stepping import KINDS, failing, stand_before_all
from tests.painting import contents, files_below, is_coloured, make_photo, of, run

NAMES = ["0.jpg", "box/1.png"]
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


def main(folder, *, replace):
    """Raises AssertionError if a rule was broken; gives the number of points by kind."""
    made = prepared(folder / "made", replace=replace)
    points = {}
    for kind in KINDS:
        points[kind] = sum(_swept(folder, made, kind, error) for error in ERRORS)
    return points


def prepared(folder, *, replace):
    """Two photos, the outputs of an earlier run beside them where they are to be replaced, and what a run makes."""
    for number, name in enumerate(NAMES):
        make_photo(folder / "photos" / name, seed=number)
    if replace:
        assert run(folder / "photos", jobs=1, model_hash="b" * 64)[0].done == len(NAMES)
    return folder


def _swept(folder, made, kind, error):
    """Fails each step of a kind in turn; how many there are."""
    number = 0
    while True:
        number += 1
        here = folder / f"{kind}-{error}-{number}"
        shutil.copytree(made, here)  # with the times of all files, which the journal knows
        try:
            if not _survived(here / "photos", failing(kind, number, error), waits=error == errno.ENOSPC):
                return number - 1
        except BaseException as broken:
            broken.add_note(f"Step: {kind} number {number}, {errno.errorcode[error]}.")
            raise
        shutil.rmtree(here)


def _survived(photos, step, *, waits):
    """Has a step fail in one run, and checks the rules after it and after the next; whether it was reached."""
    sources = contents(photos)
    output = photos.with_name("photos-color")
    former = outputs(output)
    summary = _hurt(photos, step)
    assert contents(photos) == sources
    finished = finished_since(former, output)
    if waits and summary is not None:  # it waited, and went on by itself
        assert (summary.done, summary.failed) == (len(NAMES), 0), summary
    resume(photos, finished)
    assert contents(photos) == sources
    return step.reached


def _hurt(photos, step):
    """A run in which a step fails; its summary, or None where nothing could be started."""
    with pytest.MonkeyPatch.context() as patch:
        stand_before_all(step, patch)
        try:
            return run(photos, jobs=1)[0]
        except EngineError:
            assert step.reached
            return None


def finished_since(former, output):
    """What a run made before it went wrong; checks that every output is whole, and none of before is lost."""
    now = outputs(output)
    assert all(is_coloured(output / name) for name in now)
    assert set(former) <= set(now)
    return {name: entry for name, entry in now.items() if entry != former.get(name)}


def resume(photos, finished):
    """The same command again does exactly what is missing, and once more, nothing; nothing partial is left."""
    output = photos.with_name("photos-color")
    with pytest.MonkeyPatch.context() as patch:
        stand_before_all(lambda kind: None, patch)  # to be as quick
        summary, events = run(photos, jobs=1)
        assert summary.failed == 0
        done = {str(event.output.relative_to(output)) for event in of(events, "done")}
        assert done == set(NAMES) - set(finished)
        after = outputs(output)
        assert all(after[name] == entry for name, entry in finished.items())
        assert run(photos, jobs=1)[0].skipped == len(NAMES)
    assert [name for name in files_below(output) if not name.startswith("report.")] == NAMES
    assert not list(photos.parent.rglob("*.part"))


def outputs(output):
    """The outputs that have their names, with what they hold."""
    return {name: entry for name, entry in contents(output).items() if name in NAMES} if output.exists() else {}


if __name__ == "__main__":
    swept = main(Path(sys.argv[1]), replace=sys.argv[2] == "replace")
    sys.stdout.write(", ".join(f"{number} of {kind}" for kind, number in swept.items()))
    sys.stdout.write(f"\n{sum(swept.values())}\n")
