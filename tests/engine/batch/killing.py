"""Kills a batch at its n-th step for n = 1, 2, … until it survives, resumes each, and checks that nothing was lost.

Run in a process of its own, which has no threads when it forks:
`python -m tests.engine.batch.killing FOLDER replace|new`.
"""

import os
import sys
import traceback
from pathlib import Path

import cv2

from engine.batch.journal import Journal
from tests.painting import contents, files_below, is_coloured, make_photo, of, run

SIGKILL = 9
NAMES = ["0.jpg", "1.png"]


def main(folder, *, replace):
    """Raises AssertionError if a rule was broken; gives the number of steps."""
    cv2.setNumThreads(1)  # its threads would not come along into the children
    run(make_photo(folder / "warm" / NAMES[0]), output=folder / "warm" / "out", jobs=1)
    step = 0
    while True:
        step += 1
        photos = folder / str(step) / "photos"
        for number, name in enumerate(NAMES):
            make_photo(photos / name, seed=number)
        if replace:
            assert _in_child(lambda photos=photos: run(photos, restart=True)) == 0
        sources = contents(photos)
        status = _in_child(lambda photos=photos, step=step: _killed_at(step, photos))
        output = photos.with_name("photos-color")
        finished = _outputs(output)
        assert all(is_coloured(output / name) for name in finished), step
        assert _in_child(lambda photos=photos, done=finished, only=not replace: _resume(photos, done, only)) == 0, step
        assert contents(photos) == sources, step
        assert files_below(output) == [*NAMES, "report.csv"], step
        if status == 0:
            return step
        assert os.WIFSIGNALED(status), step
        assert os.WTERMSIG(status) == SIGKILL, step


def _outputs(output):
    """The outputs that have their names."""
    return {name: entry for name, entry in contents(output).items() if name in NAMES} if output.exists() else {}


def _killed_at(step, photos):
    """A run that ends at a step."""
    left = step

    def counted(real):
        def wrapped(*arguments, **options):
            nonlocal left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), SIGKILL)
            return real(*arguments, **options)

        return wrapped

    for name in ("open", "link", "fsync", "replace", "unlink"):
        setattr(os, name, counted(getattr(os, name)))
    Journal.store = counted(Journal.store)
    run(photos, quality=50, jobs=1)


def _resume(photos, finished, redoes_nothing):
    """The same command again."""
    summary, events = run(photos, quality=50, jobs=1)
    assert summary.failed == 0
    after = _outputs(photos.with_name("photos-color"))
    made = {event.output.name for event in of(events, "done")}
    assert all(after[name] == entry for name, entry in finished.items() if name not in made)
    if redoes_nothing:
        assert made == set(NAMES) - set(finished)
    assert run(photos, quality=50)[0].skipped == len(NAMES)


def _in_child(act):
    """Runs something in a forked process; its status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    code = 1
    try:
        act()
        code = 0
    finally:
        if code:
            traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]), replace=sys.argv[2] == 'replace')}\n")
