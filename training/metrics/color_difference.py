"""CIEDE2000."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.color.difference import ciede2000
from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View


def color_difference(truth: View, colored: View) -> float:
    """Mean CIEDE2000 over every second pixel of every second row."""
    return float(ciede2000(truth.sparse_lab, colored.sparse_lab).mean())


COLOR_DIFFERENCE = Metric(
    key="ciede2000",
    heading="CIEDE2000",
    better="lower",
    meaning="Mean CIEDE2000 difference from the truth, every second pixel of every second row.",
    measure=color_difference,
)
