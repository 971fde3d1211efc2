"""Root mean squared error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.metrics.metric import Metric
from training.metrics.mse import mse

if TYPE_CHECKING:
    from training.metrics.view import View


def rmse(truth: View, colored: View) -> float:
    """The root of a photo's mean squared error, in levels of 0-255."""
    return mse(truth, colored) ** 0.5


RMSE = Metric(
    key="rmse",
    heading="RMSE",
    better="lower",
    meaning="Root of each photo's mean squared error, in levels of 0-255.",
    measure=rmse,
)
