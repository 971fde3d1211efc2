"""Metrics of colour alone, against scikit-image, formulas written anew, and cases whose answer is known."""

import numpy as np
import pytest
import skimage.color

from engine.color.lab import lab_to_srgb
from tests.training.making import rule_photo
from training.evaluation import centre_crop
from training.methods import with_ab
from training.metrics import View
from training.metrics.bleeding import bleeding
from training.metrics.chroma import chroma
from training.metrics.color_difference import color_difference
from training.metrics.colorfulness import COLORFULNESS, COLORFULNESS_ERROR
from training.metrics.hue_error import hue_error


def flat(lightness, a, b, side=64) -> View:
    """A picture of one colour."""
    lab = np.broadcast_to(np.array([lightness, a, b], np.float32), (side, side, 3))
    return View(np.rint(lab_to_srgb(lab) * 255).astype(np.uint8))


@pytest.fixture
def pair():
    truth = centre_crop(rule_photo(0))
    return View(truth), View(with_ab(truth, np.array([12, -20], np.float32)))


def test_ciede2000_against_scikit_image(pair):
    truth, colored = pair
    expected = skimage.color.deltaE_ciede2000(*(skimage.color.rgb2lab(view.srgb) for view in pair))
    assert color_difference(truth, colored) == pytest.approx(expected[::2, ::2].mean(), rel=2e-3)
    assert color_difference(truth, truth) == 0


def test_colorfulness_by_its_formula(pair):
    truth, colored = pair
    found = []
    for view in pair:
        red, green, blue = (view.srgb[..., n].astype(float) for n in range(3))
        rg, yb = red - green, (red + green) / 2 - blue
        found.append(np.hypot(rg.std(), yb.std()) + 0.3 * np.hypot(rg.mean(), yb.mean()))
    assert COLORFULNESS.measure(truth, colored) == pytest.approx(found[1], rel=1e-4)
    assert COLORFULNESS_ERROR.measure(truth, colored) == pytest.approx(abs(found[0] - found[1]), rel=1e-3)


def test_chroma():
    half = chroma(flat(60, 30, 40), flat(60, 15, 20))
    assert half == pytest.approx(0.5, abs=0.02)
    assert chroma(flat(60, 0, 0), flat(60, 15, 20)) is None


@pytest.mark.parametrize("turn", [0, 10, 45, 90, 135, 180])
def test_hue_error_is_the_angle(turn):
    angle = np.radians(20 + turn)
    found = hue_error(flat(60, *(30 * np.array([np.cos(np.radians(20)), np.sin(np.radians(20))]))),
                      flat(60, 30 * np.cos(angle), 30 * np.sin(angle)))  # fmt: skip
    assert found == pytest.approx(turn, abs=2.5)  # 8 bits


def test_hue_error_is_weighted_by_the_true_chroma(pair):
    truth, colored = pair
    total, weights = 0.0, 0.0
    for true, found in zip(truth.sparse_lab.reshape(-1, 3), colored.sparse_lab.reshape(-1, 3), strict=True):
        weight = np.hypot(true[1], true[2])
        apart = abs(np.arctan2(true[2], true[1]) - np.arctan2(found[2], found[1]))
        total += weight * np.degrees(min(apart, 2 * np.pi - apart))
        weights += weight
    assert hue_error(truth, colored) == pytest.approx(total / weights, rel=1e-3)


def test_grey_has_no_hue(pair):
    truth, _ = pair
    assert hue_error(truth, truth.grey) == pytest.approx(90)
    assert hue_error(truth.grey, truth) is None
    assert hue_error(truth, truth) == 0


def edge_of_color(at: int, lightness_edge: int | None) -> np.ndarray:
    """ab changes at a column, lightness at another or not at all; 64×64×3 sRGB."""
    lab = np.full((64, 64, 3), 55, np.float32)
    lab[..., 1:] = 0
    if lightness_edge is not None:
        lab[:, lightness_edge:, 0] = 75
    lab[:, at:, 1:] = (25, 25)
    return np.rint(lab_to_srgb(lab) * 255).astype(np.uint8)


def test_bleeding_counts_edges_of_colour_where_lightness_has_none():
    truth = View(edge_of_color(32, 32))
    along, across, grey = (bleeding(truth, view) or 0.0 for view in (
        View(edge_of_color(32, 32)), View(edge_of_color(16, 32)), truth.grey))  # fmt: skip
    assert across > 5 * along
    assert grey < 0.02 < across
    # One edge of 25·√2 units in 64 columns, less what the flat part leaves out; smoothing moves nothing of the sum.
    flat_truth = View(edge_of_color(32, None)).grey
    assert bleeding(flat_truth, View(edge_of_color(16, None))) == pytest.approx(25 * 2**0.5 / 64, rel=0.1)


def test_bleeding_by_brute_force(pair):
    truth, colored = pair
    steep = np.zeros(truth.srgb.shape[:2])
    level = np.zeros_like(steep)
    from scipy.ndimage import gaussian_filter

    for n, out in ((0, level), (1, steep), (2, steep)):
        plane = gaussian_filter((truth if n == 0 else colored).lab[..., n].astype(float), 2.0, mode="nearest")
        down, across = np.gradient(plane)
        out += down**2 + across**2
    expected = np.sqrt(steep)[np.sqrt(level) < 0.5].mean()
    assert bleeding(truth, colored) == pytest.approx(expected, rel=0.02)


def test_bleeding_needs_a_flat_place():
    noise = np.random.default_rng(0).integers(0, 255, (32, 1, 1), np.uint8)
    stripes = np.repeat(np.repeat(np.sort(noise, axis=0), 32, axis=1), 3, axis=2)
    assert bleeding(View(stripes), View(stripes)) is None
