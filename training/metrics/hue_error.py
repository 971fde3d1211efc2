"""How wrong the hues are, where the truth has any: the angle between hues, weighted by the true chroma."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View

GREY = 0.5
"""Chroma below which a colour has no hue; such a pixel counts 90 degrees, as chance would."""
LEAST = 0.1
"""Mean chroma of a photo from which on its hues can be measured."""


def hue_error(truth: View, colored: View) -> float | None:
    """Degrees in [0, 180]; None where the truth has no chroma."""
    true, found = truth.sparse_lab[..., 1:], colored.sparse_lab[..., 1:]
    weight, chroma = np.hypot(true[..., 0], true[..., 1]), np.hypot(found[..., 0], found[..., 1])
    across = true[..., 0] * found[..., 1] - true[..., 1] * found[..., 0]
    along = (true * found).sum(axis=-1)
    angle = np.where(chroma < GREY, 90.0, np.degrees(np.abs(np.arctan2(across, along))))
    mean = float(weight.mean(dtype=np.float64))
    return float((angle * weight).mean(dtype=np.float64)) / mean if mean > LEAST else None


HUE_ERROR = Metric(
    key="hue_error",
    heading="hue error °",
    better="lower",
    meaning="Angle between true and found hue in degrees, weighted by the true chroma; grey and chance both score 90.",
    measure=hue_error,
    decimals=1,
)
