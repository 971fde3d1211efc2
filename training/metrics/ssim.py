"""Structural similarity.

Source: Z. Wang et al., "Image Quality Assessment: From Error Visibility to Structural Similarity", IEEE TIP 2004.
Computed by torchmetrics: Gaussian window of 11 pixels, σ 1.5, mean over the channels of RGB in [0, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.metrics.extra import required
from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View


def ssim(truth: View, colored: View) -> float:
    """At most 1.

    Raises:
        MissingExtraError: If torchmetrics is not installed.
    """
    image = required("torchmetrics.functional.image", "SSIM")
    return float(image.structural_similarity_index_measure(colored.tensor, truth.tensor, data_range=1.0))


SSIM = Metric(
    key="ssim",
    heading="SSIM",
    better="higher",
    meaning="Structural similarity; grey pictures already score high, for most of it is lightness.",
    measure=ssim,
    decimals=3,
)
