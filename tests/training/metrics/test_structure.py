"""SSIM, MS-SSIM, UQI and VIF: against scikit-image, and against their papers' formulas written with SciPy."""

from typing import Any

import numpy as np
import pytest
import skimage.metrics
from scipy.ndimage import gaussian_filter
from scipy.signal import convolve2d

from tests.training.making import rule_photo
from training.metrics import STRUCTURAL_METRICS, View
from training.metrics.ms_ssim import ms_ssim
from training.metrics.ssim import ssim
from training.metrics.uqi import uqi
from training.metrics.vif import vif

pytest.importorskip("torchmetrics")
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
WEIGHTS = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)


@pytest.fixture(scope="module")
def pair():
    noise = np.random.default_rng(0).normal(0, 12, (192, 192, 3))
    grain = np.random.default_rng(1).normal(0, 6, noise.shape)  # so that no window is flat
    truth = np.clip(rule_photo(0, 192, 192) * 0.7 + 30 + grain, 0, 255)
    colored = np.clip(truth * [0.9, 1.0, 0.8] + [20, 0, 10] + noise, 0, 255)
    return View(truth.astype(np.uint8)), View(colored.astype(np.uint8))


def channels(view):
    return [view.srgb[..., n].astype(float) / 255 for n in range(3)]


def window(x):
    """The Gaussian of 11 pixels, σ 1.5, where it lies wholly inside."""
    return gaussian_filter(x, 1.5, truncate=5 / 1.5)[5:-5, 5:-5]


def moments(x, y):
    mean_x, mean_y = window(x), window(y)
    return mean_x, mean_y, window(x * x) - mean_x**2, window(y * y) - mean_y**2, window(x * y) - mean_x * mean_y


def test_ssim_against_scikit_image(pair):
    """torchmetrics counts the border too, over a reflected edge; so scikit-image's whole map is averaged."""
    untyped: Any = skimage.metrics
    _, everywhere = untyped.structural_similarity(
        *(view.srgb for view in pair),
        channel_axis=2,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        full=True,
    )
    assert ssim(*pair) == pytest.approx(everywhere.mean(), abs=2e-3)


def test_ms_ssim_by_its_formula(pair):
    total = 0.0
    for x, y in zip(*map(channels, pair), strict=True):
        product = 1.0
        for scale, weight in enumerate(WEIGHTS):
            mean_x, mean_y, var_x, var_y, both = moments(x, y)
            contrast = (2 * both + 0.03**2) / (var_x + var_y + 0.03**2)
            level = (2 * mean_x * mean_y + 0.01**2) / (mean_x**2 + mean_y**2 + 0.01**2)
            last = scale == len(WEIGHTS) - 1
            product *= (contrast * level if last else contrast).mean() ** weight
            x, y = (each.reshape(each.shape[0] // 2, 2, -1, 2).mean(axis=(1, 3)) for each in (x, y))
        total += product / 3
    assert ms_ssim(*pair) == pytest.approx(total, abs=0.01)


def test_uqi_by_its_formula(pair):
    found = []
    for x, y in zip(*map(channels, pair), strict=True):
        mean_x, mean_y, var_x, var_y, both = moments(x, y)
        found.append((4 * both * mean_x * mean_y / ((var_x + var_y) * (mean_x**2 + mean_y**2))).mean())
    assert uqi(*pair) == pytest.approx(np.mean(found), abs=5e-3)


def test_vif_by_its_formula(pair):
    """Sheikh and Bovik's pixel-domain algorithm, as their own code has it."""
    found = []
    for x, y in zip(*map(channels, pair), strict=True):
        x, y = x * 255, y * 255
        said, heard = 0.0, 0.0
        for scale in range(1, 5):
            size = 2 ** (4 - scale + 1) + 1
            axis = np.arange(size) - size // 2
            kernel = np.exp(-(axis[:, None] ** 2 + axis[None] ** 2) / (2 * (size / 5) ** 2))
            kernel /= kernel.sum()

            def mean(plane, kernel=kernel):
                return convolve2d(plane, kernel, mode="valid")

            if scale > 1:
                x, y = mean(x)[::2, ::2], mean(y)[::2, ::2]
            mean_x, mean_y = mean(x), mean(y)
            var_x = np.maximum(mean(x * x) - mean_x**2, 0)
            var_y = np.maximum(mean(y * y) - mean_y**2, 0)
            both = mean(x * y) - mean_x * mean_y
            g = both / (var_x + 1e-10)
            noise = var_y - g * both
            noise[g < 0] = var_y[g < 0]
            g = np.maximum(g, 0)
            noise = np.maximum(noise, 1e-10)
            heard += np.log10(1 + g**2 * var_x / (noise + 2)).sum()
            said += np.log10(1 + var_x / 2).sum()
        found.append(heard / said)
    assert vif(*pair) == pytest.approx(np.mean(found), abs=2e-3)


def test_the_truth_itself_is_perfect(pair):
    truth, colored = pair
    for metric in STRUCTURAL_METRICS:
        assert metric.measure(truth, truth) == pytest.approx(1, abs=1e-3)
        assert metric.measure(truth, colored) != pytest.approx(1, abs=1e-3)
