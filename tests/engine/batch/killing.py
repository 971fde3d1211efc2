"""Kills a batch before the n-th step of each kind for n = 1, 2, … until it survives, and checks that nothing was lost.

Run in a process of its own, which has no threads when it forks:
`python -m tests.engine.batch.killing FOLDER replace|new`. Prints how many steps there were.
"""

import os
import shutil
import sys
import traceback
from pathlib import Path

import cv2
import pytest

from tests.engine.batch.stepping import KILL, KINDS, killing, stand_before_all
from tests.engine.batch.sweeping import finished_since, outputs, prepared, resume
from tests.painting import contents, make_photo, run


def main(folder, *, replace):
    """Raises AssertionError if a rule was broken; gives the number of steps by kind."""
    cv2.setNumThreads(1)  # its threads would not come along into the children
    run(make_photo(folder / "warm" / "0.jpg"), output=folder / "warm" / "out", jobs=1)
    assert _in_child(lambda: prepared(folder / "made", replace=replace)) == 0
    return {kind: _killed_at_each(folder, kind) for kind in KINDS}


def _killed_at_each(folder, kind):
    """How many steps of a kind there are; each killed a run."""
    number = 0
    while True:
        number += 1
        here, step = folder / f"{kind}-{number}", f"{kind} number {number}"
        shutil.copytree(folder / "made", here)  # with the times of all files, which the journal knows
        photos, output = here / "photos", here / "photos-color"
        sources, former = contents(photos), outputs(output)
        status = _in_child(lambda photos=photos, number=number: _run_until(photos, kind, number))
        assert contents(photos) == sources, step
        finished = finished_since(former, output)
        assert _in_child(lambda photos=photos, finished=finished: resume(photos, finished)) == 0, step
        assert contents(photos) == sources, step
        shutil.rmtree(here)
        if status == 0:
            return number - 1
        assert os.WIFSIGNALED(status), step
        assert os.WTERMSIG(status) == KILL, step


def _run_until(photos, kind, number):
    """A run that ends at a step."""
    with pytest.MonkeyPatch.context() as patch:
        stand_before_all(killing(kind, number), patch)
        run(photos, jobs=1)


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
    steps = main(Path(sys.argv[1]), replace=sys.argv[2] == "replace")
    sys.stdout.write(", ".join(f"{number} of {kind}" for kind, number in steps.items()))
    sys.stdout.write(f"\n{sum(steps.values())}\n")
