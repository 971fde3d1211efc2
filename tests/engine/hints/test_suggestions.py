"""Suggestions: few colours out of a distribution, likely ones first and each unlike the others."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from engine.color.difference import ciede2000
from engine.color.gamut import in_gamut
from engine.color.swatches import color_at
from engine.hints.suggestions import ALIKE, suggest

AXIS = np.arange(-100.0, 101.0, 10.0)
BINS = np.stack(np.meshgrid(AXIS, AXIS, indexing="ij"), axis=-1).reshape(-1, 2)
SEVERAL = BINS[np.hypot(*BINS.T) < 45]


def peaks(*colors: tuple[float, float, float], bins: np.ndarray = BINS) -> np.ndarray:
    """A distribution with bumps of some weights at some a* and b*."""
    mass = sum(
        weight * np.exp(-np.square(bins - np.array([a, b])).sum(axis=1) / (2 * 6.0**2)) for weight, a, b in colors
    )
    return np.log(np.maximum(mass, 1e-12))


def test_every_bump_is_suggested_the_largest_first():
    found = suggest(peaks((0.6, 10, 25), (0.3, -5, -30), (0.1, 45, 20)), BINS, 60.0)
    wanted = [(10, 25), (-5, -30), (45, 20)]
    nearest = [min(range(3), key=lambda n: np.hypot(*np.subtract(each.ab, wanted[n]))) for each in found]
    shares = [sum(each.probability for each, n in zip(found, nearest, strict=True) if n == k) for k in range(3)]
    np.testing.assert_allclose(shares, [0.6, 0.3, 0.1], atol=0.03)
    assert nearest[0] == 0
    for color in wanted:
        assert min(np.hypot(*np.subtract(each.ab, color)) for each in found) < 9


def test_a_certain_color_is_the_only_one():
    logs = np.full(len(BINS), -np.inf)
    logs[np.flatnonzero((BINS == [20, 30]).all(axis=1))] = 0.0
    (only,) = suggest(logs, BINS, 55.0)
    assert only.probability == pytest.approx(1.0)
    assert only.color == color_at(55.0, 20, 30)
    np.testing.assert_allclose(only.ab, (20, 30), atol=1e-3)


@given(
    arrays.arrays(np.float64, len(SEVERAL), elements=st.floats(-30, 5)),
    st.floats(0, 100),
    st.integers(1, 12),
)
@settings(max_examples=40, deadline=None)
def test_suggestions_of_any_distribution(logs, lightness, count):
    found = suggest(logs, SEVERAL, lightness, count)
    assert 1 <= len(found) <= count
    probabilities = [each.probability for each in found]
    assert probabilities == sorted(probabilities, reverse=True)
    assert 0 < sum(probabilities) <= 1 + 1e-9
    lab = np.array([[lightness, *each.ab] for each in found])
    assert in_gamut(lab, tolerance=2e-4).all()
    apart = ciede2000(lab[:, None], lab[None])
    assert (apart[~np.eye(len(lab), dtype=bool)] >= ALIKE).all()
    for each, row in zip(found, lab, strict=True):
        assert each.color == color_at(*row)


def test_the_same_place_gives_the_same_suggestions():
    logs = np.random.default_rng(3).normal(size=len(BINS)) * 2
    assert suggest(logs, BINS, 40.0) == suggest(logs.copy(), BINS, 40.0)
    assert suggest(logs + 7.5, BINS, 40.0)[0].color == suggest(logs, BINS, 40.0)[0].color  # not normalised


def test_a_broad_distribution_gives_many_hues():
    found = suggest(peaks((1, 8, 12), (0.4, -8, 8), (0.4, 2, -14)), BINS, 60.0)
    assert len(found) >= 6
    hues = np.sort([np.degrees(np.arctan2(each.ab[1], each.ab[0])) % 360 for each in found])
    assert np.diff([*hues, hues[0] + 360]).max() < 150


def test_black_and_white_have_one_color():
    for lightness, color in ((0.0, "#000000"), (100.0, "#ffffff"), (-3.0, "#000000")):
        assert [each.color for each in suggest(peaks((1, 30, 30), (1, -30, 0)), BINS, lightness)] == [color]


@pytest.mark.parametrize(
    ("logs", "bins", "lightness", "count"),
    [
        (np.zeros(3), np.zeros((4, 2)), 50, 9),
        (np.zeros((2, 2)), np.zeros((2, 2)), 50, 9),
        (np.zeros(0), np.zeros((0, 2)), 50, 9),
        (np.zeros(3), np.zeros((3, 2)), 50, 0),
        (np.full(3, -np.inf), np.zeros((3, 2)), 50, 9),
        (np.array([0, np.nan, 0]), np.zeros((3, 2)), 50, 9),
        (np.zeros(3), np.full((3, 2), np.inf), 50, 9),
        (np.zeros(3), np.zeros((3, 2)), np.nan, 9),
    ],
)
def test_nonsense_is_refused(logs, bins, lightness, count):
    with pytest.raises(ValueError, match=r"suggestions of|not finite"):
        suggest(logs, bins, lightness, count)


def test_between_two_colours_of_the_gamut_nothing_leaves_it():
    found = suggest(np.zeros(len(SEVERAL)), SEVERAL, 97.0, 4)
    assert in_gamut(np.array([[97.0, *each.ab] for each in found]), tolerance=2e-4).all()
