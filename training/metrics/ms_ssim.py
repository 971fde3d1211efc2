"""Multi-scale structural similarity.

Source: Z. Wang, E. Simoncelli, A. Bovik, "Multiscale Structural Similarity for Image Quality Assessment", Asilomar
2003.
Computed by torchmetrics: five scales, Gaussian window of 11 pixels, σ 1.5, RGB in [0, 1].
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.metrics.extra import required
from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View


def ms_ssim(truth: View, colored: View) -> float:
    """At most 1.

    Raises:
        MissingExtraError: If torchmetrics is not installed.
    """
    image = required("torchmetrics.functional.image", "MS-SSIM")
    return float(image.multiscale_structural_similarity_index_measure(colored.tensor, truth.tensor, data_range=1.0))


MS_SSIM = Metric(
    key="ms_ssim",
    heading="MS-SSIM",
    better="higher",
    meaning="Multi-scale structural similarity; grey pictures already score high, for most of it is lightness.",
    measure=ms_ssim,
    decimals=3,
)
