"""Colour profiles: from what a file's numbers mean to sRGB, through littlecms at the depth of the source.

Source: ICC.1:2022; colours are matched relative-colorimetrically with black-point compensation, as photo editors do.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, cast

import cv2
import imagecodecs
import numpy as np
from PIL import ImageCms

from engine.photo._depth import strips
from engine.photo._samples import Space

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LONGEST = 8 << 20
_RELATIVE = 1
_BLACK_POINT = 0x2000
_NO_SHORTCUTS = 0x0100
_STRIP_BYTES = 16 << 20
_INVISIBLE = 128
"""Half a step of 8 bits, in steps of 16: a profile that moves no colour further is sRGB under another name."""

_KINDS = {b"GRAY": Space.GREY, b"RGB ": Space.RGB, b"CMYK": Space.CMYK}
_NAMES = {Space.GREY: "gray", Space.RGB: "rgb", Space.CMYK: "cmyk", Space.LAB: "lab"}
_DAMAGED = "the colour profile is damaged; sRGB assumed"


@functools.cache
def srgb_profile() -> bytes:
    """A small sRGB profile, the same bytes every time."""
    profile = bytearray(imagecodecs.cms_profile("srgb"))
    # littlecms writes the time of day, which would make two runs differ.
    profile[24:36] = bytes.fromhex("07e8000100010000 00000000".replace(" ", ""))
    return bytes(profile)


@functools.cache
def _lab_profile() -> bytes:
    """The profile of CIELAB itself, under D50."""
    return ImageCms.ImageCmsProfile(cast("Any", ImageCms).createProfile("LAB")).tobytes()


def to_srgb(pixels: NDArray[Any], space: Space, icc: bytes | None) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Pixels as sRGB.

    Args:
        pixels: H×W (grey), H×W×3 (RGB, LAB) or H×W×4 (CMYK); uint8 or uint16.
        space: What they mean.
        icc: Their profile, or None.

    Returns:
        H×W (from grey) or H×W×3 of the same dtype, and notes. The same array where nothing is to be done.
    """
    if space is Space.LAB:
        return _transformed(pixels, _lab_profile(), space), ()
    kind, notes = _kind(icc)
    if icc is not None and kind is not None:
        try:
            if space is Space.GREY and kind in (Space.GREY, Space.RGB):
                return _looked_up(pixels, icc, kind), notes
            if space is kind:
                same = space is Space.RGB and _is_srgb(icc)
                return pixels if same else _transformed(pixels, icc, space), notes
            notes = (f"the colour profile is for {kind.name}, not {space.name}; {_assumed(space)}",)
        except (RuntimeError, ValueError):
            notes = (_DAMAGED,) if space is not Space.CMYK else (f"the colour profile is damaged; {_assumed(space)}",)
    if space is Space.CMYK:
        return _plain_inks(pixels), notes or (f"CMYK without a colour profile: {_assumed(space)}",)
    return pixels, notes


def _assumed(space: Space) -> str:
    """What is assumed where a profile is of no use."""
    return "plain inks assumed" if space is Space.CMYK else "sRGB assumed"


def _kind(icc: bytes | None) -> tuple[Space | None, tuple[str, ...]]:
    """For which space a profile is; None with a note where it cannot be used."""
    if icc is None:
        return None, ()
    if len(icc) > _LONGEST:
        return None, ("the colour profile is too long; sRGB assumed",)
    kind = _KINDS.get(icc[16:20])
    return kind, () if kind is not None else (_DAMAGED,)


def _transform(pixels: NDArray[Any], icc: bytes, space: Space, flags: int = 0) -> NDArray[Any]:
    """One pass through littlecms.

    Raises:
        RuntimeError: If the profile cannot be used.
    """
    return imagecodecs.cms_transform(
        np.ascontiguousarray(pixels),
        icc,
        srgb_profile(),
        colorspace=_NAMES[space],
        outcolorspace="rgb",
        intent=_RELATIVE,
        flags=_BLACK_POINT | flags,
    )


def _transformed(pixels: NDArray[Any], icc: bytes, space: Space) -> NDArray[Any]:
    """A picture through littlecms in strips."""
    result = np.empty((*pixels.shape[:2], 3), pixels.dtype)
    for rows in strips(pixels, _STRIP_BYTES):
        result[rows] = _transform(pixels[rows], icc, space)
    return result


@functools.lru_cache(maxsize=16)
def _is_srgb(icc: bytes) -> bool:
    """Whether an RGB profile is sRGB under any name."""
    steps = np.linspace(0, 65535, 9).astype(np.uint16)
    probe = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(1, -1, 3)
    moved = _transform(probe, icc, Space.RGB, _NO_SHORTCUTS).astype(np.int32) - probe
    return int(np.abs(moved).max()) <= _INVISIBLE


@functools.lru_cache(maxsize=16)
def _table(icc: bytes, kind: Space, dtype: str) -> NDArray[Any] | None:
    """The sRGB value of each grey value, 256 or 65536 of them; None if nothing moves."""
    full = int(np.iinfo(dtype).max)
    greys = (np.arange(full + 1, dtype=np.uint32) * (65535 // full)).astype(np.uint16)[None]
    probe = greys if kind is Space.GREY else np.repeat(greys[..., None], 3, axis=2)
    table = _transform(probe, icc, kind, _NO_SHORTCUTS)[0, :, 1]
    if int(np.abs(table.astype(np.int32) - greys[0]).max()) <= _INVISIBLE:
        return None
    return ((table.astype(np.uint32) + 128) // 257).astype(np.uint8) if dtype == "uint8" else table


def _looked_up(pixels: NDArray[Any], icc: bytes, kind: Space) -> NDArray[Any]:
    """A grey picture through the profile's table."""
    table = _table(icc, kind, pixels.dtype.name)
    if table is None:
        return pixels
    if pixels.dtype == np.uint8:
        return cast("NDArray[Any]", cv2.LUT(pixels, table))
    result = np.empty_like(pixels)
    for rows in strips(pixels):
        np.take(table, pixels[rows], out=result[rows])
    return result


def _plain_inks(pixels: NDArray[Any]) -> NDArray[Any]:
    """CMYK without a profile: each ink takes its share of light, and black takes its share of what is left."""
    result = np.empty((*pixels.shape[:2], 3), pixels.dtype)
    full = int(np.iinfo(pixels.dtype).max)
    for rows in strips(pixels):
        light = full - pixels[rows].astype(np.uint32)
        result[rows] = (light[..., :3] * light[..., 3:] + full // 2) // full
    return result
