"""What is measured of a coloured picture, one metric a file.

Every metric compares two `View`s, the truth and the coloured picture, and says one number; `PICTURE_METRICS` lists them
in the order in which reports show them. The light ones run on every row. The structural ones (SSIM, MS-SSIM, UQI, VIF)
come from torchmetrics and take a quarter of a second a picture, so they run where the plan says. LPIPS and the
Inception distances need weights that the user names. `trust` and `locality` look at what hints did.
"""

from training.metrics.bleeding import BLEEDING
from training.metrics.chroma import CHROMA
from training.metrics.color_difference import COLOR_DIFFERENCE
from training.metrics.colorfulness import COLORFULNESS, COLORFULNESS_ERROR
from training.metrics.gain import GAIN
from training.metrics.hue_error import HUE_ERROR
from training.metrics.metric import Metric
from training.metrics.ms_ssim import MS_SSIM
from training.metrics.mse import MSE
from training.metrics.psnr import PSNR
from training.metrics.rmse import RMSE
from training.metrics.snr import SNR
from training.metrics.ssim import SSIM
from training.metrics.uqi import UQI
from training.metrics.view import View
from training.metrics.vif import VIF

LIGHT_METRICS = (
    PSNR,
    GAIN,
    COLOR_DIFFERENCE,
    COLORFULNESS,
    COLORFULNESS_ERROR,
    CHROMA,
    HUE_ERROR,
    BLEEDING,
    MSE,
    RMSE,
    SNR,
)
STRUCTURAL_METRICS = (SSIM, MS_SSIM, UQI, VIF)
PICTURE_METRICS = LIGHT_METRICS + STRUCTURAL_METRICS

__all__ = ["LIGHT_METRICS", "PICTURE_METRICS", "STRUCTURAL_METRICS", "Metric", "View"]
