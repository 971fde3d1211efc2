"""Strided convolutions: even sizes as in the paper, odd ones continued and cut."""

import pytest
import torch
from torch.nn import functional as F

from engine.models.layers.strided import StridedDown, TransposedUp, padded_to_even


def test_even_sizes_are_left_alone():
    features = torch.randn(1, 3, 6, 8)
    assert padded_to_even(features) is features


@pytest.mark.parametrize("size", [(5, 8), (6, 7), (5, 7), (1, 1), (1, 4)])
def test_odd_sizes_are_continued_by_their_last_pixels(size):
    features = torch.randn(1, 3, *size)
    padded = padded_to_even(features)
    height, width = size
    assert padded.shape[-2:] == (height + height % 2, width + width % 2)
    assert torch.equal(padded[..., :height, :width], features)
    assert torch.equal(padded[..., -1, -1], features[..., -1, -1])


def test_down_is_convolution_norm_and_leaky_relu():
    down = StridedDown(3, 4).eval()
    features = torch.randn(1, 3, 8, 8)
    wanted = F.leaky_relu(down.norm(F.conv2d(features, down.conv.weight, stride=2, padding=1)), 0.2)
    assert torch.equal(down(features), wanted)
    assert StridedDown(3, 4, leak=0.0)(features).min() == 0


def test_only_a_level_without_a_norm_has_a_bias():
    assert StridedDown(3, 4, norm="none").conv.bias is not None
    assert StridedDown(3, 4, norm="batch").conv.bias is None


@pytest.mark.parametrize("size", [(10, 14), (9, 14), (10, 13), (9, 13)])
def test_up_is_cut_to_its_skip(size):
    up = TransposedUp(4, 3).eval()
    features = torch.randn(1, 4, 5, 7)
    out = up(features, size)
    assert out.shape == (1, 3, *size)
    assert torch.equal(out, up(features, (10, 14))[..., : size[0], : size[1]])
