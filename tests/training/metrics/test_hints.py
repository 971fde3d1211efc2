"""Trust and locality, of results whose answer is known."""

import numpy as np
import pytest
import skimage.color

from engine.color.gamut import fit_chroma
from training.metrics.locality import elsewhere, locality
from training.metrics.trust import trust


def owner(*patches, side=32):
    found = np.full((side, side), -1)
    for n, (left, top) in enumerate(patches):
        found[top : top + 6, left : left + 6] = n
    return found


def test_a_hint_that_is_there_is_trusted():
    lab = np.full((32, 32, 3), [60, 5, 5], np.float32)
    hints = np.array([[20, -30], [-20, 10]], np.float32)
    places = owner((2, 2), (20, 20))
    for n, color in enumerate(hints):
        lab[places == n, 1:] = color
    assert trust(lab, places, hints) == pytest.approx(0, abs=1e-3)


def test_trust_by_scikit_image():
    chance = np.random.default_rng(0)
    lab = np.stack([chance.uniform(40, 70, (32, 32)), *chance.uniform(-15, 15, (2, 32, 32))], axis=-1)
    lab = lab.astype(np.float32)
    hints, places = np.array([[10, -5], [-12, 8]], np.float32), owner((2, 2), (5, 5))
    found = []
    for row, column in np.argwhere(places >= 0):
        asked = np.array([lab[row, column, 0], *hints[places[row, column]]])
        found.append(skimage.color.deltaE_ciede2000(asked, lab[row, column]))
    assert trust(lab, places, hints) == pytest.approx(np.mean(found), rel=1e-4)


def test_a_hint_that_srgb_cannot_show_is_asked_for_only_as_far_as_it_goes():
    lab = np.full((32, 32, 3), [90, 0, 0], np.float32)
    wild = np.array([[0, -100]], np.float32)
    places = owner((2, 2))
    lab[places == 0] = fit_chroma(np.array([90, 0, -100], np.float32))
    assert trust(lab, places, wild) == pytest.approx(0, abs=1e-3)


def test_elsewhere_is_far_and_looks_different():
    lightness = np.full((64, 64), 30, np.float32)
    lightness[:, 40:] = 80
    found = elsewhere(lightness, 10, 32)
    assert not found[:, :38].any()  # looks alike
    assert found[:, 43:].all()
    near = elsewhere(lightness, 39, 32)
    assert not near[32, 41:54].any()  # too near
    assert near[2, 60]


def test_locality_is_the_mean_distance():
    before = np.zeros((8, 8, 3), np.float32)
    after = before + np.array([9, 3, 4], np.float32)
    places = np.zeros((8, 8), bool)
    assert locality(before, after, places) is None
    places[0, :2] = True
    after[0, 1] = 0
    assert locality(before, after, places) == pytest.approx(2.5)
