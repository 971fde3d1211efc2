"""Finding photos: files and folders as the user named them become a list of files, each once, in natural order.

Looking never blocks and never ends in a circle: nothing is opened here but folders, each folder is visited once, and a
link is followed only where it does not lead to a folder above the tree (a link to `/` is a slip, not a wish).
"""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from natsort import natsort_keygen, ns

from engine.batch.journal import time_of_change
from engine.errors import EngineError
from engine.photo import is_temporary, source_suffixes
from engine.sidecar import SUFFIX as SIDECAR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

RECORDS = ".autochrome"
"""The folder, inside an output folder, that holds this program's own files."""

SIDECAR_NAMED = "it is no photo but holds the hints of one"

_natural = natsort_keygen(alg=ns.IGNORECASE)

Identity = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A file that may be a photo, or something in its place that can be none.

    Attributes:
        path: Absolute, links not resolved.
        argument: Which of the user's paths led here, from 0.
        relative: The path below that argument's folder; the name alone for a file that the user named.
        named: Whether the user named this very file.
        size: In bytes.
        mtime_ns: Time of the last change in nanoseconds.
        cause: Why it cannot be used; empty for what shall be tried.
        harmless: Whether `cause` is no reason to complain (a pipe that lies in a folder, or a sidecar).
    """

    path: Path
    argument: int
    relative: Path
    named: bool = False
    size: int = 0
    mtime_ns: int = 0
    cause: str = ""
    harmless: bool = False


@dataclass(slots=True)
class _Walk:
    """One scan: what it has seen so far, and what it asks others."""

    avoid: frozenset[Identity]
    on_folder: Callable[[Path], None]
    check: Callable[[], None]
    files: set[Identity] = field(default_factory=lambda: set[Identity]())
    folders: set[Identity] = field(default_factory=lambda: set[Identity]())


def scan(
    paths: Sequence[Path],
    *,
    outputs: Sequence[Path] = (),
    on_folder: Callable[[Path], None] = lambda folder: None,
    check: Callable[[], None] = lambda: None,
) -> Iterator[Found]:
    """Finds photos.

    In folders, files count whose suffix is a picture's; a file that is named itself is always tried, unless it is a
    sidecar (`*` names them too). A file that is reached twice (named twice, hard links, links) is found once.

    Args:
        paths: Files and folders.
        outputs: Folders not to look into, unless one of `paths` names them.
        on_folder: Called with each folder before it is listed.
        check: Called now and then; whatever it raises ends the scan.

    Yields:
        Files in natural order, a folder's own before its subfolders'.

    Raises:
        EngineError: If one of `paths` does not exist.
    """
    walk = _Walk(frozenset(_existing(outputs)), on_folder, check)
    statuses = [_status_of_argument(path) for path in paths]
    for number, (given, status) in enumerate(zip(paths, statuses, strict=True)):
        path = Path(os.path.abspath(given))  # resolve() would follow links, and names are what is mirrored
        if stat.S_ISDIR(status.st_mode):
            yield from _folder(walk, path, path, number)
        else:
            found = _file(walk, path, number, Path(path.name), named=True)
            if found is not None:
                yield found


def _existing(folders: Sequence[Path]) -> Iterator[Identity]:
    for folder in folders:
        try:
            yield _identity(folder.stat())
        except OSError:
            continue


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino


def _status_of_argument(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except FileNotFoundError:
        raise EngineError(f"There is no file or folder {path}.", "Check how it is written.") from None
    except OSError as error:
        raise EngineError(f"{path} cannot be opened: {error.strerror}.", "Check how it is written.") from error


def _folder(walk: _Walk, root: Path, top: Path, number: int) -> Iterator[Found]:
    """Everything below a folder; without recursion, for trees can be deeper than Python's stack."""
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        walk.check()
        try:
            status = folder.stat()
            if _identity(status) in walk.folders or (folder != root and _identity(status) in walk.avoid):
                continue
            walk.folders.add(_identity(status))
            walk.on_folder(folder)
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: (_natural(entry.name), entry.name))
        except OSError as error:
            yield _refused(folder, root, number, f"the folder cannot be read: {_reason(error)}.")
            continue
        subfolders = [entry for entry in entries if _is_folder(entry)]
        waiting += [folder / entry.name for entry in reversed(subfolders) if _is_wanted(entry, root)]
        below = folder.relative_to(root)
        for name in (entry.name for entry in entries if not _is_folder(entry)):
            walk.check()
            if _is_picture(Path(name)):
                found = _file(walk, folder / name, number, below / name, named=False)
                if found is not None:
                    yield found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link in a circle: what follows will say so


def _is_picture(name: Path) -> bool:
    """Whether a file's name is worth a try; `._x.jpg` is what macOS leaves beside `x.jpg` on foreign disks."""
    return name.suffix.lower() in source_suffixes() and not is_temporary(name) and not name.name.startswith("._")


def _is_wanted(entry: os.DirEntry[str], root: Path) -> bool:
    """Whether to look into a subfolder."""
    if entry.name == RECORDS:
        return False
    if not entry.is_symlink():
        return True
    target = Path(os.path.realpath(entry.path))
    return not Path(os.path.realpath(root)).is_relative_to(target)


def _file(walk: _Walk, path: Path, number: int, relative: Path, *, named: bool) -> Found | None:
    """A file as found; None if it was found before."""
    try:
        status = path.stat()
    except OSError as error:
        return Found(path=path, argument=number, relative=relative, named=named, cause=f"{_reason(error)}.")
    if status.st_ino and _identity(status) in walk.files:
        return None
    walk.files.add(_identity(status))
    is_file = stat.S_ISREG(status.st_mode)
    is_sidecar = is_file and path.name.lower().endswith(SIDECAR)
    return Found(
        path=path,
        argument=number,
        relative=relative,
        named=named,
        size=status.st_size,
        mtime_ns=time_of_change(status),
        cause=SIDECAR_NAMED if is_sidecar else "" if is_file else "it is no file but a pipe, a socket or a device.",
        harmless=is_sidecar or (not named and not is_file),
    )


def _refused(folder: Path, root: Path, number: int, cause: str) -> Found:
    return Found(path=folder, argument=number, relative=folder.relative_to(root), cause=cause)


def _reason(error: OSError) -> str:
    """Why the system refuses, in plain words and without a full stop."""
    if error.errno == errno.ENOENT:
        return "the link leads nowhere, or the file was removed"
    if error.errno == errno.EACCES:
        return "permission denied"
    if error.errno == errno.ELOOP:
        return "the link leads in a circle"
    return error.strerror or str(error)
