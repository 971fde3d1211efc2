"""What the system forbids, tried for real: root is let do everything, so as root the right to is given up first."""

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.painting import contents, files_below, make_photo

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="root's rights are given up as Linux has it")

COMMAND = """
from engine.cli import app, colorize, run
from tests.painting import job

colorize.make_job = lambda options: job(*options.paths, output=options.output, jobs=1)
run(app)
"""
DROP, OVERRIDE, SEARCH = 24, 1, 2
"""PR_CAPBSET_DROP, CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH."""


def give_up_rights():
    if os.geteuid() == 0:
        for capability in (OVERRIDE, SEARCH):
            ctypes.CDLL(None).prctl(DROP, capability, 0, 0, 0)


def colorize(*arguments):
    """The command as a plain user; its exit code, its events, and what it said besides."""
    answer = subprocess.run(
        [sys.executable, "-c", COMMAND, "colorize", "--json", *map(str, arguments)],
        preexec_fn=give_up_rights,
        capture_output=True,
        text=True,
        check=False,
    )
    return answer.returncode, [json.loads(line) for line in answer.stdout.splitlines()], answer.stderr


@pytest.fixture
def forbid():
    """Takes a file's or a folder's rights away, and gives them back in the end."""
    taken = []

    def forbid(path, mode):
        taken.append((path, path.stat().st_mode))
        path.chmod(mode)

    yield forbid
    for path, mode in reversed(taken):
        path.chmod(mode)


@pytest.fixture
def photos(tmp_path):
    for name in ("a.jpg", "b.jpg", "locked/c.jpg", "z/d.jpg"):
        make_photo(tmp_path / "photos" / name)
    return tmp_path / "photos"


def test_an_output_that_may_not_be_written_to_is_refused_before_the_start(photos, tmp_path, forbid):
    out = tmp_path / "out"
    out.mkdir()
    forbid(out, 0o555)
    before = contents(photos)
    for folder in (out, out / "deeper"):
        code, events, said = colorize(photos, "--output", folder)
        assert (code, events) == (2, [])
        assert str(folder) in " ".join(said.split())
    assert list(out.iterdir()) == []
    assert contents(photos) == before


def test_what_may_not_be_read_costs_its_own_row(photos, tmp_path, forbid):
    forbid(photos / "b.jpg", 0)
    forbid(photos / "locked", 0)
    code, events, _ = colorize(photos, "--output", tmp_path / "out")
    assert code == 1
    done = {Path(event["source"]).name for event in events if event["event"] == "done"}
    failed = {Path(event["source"]).name: event["cause"] for event in events if event["event"] == "failed"}
    assert done == {"a.jpg", "d.jpg"}
    assert set(failed) == {"b.jpg", "locked"}
    assert all("permission denied" in cause for cause in failed.values())
    assert {"a.jpg", "z/d.jpg"} <= set(files_below(tmp_path / "out"))
