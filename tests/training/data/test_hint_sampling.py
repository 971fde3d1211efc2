"""Hints drawn from the truth: how many, where, and of which colour."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from tests.training.making import rule_photo
from training.data.augmentation import GreyAndColor, true_pair
from training.data.hint_sampling import MANY, MAX_FEW, MAX_HINTS, RATE, draw_hints, hinted_pair, patch_means
from training.recipe import AugmentationRecipe

SIZE = 32


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def ab():
    """a* grows to the right, b* downward; 500 photos."""
    axis = torch.linspace(-50, 50, 16)
    one = torch.stack([axis.expand(16, 16), axis[:, None].expand(16, 16)])
    return one.expand(500, 2, 16, 16)


def test_shapes(ab):
    hints = draw_hints(ab, SIZE, 1.0, seeded())
    count = hints.tokens.shape[1]
    assert hints.planes.shape == (500, 3, SIZE, SIZE)
    assert hints.tokens.shape == (500, count, 5)
    assert hints.token_mask.shape == (500, count)
    assert 0 < count <= MAX_HINTS


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_so_many_photos_get_hints(ab, share):
    hints = draw_hints(ab, SIZE, share, seeded())
    hinted = hints.token_mask.any(dim=1).float().mean() if hints.tokens.shape[1] else torch.zeros(())
    assert float(hinted) == pytest.approx(share, abs=0.07)
    assert (hints.planes[:, 2].amax(dim=(1, 2)) > 0).float().mean() == pytest.approx(float(hinted), abs=0.01)


def test_their_number_is_geometric(ab):
    counts = draw_hints(ab, SIZE, 1.0, seeded()).token_mask.sum(dim=1).float()
    assert counts.min() == 1
    assert float((counts == 1).float().mean()) == pytest.approx(RATE, abs=0.05)
    assert float(counts.median()) == pytest.approx(6, abs=1.5)


def test_some_photos_have_very_many(ab):
    counts = draw_hints(ab, SIZE, 1.0, seeded()).token_mask.sum(dim=1)
    many = float((counts > MAX_FEW).float().mean())
    assert many == pytest.approx(MANY * (1 - math.log(MAX_FEW + 0.5, MAX_HINTS)), abs=0.025)
    assert MAX_FEW < counts.max() <= MAX_HINTS


def test_a_hint_has_the_colour_of_its_place(ab):
    hints = draw_hints(ab, SIZE, 1.0, seeded())
    x, y, a, b, kind = hints.tokens[hints.token_mask].unbind(1)
    assert (kind == 0).all()
    inner = ((x - 0.5).abs() < 0.3) & ((y - 0.5).abs() < 0.3)  # no patch reaches beyond the picture
    wanted_a, wanted_b = (((place * 16 - 0.5) / 15 - 0.5) * 100 / 110 for place in (x, y))
    assert torch.allclose(a[inner], wanted_a[inner], atol=0.01)
    assert torch.allclose(b[inner], wanted_b[inner], atol=0.01)


def test_places_lie_around_the_centre(ab):
    hints = draw_hints(ab, SIZE, 1.0, seeded())
    places = hints.tokens[hints.token_mask][:, :2]
    assert places.min() >= 0.02
    assert places.max() <= 0.98
    assert float(places.mean()) == pytest.approx(0.5, abs=0.02)
    assert float(places.std()) == pytest.approx(0.24, abs=0.03)


def test_hints_are_known_by_their_seed(ab):
    first, again, other = (draw_hints(ab, SIZE, 0.5, seeded(seed)).planes for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_a_patch_has_its_mean_color():
    ab = torch.rand(2, 2, 64, 64, generator=seeded()) * 100 - 50
    place = torch.tensor([[0.3, 0.6], [0.7, 0.2]]).expand(2, 2, 2)
    radius = torch.tensor([[4.5], [10.0]]).expand(2, 2, 1) / 64
    columns, rows = torch.meshgrid(torch.arange(64) + 0.5, torch.arange(64) + 0.5, indexing="xy")
    for n in range(2):
        disc = (columns - place[0, n, 0] * 64) ** 2 + (rows - place[0, n, 1] * 64) ** 2 <= (radius[0, n] * 64) ** 2
        wanted = ab[:, :, disc].mean(dim=2)
        assert torch.allclose(patch_means(ab, place, radius)[:, n], wanted, atol=5)
    flat = torch.full((1, 2, 16, 16), 12.0)
    assert patch_means(flat, place[:1], radius[:1]).unique().tolist() == pytest.approx([12])


def test_some_hints_keep_what_is_there(ab):
    hints = draw_hints(ab, SIZE, 1.0, seeded(), kept=0.25)
    told = hints.tokens[hints.token_mask]
    keeps = told[:, 4] == 1
    assert float(keeps.float().mean()) == pytest.approx(0.25, abs=0.05)
    assert (told[keeps, 2:4] == 0).all()
    alone = (hints.token_mask.sum(1) == 1) & (hints.tokens[:, 0, 4] == 1)
    assert alone.any()
    assert (hints.planes[alone] == 0).all()


@pytest.fixture
def pair():
    photos = np.stack([rule_photo(n, 64, 64) for n in range(8)])
    return true_pair(torch.tensor(photos).permute(0, 3, 1, 2).repeat(16, 1, 1, 1) / 255)


RULES = dataclasses.replace(AugmentationRecipe(), hinted=0.5, kept=0.0, recolored=0.4)


def test_segments_of_some_hinted_photos_have_another_hue(pair):
    other, hints, _ = hinted_pair(pair, RULES, seeded())
    changed = (other.ab - pair.ab).abs().amax(dim=(1, 2, 3)) > 1
    hinted = hints.token_mask.any(1)
    assert float(hinted.float().mean()) == pytest.approx(0.5, abs=0.12)
    assert not (changed & ~hinted).any()
    assert float(changed.sum() / hinted.sum()) == pytest.approx(0.4, abs=0.15)
    assert torch.equal(other.lightness, pair.lightness)
    assert torch.equal(other.target_lightness, pair.target_lightness)


def test_the_first_hint_lies_in_the_segment_and_asks_for_its_color(pair):
    other, hints, _ = hinted_pair(pair, RULES, seeded())
    changed = ((other.ab - pair.ab).abs().amax(dim=(1, 2, 3)) > 1).nonzero()[:, 0]
    column, row = (hints.tokens[changed, 0, :2] * 16).long().clamp(max=15).unbind(1)
    there, before = other.ab[changed, :, row, column], pair.ab[changed, :, row, column]
    assert ((there - before).norm(dim=1) > 5).all()
    asked = hints.tokens[changed, 0, 2:4] * 110
    # A patch on the segment's edge has some of the old colour too.
    assert float(((asked - there).norm(dim=1) < (asked - before).norm(dim=1)).float().mean()) > 0.8


def test_recoloring_is_known_by_its_seed(pair):
    (first, one, _), (again, two, _), (other, _, _) = (hinted_pair(pair, RULES, seeded(seed)) for seed in (1, 1, 2))
    assert torch.equal(first.ab, again.ab)
    assert torch.equal(one.tokens, two.tokens)
    assert not torch.equal(first.ab, other.ab)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_batches_without_any_hint_or_with_hints_throughout(pair, share):
    few = GreyAndColor(pair.lightness[:2], pair.ab[:2], pair.target_lightness[:2])
    rules = dataclasses.replace(RULES, hinted=share, recolored=share)
    other, hints, _ = hinted_pair(few, rules, seeded())
    assert hints.planes.shape == (2, 3, 64, 64)
    assert bool(hints.token_mask.any()) == (share == 1)
    assert torch.equal(other.ab, few.ab) == (share == 0)
