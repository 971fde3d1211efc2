"""Grey as an old camera saw it; colours that exist there."""

import numpy as np
import pytest
import torch

from engine.color.gamut import in_gamut
from engine.color.lab import srgb_to_lab
from engine.color.tensors import linearize
from tests.training.making import rule_photo
from training.data.augmentation import aged_pair, block_mean, linear_light, toned, true_pair
from training.recipe import AugmentationRecipe

NOTHING = AugmentationRecipe(emulsion=0.0, ageing=0.0, tone=1.0)


@pytest.fixture
def srgb():
    photos = np.stack([rule_photo(n, 64, 64) for n in range(8)])
    return torch.tensor(photos).permute(0, 3, 1, 2) / 255


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def test_the_true_pair(srgb):
    pair = true_pair(srgb)
    lab = np.stack([srgb_to_lab(photo) for photo in srgb.permute(0, 2, 3, 1).numpy()])
    assert pair.lightness.shape == (8, 1, 64, 64)
    assert pair.ab.shape == (8, 2, 16, 16)
    assert pair.target_lightness.shape == (8, 1, 16, 16)
    np.testing.assert_allclose(pair.lightness[:, 0].numpy(), lab[..., 0], atol=0.02)
    means = lab.reshape(8, 16, 4, 16, 4, 3).mean(axis=(2, 4))
    np.testing.assert_allclose(pair.ab.permute(0, 2, 3, 1).numpy(), means[..., 1:], atol=0.05)


def test_without_augmentation_nothing_changes(srgb):
    aged, true = aged_pair(srgb, seeded(), NOTHING), true_pair(srgb)
    assert torch.allclose(aged.lightness, true.lightness, atol=1e-3)
    assert torch.allclose(aged.ab, true.ab)


def test_ageing_never_touches_the_colours(srgb):
    recipe = AugmentationRecipe(emulsion=0.0, ageing=1.0, tone=2.0)
    aged, true = aged_pair(srgb, seeded(), recipe), true_pair(srgb)
    assert torch.equal(aged.ab, true.ab)
    assert torch.equal(aged.target_lightness, true.target_lightness)
    assert (aged.lightness - true.lightness).abs().mean() > 2
    assert aged.lightness.min() >= 0
    assert aged.lightness.max() <= 100


def test_an_emulsion_changes_lightness_and_the_colours_exist_there(srgb):
    recipe = AugmentationRecipe(emulsion=1.0, ageing=0.0, tone=1.0)
    aged, true = aged_pair(srgb, seeded(), recipe), true_pair(srgb)
    assert (aged.lightness - true.lightness).abs().mean() > 2
    lab = torch.cat([aged.target_lightness, aged.ab], dim=1).permute(0, 2, 3, 1).numpy()
    assert in_gamut(lab, tolerance=0.002).all()
    # Hue stays: only chroma is lost.
    cross = aged.ab[:, 0] * true.ab[:, 1] - aged.ab[:, 1] * true.ab[:, 0]
    assert cross.abs().max() < 0.5
    assert (aged.ab.norm(dim=1) <= true.ab.norm(dim=1) + 1e-3).all()


def test_an_emulsion_leaves_greys_alone():
    grey = torch.linspace(0, 1, 64).expand(4, 3, 64, 64)
    aged = aged_pair(grey, seeded(), AugmentationRecipe(emulsion=1.0, ageing=0.0, tone=1.0))
    assert torch.allclose(aged.lightness, true_pair(grey).lightness, atol=0.02)


def test_augmentation_is_known_by_its_seed(srgb):
    recipe = AugmentationRecipe(emulsion=0.5, ageing=0.5)
    first, again, other = (aged_pair(srgb, seeded(seed), recipe).lightness for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_some_photos_are_aged_and_some_are_not(srgb):
    many = srgb.repeat(8, 1, 1, 1)
    recipe = AugmentationRecipe(emulsion=0.0, ageing=0.4, tone=1.0)
    changed = (aged_pair(many, seeded(), recipe).lightness - true_pair(many).lightness).abs().amax(dim=(1, 2, 3)) > 0.1
    assert 0.2 < float(changed.float().mean()) < 0.6


def test_tone_changes_every_photo_but_neither_black_nor_white():
    ramp = torch.linspace(0, 100, 64).expand(16, 1, 4, 64)
    out = toned(ramp, torch.linspace(0.5, 2, 16)[:, None, None, None])
    assert torch.equal(out[..., 0], torch.zeros(16, 1, 4))
    assert torch.allclose(out[..., -1], torch.full((16, 1, 4), 100.0))
    assert (out[0, ..., 1:-1] > ramp[0, ..., 1:-1]).all()
    assert (out[-1, ..., 1:-1] < ramp[0, ..., 1:-1]).all()


@pytest.mark.parametrize("stride", [1, 2, 4, 8])
def test_colours_at_the_networks_stride(srgb, stride):
    recipe = AugmentationRecipe(emulsion=0.5)
    for pair in (true_pair(srgb, stride), aged_pair(srgb, seeded(), recipe, stride)):
        assert pair.lightness.shape == (8, 1, 64, 64)
        assert pair.ab.shape == (8, 2, 64 // stride, 64 // stride)
        assert pair.target_lightness.shape == (8, 1, 64 // stride, 64 // stride)
    fine, coarse = true_pair(srgb, 1), true_pair(srgb, stride)
    assert torch.allclose(torch.nn.functional.avg_pool2d(fine.ab, stride), coarse.ab, atol=1e-3)


def test_means_of_blocks():
    planes = torch.rand(2, 3, 8, 12, generator=seeded())
    assert torch.allclose(block_mean(planes, 4), torch.nn.functional.avg_pool2d(planes, 4), atol=1e-6)


def test_the_table_of_linear_light_is_exact_for_what_crops_hold():
    levels = torch.arange(1021) / 1020
    assert torch.allclose(linear_light(levels), linearize(levels), atol=1e-6)
    between = torch.rand(1000, generator=seeded())
    assert torch.allclose(linear_light(between), linearize(between), atol=3e-4)


def test_batches_are_computed_in_parts_of_any_size(srgb, monkeypatch):
    whole = true_pair(srgb)
    monkeypatch.setattr("training.data.batches.CACHED_PIXELS", 3 * 64 * 64)
    in_parts = true_pair(srgb)
    assert torch.equal(in_parts.lightness, whole.lightness)
    assert torch.equal(in_parts.ab, whole.ab)
