"""From lightness and ab to display pixels, quickly: the last step of every coloured photo.

Works on strips that fit into the processor's cache; several threads may each compose a strip of their own, for NumPy
lets go of the interpreter while it computes. The formulas are those of `lab`.

At 16 bits every pixel is computed. At 8 bits it is looked up in a cube of 256 grey levels × 128 a* × 128 b*, which
takes a third of the time: each entry has exactly its level's L* (before rounding to 8 bits) and is in gamut. ab are
rounded to the cube's grid, steps of 1.5 and 1.625, with an ordered dither, so that skies stay smooth; the step is about
what one 8-bit level of red or blue is worth. a* = b* = 0 lies on the grid, so what is grey stays exactly grey.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from engine.color.gamut import TOLERANCE, look_up_max_chroma
from engine.color.lab import (
    DELTA,
    LINEAR_OFFSET,
    LINEAR_SLOPE,
    RELATIVE_XYZ_TO_RGB,
    FloatArray,
    encode_srgb,
    grey_lightness_table,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS = 65535
END = 1e-3
"""So near to 0 or 100, L* is black or white, which have no colour: the gamut's tolerance would leave them a tint."""
CUBE_SIDE = 128
CUBE_STEP = np.array([1.5, 1.625], np.float32)
CUBE_LOW = np.array([-58.0, -68.0], np.float32) * CUBE_STEP
"""Steps of a* and b*, and the cube's lower faces: all of sRGB lies within. Exact in binary, and so is the way to 0."""
_MATRIX = RELATIVE_XYZ_TO_RGB.astype(np.float32)


@cache
def _display_table(dtype: np.dtype[Any]) -> NDArray[Any]:
    """Display levels by the square root of linear light, in 65,536 steps.

    The root is nearly the transfer function itself, so the steps are even in what is seen: at 16 bits the nearest entry
    is within one level, where equal steps of linear light would be 13 levels apart in the shadows.
    """
    maximum = int(np.iinfo(dtype).max)
    linear = (np.arange(STEPS + 1, dtype=np.float64) / STEPS) ** 2
    return np.rint(encode_srgb(linear) * maximum).astype(dtype)


def _relative(compressed: FloatArray) -> FloatArray:
    """Inverse of CIELAB's f; the tangent near black is touched only where there is black."""
    cube = compressed * compressed
    cube *= compressed
    dark = compressed <= DELTA
    if dark.any():
        cube[dark] = (compressed[dark] - LINEAR_OFFSET) / LINEAR_SLOPE
    return cube


def _linear(lightness: FloatArray, ab: FloatArray) -> list[FloatArray]:
    """Linear red, green, blue, unbounded, of an L* of any shape and an ab of 2×that shape."""
    fy = lightness * np.float32(1 / 116)
    fy += np.float32(16 / 116)
    x = _relative(fy + ab[0] * np.float32(1 / 500))
    y = _relative(fy)
    z = _relative(fy - ab[1] * np.float32(1 / 200))
    channels: list[FloatArray] = []
    for row in _MATRIX:
        channel = x * row[0]
        channel += y * row[1]
        channel += z * row[2]
        channels.append(channel)
    return channels


def compose(lightness: FloatArray, ab: FloatArray, out: NDArray[np.uint8] | NDArray[np.uint16]) -> None:
    """Writes display pixels of a lightness and colours, losing chroma where sRGB cannot show them.

    Args:
        lightness: H×W, L* in [0, 100].
        ab: 2×H×W, a* and b* in CIELAB units. Changed in place where chroma is reduced.
        out: H×W×3 uint8 or uint16, written to.
    """
    channels = _linear(lightness, ab)
    lowest = np.minimum(np.minimum(channels[0], channels[1]), channels[2])
    highest = np.maximum(np.maximum(channels[0], channels[1]), channels[2])
    beyond = (lowest < -TOLERANCE) | (highest > 1 + TOLERANCE)
    beyond |= (lightness < END) | (lightness > 100 - END)
    if beyond.any():
        dimmed = ab[:, beyond]
        level = lightness[beyond]
        chroma = np.hypot(dimmed[0], dimmed[1])
        limit = look_up_max_chroma(level, np.arctan2(dimmed[1], dimmed[0]))
        limit[(level < END) | (level > 100 - END)] = 0
        dimmed *= np.minimum(limit / np.maximum(chroma, 1e-6), 1)
        ab[:, beyond] = dimmed
        for channel, fitted in zip(channels, _linear(level, dimmed), strict=True):
            channel[beyond] = fitted
    table = _display_table(out.dtype)
    for n, channel in enumerate(channels):
        np.clip(channel, 0, 1, out=channel)
        np.sqrt(channel, out=channel)
        channel *= np.float32(STEPS)
        channel += np.float32(0.5)
        out[..., n] = table[channel.astype(np.uint16)]


@cache
def _cube() -> NDArray[np.uint32]:
    """Display colours of 256 grey levels × 128 a* × 128 b*: R, G, B and an unused byte in memory order; flat."""
    places = np.arange(CUBE_SIDE, dtype=np.float32)
    axes = [low + places * step for low, step in zip(CUBE_LOW, CUBE_STEP, strict=True)]
    plane = np.stack(np.meshgrid(*axes, indexing="ij"))
    cube = np.zeros((256, CUBE_SIDE, CUBE_SIDE, 4), np.uint8)
    for level, lightness in enumerate(grey_lightness_table(255)):
        compose(np.full((CUBE_SIDE, CUBE_SIDE), lightness), plane.copy(), cube[level, ..., :3])
    return cube.reshape(-1).view(np.uint32)


@cache
def _dither(width: int, phase: int) -> FloatArray:
    """Ordered dither for a* and b*, 2×8×width in [0, 1): a Bayer matrix, turned for b* so that the two do not beat.

    It begins at the matrix's column `phase`, of 8.
    """
    bayer = np.array([[0]])
    for _ in range(3):
        bayer = np.block([[4 * bayer, 4 * bayer + 2], [4 * bayer + 3, 4 * bayer + 1]])
    pair = np.stack([bayer, bayer[::-1, ::-1].T]).astype(np.float32) / np.float32(64) + np.float32(1 / 128)
    return np.tile(pair, (1, 1, -(-(phase + width) // 8)))[..., phase : phase + width].astype(np.float32, copy=False)


def compose_levels(
    levels: NDArray[np.uint8], ab: FloatArray, top: int, out: NDArray[np.uint8], *, left: int = 0
) -> None:
    """Writes 8-bit display pixels of grey levels and colours.

    Args:
        levels: H×W, the grey level with the wanted L*.
        ab: 2×H×W, a* and b* in CIELAB units; changed in place.
        top: Row of the picture at which this part begins, for the dither to run on.
        out: H×W×3, written to.
        left: Column of the picture at which this part begins.
    """
    height, width = levels.shape
    pattern = _dither(width, left % 8) - (CUBE_LOW / CUBE_STEP)[:, None, None]
    ab *= (1 / CUBE_STEP)[:, None, None]
    for row in range(height):
        ab[:, row] += pattern[:, (top + row) % 8]
    np.clip(ab, 0, CUBE_SIDE - 1, out=ab)
    np.floor(ab, out=ab)
    # In float32, where whole numbers up to 2^24 are exact; the cube has 2^22 entries. One conversion instead of three.
    place = levels.astype(np.float32)
    place *= np.float32(CUBE_SIDE)
    place += ab[0]
    place *= np.float32(CUBE_SIDE)
    place += ab[1]
    colors = _cube()[place.astype(np.intp)]
    out[...] = cv2.cvtColor(colors.view(np.uint8).reshape(height, width, 4), cv2.COLOR_RGBA2RGB)


def make_tables() -> None:
    """Makes the tables that 8-bit pixels are looked up in, which takes most of a second once; later calls find them."""
    _cube()
    _grey_level_table()


@cache
def _grey_level_table() -> NDArray[np.uint8]:
    """The 8-bit grey level of each L*, in 65,536 steps over [0, 100]."""
    lightness = np.linspace(0, 100, STEPS + 1)
    return np.rint(np.interp(lightness, grey_lightness_table(255), np.arange(256))).astype(np.uint8)


def grey_levels(lightness: FloatArray) -> NDArray[np.uint8]:
    """The 8-bit grey level nearest to each L* in [0, 100], any shape."""
    return _grey_level_table()[(lightness * np.float32(STEPS / 100) + np.float32(0.5)).astype(np.uint16)]
