"""Locality: how much a hint changes what it should leave alone.

What it should leave alone is far from it (over a quarter of the picture's side) and looks different (its lightness,
averaged over 5×5 pixels, differs by over 20 L* from that under the hint).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray

FAR = 0.25
DIFFERENT = 20.0
WINDOW = (5, 5)


def elsewhere(lightness: FloatArray, x: float, y: float) -> NDArray[np.bool_]:
    """H×W, which pixels a hint at (x, y), in pixels from the top-left corner, should leave alone."""
    height, width = lightness.shape
    rows, columns = np.mgrid[:height, :width] + 0.5
    far = np.hypot(columns - x, rows - y) > FAR * min(height, width)
    smooth = cv2.blur(lightness, WINDOW, borderType=cv2.BORDER_REPLICATE)
    here = smooth[min(int(y), height - 1), min(int(x), width - 1)]
    return far & (np.abs(smooth - here) > DIFFERENT)


def locality(before: FloatArray, after: FloatArray, places: NDArray[np.bool_]) -> float | None:
    """Mean distance in a*, b* between two results H×W×3 CIELAB over H×W places; None where there is no such place."""
    if not places.any():
        return None
    return float(np.linalg.norm((after - before)[places][:, 1:], axis=-1).mean())
