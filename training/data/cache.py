"""Packed photos kept on disk for the next run: an array of pixels and a JSON file with the facts.

Both get their names only when they are whole, the facts last; they name the length and checksum of the pixels, and a
fingerprint of the photos that they were made from. Whatever does not fit together is made anew, and the log says so. A
cache that cannot be written (a full disk) costs the next run some minutes and this one nothing.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from training.data.entries import Entry

log = logging.getLogger(__name__)

CHUNK = 1 << 22
"""Pixels that are checked at a time."""


def fingerprint(entries: Sequence[Entry]) -> str:
    """Changes when a photo, or a zip file of photos, is added, removed, renamed, or changed in place."""
    seen = hashlib.sha256()
    containers: dict[Path, tuple[int, int] | None] = {}
    for entry in entries:
        if entry.container not in containers:
            containers[entry.container] = None if entry.container.is_dir() else _state(entry.container)
        state = containers[entry.container] or _state(entry.container / entry.name)
        seen.update(repr((str(entry.container), entry.name, entry.source, entry.label, state)).encode())
    return seen.hexdigest()


def _state(path: Path) -> tuple[int, int]:
    """Size and time of the last change; zeros for a file that is gone."""
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def load(folder: Path, name: str, wanted: str) -> tuple[NDArray[np.uint8], dict[str, Any]] | None:
    """Takes up a cache.

    Args:
        folder: Where it is.
        name: Its name.
        wanted: The fingerprint of the photos.

    Returns:
        The pixels (P×3, mapped from the disk) and the facts; None where there is no cache, or none that fits.
    """
    path = folder / f"{name}.json"
    if not path.exists():
        return None
    try:
        facts = cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
        if facts["fingerprint"] != wanted:
            log.info("The photos have changed since %s was made; they are read again.", path)
            return None
        # Copy on write: nobody writes, but torch takes no array that it may not write to.
        pixels = np.load(folder / f"{name}.npy", mmap_mode="c")
        whole = pixels.dtype == np.uint8 and pixels.shape == (facts["count"], 3)
        if whole and _checksum(pixels) == facts["checksum"]:
            return pixels, facts
        cause = "its pixels are not those that were written"
    except (OSError, ValueError, TypeError, KeyError) as error:
        cause = f"{type(error).__name__}: {error}"
    log.warning("The cache %s is damaged (%s); the photos are read again.", path, cause)
    return None


def store(folder: Path, name: str, made_from: str, pixels: NDArray[np.uint8], facts: dict[str, Any]) -> None:
    """Keeps packed photos; where that fails, the log says why, and nothing is left behind.

    Args:
        folder: Where to; made if absent.
        name: The cache's name; one of that name is replaced.
        made_from: The fingerprint of the photos.
        pixels: P×3.
        facts: What else is to be kept, as JSON can.
    """
    beside = {ending: folder / f"{name}.{os.getpid()}{ending}.new" for ending in (".npy", ".json")}
    own = {"fingerprint": made_from, "count": len(pixels), "checksum": _checksum(pixels)}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with beside[".npy"].open("wb") as file:
            np.save(file, pixels)
        beside[".json"].write_text(json.dumps({**facts, **own}), encoding="utf-8")
        for ending in (".npy", ".json"):
            beside[ending].replace(folder / f"{name}{ending}")
    except OSError as error:
        log.warning("The photos are packed, but cannot be kept in %s for the next run: %s.", folder, error)
        for path in beside.values():
            with suppress(OSError):
                path.unlink()


def _checksum(pixels: NDArray[np.uint8]) -> int:
    total = 0
    for start in range(0, len(pixels), CHUNK):
        total = zlib.crc32(np.ascontiguousarray(pixels[start : start + CHUNK]).data, total)
    return total
