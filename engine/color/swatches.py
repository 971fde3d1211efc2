"""Single colours for people to choose from: the palette of one lightness, and colours as "#rrggbb".

A photo's lightness is fixed, so at one of its pixels only a* and b* can be chosen, out of what sRGB shows there. Of a
colour that was chosen elsewhere a* and b* count, and it loses chroma where it does not exist at the pixel's L*.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from engine.color.compose import END
from engine.color.gamut import fit_chroma, max_chroma
from engine.color.lab import RELATIVE_XYZ_TO_RGB, encode_srgb, expand, lab_to_srgb, srgb_to_lab

if TYPE_CHECKING:
    from numpy.typing import NDArray

_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_HUES = 1440
"""Corners of the gamut's outline; the straight pieces between them miss the true border by less than 0.01."""
_FINER = 4
"""The outline is drawn at so many times the picture's size, and brought back by area: that is its antialiasing."""
_SHIFT = 8
"""Binary places of the outline's corners, within a pixel."""


def gamut_picture(lightness: float, size: int = 256, extent: float = 110.0) -> NDArray[np.uint8]:
    """All colours of one lightness, as a picture to choose from.

    Args:
        lightness: L* in [0, 100]; the picture is of the nearest tenth.
        size: Pixels on a side.
        extent: The picture's edges are a* and b* of -extent and extent: the middle of column n is
            a* = ((n + 0.5) / size * 2 - 1) * extent.

    Returns:
        size×size×4 red, green, blue, alpha (not premultiplied), read-only and kept for the next time; a* grows to the
        right, b* upwards. Outside the gamut alpha is 0; the pixels on its border have the alpha of their share inside.

    Raises:
        ValueError: If lightness is not a number, or size or extent not above 0.
    """
    if not (np.isfinite(lightness) and size > 0 and 0 < extent < np.inf):
        raise ValueError(f"no gamut picture of L* {lightness}, {size} px, extent {extent}")
    return _gamut_picture(round(min(max(float(lightness), 0.0), 100.0), 1), size, float(extent))


@lru_cache(maxsize=32)
def _gamut_picture(lightness: float, size: int, extent: float) -> NDArray[np.uint8]:
    picture = np.zeros((size, size, 4), np.uint8)
    picture[..., 3] = _inside(lightness, size, extent)
    shown = picture[..., 3] > 0
    axis = (((np.arange(size) + 0.5) / size * 2 - 1) * extent).astype(np.float32)
    middle = np.full(1, (lightness + 16) / 116, np.float32)
    # X depends on a* alone and Z on b* alone, so that both are made for one row or column only.
    relative = (expand(middle + axis / 500), expand(middle), expand(middle + axis / 200))
    rows, columns = np.nonzero(shown)
    x, z = relative[0][columns], relative[2][rows]
    linear = np.stack([row[0] * x + row[1] * relative[1] + row[2] * z for row in RELATIVE_XYZ_TO_RGB], axis=-1)
    picture[shown, :3] = np.rint(encode_srgb(np.clip(linear, 0, 1, dtype=np.float32)) * 255)
    picture.flags.writeable = False
    return picture


def _inside(lightness: float, size: int, extent: float) -> NDArray[np.uint8]:
    """The share of each pixel that lies in the gamut, size×size, 255 for all of it."""
    hue = np.linspace(-np.pi, np.pi, _HUES, endpoint=False)
    scale = size * _FINER / (2 * extent)
    # Half a pixel less, for every pixel that the outline touches is filled.
    chroma = np.maximum(max_chroma(np.array(lightness), hue) - 0.5 / scale, 0)
    middle = size * _FINER / 2 - 0.5  # of the finer picture, whose pixels have their middles at whole numbers
    corners = np.stack([middle + chroma * np.cos(hue) * scale, middle - chroma * np.sin(hue) * scale], axis=-1)
    finer = np.zeros((size * _FINER, size * _FINER), np.uint8)
    cv2.fillPoly(finer, [np.rint(corners * 2**_SHIFT).astype(np.int32)], (255,), cv2.LINE_8, _SHIFT)
    return np.asarray(cv2.resize(finer, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def is_color(text: str) -> bool:
    """Whether a text has the form "#rrggbb", in lower case: how colours are written everywhere in the program."""
    return _COLOR.fullmatch(text) is not None and text == text.lower()


def lab_of(color: str) -> tuple[float, float, float]:
    """L*, a* and b* of a colour.

    Args:
        color: "#rrggbb".

    Returns:
        L* in [0, 100], a* and b* in CIELAB units; of a grey a* and b* are exactly 0.

    Raises:
        ValueError: If it is not of that form.
    """
    if not _COLOR.fullmatch(color):
        raise ValueError(f'"{color}" is not a colour of the form #rrggbb')
    levels = np.frombuffer(bytes.fromhex(color[1:]), np.uint8)
    lightness, a, b = (float(value) for value in srgb_to_lab(levels / 255))
    if (levels == levels[0]).all():
        a = b = 0.0
    return min(max(lightness, 0.0), 100.0), a, b


def ab_of(color: str) -> tuple[float, float]:
    """a* and b* of "#rrggbb", in CIELAB units; exactly 0 of a grey. Raises as `lab_of`."""
    return lab_of(color)[1:]


def lightness_of_color(color: str) -> float:
    """L* of "#rrggbb", in [0, 100]. Raises as `lab_of`."""
    return lab_of(color)[0]


def color_at(lightness: float, a: float, b: float) -> str:
    """The colour that sRGB shows for a* and b* at a lightness: chroma is reduced where it must be, hue is kept.

    Args:
        lightness: L*, taken into [0, 100].
        a: a* in CIELAB units.
        b: b* in CIELAB units.

    Returns:
        "#rrggbb", lower case.

    Raises:
        ValueError: If one of them is not finite.
    """
    lab = np.array([lightness, a, b], np.float64)
    if not np.isfinite(lab).all():
        raise ValueError(f"L* {lightness}, a* {a}, b* {b} is no colour")
    lab[0] = np.clip(lab[0], 0, 100)
    if not END < lab[0] < 100 - END:
        lab[1:] = 0
    levels = np.rint(lab_to_srgb(fit_chroma(lab)) * 255).astype(np.uint8)
    return f"#{levels.tobytes().hex()}"


def fitted(color: str, lightness: float) -> str:
    """A colour as it looks at another lightness: its a* and b*, reduced to what exists there.

    Args:
        color: "#rrggbb".
        lightness: L*, taken into [0, 100].

    Returns:
        "#rrggbb", lower case.

    Raises:
        ValueError: If the colour is not of that form, or the lightness not finite.
    """
    return color_at(lightness, *ab_of(color))
