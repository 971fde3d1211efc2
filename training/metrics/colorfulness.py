"""Colourfulness, and how far it is from the truth's.

Source: D. Hasler, S. Süsstrunk, "Measuring Colourfulness in Natural Images", SPIE Human Vision and Electronic Imaging
2003, with signed rg and yb on 0-255 (`training.data.packed.colorfulness`). The error is that of each photo, for
differences of means cancel.
"""

from __future__ import annotations

from training.metrics.metric import Metric

COLORFULNESS = Metric(
    key="colorfulness",
    heading="CF",
    better="truth",
    meaning="Colourfulness after Hasler and Süsstrunk (2003), of 0-255.",
    measure=lambda truth, colored: colored.colorfulness,
    decimals=1,
)
COLORFULNESS_ERROR = Metric(
    key="colorfulness_error",
    heading="|ΔCF|",
    better="lower",
    meaning="Distance of each photo's colourfulness from the truth's.",
    measure=lambda truth, colored: abs(colored.colorfulness - truth.colorfulness),
    decimals=1,
)
