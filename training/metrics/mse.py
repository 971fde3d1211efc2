"""Mean squared error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View


def mse(truth: View, colored: View) -> float:
    """Over all pixels and channels, in squared levels of 0-255."""
    return float(np.square(truth.levels - colored.levels).mean(dtype=np.float64)) * 255**2


MSE = Metric(
    key="mse",
    heading="MSE",
    better="lower",
    meaning="Mean squared error over full RGB, in squared levels of 0-255.",
    measure=mse,
    decimals=1,
)
