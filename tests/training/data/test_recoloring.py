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


def seen(lab, x, y, likeness):
    return segments(lab, torch.tensor([[x, y]]), torch.full((1, 1, 1, 1), likeness))[0, 0]


def test_a_segment_ends_where_colours_change():
    inside = seen(two_halves(), 0.4, 0.5, 30.0)
    assert inside[:, :16].all()
    assert not inside[:, 16:].any()
    assert seen(two_halves(), 0.4, 0.5, 81.0).all()


def test_what_looks_alike_but_is_not_connected_is_another_thing():
    lab = two_halves()
    lab[..., 26:] = lab[..., :6]  # red again, beyond the green
    inside = seen(lab, 0.4, 0.5, 30.0)
    assert inside[:, :16].all()
    assert not inside[:, 16:].any()


def test_a_thing_has_light_and_shade():
    lab = two_halves()
    lab[:, 0, 16:] += 30
    assert seen(lab, 0.4, 0.9, 16.0)[:, :16].all()
    assert not seen(lab, 0.4, 0.9, 14.0)[:16].any()


def test_a_flood_over_large_pictures_keeps_their_edges():
    large = two_halves().repeat_interleave(5, dim=2).repeat_interleave(5, dim=3)
    large[..., 80:83] = large[..., :3]  # the edge lies between two places of the small picture
    inside = seen(large, 0.4, 0.5, 30.0)
    assert inside[:, :83].all()
    assert not inside[:, 83:].any()


def test_a_seed_that_looks_like_nothing_else_is_its_own_segment():
    lab = two_halves()
    lab[0, :, 5, 7] = torch.tensor([90.0, 0.0, -60.0])
    assert seen(lab, 7.5 / 32, 5.5 / 32, 10.0).nonzero().tolist() == [[5, 7]]


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
