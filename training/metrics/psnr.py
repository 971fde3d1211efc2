"""Peak signal-to-noise ratio."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from training.metrics.metric import Metric
from training.metrics.mse import mse

if TYPE_CHECKING:
    from training.metrics.view import View

BEST = 100.0
"""Of equal pictures, where the formula knows no bound."""


def psnr(truth: View, colored: View) -> float:
    """In dB over full RGB in [0, 1]; 100 for equal pictures."""
    return -10 * math.log10(max(mse(truth, colored) / 255**2, 10 ** (-BEST / 10)))


PSNR = Metric(
    key="psnr",
    heading="PSNR dB",
    better="higher",
    meaning="Peak signal-to-noise ratio over full RGB in [0, 1]; means are means of the photos' ratios.",
    measure=psnr,
)
