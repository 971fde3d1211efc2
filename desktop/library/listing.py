"""Looking into folders: plain functions for background threads.

A folder's names come first and in one go, for reading them is quick even where each file's details are not; they are
put in their natural order, and then the files are looked at and handed on in portions, so that the first rows are there
while the ten thousandth file has not been looked at yet.
"""

from __future__ import annotations

import errno
import heapq
import os
import re
from stat import S_ISREG
from typing import TYPE_CHECKING, Any

from natsort import natsort_keygen, ns
from PySide6.QtCore import QCoreApplication

from desktop.library.contents import PhotoFile
from engine import EngineError, source_suffixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from engine import Progress

PORTION = 400
"""Rows that are handed on together; few enough to be shown without a stall."""

_FIRST_PORTION = 100
_SORTED_AT_ONCE = 2000
_POLLED_EVERY = 256

SIDECAR = ".autochrome.json"

_NOT_SHOWN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")

_natural = natsort_keygen(alg=ns.IGNORECASE)


class FolderError(EngineError):
    """A folder cannot be listed.

    Args:
        folder: Which.
        error: What the system says.
    """

    def __init__(self, folder: Path, error: OSError) -> None:
        super().__init__(
            _sentence(error).format(folder=shown_name(str(folder)), reason=error.strerror or str(error)),
            QCoreApplication.translate("Library", "Check that it is still there and that you may read it."),
        )
        self.title = QCoreApplication.translate("Library", "This folder cannot be opened")
        self.folder = folder
        self.is_gone = isinstance(error, (FileNotFoundError, NotADirectoryError))


def shown_name(name: str) -> str:
    """A file's name as text that can be shown.

    Bytes that are no text are replaced, and so is what would break the line or turn its direction.
    """
    text = os.fsencode(name).decode("utf-8", "replace")
    return text if text.isprintable() else _NOT_SHOWN.sub("\N{REPLACEMENT CHARACTER}", text)


def natural_key(name: str) -> tuple[Any, str]:
    """Puts names in the order that people expect, `IMG_9` before `IMG_10`; no two names have the same key."""
    return _natural(shown_name(name)), name


def list_photos(
    folder: Path,
    progress: Progress,
    deliver: Callable[[list[PhotoFile]], object] | None = None,
    known: dict[str, PhotoFile] | None = None,
) -> list[PhotoFile]:
    """The photos directly in a folder, in natural order.

    Args:
        folder: Which; absolute.
        progress: Polled throughout.
        deliver: Called with each portion, in order.
        known: What was found before, by file name; spares the making of keys.

    Raises:
        FolderError: If the folder cannot be listed.
        CancelledError: If the work was cancelled.
    """
    try:
        names, sidecars = _names(folder, progress)
    except OSError as error:
        raise FolderError(folder, error) from error
    found: list[PhotoFile] = []
    ordered = _in_order(names, known or {}, progress)
    while portion := _portion(ordered, folder, sidecars, PORTION if found else _FIRST_PORTION):
        progress.check()
        files = [file for file in portion if file is not None]
        found += files
        if deliver is not None:
            deliver(files)
    return found


def list_subfolders(folder: Path, progress: Progress) -> list[Path]:
    """The folders directly in a folder, in natural order, without hidden ones.

    Raises:
        FolderError: If the folder cannot be listed.
        CancelledError: If the work was cancelled.
    """
    names: list[str] = []
    try:
        with os.scandir(folder) as entries:
            for number, entry in enumerate(entries):
                if number % _POLLED_EVERY == 0:
                    progress.check()
                if not entry.name.startswith(".") and _is_folder(entry):
                    names.append(entry.name)
    except OSError as error:
        raise FolderError(folder, error) from error
    return [folder / name for _, name in sorted(natural_key(name) for name in names)]


def _names(folder: Path, progress: Progress) -> tuple[list[str], set[str]]:
    """The names of photos, and those of photos with a sidecar."""
    suffixes = source_suffixes()
    names: list[str] = []
    sidecars: set[str] = set()
    with os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number % _POLLED_EVERY == 0:
                progress.check()
            name = entry.name
            if name.endswith(SIDECAR):
                sidecars.add(name.removesuffix(SIDECAR))
            # What begins with a dot is hidden: half-written files, and what macOS leaves on foreign disks.
            elif os.path.splitext(name)[1].lower() in suffixes and not name.startswith("."):
                names.append(name)
    return names, sidecars


def _in_order(names: list[str], known: dict[str, PhotoFile], progress: Progress) -> Iterator[tuple[Any, str]]:
    """The names' keys in order. Sorted piece by piece: one large sort would keep every other thread waiting."""
    pieces: list[list[tuple[Any, str]]] = []
    for start in range(0, len(names), _SORTED_AT_ONCE):
        progress.check()
        piece = names[start : start + _SORTED_AT_ONCE]
        pieces.append(sorted(known[name].key if name in known else natural_key(name) for name in piece))
    return heapq.merge(*pieces)


def _portion(
    ordered: Iterator[tuple[Any, str]], folder: Path, sidecars: set[str], count: int
) -> list[PhotoFile | None]:
    keys = (key for _, key in zip(range(count), ordered, strict=False))
    return [_photo(folder, key, key[1] in sidecars) for key in keys]


def _photo(folder: Path, key: tuple[Any, str], has_hints: bool) -> PhotoFile | None:
    """A file looked at; None if it is gone meanwhile, or is a folder, a pipe, a device."""
    try:
        status = os.stat(os.path.join(folder, key[1]))  # a path object would take half of the time
    except OSError:
        return None
    if not S_ISREG(status.st_mode):
        return None
    name = shown_name(key[1])
    return PhotoFile(key, folder, name, name.casefold(), status.st_mtime_ns, status.st_size, has_hints)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False  # a link in a circle


def _sentence(error: OSError) -> str:
    translate = QCoreApplication.translate
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return translate("Library", "The folder {folder} is not there.")
    if error.errno in (errno.EACCES, errno.EPERM):
        return translate("Library", "The folder {folder} may not be read: permission denied.")
    return translate("Library", "The folder {folder} cannot be read: {reason}.")
