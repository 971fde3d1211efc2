"""Samples of any depth, sign and range become uint8 or uint16 over the full range.

The rules, each told in a note where it guesses:

- A stated depth or largest value counts (12 bits of 16: 4095 is white).
- Without one, 16-bit samples that never pass 4095 are taken for 12 bits: that is how scanners and cameras store them.
- Signed samples with negative values are shifted so that the most negative one is black; others use the positive half.
- Fractions are taken as they are in [0, 1]. Up to 8, the excess is highlights and becomes white; beyond, white is 255,
  65535 or the largest value, whichever is the first to hold them all. What is no number is black.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

STRIP_BYTES = 4 << 20
_HIGHLIGHTS = 8.0


def strips(pixels: NDArray[Any], size: int = STRIP_BYTES) -> Iterator[slice]:
    """Slices of rows, each of about `size` bytes, that cover a picture from top to bottom."""
    row = max(int(pixels[:1].nbytes), 1)
    step = max(size // row, 1)
    for start in range(0, pixels.shape[0], step):
        yield slice(start, min(start + step, pixels.shape[0]))


def full_range(pixels: NDArray[Any], white: int) -> NDArray[Any]:
    """Whole numbers in [0, white] spread over the full range of uint8 (white up to 255) or uint16.

    Args:
        pixels: Unsigned samples, of any shape of at least two axes.
        white: The value that means white; larger ones become white too.
    """
    dtype = np.dtype(np.uint8 if white <= 255 else np.uint16)
    full = int(np.iinfo(dtype).max)
    if white == full and pixels.dtype == dtype:
        return pixels
    spread = np.empty(pixels.shape, dtype)
    for rows in strips(pixels):
        strip = np.minimum(pixels[rows], white).astype(np.uint64 if white > 0xFFFF else np.uint32)
        spread[rows] = (strip * full + white // 2) // white
    return spread


def widen_16(pixels: NDArray[np.uint16], stated: int | None = None) -> tuple[NDArray[np.uint16], tuple[str, ...]]:
    """16-bit samples by their real range.

    Args:
        pixels: The samples.
        stated: The largest value as the file states it, or None.

    Returns:
        The samples over the full range, and notes.
    """
    largest = max((int(pixels[rows].max()) for rows in strips(pixels)), default=0)
    if stated is not None and 255 < stated < 0xFFFF and largest <= stated:
        return full_range(pixels, stated), ()
    if 255 < largest <= 4095:
        return full_range(pixels, 4095), ("no value passes 4095: taken for 12 bits",)
    return pixels, ()


def from_signed(pixels: NDArray[Any]) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Signed samples of 8, 16 or 32 bits as uint8 or uint16."""
    limits = np.iinfo(pixels.dtype)
    if min((int(pixels[rows].min()) for rows in strips(pixels)), default=0) < 0:
        unsigned = np.dtype(f"u{pixels.dtype.itemsize}")
        shifted = pixels.view(unsigned) ^ unsigned.type(1 << (8 * pixels.dtype.itemsize - 1))
        return _at_most_16(shifted), ("signed values: the most negative is black",)
    return full_range(pixels, int(limits.max)), ("signed values: 0 is black",)


def from_unsigned(pixels: NDArray[Any], stated: int | None = None) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Unsigned samples of 8, 16, 32 or 64 bits as uint8 or uint16."""
    if pixels.dtype == np.uint8:
        return pixels, ()
    if pixels.dtype == np.uint16:
        return widen_16(pixels, stated)
    largest = max((int(pixels[rows].max()) for rows in strips(pixels)), default=0)
    if largest <= 0xFFFF:
        return widen_16(pixels.astype(np.uint16), stated)
    return _at_most_16(pixels), ("32 bits reduced to 16",)


def _at_most_16(pixels: NDArray[Any]) -> NDArray[Any]:
    """The upper 16 bits of wider samples."""
    if pixels.dtype.itemsize <= 2:
        return pixels
    return (pixels >> (8 * pixels.dtype.itemsize - 16)).astype(np.uint16)


def from_float(pixels: NDArray[Any]) -> tuple[NDArray[np.uint16], tuple[str, ...]]:
    """Fractions as uint16, whatever they contain."""
    broken, darkest, brightest = False, 0.0, 0.0
    for rows in strips(pixels):
        strip = pixels[rows]
        finite = strip[np.isfinite(strip)]
        broken |= finite.size < strip.size
        if finite.size:
            darkest, brightest = min(darkest, float(finite.min())), max(brightest, float(finite.max()))
    white, notes = _white_of(brightest)
    if broken:
        notes += ("values that are no numbers: NaN became black, infinity white",)
    if darkest < 0.0:
        notes += ("negative values became black",)
    spread = np.empty(pixels.shape, np.uint16)
    for rows in strips(pixels):
        strip = np.nan_to_num(pixels[rows].astype(np.float32), nan=0.0, posinf=white, neginf=0.0)
        spread[rows] = np.rint(np.clip(strip / np.float32(white), 0.0, 1.0) * 65535.0)
    return spread, notes


def _white_of(brightest: float) -> tuple[float, tuple[str, ...]]:
    """Which fraction is white, by the largest one."""
    if brightest <= 1.0:
        return 1.0, ()
    if brightest <= _HIGHLIGHTS:
        return 1.0, (f"high dynamic range (up to {brightest:.3g}): what is brighter than white became white",)
    white = next(
        (each for each in (255.0, 65535.0) if brightest <= each), min(brightest, float(np.finfo(np.float32).max))
    )
    return white, (f"fractions up to {brightest:.6g}: {white:.6g} taken for white",)


def to_8(pixels: NDArray[Any]) -> NDArray[np.uint8]:
    """uint16 (or already uint8) samples as uint8, rounded."""
    if pixels.dtype == np.uint8:
        return pixels
    reduced = np.empty(pixels.shape, np.uint8)
    for rows in strips(pixels):
        reduced[rows] = (pixels[rows].astype(np.uint32) + 128) // 257
    return reduced
