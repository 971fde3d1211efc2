"""Visual information fidelity, in the pixel domain.

Source: H. Sheikh, A. Bovik, "Image Information and Visual Quality", IEEE TIP 2006. Computed by torchmetrics: four
scales, noise variance 2 on the scale 0-255, mean over the channels of RGB.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.metrics.extra import required
from training.metrics.metric import Metric

if TYPE_CHECKING:
    from training.metrics.view import View


def vif(truth: View, colored: View) -> float:
    """0 or more; 1 for the truth itself.

    Raises:
        MissingExtraError: If torchmetrics is not installed.
    """
    image = required("torchmetrics.functional.image", "VIF")
    return float(image.visual_information_fidelity(colored.tensor * 255, truth.tensor * 255))


VIF = Metric(
    key="vif",
    heading="VIF",
    better="higher",
    meaning="Visual information fidelity in the pixel domain; 1 for the truth itself.",
    measure=vif,
    decimals=3,
)
