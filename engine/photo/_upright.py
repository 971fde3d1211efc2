"""Orientation, applied here and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def turns_sideways(orientation: int) -> bool:
    """Whether an orientation swaps width and height."""
    return orientation >= 5


def upright(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """A picture turned as its EXIF orientation says.

    Args:
        pixels: H×W or H×W×C, as stored.
        orientation: 1–8, as in CIPA DC-008: 1 is upright already.

    Returns:
        The upright picture, contiguous; the same array if there is nothing to turn.
    """
    if orientation == 1:
        return np.ascontiguousarray(pixels)
    if turns_sideways(orientation):
        pixels = cast("NDArray[Any]", cv2.transpose(pixels))
    # After the transposition of 5–8, each case is at most a mirroring along one axis or both (OpenCV's -1).
    axis = {2: 1, 3: -1, 4: 0, 6: 1, 7: -1, 8: 0}.get(orientation)
    return pixels if axis is None else cast("NDArray[Any]", cv2.flip(pixels, axis))
