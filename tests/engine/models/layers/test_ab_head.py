"""The edge at which features become ab."""

import torch

from engine.models.contract import AB_BOUND
from engine.models.layers.ab_head import AbHead, centred


def test_lightness_is_centred():
    assert centred(torch.tensor([0.0, 50.0, 100.0])).tolist() == [-1.0, 0.0, 1.0]


def test_ab_is_bounded_and_at_the_size_of_the_picture():
    head = AbHead(4, 8)
    lightness = torch.rand(2, 1, 16, 24) * 100
    ab = head(torch.randn(2, 4, 8, 12) * 1e4, lightness)
    assert ab.shape == (2, 2, 16, 24)
    assert ab.abs().max() <= AB_BOUND


def test_edges_of_the_picture_reach_ab_at_full_size():
    torch.manual_seed(0)
    head = AbHead(4, 8)
    features = torch.zeros(1, 4, 8, 8)
    stripes = torch.zeros(1, 1, 16, 16)
    stripes[..., ::2] = 100
    with torch.no_grad():
        ab = head(features, stripes)
    assert (ab[..., 4] - ab[..., 5]).abs().min() > 0.01


def test_ab_is_float32_under_autocast():
    head = AbHead(4, 8)
    with torch.autocast("cpu", torch.bfloat16):
        assert head(torch.randn(1, 4, 8, 8), torch.rand(1, 1, 16, 16)).dtype == torch.float32
