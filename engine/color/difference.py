"""CIEDE2000, the colour difference of the CIE.

Source: CIE 142-2001, with the clarifications and test pairs of G. Sharma, W. Wu, E. N. Dalal, "The CIEDE2000
Color-Difference Formula", Color Research and Application 30 (2005).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SEVENTH = 25.0**7


def _mean_hue(hue_1: NDArray[Any], hue_2: NDArray[Any], neutral: NDArray[np.bool_]) -> NDArray[Any]:
    """The mean of two hue angles in degrees [0, 360) along the shorter arc; their sum where one colour is neutral."""
    total = hue_1 + hue_2
    apart = np.abs(hue_1 - hue_2) > 180.0
    mean = np.where(apart, np.where(total < 360.0, total + 360.0, total - 360.0), total) / 2.0
    return np.where(neutral, total, mean)


def ciede2000(lab_1: NDArray[Any], lab_2: NDArray[Any]) -> NDArray[np.float64]:
    """The CIEDE2000 difference, with kL = kC = kH = 1.

    Args:
        lab_1: ...×3 CIELAB.
        lab_2: ...×3 CIELAB, of a shape that broadcasts with `lab_1`.

    Returns:
        The differences, without the last axis; float64, at least 0.
    """
    lab_1, lab_2 = np.broadcast_arrays(np.asarray(lab_1, np.float64), np.asarray(lab_2, np.float64))
    lightness_1, a_1, b_1 = np.moveaxis(lab_1, -1, 0)
    lightness_2, a_2, b_2 = np.moveaxis(lab_2, -1, 0)

    mean_seventh = ((np.hypot(a_1, b_1) + np.hypot(a_2, b_2)) / 2.0) ** 7
    stretch = 1.5 - 0.5 * np.sqrt(mean_seventh / (mean_seventh + _SEVENTH))
    a_1, a_2 = a_1 * stretch, a_2 * stretch
    chroma_1, chroma_2 = np.hypot(a_1, b_1), np.hypot(a_2, b_2)
    hue_1 = np.degrees(np.arctan2(b_1, a_1)) % 360.0
    hue_2 = np.degrees(np.arctan2(b_2, a_2)) % 360.0
    neutral = chroma_1 * chroma_2 == 0.0

    turn = np.where(neutral, 0.0, (hue_2 - hue_1 + 180.0) % 360.0 - 180.0)
    # A turn of exactly half a circle counts as positive when hue_2 is larger, as in Sharma's equation 10.
    turn = np.where((turn == -180.0) & (hue_2 > hue_1), 180.0, turn)
    delta_hue = 2.0 * np.sqrt(chroma_1 * chroma_2) * np.sin(np.radians(turn) / 2.0)

    mean_lightness = (lightness_1 + lightness_2) / 2.0
    mean_chroma = (chroma_1 + chroma_2) / 2.0
    hue = np.radians(_mean_hue(hue_1, hue_2, neutral))
    tint = (
        1.0
        - 0.17 * np.cos(hue - np.radians(30.0))
        + 0.24 * np.cos(2.0 * hue)
        + 0.32 * np.cos(3.0 * hue + np.radians(6.0))
        - 0.20 * np.cos(4.0 * hue - np.radians(63.0))
    )
    scale_lightness = 1.0 + 0.015 * (mean_lightness - 50.0) ** 2 / np.sqrt(20.0 + (mean_lightness - 50.0) ** 2)
    scale_chroma = 1.0 + 0.045 * mean_chroma
    scale_hue = 1.0 + 0.015 * mean_chroma * tint
    rotation = 60.0 * np.exp(-(((np.degrees(hue) - 275.0) / 25.0) ** 2))
    seventh = mean_chroma**7
    twist = -2.0 * np.sqrt(seventh / (seventh + _SEVENTH)) * np.sin(np.radians(rotation))

    by_lightness = (lightness_2 - lightness_1) / scale_lightness
    by_chroma = (chroma_2 - chroma_1) / scale_chroma
    by_hue = delta_hue / scale_hue
    return np.sqrt(np.maximum(by_lightness**2 + by_chroma**2 + by_hue**2 + twist * by_chroma * by_hue, 0.0))
