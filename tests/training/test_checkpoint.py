"""Checkpoints: whole or not at all."""

import os
import signal
import sys

import pytest
import torch

from training.checkpoint import CheckpointError, read_checkpoint, write_checkpoint
from training.recipe import RecipeError

CPU = torch.device("cpu")


@pytest.fixture
def full_disk():
    """No file may grow beyond 64 KB: the system then answers as for a disk that is full."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


def test_what_is_written_is_read(tmp_path):
    assert read_checkpoint(tmp_path, CPU) is None
    write_checkpoint(tmp_path / "run", {"samples": 5, "task": {"a": torch.ones(3)}})
    found = read_checkpoint(tmp_path / "run", CPU)
    assert found["samples"] == 5
    assert found["task"]["a"].tolist() == [1, 1, 1]
    assert os.listdir(tmp_path / "run") == ["checkpoint.pt"]


def test_a_full_disk_leaves_the_old_one_whole(tmp_path, full_disk):
    write_checkpoint(tmp_path, {"samples": 5})
    before = (tmp_path / "checkpoint.pt").read_bytes()
    with pytest.raises(CheckpointError, match="could not be written: File too large") as told:
        write_checkpoint(tmp_path, {"samples": 6, "task": torch.zeros(1 << 20)})
    assert "--resume" in told.value.advice
    assert (tmp_path / "checkpoint.pt").read_bytes() == before
    assert os.listdir(tmp_path) == ["checkpoint.pt"]


def test_the_first_one_cannot_be_written(tmp_path, full_disk):
    with pytest.raises(CheckpointError) as told:
        write_checkpoint(tmp_path / "run", {"task": torch.zeros(1 << 20)})
    assert "--output" in told.value.advice


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"], ids=str)
def test_a_damaged_one_is_told(tmp_path, content):
    (tmp_path / "checkpoint.pt").write_bytes(content)
    with pytest.raises(RecipeError, match="damaged"):
        read_checkpoint(tmp_path, CPU)


@pytest.mark.skipif(sys.platform == "win32" or os.getuid() == 0, reason="needs a folder that may not be written")
def test_a_folder_that_may_not_be_written(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(CheckpointError, match="Permission denied"):
        write_checkpoint(tmp_path, {"samples": 1})
    tmp_path.chmod(0o700)
