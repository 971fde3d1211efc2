"""A file appears whole under its name, or not at all; and it is on the disk, not in a cache, when it does."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import secrets
import sys
import threading
from typing import IO, TYPE_CHECKING

from engine.errors import EngineError, SaveError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

_PREFIX, _SUFFIX = ".autochrome-", ".part"
_NO_HARD_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EACCES})
_NO_REPLACE = 1
_HERE = -100
_left: set[Path] = set()
"""Hidden files that could not be removed: their disk went away with them, and may come back."""
_left_lock = threading.Lock()


def is_temporary(path: Path) -> bool:
    """Whether a file's name is one that an interrupted save left behind; such files may be deleted."""
    return path.name.startswith(_PREFIX) and path.name.endswith(_SUFFIX)


def temporary_in(folder: Path, name: str = "") -> Path:
    """A hidden name in a folder for a file that is not finished; `is_temporary` knows it.

    Args:
        folder: Where the finished file will be.
        name: What tells it from others; a random one if empty.
    """
    return folder / f"{_PREFIX}{name or secrets.token_hex(6)}{_SUFFIX}"


def remove_left(folder: Path | None = None) -> None:
    """Removes the hidden files that could not be removed when they should have been, where their disk is back.

    Args:
        folder: Only those in this folder.
    """
    with _left_lock:
        ours = [each for each in _left if folder in (None, each.parent)]
    for temporary in ours:  # without the lock: a disk that does not answer shall hold up nobody else
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=temporary.parent.is_dir())
            with _left_lock:
                _left.discard(temporary)


@contextlib.contextmanager
def new_file(destination: Path, check: Callable[[Path, int], None], *, replace: bool) -> Generator[IO[bytes]]:
    """Gives a file to write to, and publishes it under its name when the block ends well.

    The file is written in the destination's folder under a hidden name, synced, checked, then moved; the folder is
    synced last. Whatever fails, nothing is left behind; where the disk went away with the hidden file on it, it is
    removed when the next file is made in the folder, or by `remove_left`.

    Args:
        destination: The final name.
        check: Called with the written file's path, and the size that it must have, before it is published; raises to
            refuse it.
        replace: Whether an existing file of that name is replaced.

    Raises:
        SaveError: If anything failed, with the reason, and the OSError (if it was one) as its cause.
    """
    temporary, made = temporary_in(destination.parent), False
    try:
        _refuse_existing(destination, replace=replace)
        # Not by tempfile: its files are private, and this one will be the user's, with the user's usual permissions.
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_BINARY", 0)
        descriptor = os.open(temporary, flags, 0o666)
        made = True
        with open(descriptor, "w+b") as file:
            remove_left(destination.parent)
            yield file
            file.flush()
            size = os.fstat(file.fileno()).st_size
            os.fsync(file.fileno())
        check(temporary, size)
        _publish(temporary, destination, replace=replace)
        made = False
    except EngineError:
        raise
    except MemoryError as error:
        raise SaveError(destination, "there is not enough memory to write it.", "Close other programs.") from error
    except Exception as error:
        raise _explain(destination, error) from error
    finally:
        if made:
            _remove(temporary)
    _sync_folder(destination)


def _remove(temporary: Path) -> None:
    """Removes a hidden file that is there, or notes that it is still to be removed."""
    try:
        temporary.unlink()
    except OSError:  # also that it is not there: so it seems while its disk is away
        with _left_lock:
            _left.add(temporary)


def _refuse_existing(destination: Path, *, replace: bool) -> None:
    """Stops before any work where the name is taken."""
    if not replace and os.path.lexists(destination):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(destination))


def _publish(temporary: Path, destination: Path, *, replace: bool) -> None:
    """Moves the finished file to its name, and never onto another file unless asked to.

    A hard link is the one way to do so that every Unix file system with links knows; others have renames that refuse.
    """
    if replace:
        temporary.replace(destination)
        return
    if sys.platform == "win32":
        temporary.rename(destination)
        return
    try:
        os.link(temporary, destination)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        _rename_without_replacing(temporary, destination)
    else:
        _remove(temporary)  # it has its name


def _rename_without_replacing(temporary: Path, destination: Path) -> None:
    """Renames on a file system without hard links (FAT, some network drives)."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is not None:
        if rename(_HERE, os.fsencode(temporary), _HERE, os.fsencode(destination), _NO_REPLACE) == 0:
            return
        if ctypes.get_errno() == errno.EEXIST:
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(destination))
    # Neither links nor such a rename: looking first is the best there is.
    _refuse_existing(destination, replace=False)
    temporary.rename(destination)


def _sync_folder(destination: Path) -> None:
    """Makes the new name itself durable. Some systems and network drives cannot; the file is whole all the same."""
    with contextlib.suppress(OSError):
        folder = os.open(destination.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _explain(destination: Path, error: Exception) -> SaveError:
    """The error that tells why nothing was saved."""
    if not isinstance(error, OSError) or error.errno is None:
        return SaveError(destination, f"it could not be written ({error}).")
    cause, advice = {
        errno.ENOSPC: ("the disk is full.", "Free some space and try again."),
        errno.EDQUOT: ("your share of the disk is used up.", "Free some space and try again."),
        errno.EFBIG: ("the file would be larger than this disk or this account allows.", ""),
        errno.EACCES: ("the folder may not be written to: permission denied.", "Choose another folder."),
        errno.EPERM: ("the folder may not be written to: permission denied.", "Choose another folder."),
        errno.EROFS: ("the disk is read-only.", "Choose another folder."),
        errno.ENOENT: ("there is no such folder, or the disk was removed.", "Choose another folder."),
        errno.ENOTDIR: ("there is no such folder, or the disk was removed.", "Choose another folder."),
        errno.EEXIST: ("a file of this name is already there and is left as it is.", "Choose another name."),
        errno.ENAMETOOLONG: ("its name is too long for this disk.", "Choose a shorter name."),
    }.get(error.errno, (f"the disk says: {error.strerror}.", "Check the disk and try again."))
    return SaveError(destination, cause, advice)
