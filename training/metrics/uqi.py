"""Universal quality index.

Source: Z. Wang, A. Bovik, "A Universal Image Quality Index", IEEE Signal Processing Letters 2002.
Computed by torchmetrics: Gaussian window of 11 pixels, σ 1.5, mean over the channels of RGB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.metrics.extra import required
from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View


def uqi(truth: View, colored: View) -> float:
    """At most 1.

    Raises:
        MissingExtraError: If torchmetrics is not installed.
    """
    image = required("torchmetrics.functional.image", "UQI")
    return float(image.universal_image_quality_index(colored.tensor.double(), truth.tensor.double()))


UQI = Metric(
    key="uqi",
    heading="UQI",
    better="higher",
    meaning="Universal quality index; grey pictures already score high, for most of it is lightness.",
    measure=uqi,
    decimals=3,
)
