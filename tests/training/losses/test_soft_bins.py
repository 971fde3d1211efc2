"""Cross-entropy against colours spread over five bins."""

import math

import pytest
import torch

from engine.models.bins import ab_bins, soft_encode
from training.losses.soft_bins import soft_bins

BINS = ab_bins()


@pytest.fixture
def truth():
    return torch.rand(2, 2, 4, 5, generator=torch.Generator().manual_seed(0)) * 80 - 40


def test_knowing_nothing_costs_the_logarithm_of_the_bins(truth):
    logits = torch.zeros(2, len(BINS), 4, 5)
    assert float(soft_bins(logits, truth, BINS)) == pytest.approx(math.log(len(BINS)), rel=1e-5)


def test_the_best_prediction_is_the_encoding_itself(truth):
    index, weight = soft_encode(truth.permute(0, 2, 3, 1), BINS)
    target = torch.zeros(2, 4, 5, len(BINS)).scatter_(-1, index, weight)
    logits = target.clamp(min=1e-12).log().permute(0, 3, 1, 2).requires_grad_(True)
    best = soft_bins(logits, truth, BINS)
    entropy = -(weight * weight.log()).sum(-1).mean()
    assert float(best.detach()) == pytest.approx(float(entropy), abs=1e-4)
    best.backward()
    assert logits.grad is not None
    assert logits.grad.abs().max() < 1e-6


def test_each_place_is_compared_with_its_own_truth():
    truth = torch.zeros(1, 2, 1, 2)
    truth[0, :, 0, 1] = torch.tensor([60.0, 40.0])
    logits = torch.zeros(1, len(BINS), 1, 2)
    for place in range(2):
        nearest = (BINS - truth[0, :, 0, place]).norm(dim=1).argmin()
        logits[0, nearest, 0, place] = 5.0
    right = float(soft_bins(logits, truth, BINS))
    swapped = float(soft_bins(logits.flip(-1), truth, BINS))
    assert right < math.log(len(BINS)) < swapped


def test_a_pixel_weighs_what_its_nearest_bin_weighs():
    truth = torch.zeros(1, 2, 1, 2)
    truth[0, :, 0, 0], truth[0, :, 0, 1] = torch.tensor([1.0, 1.0]), torch.tensor([41.0, 29.0])
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(1, len(BINS), 1, 2, generator=generator)
    common, rare = ((BINS - torch.tensor(place)).norm(dim=1).argmin() for place in ([0.0, 0.0], [40.0, 30.0]))
    weights = torch.zeros(len(BINS))
    weights[common], weights[rare] = 0.5, 3.0
    first, second = (float(soft_bins(logits[..., n : n + 1], truth[..., n : n + 1], BINS)) for n in range(2))
    weighed = float(soft_bins(logits, truth, BINS, weights))
    assert weighed == pytest.approx((0.5 * first + 3 * second) / 2, rel=1e-5)
    assert float(soft_bins(logits, truth, BINS, torch.ones(len(BINS)))) == pytest.approx((first + second) / 2, rel=1e-5)
