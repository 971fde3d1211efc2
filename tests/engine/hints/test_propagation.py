"""Propagation: against a dense solve of the same energy, and against what a person expects of a hint."""

import numpy as np
import pytest

from engine.hints import propagate
from engine.hints.propagation import AB_LIMIT, DECAY, HINT_WEIGHT, LEAST, SIGMA, covered


def spot(x, y, color=(0.0, 0.0), radius=0.5, keep=False):
    return [x, y, *color, radius, float(keep)]


def two_halves(height=16, width=16):
    """Dark on the left, bright on the right."""
    lightness = np.full((height, width), 20.0, np.float32)
    lightness[:, width // 2 :] = 80
    return lightness


def grey(height=16, width=16):
    return np.zeros((height, width, 2), np.float32)


def colors_of(ab, lightness, spots):
    return propagate(ab, lightness, spots).ab


def by_brute_force(ab, lightness, spots):
    """The normal equations of the energy, written down pixel by pixel and solved densely."""
    height, width = lightness.shape
    share, ink = covered(np.array(spots, np.float32), (height, width))
    matrix = np.zeros((height * width, height * width))
    right = np.zeros((height * width, 2))
    for row in range(height):
        for column in range(width):
            n = row * width + column
            pull = HINT_WEIGHT * share[row, column]
            matrix[n, n] += pull + DECAY
            right[n] += pull * (ink[row, column, :2] - (1 - ink[row, column, 2]) * ab[row, column])
            for down in (-1, 0, 1):
                for across in (-1, 0, 1):
                    other = (row + down, column + across)
                    inside = 0 <= other[0] < height and 0 <= other[1] < width
                    if inside and (down, across) != (0, 0):
                        step = float(lightness[row, column]) - float(lightness[other])
                        weight = np.exp(-(step**2) / (2 * SIGMA**2)) + LEAST
                        matrix[n, n] += weight
                        matrix[n, other[0] * width + other[1]] -= weight
    return ab + np.linalg.solve(matrix, right).reshape(height, width, 2)


@pytest.mark.parametrize("size", [(7, 11), (11, 7), (1, 9), (9, 1), (8, 8), (2, 2)], ids=str)
def test_it_solves_the_energy(size):
    chance = np.random.default_rng(0)
    ab = chance.normal(0, 10, (*size, 2)).astype(np.float32)
    lightness = (50 + 5 * chance.standard_normal(size)).astype(np.float32)
    spots = [
        spot(0.3, 0.2, (20, -30), 1.0),
        spot(0.8, 0.9, (-10, 10), 0.4),
        spot(0.75, 0.85, keep=True),
        spot(0.5, 0.5, (5, 5)),
    ]
    found = colors_of(ab, lightness, np.array(spots))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, by_brute_force(ab, lightness, spots), atol=2e-3)


def test_no_hint_changes_nothing():
    ab = np.random.default_rng(0).normal(0, 20, (8, 9, 2)).astype(np.float32)
    np.testing.assert_array_equal(colors_of(ab, np.full((8, 9), 50, np.float32), np.zeros((0, 6))), ab)


def test_a_hint_fills_what_looks_alike_and_stops_at_the_edge():
    found = colors_of(grey(), two_halves(), np.array([spot(0.25, 0.5, (40, -20), 1.0)]))
    np.testing.assert_allclose(found[:, :7], np.broadcast_to([40, -20], (16, 7, 2)), atol=4)
    assert np.hypot(*found[8, 14]) < 0.75 * np.hypot(*found[8, 2])
    both = np.array([spot(0.25, 0.5, (40, -20), 1.0), spot(0.75, 0.5, (-30, 30), 1.0)])
    split = colors_of(grey(), two_halves(), both)
    np.testing.assert_allclose(split[:, :7], np.broadcast_to([40, -20], (16, 7, 2)), atol=4)
    np.testing.assert_allclose(split[:, 9:], np.broadcast_to([-30, 30], (16, 7, 2)), atol=4)


def test_the_difference_is_spread_and_the_predictions_detail_stays():
    ab = np.random.default_rng(1).normal(0, 5, (16, 16, 2)).astype(np.float32)
    flat = np.full((16, 16), 60, np.float32)
    wanted = ab[8, 8] + np.array([12, 6], np.float32)
    found = colors_of(ab, flat, np.array([spot(8.5 / 16, 8.5 / 16, wanted, 0.5)]))
    np.testing.assert_allclose(found - ab, np.broadcast_to([12, 6], ab.shape), atol=1.5)


def test_a_hint_that_says_what_is_predicted_changes_nothing():
    ab = np.broadcast_to(np.array([10, -5], np.float32), (12, 12, 2)).copy()
    found = colors_of(ab, two_halves(12, 12), np.array([spot(0.4, 0.4, (10, -5), 2.0)]))
    np.testing.assert_allclose(found, ab, atol=1e-4)


def test_keep_holds_back_another_hint():
    flat = np.full((24, 24), 50, np.float32)
    red = spot(0.1, 0.5, (60, 40), 1.0)
    alone = colors_of(grey(24, 24), flat, np.array([red]))
    kept = colors_of(grey(24, 24), flat, np.array([red, spot(0.9, 0.5, keep=True, radius=2.0)]))
    assert np.hypot(*alone[12, 21]) > 50
    assert np.hypot(*kept[12, 21]) < 5
    assert np.hypot(*kept[12, 2]) > 60


def test_later_spots_lie_over_earlier_ones():
    first, second = spot(0.5, 0.5, (50, 0), 2.0), spot(0.5, 0.5, (-50, 0), 2.0)
    flat = np.full((9, 9), 50, np.float32)
    assert colors_of(grey(9, 9), flat, np.array([first, second]))[4, 4, 0] == pytest.approx(-50, abs=5)
    assert colors_of(grey(9, 9), flat, np.array([second, first]))[4, 4, 0] == pytest.approx(50, abs=5)


@pytest.mark.parametrize("place", [(0, 0), (1, 1), (0, 1), (-0.2, 0.5), (0.5, 1.3), (0.51, 0.5)], ids=str)
def test_a_tiny_spot_anywhere_is_honoured(place):
    share, ink = covered(np.array([spot(*place, (30, 10), 0.01)], np.float32), (10, 12))
    assert share.max() > 0.25
    assert share.sum() == pytest.approx(1, abs=0.5)
    np.testing.assert_allclose(ink[share > 0.01], np.broadcast_to([30, 10, 0], ((share > 0.01).sum(), 3)), atol=1e-3)


def test_a_spot_covers_about_its_disc():
    share, _ = covered(np.array([spot(0.5, 0.5, radius=7)], np.float32), (40, 40))
    assert share.sum() == pytest.approx(np.pi * 49, rel=0.03)


def test_a_large_map_is_solved_small():
    big = np.repeat(np.repeat(two_halves(), 12, axis=0), 12, axis=1)
    spots = np.array([spot(0.25, 0.5, (40, -20), 12.0)])
    found = colors_of(grey(192, 192), big, spots)
    assert found.shape == (192, 192, 2)
    np.testing.assert_allclose(found[:, :88], np.broadcast_to([40, -20], (192, 88, 2)), atol=5)
    assert np.abs(found[:, 104:]).max() < 20


def test_colours_stay_within_the_contract():
    found = colors_of(grey(), two_halves(), np.array([spot(0.2, 0.2, (500, -500), 2.0)]))
    assert np.abs(found).max() == AB_LIMIT


@pytest.mark.parametrize("wrong", ["shape", "nan"])
def test_what_cannot_be(wrong):
    lightness = two_halves(16, 15 if wrong == "shape" else 16)
    color = (np.nan, 0.0) if wrong == "nan" else (1.0, 0.0)
    with pytest.raises(ValueError, match="over a lightness" if wrong == "shape" else "not finite"):
        colors_of(grey(), lightness, np.array([spot(0.5, 0.5, color)]))


def test_how_far_a_color_was_asked_for():
    spots = np.array([spot(0.25, 0.5, (40, -20), 1.0), spot(0.2, 0.1, keep=True, radius=1.5)])
    found = propagate(grey(), two_halves(), spots).asked
    assert found.shape == (16, 16)
    assert found[8, 4] > 0.9
    assert 0.3 < found[12, 3] < 1  # of the same lightness, beside it
    assert found[8, 14] < 0.3  # beyond the edge
    assert found[1, 3] < 0.3  # where it is kept
    assert not propagate(grey(), two_halves(), np.zeros((0, 6))).asked.any()
