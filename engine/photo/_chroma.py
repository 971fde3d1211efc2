"""Chroma for a luma that must not change: from a coloured picture to a JPEG's Cb and Cr at half resolution.

What counts is the colour that is seen: the hue and chroma (a*, b*) of the coloured picture, at whatever lightness L*
the luma then gives. Luma is no lightness: of a saturated red and a grey of the same luma the red is the lighter one. So
for each four pixels that share a chroma sample the L* is found at which their a*, b* have their mean luma, and Cb and
Cr are those of that colour. Where one of the four pixels could not show it, chroma is reduced for all of them, for a
decoder would clip it, and with it the luma that was to be kept.

Sources: ITU-T T.871 (JFIF: luma and chroma), T.81 (JPEG), annex A.3.3 (DCT) and table K.2 (quantisation).
"""

from __future__ import annotations

from functools import cache, reduce
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from engine.color.lab import encode_srgb, grey_lightness_table, lab_to_linear_rgb
from engine.photo._coefficients import SIDE, Plane
from engine.photo._depth import strips

if TYPE_CHECKING:
    from numpy.typing import NDArray

    FloatArray = NDArray[np.float32]

LUMA = np.array([0.299, 0.587, 0.114], np.float32)
RED_BY_CR, GREEN_BY_CB, GREEN_BY_CR, BLUE_BY_CB = 1.402, -0.344136, -0.714136, 1.772

_LUMA_SLACK = 2.0
"""By how many levels a decoder's clipping of one channel may move the luma of a single pixel among the four: less than
can be seen. With no slack at all, one black grain takes the colour from the pixels around it."""

_STRIP_BYTES = 2 << 20
_STEPS = 8191
_BRIGHTEST = 2.0

_STANDARD_TABLE = np.full((SIDE, SIDE), 99)
_STANDARD_TABLE[:4, :4] = [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]]


def chroma_table(quality: int) -> NDArray[np.uint16]:
    """The standard's quantisation table for chroma, scaled to a quality of 1–100 as libjpeg does; 8 × 8."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((_STANDARD_TABLE * scale + 50) // 100, 1, 255).astype(np.uint16)


def chroma_of(luma: NDArray[np.uint8], colored: NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
    """Cb and Cr that give a luma the hue and chroma of a coloured picture, as far as they can be shown.

    Args:
        luma: H×W, 0–255.
        colored: H×W×3 sRGB.

    Returns:
        Cb and Cr, each at half the size, rounded up; 0 is grey. Each sample stands in the middle of its four pixels.
    """
    height, width = luma.shape
    shape = -(-height // 2), -(-width // 2)
    planes = np.empty(shape, np.float32), np.empty(shape, np.float32)
    for half in strips(np.broadcast_to(np.float32(0), (shape[0], shape[1], 4)), _STRIP_BYTES):
        rows = slice(2 * half.start, 2 * half.stop)
        chroma = _chroma_of_strip(_even(luma[rows]), _even(colored[rows]))
        for plane, part in zip(planes, chroma, strict=True):
            plane[half] = part
    return planes


def coefficients(plane: FloatArray, table: NDArray[np.uint16]) -> Plane:
    """A plane of samples around 0 as quantised coefficients; its last row and column fill the blocks at the edges."""
    height, width = plane.shape
    rows, columns = -(-height // SIDE), -(-width // SIDE)
    blocks = np.empty((rows, columns, SIDE, SIDE), np.int16)
    basis = _basis()
    steps = table.astype(np.float32)
    for row in range(rows):
        part = plane[row * SIDE : (row + 1) * SIDE]
        lacking = SIDE - part.shape[0], columns * SIDE - width
        if any(lacking):
            part = cv2.copyMakeBorder(part, 0, lacking[0], 0, lacking[1], cv2.BORDER_REPLICATE)
        squares = (basis @ part).reshape(SIDE, columns, SIDE) @ basis.T
        blocks[row] = np.rint(squares.transpose(1, 0, 2) / steps)
    return Plane(blocks, table)


def seen(luma: NDArray[np.uint8], chroma: tuple[FloatArray, FloatArray], size: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture that luma and chroma make, reduced.

    Args:
        luma: H×W, 0–255.
        chroma: Cb and Cr of any size, 0 is grey.
        size: Width and height of the result.
    """
    small, blue, red = (
        cast("FloatArray", cv2.resize(plane.astype(np.float32, copy=False), size, interpolation=cv2.INTER_AREA))
        for plane in (luma, *chroma)
    )
    channels = [small + offset for offset in _offsets(blue, red)]
    return np.rint(np.clip(np.stack(channels, axis=-1), 0, 255)).astype(np.uint8)


def _chroma_of_strip(luma: NDArray[np.uint8], colored: NDArray[np.uint8]) -> tuple[FloatArray, FloatArray]:
    """Cb and Cr of a strip of even height and width."""
    fours = [luma[top::2, left::2] for top in (0, 1) for left in (0, 1)]
    half = fours[0].shape[1], fours[0].shape[0]
    mean = cast("FloatArray", cv2.resize(luma.astype(np.float32), half, interpolation=cv2.INTER_AREA))
    picture = cast("FloatArray", cv2.resize(colored.astype(np.float32), half, interpolation=cv2.INTER_AREA))
    color = _at_luma(mean, picture)
    own = color @ LUMA
    blue = cast("FloatArray", (color[..., 2] - own) / np.float32(BLUE_BY_CB))
    red = cast("FloatArray", (color[..., 0] - own) / np.float32(RED_BY_CR))
    darkest, brightest = (reduce(choice, fours).astype(np.float32) for choice in (np.minimum, np.maximum))
    share = _showable_share(darkest, mean, brightest, _offsets(blue, red))
    return blue * share, red * share


def _at_luma(mean: FloatArray, picture: FloatArray) -> FloatArray:
    """Display levels (unbounded) of the colours of `picture` at the L* that brings their luma close to `mean`.

    L* is moved as far as it would have to be moved for a grey. For colours this leaves a fraction of a level, for the
    most vivid ones some levels: chroma is taken off the colour's own luma in the end, so that only its hue feels it.
    """
    lightness = _lightness_of_quarters()
    moved = lightness[_quarters(mean)] - lightness[_quarters(picture @ LUMA)]
    lab = cast("FloatArray", cv2.cvtColor(picture * np.float32(1 / 255), cv2.COLOR_RGB2LAB))
    np.clip(lab[..., 0] + moved, 0, 100, out=lab[..., 0])
    return _display(lab)


def _quarters(levels: FloatArray) -> NDArray[np.intp]:
    """Levels in whole quarters."""
    return (levels * np.float32(4) + np.float32(0.5)).astype(np.intp)


def _showable_share(
    darkest: FloatArray, mean: FloatArray, brightest: FloatArray, offsets: tuple[FloatArray, ...]
) -> FloatArray:
    """The share of its chroma at which four pixels of these lumas can still be shown."""
    share = np.ones(mean.shape, np.float32)
    for offset, weight in zip(offsets, LUMA, strict=True):
        slack = np.float32(_LUMA_SLACK / weight)
        above = np.float32(255) - np.maximum(mean, brightest - slack)
        below = np.minimum(mean, darkest + slack)
        room = np.where(offset > 0, above, below)
        np.minimum(share, room / np.maximum(np.abs(offset), np.float32(1e-3)), out=share)
    return share


def _offsets(blue: FloatArray, red: FloatArray) -> tuple[FloatArray, ...]:
    """What Cb and Cr add to luma in red, green and blue."""
    green = blue * np.float32(GREEN_BY_CB) + red * np.float32(GREEN_BY_CR)
    return red * np.float32(RED_BY_CR), green, blue * np.float32(BLUE_BY_CB)


def _even(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture with its last row and column repeated where their number is odd."""
    lacking = pixels.shape[0] % 2, pixels.shape[1] % 2
    if not any(lacking):
        return pixels
    return cast("NDArray[np.uint8]", cv2.copyMakeBorder(pixels, 0, lacking[0], 0, lacking[1], cv2.BORDER_REPLICATE))


def _display(lab: FloatArray) -> FloatArray:
    """Display levels of CIELAB colours, 0–255 and beyond where sRGB cannot show them."""
    linear = lab_to_linear_rgb(lab)
    place = np.sqrt(np.clip(linear, 0, _BRIGHTEST)) * np.float32(_STEPS / np.sqrt(_BRIGHTEST)) + np.float32(0.5)
    levels = _display_table()[place.astype(np.uint16)]
    dark = linear < 0
    levels[dark] = linear[dark] * np.float32(255 * 12.92)
    return levels


@cache
def _display_table() -> FloatArray:
    """Display levels by the square root of linear light, up to twice white."""
    linear = np.linspace(0.0, float(np.sqrt(_BRIGHTEST)), _STEPS + 1) ** 2
    return (encode_srgb(linear) * 255).astype(np.float32)


@cache
def _lightness_of_quarters() -> FloatArray:
    """L* of each quarter of a grey level, 0 … 1020."""
    return np.interp(np.arange(1021) / 4, np.arange(256), grey_lightness_table(255)).astype(np.float32)


@cache
def _basis() -> NDArray[Any]:
    """The DCT's basis, frequency × place; float32."""
    frequency, place = np.mgrid[0:SIDE, 0:SIDE]
    waves = np.cos((2 * place + 1) * frequency * np.pi / 16) / 2
    waves[0] /= np.sqrt(2)
    return waves.astype(np.float32)
