"""Bleeding: colour that changes where the photo has no edge for it.

The gradient of ab over pixels where the true lightness is flat. Both are smoothed first (a Gaussian of 2 pixels), which
takes the noise of 8 bits and of their dither away. Read it beside the truth's own, and beside chroma: a grey picture
does not bleed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from training.metrics.metric import Metric

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray
    from training.metrics.view import View

SMOOTH = 2.0
FLAT = 0.5
"""Gradient of lightness, in L* units a pixel, up to which a place is flat."""


def bleeding(truth: View, colored: View) -> float | None:
    """Mean gradient of ab in CIELAB units a pixel, where lightness is flat; None where it is so nowhere."""
    flat = steepness(truth.lab[..., :1]) < FLAT
    return float(steepness(colored.lab[..., 1:])[flat].mean()) if flat.any() else None


def steepness(channels: FloatArray) -> NDArray[np.float32]:
    """The norm of the gradient over all of H×W×C channels, smoothed first: H×W."""
    smooth = cv2.GaussianBlur(channels, (0, 0), SMOOTH, borderType=cv2.BORDER_REPLICATE)
    smooth = smooth.reshape(channels.shape)
    down, across = np.gradient(smooth, axis=(0, 1))
    return np.sqrt((np.square(down) + np.square(across)).sum(axis=-1)).astype(np.float32)


BLEEDING = Metric(
    key="bleeding",
    heading="bleeding",
    better="lower",
    meaning="Mean gradient of a*, b* (CIELAB units a pixel) where the lightness is flat (under 0.5 L* a pixel).",
    measure=bleeding,
    decimals=3,
)
