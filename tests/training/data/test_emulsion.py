"""What plates saw of the colours."""

import pytest
import torch

from engine.color.tensors import linearize, srgb_to_lab
from training.data.emulsion import EMULSIONS, draw_emulsions, expose

PATCHES = {"red": (0.8, 0.1, 0.1), "yellow": (0.9, 0.8, 0.1), "blue": (0.2, 0.3, 0.9), "skin": (0.85, 0.65, 0.55)}


def seen(emulsion, patch):
    color = linearize(torch.tensor(PATCHES[patch]))[None, :, None, None]
    return float(expose(color, torch.tensor([EMULSIONS[emulsion]])))


def lightness(patch):
    return float(srgb_to_lab(torch.tensor(PATCHES[patch])[None, :, None, None])[:, 0])


def test_the_emulsions_see_all_light():
    for emulsion in EMULSIONS:
        assert sum(emulsion) == pytest.approx(1)


def test_greys_keep_their_lightness():
    grey = torch.linspace(0, 1, 16).expand(4, 3, 8, 16)
    shares = draw_emulsions(4, torch.Generator().manual_seed(0))
    assert torch.allclose(expose(linearize(grey), shares), srgb_to_lab(grey)[:, :1], atol=0.02)


def test_ordinary_plates_darken_skin_and_blow_out_skies():
    assert seen(0, "blue") > lightness("blue") + 25
    assert seen(0, "yellow") < lightness("yellow") - 30
    assert seen(0, "skin") < lightness("skin") - 5
    assert seen(0, "red") < lightness("red") - 15


def test_each_emulsion_sees_more_red_and_less_blue_than_the_one_before():
    assert [seen(n, "red") for n in range(6)] == sorted(seen(n, "red") for n in range(6))
    assert seen(5, "blue") < lightness("blue") < seen(3, "blue") < seen(0, "blue")
    assert seen(5, "red") > lightness("red")


def test_plates_vary():
    shares = draw_emulsions(500, torch.Generator().manual_seed(0))
    assert shares.sum(1).tolist() == pytest.approx([1] * 500)
    nearest = torch.cdist(shares, torch.tensor(EMULSIONS)).argmin(1)
    assert torch.bincount(nearest, minlength=6).min() > 50
    assert shares.unique(dim=0).shape[0] == 500
