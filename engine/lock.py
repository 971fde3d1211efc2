"""One run at a time on one output: a lock file that says who holds it.

The system's own lock on the file vanishes with its process, so a lock is never left behind on one machine. Network
folders may not pass such locks on to other machines; therefore the file also names its host and process, and a lock of
another host is respected even where the system would grant it.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
import sys
from pathlib import Path
from typing import Any, cast

from engine.errors import EngineError


class InUseError(EngineError):
    """Another run is writing to the same output."""

    title = "Another run is at work"


class RunLock:
    """The lock of one output; a context manager.

    Args:
        file: The lock file; its folder must exist.
        output: What is locked, for the message.

    Raises:
        InUseError: On entering, if another run holds it.
    """

    def __init__(self, file: Path, output: Path) -> None:
        self._file = file
        self._output = output
        self._descriptor = -1

    def __enter__(self) -> RunLock:
        """Takes the lock, or reclaims a stale one."""
        while self._descriptor < 0:
            descriptor = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o666)
            try:
                self._take(descriptor)
            except BaseException:
                os.close(descriptor)
                raise
            if _is_still(descriptor, self._file):
                self._descriptor = descriptor
            else:
                os.close(descriptor)  # its former owner removed it in this very moment
        return self

    def __exit__(self, *_: object) -> None:
        """Gives the lock back."""
        if sys.platform == "win32":  # an open file cannot be removed there
            os.close(self._descriptor)
        with contextlib.suppress(OSError):
            # The disk may be away by now, and another folder with another run's lock in its place.
            if owner_of(self._file.read_bytes()) == this_process():
                self._file.unlink()
        if sys.platform != "win32":
            with contextlib.suppress(OSError):  # its disk is away; the lock is none any more either way
                os.close(self._descriptor)
        self._descriptor = -1

    def _take(self, descriptor: int) -> None:
        granted = _system_lock(descriptor)
        owner = owner_of(os.pread(descriptor, 4096, 0) if sys.platform != "win32" else os.read(descriptor, 4096))
        if granted is False or (owner is not None and _is_alive(owner, certainly_not_here=granted is True)):
            raise in_use(owner, self._output, self._file)
        os.ftruncate(descriptor, 0)
        os.lseek(descriptor, 0, os.SEEK_SET)
        os.write(descriptor, json.dumps(this_process()).encode())
        with contextlib.suppress(OSError):
            os.fsync(descriptor)


def in_use(owner: dict[str, Any] | None, output: Path, file: Path, *, left_behind: bool = False) -> InUseError:
    """The error about an output that another run is writing to.

    Args:
        owner: What that run's lock says of it; None for nothing.
        output: The output.
        file: The lock.
        left_behind: Whether such a lock stays where its run was killed, even one of this machine.
    """
    who = "" if owner is None else f" (process {owner.get('pid')} on {owner.get('host')})"
    advice = "Wait until it has finished, or choose another folder with --output."
    if left_behind or (owner is not None and owner.get("host") != socket.gethostname()):
        advice += f" If that run no longer exists, delete {file}."
    return InUseError(f"Another run is already writing to {output}{who}.", advice)


def this_process() -> dict[str, Any]:
    """What a lock says of this process."""
    return {"host": socket.gethostname(), "pid": os.getpid(), "started": _started(os.getpid())}


def owner_of(content: bytes) -> dict[str, Any] | None:
    """Who a lock file names; None for an empty or damaged one."""
    try:
        owner = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return cast("dict[str, Any]", owner) if isinstance(owner, dict) else None


def _is_alive(owner: dict[str, Any], *, certainly_not_here: bool) -> bool:
    """Whether a lock's owner may still be at work."""
    if owner.get("host") != socket.gethostname():
        return True
    pid = owner.get("pid")
    if certainly_not_here or not isinstance(pid, int) or pid == os.getpid():
        return False
    if sys.platform == "win32":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return _started(pid) == owner.get("started")


def _started(pid: int) -> str:
    """When a process was started: boot and ticks since, which no change of the clock disturbs; empty if unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        # The name, in parentheses, may itself hold blanks and parentheses.
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return f"{boot}:{fields[19].decode('ascii')}"
    except (OSError, IndexError, UnicodeDecodeError):
        return ""


def _is_still(descriptor: int, file: Path) -> bool:
    """Whether a path still names the open file."""
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except OSError:
        return False


def _system_lock(descriptor: int) -> bool | None:
    """Asks the system for the lock: granted, refused, or None where there are no locks."""
    if sys.platform == "win32":
        import msvcrt

        try:
            os.lseek(descriptor, 1 << 20, os.SEEK_SET)  # locked bytes cannot be read there, so not those of the text
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True
