"""The hybrid: its sizes, its divergence, and a latent that is drawn while training alone."""

import pytest
import torch
from torch import nn

from engine.errors import BadWeightsError
from engine.models.registry import build_network
from engine.models.unet_vae import UNetVae, UNetVaeSpec, gaussian_divergence


def small(levels: int = 3, down: int = 4, up: int = 6) -> UNetVae:
    torch.manual_seed(0)
    return UNetVae(UNetVaeSpec(channels=8, levels=levels, down=down, up=up)).eval()


def shapes(network: UNetVae, side: int = 150) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    """What enters and leaves each level."""
    seen: list[tuple[tuple[int, ...], tuple[int, ...]]] = []

    def watch(_module: nn.Module, inputs: tuple[torch.Tensor], output: torch.Tensor) -> None:
        seen.append((tuple(inputs[0].shape[1:3]), tuple(output.shape[1:3])))

    for part in ("encoder", "decoder"):
        for layer in network.get_submodule(part).children():
            layer.register_forward_hook(watch)
    with torch.inference_mode():
        prediction = network(torch.zeros(1, 1, side, side))
    assert prediction.srgb is not None
    assert prediction.srgb.shape == (1, 3, side, side)
    return seen


def test_the_sizes_are_those_of_the_listing() -> None:
    down = [((1, 150), (8, 74)), ((8, 74), (8, 36)), ((8, 36), (8, 17))]
    up = [((16, 17), (8, 38)), ((16, 38), (8, 80)), ((8, 80), (8, 164))]
    assert shapes(small()) == [*down, *up]
    assert small().shift * 2 == 164 - 150


def test_the_second_variant_of_the_slides() -> None:
    down = [((1, 150), (8, 74)), ((8, 74), (8, 36)), ((8, 36), (8, 17)), ((8, 17), (8, 8))]
    up = [((16, 8), (8, 17)), ((16, 17), (8, 35)), ((16, 35), (8, 71)), ((8, 71), (8, 143))]
    assert shapes(small(levels=4, down=3, up=3)) == [*down, *up]


@pytest.mark.parametrize("numbers", [(3, 4, 6), (4, 3, 3), (2, 4, 6), (4, 3, 5)], ids=str)
def test_the_output_lies_where_the_photo_does(numbers: tuple[int, int, int]) -> None:
    """What an output pixel looks at lies around its own place, on average over random networks."""
    offsets: list[torch.Tensor] = []
    for seed in range(6):
        torch.manual_seed(seed)
        network = UNetVae(UNetVaeSpec(channels=8, levels=numbers[0], down=numbers[1], up=numbers[2]))
        lightness = torch.full((1, 1, 160, 160), 50.0).requires_grad_()
        srgb = network(lightness).srgb
        assert srgb is not None
        # A whole block of pixels, for which of the levels' cells a single one falls into is chance.
        (slope,) = torch.autograd.grad(srgb[0, :, 64:96, 64:96].sum(), lightness)
        weight = slope[0, 0].abs() / slope.abs().sum()
        place = torch.arange(160) - 79.5
        offsets.append(torch.stack([(weight.sum(1) * place).sum(), (weight.sum(0) * place).sum()]))
    assert torch.stack(offsets).mean(0).abs().max() < 2


def test_the_divergence_is_what_sampling_finds() -> None:
    generator = torch.Generator().manual_seed(1)
    mean = torch.randn(3, 2, 2, generator=generator)
    log_variance = torch.randn(3, 2, 2, generator=generator)
    posterior = torch.distributions.Normal(mean, (log_variance / 2).exp())
    drawn = mean + torch.randn(200_000, 3, 2, 2, generator=generator) * posterior.stddev
    ratio = posterior.log_prob(drawn) - torch.distributions.Normal(0.0, 1.0).log_prob(drawn)
    found = ratio.sum(dim=(2, 3)).mean(dim=0)
    torch.testing.assert_close(gaussian_divergence(mean, log_variance), found, rtol=0.01, atol=0.01)
    assert gaussian_divergence(torch.zeros(2, 4), torch.zeros(2, 4)).tolist() == [0.0, 0.0]


def test_the_latent_is_drawn_while_training_alone() -> None:
    network = small()
    with torch.no_grad():
        network.log_variance.bias.add_(2)
    lightness = torch.rand(2, 1, 64, 64, generator=torch.Generator().manual_seed(2)) * 100
    with torch.no_grad():
        features = network.encode(lightness)
        still = network.decode(features)
        assert still.kl is None
        assert torch.equal(still.ab, network.decode(features).ab)
        network.train()
        first, second = network.decode(features), network.decode(features)
    assert not torch.equal(first.ab, second.ab)
    assert first.kl is not None
    assert torch.equal(first.kl, gaussian_divergence(features[0], features[1]))
    assert first.kl.shape == (2,)


@pytest.mark.parametrize(
    "numbers", [{"levels": 1}, {"levels": 6}, {"up": 5}, {"down": 6, "up": 4}, {"up": 18}, {"levels": 4}], ids=str
)
def test_numbers_that_do_not_go_together(numbers: dict[str, int]) -> None:
    with pytest.raises(BadWeightsError):
        build_network("unet-vae", numbers)
