"""The folder, on the disk of this machine, of a run that works with object storage; gone when the run is.

A process that is killed leaves its folder behind. Its lock went with it, and the next run clears up.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import tempfile
from pathlib import Path

from engine.lock import InUseError, RunLock

_PREFIX = "autochrome-storage-"
_LOCK = "lock"
_TRIES = 20


class Scratch:
    """A new folder with a lock in it. `close` removes it.

    Attributes:
        folder: The folder.
    """

    def __init__(self) -> None:
        parent = Path(tempfile.gettempdir())
        _clear_up(parent)
        self.folder, self._lock = _locked_in(parent)

    def close(self) -> None:
        """Removes it, whatever is in it."""
        self._lock.__exit__()
        shutil.rmtree(self.folder, ignore_errors=True)


def _locked_in(parent: Path) -> tuple[Path, RunLock]:
    """A new folder, and its lock, held."""
    tries = _TRIES
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=parent)).resolve()
        lock = RunLock(folder / _LOCK, folder)
        try:
            lock.__enter__()
        except (FileNotFoundError, InUseError):  # another process cleared it up before the lock was held
            tries -= 1
            if not tries:
                raise
        else:
            return folder, lock


def _clear_up(parent: Path) -> None:
    """Removes the folders of processes that are gone."""
    for folder in parent.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError, InUseError):
            status = folder.lstat()
            ours = stat.S_ISDIR(status.st_mode) and (not hasattr(os, "getuid") or status.st_uid == os.getuid())
            if not ours or not (folder / _LOCK).is_file():
                continue  # another user's, or it is just being made
            with RunLock(folder / _LOCK, folder):
                shutil.rmtree(folder, ignore_errors=True)
