"""The teaching example: its sizes, and where its pixels lie."""

import pytest
import torch

from engine.errors import BadWeightsError
from engine.models.registry import build_network
from engine.models.rgb import ab_of_srgb
from engine.models.unet_plain import UNetPlain, UNetPlainSpec


def small(doubling: int = 3) -> UNetPlain:
    torch.manual_seed(0)
    return UNetPlain(UNetPlainSpec(encoder=(4, 8), middle=4, decoder=(8, 8), doubling=doubling)).eval()


@pytest.mark.parametrize("doubling", [2, 3, 4, 5])
def test_the_sizes_are_those_of_the_listing(doubling: int) -> None:
    network = small(doubling)
    features = torch.zeros(1, 1, 150, 150)
    sizes: list[tuple[int, ...]] = []
    with torch.inference_mode():
        for name in ("encoder_1", "encoder_2", "middle", "decoder_1", "decoder_2"):
            features = network.get_submodule(name)(features)
            sizes.append(tuple(features.shape[1:]))
        prediction = network(torch.zeros(1, 1, 150, 150))
    assert sizes == [(4, 146, 146), (8, 69, 69), (4, 48, 48), (8, 88, 88), (8, 168, 168)]
    assert prediction.srgb is not None
    assert prediction.srgb.shape == (1, 3, 150, 150)


def test_the_channels_are_those_of_the_listing() -> None:
    with torch.device("meta"):
        network = UNetPlain(UNetPlainSpec())
    names = ("encoder_1", "encoder_2", "middle", "decoder_1", "decoder_2", "final")
    outputs = [list(network.get_submodule(name).parameters())[-1].shape[0] for name in names]
    assert outputs == [64, 128, 64, 32, 32, 3]


def test_the_colors_are_those_of_its_picture() -> None:
    lightness = torch.rand(2, 1, 48, 64, generator=torch.Generator().manual_seed(1)) * 100
    with torch.inference_mode():
        prediction = small()(lightness)
    assert prediction.srgb is not None
    assert prediction.srgb.amin() >= 0
    assert prediction.srgb.amax() <= 1
    assert torch.equal(prediction.ab, ab_of_srgb(prediction.srgb))


@pytest.mark.parametrize(("height", "width"), [(160, 160), (128, 192)])
def test_the_output_lies_where_the_photo_does(height: int, width: int) -> None:
    """What an output pixel looks at lies around its own place, on average over random networks."""
    offsets: list[torch.Tensor] = []
    for seed in range(4):
        torch.manual_seed(seed)
        network = UNetPlain(UNetPlainSpec(encoder=(8, 8), middle=8, decoder=(8, 8))).train()
        lightness = torch.full((1, 1, height, width), 50.0).requires_grad_()
        srgb = network(lightness).srgb
        assert srgb is not None
        (slope,) = torch.autograd.grad(srgb[0, :, height // 2, width // 2].sum(), lightness)
        weight = slope[0, 0].abs() / slope.abs().sum()
        row, column = torch.arange(height) - height // 2, torch.arange(width) - width // 2
        offsets.append(torch.stack([(weight.sum(1) * row).sum(), (weight.sum(0) * column).sum()]))
    assert torch.stack(offsets).mean(0).abs().max() < 2


def test_equal_surroundings_give_a_pattern_with_the_period_of_the_strides() -> None:
    """Far from the border a flat photo gets a checkerboard of 4×4 px: that is what transposed convolutions do."""
    with torch.inference_mode():
        middle = small()(torch.full((1, 1, 160, 160), 50.0)).ab[:, :, 60:100, 60:100]
    torch.testing.assert_close(middle[:, :, 4:], middle[:, :, :-4], rtol=1e-3, atol=1e-3)
    assert (middle[:, :, 2:] - middle[:, :, :-2]).abs().max() > 0.01
    assert (middle[:, :, 1:] - middle[:, :, :-1]).abs().max() > 0.01


@pytest.mark.parametrize("numbers", [{"encoder": [8]}, {"decoder": [8, 8, 8]}, {"doubling": 1}, {"doubling": 17}])
def test_numbers_that_do_not_go_together(numbers: dict[str, list[int]]) -> None:
    with pytest.raises(BadWeightsError):
        build_network("unet-plain", numbers)
