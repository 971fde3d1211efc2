"""Segments in another hue."""

import numpy as np
import pytest
import torch

from engine.color.gamut import in_gamut
from tests.training.making import rule_photo
from training.data.augmentation import GreyAndColor, true_pair
from training.data.recoloring import LEAST_CHROMA, TURN, recolored, segments


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def pair():
    photos = np.stack([rule_photo(n, 64, 64) for n in range(8)])
    return true_pair(torch.tensor(photos).permute(0, 3, 1, 2) / 255, 2)


def two_halves():
    """Left red, right green, both of L* 50: 1×3×32×32."""
    lab = torch.full((1, 3, 32, 32), 50.0)
    lab[:, 1, :, :16], lab[:, 1, :, 16:] = 40.0, -40.0
    lab[:, 2] = 20.0
    return lab


def test_a_segment_ends_where_colours_change_and_where_it_is_far():
    seeds, reach, likeness = torch.tensor([[0.4, 0.5]]), torch.full((1, 1, 1), 0.3), torch.full((1, 1, 1), 30.0)
    inside = segments(two_halves(), seeds, reach, likeness)[0, 0]
    assert inside[16, 12]
    assert not inside[:, 16:].any()
    assert inside[16, 12 - 9]
    assert not inside[16, 12 - 10]
    assert inside[16 - 9, 12]


def test_the_segment_turns_and_the_rest_stays(pair):
    chosen, seeds = torch.tensor([1, 4, 6]), torch.tensor([[0.5, 0.5], [0.3, 0.6], [0.99, 0.01]])
    other, inside = recolored(pair, chosen, seeds, seeded())
    assert torch.equal(other.lightness, pair.lightness)
    untouched = torch.tensor([0, 2, 3, 5, 7])
    assert torch.equal(other.ab[untouched], pair.ab[untouched])
    outside = ~inside.expand(3, 2, 32, 32)
    assert torch.equal(other.ab[chosen][outside], pair.ab[chosen][outside])
    assert inside.any(dim=3).any(dim=2).all()
    lab = torch.cat([other.target_lightness, other.ab], dim=1).permute(0, 2, 3, 1).numpy()
    assert in_gamut(lab, tolerance=0.002).all()
    for n, photo in enumerate(chosen):
        before, after = (colors[photo][:, inside[n, 0]].mean(dim=1) for colors in (pair.ab, other.ab))
        cosine = float((before * after).sum() / (before.norm() * after.norm()))
        assert cosine < np.cos(TURN) + 0.1


def test_grey_things_get_a_colour_too():
    grey = GreyAndColor(
        torch.full((20, 1, 64, 64), 55.0), torch.zeros(20, 2, 16, 16), torch.full((20, 1, 16, 16), 55.0)
    )
    other, inside = recolored(grey, torch.arange(20), torch.full((20, 2), 0.5), seeded())
    chroma = torch.stack([other.ab[n][:, inside[n, 0]].norm(dim=0).mean() for n in range(20)])
    assert chroma.min() > LEAST_CHROMA[0] * 0.95
    assert chroma.max() < LEAST_CHROMA[1] * 1.05
    assert chroma.std() > 5


def test_what_varies_within_a_segment_still_does(pair):
    other, inside = recolored(pair, torch.arange(8), torch.full((8, 2), 0.5), seeded(3))
    before, after = (torch.stack([ab[n][:, inside[n, 0]].std(dim=1).norm() for n in range(8)]) for ab in
                     (pair.ab, other.ab))  # fmt: skip
    assert (after > 0.3 * before).all()
