"""The way up without checkerboards."""

import pytest
import torch
from torch import nn

from engine.models.layers.resize_up import ResizeUp


@pytest.mark.parametrize("norm", ["batch", "instance", "none"])
@pytest.mark.parametrize("size", [(6, 10), (5, 9)])
def test_the_result_has_the_size_of_the_skip(norm, size):
    up = ResizeUp(8, 3, 5, norm=norm)
    assert up(torch.randn(2, 8, 3, 5), torch.randn(2, 3, *size)).shape == (2, 5, *size)


def test_a_flat_map_stays_flat_where_a_transposed_convolution_leaves_a_checkerboard():
    torch.manual_seed(0)
    flat = torch.ones(1, 4, 8, 8)
    with torch.no_grad():
        resized = ResizeUp(4, 1, 6, norm="none")(flat, torch.ones(1, 1, 16, 16))[..., 3:-3, 3:-3]
        transposed = nn.ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1)(flat)[..., 3:-3, 3:-3]
    assert resized.std(dim=(2, 3)).max() < 1e-6
    assert transposed.std(dim=(2, 3)).min() > 1e-3


def test_dropout_is_for_training_only():
    up = ResizeUp(4, 1, 6, dropout=0.5)
    features, skip = torch.randn(2, 4, 4, 4), torch.randn(2, 1, 8, 8)
    assert not torch.equal(up(features, skip), up(features, skip))
    up.eval()
    assert torch.equal(up(features, skip), up(features, skip))
