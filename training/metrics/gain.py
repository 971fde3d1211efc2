"""Decibels over grey: what colouring is worth, for doing nothing scores above 20 dB."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.metrics.metric import Metric
from training.metrics.psnr import psnr

if TYPE_CHECKING:
    from training.metrics.view import View


def gain(truth: View, colored: View) -> float:
    """PSNR of the coloured picture minus that of the grey one, in dB."""
    return psnr(truth, colored) - psnr(truth, truth.grey)


GAIN = Metric(
    key="gain",
    heading="over grey dB",
    better="higher",
    meaning="PSNR minus that of the grey picture.",
    measure=gain,
)
