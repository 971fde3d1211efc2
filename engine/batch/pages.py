"""Reading one source of a batch: all its pages, and whether it stayed the same meanwhile.

Decoding itself is a `Reader`'s affair: it happens here, or in a process that may crash (`readers`).
"""

from __future__ import annotations

import contextlib
import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.batch.journal import time_of_change
from engine.batch.memory import cost, cost_of_metadata, cost_of_network
from engine.batch.readers import HERE
from engine.errors import UnreadablePhotoError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.batch.readers import Reader
    from engine.colorist import Prepared
    from engine.photo import Photo


@dataclass(frozen=True, slots=True)
class Status:
    """What tells that a file was changed."""

    size: int
    mtime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Pages:
    """A source that was read.

    Attributes:
        photos: Its pages. Of several, the pixels are not kept, and read again one by one when they are saved, so that a
            file of a hundred pages takes the memory of one.
        prepared: What the network sees of each.
        status: Of the file, before and after.
        cost: Bytes that it takes until it is saved.
    """

    photos: tuple[Photo, ...]
    prepared: tuple[Prepared, ...]
    status: Status
    cost: int

    @property
    def kept(self) -> bool:
        """Whether the pixels are here."""
        return len(self.photos) == 1


def read_source(
    path: Path,
    prepare: Callable[[NDArray[Any]], Prepared],
    salvage: bool,
    pixel_limit: int | None,
    reader: Reader = HERE,
) -> Pages:
    """Reads every page of a file.

    Args:
        path: The file.
        prepare: Makes what the network sees of a page.
        salvage: Whether to use what is left of a file that is cut off.
        pixel_limit: The most pixels a page may have; None for as many as fit.
        reader: Decodes it.

    Raises:
        PhotoError: If it cannot be read, or was changed meanwhile.
    """
    status = _status(path)
    photos: list[Photo] = []
    prepared: list[Prepared] = []
    most = kept = 0
    for photo in reader.pages(path, salvage=salvage, pixel_limit=pixel_limit):
        prepared.append(prepare(photo.pixels))
        most = max(most, cost(photo))
        kept += cost_of_metadata(photo) + cost_of_network(prepared[-1].lightness)
        photos.append(photo if photo.page_count == 1 else _without_pixels(photo))
    _check_unchanged(path, status)
    return Pages(tuple(photos), tuple(prepared), status, most + kept)


def reread(photo: Photo, status: Status, salvage: bool, reader: Reader = HERE) -> NDArray[Any]:
    """The pixels of a page that were not kept.

    Args:
        photo: The page without them.
        status: Of the file when it was read first.
        salvage: As it was then.
        reader: Decodes it.

    Raises:
        PhotoError: If it can no longer be read, or is no longer the same.
    """
    pixels = reader.page(photo.path, photo.page, salvage=salvage).pixels
    _check_unchanged(photo.path, status)
    return pixels


def _without_pixels(photo: Photo) -> Photo:
    """A photo that still says its size but holds one pixel only."""
    nothing = np.zeros((), photo.pixels.dtype)
    return dataclasses.replace(photo, pixels=np.broadcast_to(nothing, photo.pixels.shape))


def _status(path: Path) -> Status:
    with contextlib.suppress(OSError):
        status = path.stat()
        return Status(status.st_size, time_of_change(status), status.st_ino)
    return Status(-1, 0, 0)  # reading the file will say what is wrong


def _check_unchanged(path: Path, status: Status) -> None:
    if _status(path) != status:
        raise UnreadablePhotoError(
            path,
            "it changed while it was being read.",
            "Run the same command again when nothing writes to it any more.",
        )
