import json
import os
import subprocess
import sys

import pytest

from engine.lock import InUseError, RunLock


def test_held_once_and_given_back(tmp_path):
    file = tmp_path / "lock"
    with RunLock(file, tmp_path):
        assert json.loads(file.read_text())["pid"] == os.getpid()
        with pytest.raises(InUseError, match=f"process {os.getpid()} on"), RunLock(file, tmp_path):
            pass
        assert file.exists()
    assert not file.exists()
    with RunLock(file, tmp_path):
        pass


def test_lock_of_a_dead_process_is_reclaimed(tmp_path):
    file = tmp_path / "lock"
    script = (
        "import sys, os, pathlib; from engine.lock import RunLock; "
        "RunLock(pathlib.Path(sys.argv[1]), pathlib.Path()).__enter__(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", script, str(file)], check=False)
    assert file.exists()
    with RunLock(file, tmp_path):
        assert json.loads(file.read_text())["pid"] == os.getpid()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"[1]", b'{"host": '])
def test_damaged_lock_is_reclaimed(tmp_path, content):
    (tmp_path / "lock").write_bytes(content)
    with RunLock(tmp_path / "lock", tmp_path):
        pass


def test_lock_of_another_host_is_respected(tmp_path):
    (tmp_path / "lock").write_text(json.dumps({"host": "elsewhere", "pid": 1, "started": ""}))
    with pytest.raises(InUseError, match="delete"), RunLock(tmp_path / "lock", tmp_path):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="other locks there")
def test_without_locks_of_the_system_the_process_counts(tmp_path, monkeypatch):
    import fcntl

    def unsupported(descriptor, how):
        raise OSError(95, "not supported")

    monkeypatch.setattr(fcntl, "flock", unsupported)
    file = tmp_path / "lock"
    with RunLock(file, tmp_path):
        mine = json.loads(file.read_text())
    file.write_text(json.dumps({**mine, "pid": os.getppid(), "started": "earlier"}))
    with RunLock(file, tmp_path):  # that process lives, but was started at another time
        pass
    from engine.lock import _started

    file.write_text(json.dumps({**mine, "pid": os.getppid(), "started": _started(os.getppid())}))
    with pytest.raises(InUseError), RunLock(file, tmp_path):
        pass


def test_the_lock_of_another_run_stays(tmp_path):
    """The disk was unplugged, and another folder lies where it was."""
    folder = tmp_path / "out"
    folder.mkdir()
    another = json.dumps({"host": "elsewhere", "pid": 1, "started": ""})
    with RunLock(folder / "lock", folder):
        folder.rename(tmp_path / "away")
        folder.mkdir()
        (folder / "lock").write_text(another)
    assert (folder / "lock").read_text() == another


def test_a_lock_on_a_disk_that_is_gone_is_given_back_all_the_same(tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    with RunLock(folder / "lock", folder):
        folder.rename(tmp_path / "away")
    with RunLock(tmp_path / "away" / "lock", folder):
        pass
    assert not (tmp_path / "away" / "lock").exists()


def test_a_disk_that_refuses_to_close_does_not_end_the_run(tmp_path, monkeypatch):
    real = os.close

    def fail(descriptor):
        real(descriptor)
        raise OSError(5, "I/O")

    with RunLock(tmp_path / "lock", tmp_path):
        monkeypatch.setattr(os, "close", fail)
    monkeypatch.undo()
    assert not (tmp_path / "lock").exists()
