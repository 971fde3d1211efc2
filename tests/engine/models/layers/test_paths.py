"""The way down, the way up, and attention on them."""

import pytest
import torch
from torch import nn

from engine.models.layers.normalisation import norm_layer
from engine.models.layers.paths import DownPath, UpPath
from engine.models.layers.self_attention import SelfAttention


def norms(path: DownPath) -> list[type]:
    return [type(level.norm) for level in path.levels]


def test_maps_halve_and_the_way_up_ends_at_the_finest():
    down, up = DownPath(1, (4, 6, 8, 10)), UpPath((4, 6, 8, 10))
    maps = down(torch.randn(2, 1, 32, 64))
    assert [tuple(part.shape[1:]) for part in maps] == [(4, 16, 32), (6, 8, 16), (8, 4, 8), (10, 2, 4)]
    assert up(maps).shape == maps[0].shape


def test_norms_of_first_and_last_level():
    assert norms(DownPath(1, (4, 4, 4))) == [nn.Identity, nn.BatchNorm2d, nn.BatchNorm2d]
    assert norms(DownPath(1, (4, 4, 4), norm="instance")) == [nn.Identity, nn.InstanceNorm2d, nn.InstanceNorm2d]
    assert norms(DownPath(1, (4, 4, 4), last_norm="none")) == [nn.Identity, nn.BatchNorm2d, nn.Identity]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_attention_sits_at_its_level(level):
    widths = (4, 6, 8, 10)
    seen = []
    down, up = DownPath(1, widths, attention=level), UpPath(widths, attention=level)
    for path in (down, up):
        assert isinstance(path.attention, SelfAttention)
        path.attention.register_forward_hook(lambda _, inputs, __: seen.append(inputs[0].shape))
    maps = down(torch.randn(2, 1, 32, 32))
    up(maps)
    assert seen == [maps[level - 1].shape] * 2


def test_an_unknown_norm_is_refused():
    with pytest.raises(ValueError, match="batch, instance, none"):
        norm_layer("layer", 4)
