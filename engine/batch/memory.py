"""How much memory the photos in flight may take: bounded in bytes, never in how many photos."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.photo import BYTES_PER_PIXEL, default_pixel_limit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from engine.photo import Photo

MOST = 4 << 30
"""More in flight makes nothing faster."""
EXACT_LUMA_BYTES = 7
"""A pixel of a JPEG whose luma is kept takes so many bytes more while it is saved: its coefficients."""
FIRST_ALLOWANCE = 16_000_000
STEP = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """What a run may use.

    A file tells its size only when it is opened. So a photo is given room for a usual one first, and comes back for
    more if its header asks for more, which costs nothing but reading the header again.

    Attributes:
        pixels: The most that one photo may have on this machine.
        budget: Bytes for all photos in flight together.
    """

    pixels: int
    budget: int

    @staticmethod
    def of_this_machine() -> Memory:
        """Half of what one photo alone might take here, for all photos in flight."""
        pixels = default_pixel_limit()
        return Memory(pixels, min(pixels * BYTES_PER_PIXEL // 2, MOST))

    def allowance(self, attempt: int) -> int | None:
        """How many pixels a photo may have in its n-th attempt, from 0; None in the last, for as many as fit."""
        pixels = FIRST_ALLOWANCE * STEP**attempt
        return pixels if pixels < self.pixels else None

    def need(self, attempt: int) -> int:
        """Bytes to set aside for the n-th attempt to read a photo."""
        return (self.allowance(attempt) or self.pixels) * BYTES_PER_PIXEL


def cost(photo: Photo) -> int:
    """Bytes that one page takes until its output is written: itself, its colours, and the colours read back."""
    alpha = 0 if photo.alpha is None else photo.alpha.nbytes
    return photo.pixels.nbytes + alpha + 2 * photo.width * photo.height * 3 * photo.pixels.dtype.itemsize


def cost_of_metadata(photo: Photo) -> int:
    """Bytes of what a page carries beside its pixels, which are kept of every page."""
    metadata = photo.metadata
    blocks = (metadata.exif, metadata.xmp, metadata.iptc, metadata.comment, *(body for _, body in metadata.png_chunks))
    return sum(len(block) for block in blocks if block is not None)


def cost_of_network(lightness: NDArray[np.float32]) -> int:
    """Bytes that a page takes at the network's size: its lightness, and two channels of colours at the most.

    Of a small photo, or a file of many pages, this is more than its pixels.
    """
    return 3 * lightness.nbytes
