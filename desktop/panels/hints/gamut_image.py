"""All colours of one lightness as an image, and which part of it to show."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from PySide6.QtCore import QRectF

from desktop.pixels import image_of
from engine import gamut_picture

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

WIDEST = 110.0
NARROWEST = 8.0
MARGIN = 2.0
LARGEST = 320
"""Pixels on a side of the image, however large it is shown: larger ones take too long to follow the pointer."""
_SCOUT = 110
"""Pixels of the picture that tells how large the gamut is; two units each."""


class GamutImage(NamedTuple):
    """An image of the gamut. Dark and light places have few colours; they are shown as large as many are.

    Attributes:
        image: Square; outside the gamut it is transparent.
        part: What to show of it: a square around the gamut.
        middle: a* and b* in the middle of that part.
        reach: From there to its edges, in units of a* and b*.
    """

    image: QImage
    part: QRectF
    middle: tuple[float, float]
    reach: float


@lru_cache(maxsize=16)
def gamut_image(lightness: int, side: int) -> GamutImage:
    """The colours of a lightness.

    Args:
        lightness: L* in [0, 100].
        side: Pixels on a side of what is shown.
    """
    middle, reach = _box(lightness)
    extent = reach + max(abs(middle[0]), abs(middle[1]))
    size = min(int(np.ceil(side * extent / reach)), LARGEST)
    scale = size / (2 * extent)
    part = QRectF(
        (extent + middle[0] - reach) * scale, (extent - middle[1] - reach) * scale, 2 * reach * scale, 2 * reach * scale
    )
    return GamutImage(image_of(gamut_picture(float(lightness), size, extent)), part, middle, reach)


@lru_cache(maxsize=101)
def _box(lightness: int) -> tuple[tuple[float, float], float]:
    """The square around the gamut: its middle, and from there to its edges, in units of a* and b*."""
    inside = gamut_picture(float(lightness), _SCOUT, WIDEST)[..., 3] > 0
    columns, rows = np.flatnonzero(inside.any(axis=0)), np.flatnonzero(inside.any(axis=1))
    if columns.size == 0:
        return (0.0, 0.0), NARROWEST
    unit, half = 2 * WIDEST / _SCOUT, _SCOUT / 2
    left, right = (float(columns[0]) - half) * unit, (float(columns[-1]) + 1 - half) * unit
    top, bottom = (half - float(rows[0])) * unit, (half - float(rows[-1]) - 1) * unit
    reach = max(right - left, top - bottom) / 2 + MARGIN
    return ((left + right) / 2, (top + bottom) / 2), max(reach, NARROWEST)
