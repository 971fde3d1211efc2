"""How often colours occur, and the weights that make up for it."""

import pytest
import torch

from engine.models.bins import ab_bins, soft_encode
from training.losses import rebalancing
from training.losses.rebalancing import bin_prior, rebalancing_weights

BINS = ab_bins()
PRIOR = torch.tensor([0.7, 0.2, 0.1, 0.0])


def test_the_prior_counts_softly_encoded_colours(monkeypatch):
    generator = torch.Generator().manual_seed(0)
    maps = torch.rand(5, 2, 3, 4, generator=generator) * 60 - 30
    wanted = torch.zeros(len(BINS))
    for photo in maps:
        for color in photo.flatten(1).T:
            index, weight = soft_encode(color[None], BINS)
            wanted[index[0]] += weight[0] / 60
    prior = bin_prior(maps, BINS)
    assert prior.dtype == torch.float32
    torch.testing.assert_close(prior, wanted)
    monkeypatch.setattr(rebalancing, "CHUNK", 7)
    torch.testing.assert_close(bin_prior(maps, BINS), prior)


def test_weights_by_hand():
    raw = [1 / (0.5 * share + 0.5 / 4) for share in PRIOR.tolist()]
    expectation = sum(share * weight for share, weight in zip(PRIOR.tolist(), raw, strict=True))
    assert rebalancing_weights(PRIOR).tolist() == pytest.approx([weight / expectation for weight in raw])


@pytest.mark.parametrize("mix", [0.1, 0.5, 1.0])
@pytest.mark.parametrize("cap", [None, 1.0, 1.3, 10.0])
def test_the_expectation_is_one_and_the_cap_holds(mix, cap):
    weights = rebalancing_weights(PRIOR, mix, cap)
    assert float((PRIOR * weights).sum()) == pytest.approx(1)
    assert weights.tolist() == sorted(weights.tolist())
    if cap is not None:
        assert float(weights.max()) <= cap + 1e-6


def test_a_uniform_mix_weighs_all_the_same():
    assert rebalancing_weights(PRIOR, 1.0).tolist() == pytest.approx([1] * 4)


def test_a_cap_changes_only_the_scale_of_what_lies_below_it():
    free, capped = rebalancing_weights(PRIOR, 0.2), rebalancing_weights(PRIOR, 0.2, 2.0)
    below = capped < 2 - 1e-5
    assert 0 < int(below.sum()) < 4
    ratio = (capped / free)[below]
    assert ratio.tolist() == pytest.approx([float(ratio[0])] * len(ratio))
    assert float(ratio[0]) > 1
