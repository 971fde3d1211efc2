"""Signal-to-noise ratio."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from training.metrics.metric import Metric
from training.metrics.mse import mse
from training.metrics.psnr import BEST

if TYPE_CHECKING:
    from training.metrics.view import View


def snr(truth: View, colored: View) -> float:
    """Power of the truth over that of the error, full RGB, in dB; at most 100."""
    power = float(np.square(truth.levels).mean(dtype=np.float64)) * 255**2
    noise = max(mse(truth, colored), power * 10 ** (-BEST / 10), 1e-9)
    return 10 * math.log10(max(power, 1e-9) / noise)


SNR = Metric(
    key="snr",
    heading="SNR dB",
    better="higher",
    meaning="Power of the true picture over the power of the error, full RGB.",
    measure=snr,
)
