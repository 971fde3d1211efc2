"""MSE, RMSE, PSNR, SNR and the gain over grey, against scikit-image and NumPy."""

import numpy as np
import pytest
import skimage.metrics

from tests.training.making import rule_photo
from training.evaluation import centre_crop
from training.methods import constant
from training.metrics import View
from training.metrics.gain import gain
from training.metrics.mse import mse
from training.metrics.psnr import psnr
from training.metrics.rmse import rmse
from training.metrics.snr import snr


@pytest.fixture
def pair():
    truth, colored = centre_crop(rule_photo(0)), centre_crop(rule_photo(1))
    return View(truth), View(colored)


def test_against_scikit_image(pair):
    truth, colored = pair
    error = skimage.metrics.mean_squared_error(truth.srgb.astype(float), colored.srgb.astype(float))
    assert mse(truth, colored) == pytest.approx(error, rel=1e-5)
    assert rmse(truth, colored) == pytest.approx(error**0.5, rel=1e-5)
    expected = skimage.metrics.peak_signal_noise_ratio(truth.srgb, colored.srgb)
    assert psnr(truth, colored) == pytest.approx(expected, abs=1e-4)


def test_snr_by_its_formula(pair):
    truth, colored = pair
    signal, noise = truth.srgb.astype(float), truth.srgb.astype(float) - colored.srgb
    assert snr(truth, colored) == pytest.approx(10 * np.log10((signal**2).sum() / (noise**2).sum()), abs=1e-4)


def test_known_values():
    black, white = (View(np.full((8, 8, 3), level, np.uint8)) for level in (0, 255))
    near = View(np.full((8, 8, 3), 245, np.uint8))
    assert (mse(black, white), psnr(black, white)) == pytest.approx((255**2, 0))
    assert rmse(white, near) == pytest.approx(10, abs=1e-3)
    assert psnr(white, near) == pytest.approx(20 * np.log10(255 / 10), abs=1e-3)
    assert snr(white, near) == pytest.approx(20 * np.log10(255 / 10), abs=1e-3)


def test_equal_pictures_score_a_bound(pair):
    truth, _ = pair
    assert (mse(truth, truth), rmse(truth, truth), psnr(truth, truth), snr(truth, truth)) == (0, 0, 100, 100)
    black = View(np.zeros((4, 4, 3), np.uint8))
    assert np.isfinite(snr(black, black))


def test_grey_gains_nothing(pair):
    truth, colored = pair
    grey = View(constant((0.0, 0.0))(truth.srgb))
    assert gain(truth, grey) == 0
    assert gain(truth, truth) == pytest.approx(100 - psnr(truth, grey))
    assert gain(truth, colored) == pytest.approx(psnr(truth, colored) - psnr(truth, grey))
