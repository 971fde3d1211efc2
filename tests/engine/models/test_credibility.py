"""Credibility: a hint that a network could expect, and one that it could not."""

import pytest
import torch

from engine.models.bins import ab_bins
from engine.models.contract import Prediction
from engine.models.credibility import credibility, tail

BROWN = (10.0, 20.0)


@pytest.fixture
def prediction():
    """2×2 places: brown with a little doubt in the left column, anything at all in the right one."""
    bins = ab_bins()
    away = (bins - torch.tensor(BROWN)).square().sum(dim=1)
    logits = torch.zeros(1, len(bins), 2, 2)
    logits[0, :, :, 0] = -away[:, None] / (2 * 15.0**2)
    return Prediction(torch.zeros(1, 2, 2, 2), logits, bins)


def spots(*rows):
    return torch.tensor([[[x, 0.5, a, b, 1.0, kind] for x, a, b, kind in rows]])


def test_the_likely_and_the_unlikely(prediction):
    rows = spots((0.25, 12, 18, 0), (0.25, -60, -40, 0), (0.75, 20, -30, 0), (0.25, 0, 0, 1))
    found = credibility(prediction, rows)[0]
    assert found[0] == found[2] == found[3] == 1
    assert 0 <= found[1] < 0.1


def test_the_tail_is_a_probability_and_falls_with_the_distance(prediction):
    rows = spots(*((0.25, 10 + 10 * n, 20, 0) for n in range(8)))
    found = tail(prediction.logits, prediction.bins, rows)[0]
    assert float(found[0]) == pytest.approx(1, abs=0.1)
    assert (found.diff() <= 1e-6).all()
    assert float(found[-1]) < 0.01


def test_without_a_distribution_all_are_credible():
    assert credibility(Prediction(torch.zeros(1, 2, 4, 4)), spots((0.2, 99, 99, 0))) == 1


def test_no_hints(prediction):
    assert credibility(prediction, torch.zeros(1, 0, 6)).shape == (1, 0)
