"""Each way in which a picture ages: what it does, and that it can be left out."""

import dataclasses

import pytest
import torch

from engine.color.lab import lab_to_srgb
from engine.color.tensors import linearize
from training.data import ageing
from training.data.ageing import aged, blurred, gaussian, grained, halated, relative_luminance, vignetted
from training.recipe import AugmentationRecipe

NOTHING = AugmentationRecipe(blur=0.0, halation=0.0, vignetting=0.0, fade=0.0, grain=0.0, jpeg=100.0)
MANY = 64


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def only(**strength):
    return dataclasses.replace(NOTHING, **strength)


@pytest.fixture
def lightness():
    """Soft blobs between L* 10 and 90, in many copies."""
    blobs = torch.nn.functional.interpolate(
        torch.rand(1, 1, 6, 6, generator=seeded()), (32, 32), mode="bicubic", align_corners=False
    )
    return (10 + 80 * (blobs - blobs.min()) / (blobs.max() - blobs.min())).expand(MANY, 1, 32, 32).contiguous()


def test_without_any_effect_nothing_changes(lightness):
    assert torch.allclose(aged(lightness, seeded(), NOTHING), lightness, atol=1e-3)


@pytest.mark.parametrize("effect", ["blur", "halation", "vignetting", "fade", "grain", "jpeg"])
def test_each_alone_happens_to_some_of_the_pictures(lightness, effect):
    strength = getattr(AugmentationRecipe(), effect)
    changed = (aged(lightness, seeded(), only(**{effect: strength})) - lightness).abs().amax(dim=(1, 2, 3)) > 1e-2
    # Half of them; of black and white each half of them.
    assert float(changed.float().mean()) == pytest.approx(0.75 if effect == "fade" else 0.5, abs=0.2)


def test_all_together_stay_lightness_and_are_known_by_their_seed(lightness):
    first, again, other = (aged(lightness, seeded(seed), AugmentationRecipe()) for seed in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert first.min() >= 0
    assert first.max() <= 100
    assert torch.isfinite(first).all()


def test_luminance_is_the_inverse_of_lightness():
    scale = torch.linspace(0, 100, 101)
    grey = lab_to_srgb(torch.stack([scale, torch.zeros(101), torch.zeros(101)], dim=-1).numpy())
    assert torch.allclose(relative_luminance(scale), linearize(torch.tensor(grey[:, 1])), atol=1e-4)


def test_blurring_a_point_gives_each_its_own_gaussian():
    point = torch.zeros(3, 1, 41, 41)
    point[:, :, 20, 20] = 1
    out = blurred(point, torch.tensor([0.0, 1.0, 4.0])[:, None, None, None])
    assert torch.equal(out[0], point[0])
    places = torch.arange(41) - 20.0
    for picture, deviation in ((out[1], 1.0), (out[2], 4.0)):
        across = picture[0].sum(0)
        assert float(across.sum()) == pytest.approx(1, abs=1e-4)
        assert float((across * places.square()).sum()) == pytest.approx(deviation**2, rel=0.05)


def test_kernels_sum_to_one():
    assert gaussian(torch.tensor([0.0, 0.3, 2.0])).sum(1).tolist() == pytest.approx([1] * 3)


def test_the_farthest_corner_loses_its_share_and_the_axis_nothing():
    light = torch.full((2, 1, 101, 101), 0.8)
    loss = torch.tensor([0.5, 0.3])[:, None, None, None]
    out = vignetted(light, loss, torch.tensor([[0.5, 0.5], [0.4, 0.5]]))
    assert float(out[0, 0, 50, 50]) == pytest.approx(0.8, rel=1e-3)
    assert float(out[0, 0, 0, 0]) == pytest.approx(0.4, rel=1e-3)
    assert float(out[1, 0, 0, 100]) == pytest.approx(0.8 * 0.7, rel=1e-3)
    assert (out[0, 0, 50, 50:].diff() < 0).all()


def test_only_bright_light_glows():
    share = torch.full((1, 1, 1, 1), 0.3)
    dark = torch.full((1, 1, 64, 64), 0.3)
    assert torch.equal(halated(dark, share), dark)
    lamp = dark.clone()
    lamp[:, :, 30:34, 30:34] = 1.0
    glow = halated(lamp, share) - lamp
    assert glow[0, 0, 32, 36] > glow[0, 0, 32, 40] > 1e-4
    assert glow[0, 0, 32, 60] < 1e-4
    assert halated(lamp, share).max() <= 1


def test_grain_is_strongest_in_mid_tones_and_as_strong_as_asked_for():
    tones = torch.tensor([0.0, 20.0, 50.0, 80.0, 100.0])[:, None, None, None].expand(5, 1, 96, 96)
    noise = torch.randn(tones.shape, generator=seeded())
    for size in (0.35, 0.8):
        out = grained(tones, torch.full((5, 1, 1, 1), 4.0), torch.full((5, 1, 1, 1), size), noise)
        spread = (out - tones).std(dim=(1, 2, 3))
        assert float(spread[2]) == pytest.approx(4, rel=0.1)
        assert float(spread[1]) == pytest.approx(4 * 0.8, rel=0.1)
        assert spread[0] == spread[4] == 0
        inner = (out - tones)[2, 0]
        together = (inner[:, 1:] * inner[:, :-1]).mean() / inner.var()
        assert (float(together) > 0.5) == (size > 0.5)


def test_prints_fade_or_are_hard(lightness):
    out = aged(lightness, seeded(), only(fade=15.0))
    contrast = (out.amax(dim=(1, 2, 3)) - out.amin(dim=(1, 2, 3))) / 80
    assert contrast.min() > 0.65
    assert contrast.min() < 0.9
    assert contrast.max() > 1.1
    assert out.max() <= 100


def test_scans_are_jpeg_files_of_display_values(lightness):
    scan = ageing.scanned(lightness, torch.full((MANY,), 20.0), (0, 0))
    assert 0.3 < (scan - lightness).abs().mean() < 5
