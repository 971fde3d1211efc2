"""A run that is killed, at any moment, goes on as if nothing had happened."""

import random
import subprocess
import sys
import time

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_killed_and_resumed_again_and_again(tmp_path):
    """The checks are in `killing`; the places differ each time and are told if they fail."""
    seed = time.time_ns()
    places = [str(random.Random(seed + n).randint(1, 12)) for n in range(3)]
    command = [sys.executable, "-m", "tests.training.killing", str(tmp_path), *places]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 0, f"{places}: {ended.stderr}"
