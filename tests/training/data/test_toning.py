"""How much colour there is, and photos in one tone."""

import cv2
import numpy as np
import pytest

from tests.training.making import grey_photo, rule_photo
from training.data.toning import colorfulness, is_sepia

SEPIA = np.array([[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]])
"""The matrix with which programs tone photos."""


def toned(photo, share, quality=85):
    mixed = share * np.clip(photo @ SEPIA.T, 0, 255) + (1 - share) * photo.mean(axis=2, keepdims=True)
    file = cv2.imencode(".jpg", mixed.astype(np.uint8)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(cv2.imdecode(file, cv2.IMREAD_COLOR)[..., ::-1])


def test_colorfulness():
    assert colorfulness(grey_photo()) == 0
    pure = np.zeros((10, 10, 3), np.uint8)
    pure[..., 0] = 255
    assert colorfulness(pure) == pytest.approx(0.3 * np.hypot(255, 127.5))  # no spread, only a mean
    assert colorfulness(rule_photo(0)) > 40


@pytest.mark.parametrize("share", [0.4, 0.7, 1.0])
@pytest.mark.parametrize("quality", [60, 90])
def test_toned_photos_have_one_colour(share, quality):
    assert all(is_sepia(toned(rule_photo(n, 96, 120), share, quality)) for n in range(5))


def test_strong_sepia_is_colourful_by_measure_alone():
    assert colorfulness(toned(rule_photo(0), 1.0)) > 15


def test_photos_with_colours_are_none():
    assert not any(is_sepia(rule_photo(n)) for n in range(5))
    assert not is_sepia(grey_photo())


def test_neither_is_a_photo_all_in_blue_or_of_one_hue_in_many_shades():
    ramp = grey_photo().astype(float)
    assert not is_sepia(np.clip(ramp + np.array([-30, 0, 30]), 0, 255).astype(np.uint8))
    # Orange, but how much of it has nothing to do with the lightness.
    noise = cv2.resize(np.random.default_rng(0).uniform(0, 50, (6, 8)), (80, 64))[..., None]
    assert not is_sepia(np.clip(ramp * 0.6 + 40 + noise * np.array([1, 0.1, -1]), 0, 255).astype(np.uint8))
