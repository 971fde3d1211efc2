"""Colourfulness as a loss."""

import pytest
import torch

from tests.training.making import rule_photo
from training.data.packed import colorfulness as measured
from training.losses.colorfulness import colorfulness


def test_one_minus_a_hundredth_of_the_measure():
    photos = [rule_photo(seed) for seed in range(3)]
    srgb = torch.stack([torch.tensor(photo).permute(2, 0, 1) / 255 for photo in photos])
    wanted = sum(1 - measured(photo) / 100 for photo in photos) / 3
    assert float(colorfulness(srgb)) == pytest.approx(wanted, rel=1e-4)


def test_half_red_half_green_by_hand():
    srgb = torch.zeros(1, 3, 2, 2)
    srgb[0, 0, :, 0] = srgb[0, 1, :, 1] = 1
    # rg is ±255, yb 127.5 throughout: spread 255, mean 127.5.
    assert float(colorfulness(srgb)) == pytest.approx(1 - (255 + 0.3 * 127.5) / 100, rel=1e-5)


def test_grey_costs_one_and_its_gradient_is_finite():
    grey = torch.full((2, 3, 4, 4), 0.5, requires_grad=True)
    loss = colorfulness(grey)
    assert float(loss.detach()) == pytest.approx(1, abs=1e-3)
    loss.backward()
    assert grey.grad is not None
    assert torch.isfinite(grey.grad).all()
