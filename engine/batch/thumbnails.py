"""Thumbnails for the report: each photo before and after, side by side, in one small JPEG.

They lie in `thumbnails` beside the journal, so that a run that goes on later can show what an earlier one coloured. One
appears whole or not at all; it is not synced, for it is worth less than the time that this takes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, cast

import cv2
import imagecodecs
import numpy as np

from engine.photo import temporary_in

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FOLDER = "thumbnails"
SIDE = 128
"""The box of each half, in pixels."""
_QUALITY = 75
_SAMPLES = 4
"""How many samples a side stand for one pixel of a thumbnail, at the least."""


class Thumbnails:
    """The thumbnails of one output folder; safe from several threads, one photo in one of them at a time.

    Args:
        records: The folder of this program's own files in that folder.
    """

    def __init__(self, records: Path) -> None:
        self._folder = records / FOLDER

    def keep(self, key: bytes, before: NDArray[Any], after: NDArray[Any]) -> None:
        """Writes the thumbnail of a photo, in place of a former one.

        Args:
            key: The photo as the journal keeps it.
            before: The photo, H×W or H×W×3, uint8 or uint16 over the full range, sRGB-encoded.
            after: Its colours, likewise and of the same size.

        Raises:
            OSError: If it cannot be written; a former one is then as it was.
        """
        file = self.file(key)
        picture = bytes(imagecodecs.jpeg8_encode(side_by_side(before, after), _QUALITY, optimize=True))
        # Always the same name: what a killed run left is written over when the photo is coloured again.
        temporary = temporary_in(file.parent, file.stem)
        # Not the parents of all: a drive that is gone is not made up for.
        for folder in (self._folder.parent, self._folder, file.parent):
            folder.mkdir(exist_ok=True)
        try:
            temporary.write_bytes(picture)
            temporary.replace(file)
        finally:
            temporary.unlink(missing_ok=True)

    def path(self, key: bytes) -> Path | None:
        """The thumbnail of a photo; None where there is none, or a loss of power left it empty."""
        file = self.file(key)
        try:
            return file if file.stat().st_size > 0 else None
        except OSError:
            return None

    def file(self, key: bytes) -> Path:
        """Where the thumbnail of a photo goes.

        Names are hashes: short, plain, and spread over folders of which none grows large.
        """
        name = hashlib.blake2b(key, digest_size=16).hexdigest()
        return self._folder / name[:2] / f"{name}.jpg"


def side_by_side(before: NDArray[Any], after: NDArray[Any]) -> NDArray[np.uint8]:
    """Two pictures of one size, reduced to fit a box each; h×2w×3, uint8."""
    return np.hstack([_reduced(before), _reduced(after)])


def _reduced(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """A picture that fits the box: every n-th sample first, which no eye sees at this size, then means of areas."""
    height, width = pixels.shape[:2]
    scale = min(SIDE / max(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    down, across = max(height // (size[1] * _SAMPLES), 1), max(width // (size[0] * _SAMPLES), 1)
    few = np.ascontiguousarray(pixels[down // 2 :: down, across // 2 :: across])
    small = cast("NDArray[Any]", cv2.resize(few, size, interpolation=cv2.INTER_AREA))
    if small.dtype == np.uint16:
        small = (small // 257).astype(np.uint8)
    return cast("NDArray[np.uint8]", cv2.cvtColor(small, cv2.COLOR_GRAY2RGB) if small.ndim == 2 else small)
