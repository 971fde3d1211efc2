"""The Res-U-Net generator of the WGAN-GP."""

import pytest
import torch

from engine.models.resunet import ResUNet, ResUNetSpec
from tests.engine.models.learning import check_learning, full_size, made, parameters, photos, with_zeroed


def small(norm: str = "instance") -> ResUNet:
    return ResUNet(ResUNetSpec(widths=(8, 16, 16), blocks=2, norm=norm, head=8))


def test_full_size():
    assert parameters(lambda: ResUNet(ResUNetSpec())) == 24_755_650
    assert full_size(lambda: ResUNet(ResUNetSpec())) == (2, 2, 256, 192)


@pytest.mark.parametrize("norm", ["instance", "batch"])
def test_learning(norm):
    check_learning(lambda: small(norm), rate=1e-2)


def test_each_skip_matters():
    network = made(small)
    with torch.inference_mode():
        features = network.encode(photos(2))
        whole = network.decode(features).ab
        for level in range(len(features)):
            assert not torch.allclose(network.decode(with_zeroed(features, level)).ab, whole, atol=1e-3), level


def test_there_is_a_way_around_the_residual_blocks():
    network = made(small)
    lightness = photos(1)
    with torch.no_grad():
        for block in network.bottleneck:
            for parameter in block.parameters():
                parameter.zero_()
        coarsest = network.encode(lightness)[-1]
        assert torch.equal(coarsest, network.encoder(lightness / 50 - 1)[-1])
        assert coarsest.abs().max() > 0


def test_how_light_a_photo_is_passes_the_instance_norm():
    network = made(small)
    with torch.inference_mode():
        dark, bright = network(photos(1) * 0.5).ab, network(photos(1) * 0.5 + 45).ab
    assert not torch.allclose(dark, bright, atol=1.0)


@pytest.mark.parametrize("norm", ["instance", "batch"])
def test_the_smallest_picture_works_with_the_most_levels(norm):
    network = made(lambda: ResUNet(ResUNetSpec(widths=(8, 8, 8, 8), blocks=1, norm=norm, head=4)))
    with torch.inference_mode():
        assert torch.isfinite(network(photos(1, 32, 32)).ab).all()


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ({"widths": (8,) * 5}, "5 levels"),
        ({"widths": (8,)}, "1 levels"),
        ({"blocks": 65}, "65 blocks"),
        ({"norm": "layer"}, '"layer"'),
    ],
)
def test_numbers_that_do_not_go_together(numbers, said):
    with pytest.raises(ValueError, match=said):
        ResUNetSpec(**numbers)
