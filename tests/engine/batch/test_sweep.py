"""Every step of a batch goes wrong once, in every way; the next run makes up for it."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="neither SIGKILL nor fork there")


def sweep(module, folder, how, capsys):
    """Runs one of the sweeps, in which the checks are, and prints how many points it swept."""
    command = [sys.executable, "-m", f"tests.engine.batch.{module}", str(folder), how]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, ended.stderr
    kinds, points = ended.stdout.splitlines()
    with capsys.disabled():
        sys.stdout.write(f"\n{module} ({how}): {points} points: {kinds}\n")
    return int(points)


@pytest.mark.parametrize("how", ["new", "replace"])
def test_a_step_that_fails(tmp_path, how, capsys):
    assert sweep("sweeping", tmp_path, how, capsys) > 100


@pytest.mark.parametrize("how", ["new", "replace"])
def test_killed_at_a_step(tmp_path, how, capsys):
    assert sweep("killing", tmp_path, how, capsys) > 40
