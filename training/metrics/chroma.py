"""The share of the true chroma that a picture shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View


def chroma(truth: View, colored: View) -> float | None:
    """Mean chroma over the truth's mean chroma; None where the truth has none."""
    found, true = (float(np.hypot(lab[..., 1], lab[..., 2]).mean()) for lab in (colored.sparse_lab, truth.sparse_lab))
    return found / true if true > 0.01 else None


CHROMA = Metric(
    key="chroma",
    heading="chroma",
    better="truth",
    meaning="Mean chroma as a share of the truth's; under 1 is brown, over 1 is gaudy.",
    measure=chroma,
)
