"""The colours of the training photo that looks most alike."""

import numpy as np
import pytest

from engine.color.lab import lightness_of, srgb_to_lab
from tests.training.making import packed, rule_photo
from training.evaluation import centre_crop
from training.methods import constant, with_ab
from training.metrics import View
from training.metrics.gain import gain
from training.neighbours import Neighbours


@pytest.fixture(scope="module")
def neighbours():
    return Neighbours(packed([rule_photo(n, 128, 128) for n in range(12)]))


def test_a_training_photo_finds_itself(neighbours):
    method = neighbours.method(count=1)
    for seed in (0, 5, 11):
        truth = centre_crop(rule_photo(seed, 128, 128))
        grey = constant((0.0, 0.0))(truth)
        colored = method(grey)  # it needs the lightness alone
        assert gain(View(truth), View(colored)) > 6
        assert np.abs(lightness_of(colored) - lightness_of(truth)).mean() < 0.4


def test_many_neighbours_are_averaged(neighbours):
    truth = centre_crop(rule_photo(0, 128, 128))
    everyone = np.median([neighbours.method(count)(truth).astype(float) for count in (12, 99)], axis=0)
    assert (neighbours.method(12)(truth) == everyone).all()
    assert (neighbours.method(1)(truth) != everyone).any()


def test_the_constant_is_the_mean_colour(neighbours):
    photos = [srgb_to_lab(rule_photo(n, 128, 128) / np.float32(255))[..., 1:] for n in range(12)]
    assert neighbours.mean_ab == pytest.approx(np.mean(photos, axis=(0, 1, 2)), abs=0.5)


def test_a_constant_beats_grey_where_photos_are_alike():
    photos = [with_ab(rule_photo(n, 64, 64), np.array([12.0, 18.0], np.float32)) for n in range(4)]
    color = Neighbours(packed(photos)).mean_ab
    truth = View(centre_crop(photos[0]))
    assert gain(truth, View(constant(color)(truth.srgb))) > 3


def test_a_flat_photo_has_a_neighbour_too(neighbours):
    flat = np.full((256, 256, 3), 128, np.uint8)
    assert neighbours.method()(flat).shape == flat.shape
