"""The colours that sRGB can show at a lightness, and how to bring a colour among them.

A colour that does not exist at its L* loses chroma at constant hue, never lightness: that belongs to the photographer.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.color.lab import FloatArray, lab_to_linear_rgb

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHROMA_BOUND = 140.0  # beyond the largest chroma in sRGB: blue, 133.8
TOLERANCE = 1e-4  # of linear light; far below a 16-bit step near white, and it lets every sRGB colour stay as it is


def in_gamut(lab: NDArray[Any], tolerance: float = TOLERANCE) -> NDArray[np.bool_]:
    """Whether sRGB can show each colour.

    Args:
        lab: ...×3, L* in [0, 100], a* and b* in CIELAB units.
        tolerance: How far a linear channel may lie outside [0, 1].

    Returns:
        The shape without its last axis.
    """
    linear = lab_to_linear_rgb(lab)
    return np.all((linear >= -tolerance) & (linear <= 1.0 + tolerance), axis=-1)


def max_chroma(lightness: NDArray[Any], hue: NDArray[Any]) -> FloatArray:
    """The largest chroma that sRGB shows at a lightness and hue, by bisection to 0.001.

    Args:
        lightness: L* in [0, 100], any shape.
        hue: Hue angle atan2(b*, a*) in radians, of a shape that broadcasts with `lightness`.

    Returns:
        Chroma in CIELAB units, of the broadcast shape; float32.
    """
    lightness, hue = np.broadcast_arrays(np.asarray(lightness, np.float32), np.asarray(hue, np.float32))
    inside = np.zeros(lightness.shape, np.float32)
    outside = np.full(lightness.shape, CHROMA_BOUND, np.float32)
    cosine, sine = np.cos(hue), np.sin(hue)
    for _ in range(17):  # 140 / 2^17 = 0.001
        middle = (inside + outside) / 2
        shown = in_gamut(np.stack([lightness, middle * cosine, middle * sine], axis=-1))
        inside = np.where(shown, middle, inside)
        outside = np.where(shown, outside, middle)
    return inside


TABLE_LIGHTNESSES = 401  # every 0.25 of L*
TABLE_HUES = 721  # every half degree, the last equal to the first


@cache
def max_chroma_table() -> FloatArray:
    """`max_chroma` on a grid: 401 lightnesses over [0, 100] × 721 hues over [-pi, pi]; float32, made once."""
    lightness = np.linspace(0.0, 100.0, TABLE_LIGHTNESSES)[:, None]
    return max_chroma(lightness, np.linspace(-np.pi, np.pi, TABLE_HUES)[None, :])


def look_up_max_chroma(lightness: NDArray[Any], hue: NDArray[Any]) -> FloatArray:
    """`max_chroma` from the table: the least of the four neighbours, so that it never promises too much.

    Args:
        lightness: L* in [0, 100], any shape.
        hue: Hue angle in [-pi, pi], the same shape.

    Returns:
        Chroma in CIELAB units, the same shape; float32.
    """
    table = max_chroma_table()
    row = np.clip(lightness * ((TABLE_LIGHTNESSES - 1) / 100.0), 0, TABLE_LIGHTNESSES - 1)
    column = np.clip((hue + np.pi) * ((TABLE_HUES - 1) / (2 * np.pi)), 0, TABLE_HUES - 1)
    top, left = row.astype(np.int32), column.astype(np.int32)
    bottom, right = np.minimum(top + 1, TABLE_LIGHTNESSES - 1), np.minimum(left + 1, TABLE_HUES - 1)
    upper = np.minimum(table[top, left], table[top, right])
    # On a grid line the next one does not count: white must not be measured by its darker neighbour, nor black.
    lower = np.where(row > top, np.minimum(table[bottom, left], table[bottom, right]), upper)
    return np.minimum(upper, lower)


def fit_chroma(lab: NDArray[Any]) -> FloatArray:
    """Brings colours that sRGB cannot show into its gamut: chroma is reduced at constant lightness and hue.

    Args:
        lab: ...×3, L* in [0, 100], a* and b* in CIELAB units.

    Returns:
        The same shape; colours inside the gamut are unchanged; float32.
    """
    fitted = np.array(lab, dtype=np.float32)
    beyond = ~in_gamut(fitted)
    if beyond.any():
        colors = fitted[beyond]
        chroma = np.hypot(colors[:, 1], colors[:, 2])
        limit = max_chroma(colors[:, 0], np.arctan2(colors[:, 2], colors[:, 1]))
        colors[:, 1:] *= (np.minimum(limit, chroma) / np.maximum(chroma, 1e-6))[:, None]
        fitted[beyond] = colors
    return fitted
