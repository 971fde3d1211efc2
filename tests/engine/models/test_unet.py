"""U-Nets of strided convolutions: what their sources count, skips, palette, and odd sizes."""

import pytest
import torch

from engine.models.contract import AB_BOUND
from engine.models.unet import Pix2Pix, Pix2PixSpec, UNet, UNetPalette, UNetPaletteSpec, UNetSpec
from tests.engine.models.learning import check_learning, full_size, losses, made, parameters, photos, with_zeroed

WIDTHS = (8, 8, 16, 16, 16, 16)


def small_unet() -> UNet:
    return UNet(UNetSpec(widths=WIDTHS, bottleneck=16, dropout=0.1))


def small_palette() -> UNetPalette:
    return UNetPalette(UNetPaletteSpec(widths=WIDTHS, bottleneck=16, dropout=0.1, colors=8, choices=3, key_width=4))


def small_pix2pix() -> Pix2Pix:
    return Pix2Pix(Pix2PixSpec(levels=5, width=8, dropout=0.1))


small = pytest.mark.parametrize("build", [small_unet, small_palette, small_pix2pix])


def test_the_listing_of_the_report_makes_41_8_million_parameters():
    assert round(parameters(lambda: UNet(UNetSpec())) / 1e6, 1) == 41.8


def test_pix2pix_of_eight_levels_makes_54_million_parameters():
    assert round(parameters(lambda: Pix2Pix(Pix2PixSpec())) / 1e6, 1) == 54.4


def test_the_palette_is_light():
    with_palette = parameters(lambda: UNetPalette(UNetPaletteSpec()))
    assert with_palette == 42_041_346
    assert with_palette - parameters(lambda: UNet(UNetSpec())) < 0.01 * with_palette


@pytest.mark.parametrize(
    "build",
    [lambda: UNet(UNetSpec()), lambda: UNetPalette(UNetPaletteSpec()), lambda: Pix2Pix(Pix2PixSpec())],
    ids=["unet", "unet-palette", "pix2pix"],
)
@pytest.mark.parametrize("size", [(256, 256), (288, 32), (32, 416)], ids=str)
def test_full_size(build, size):
    assert full_size(build, *size) == (2, 2, *size)


def test_the_levels_are_those_of_the_sources_at_256_pixels():
    with torch.device("meta"), torch.inference_mode():
        report = UNet(UNetSpec()).eval().encode(torch.zeros(1, 1, 256, 256))
        paper = Pix2Pix(Pix2PixSpec()).eval().encode(torch.zeros(1, 1, 256, 256))
    assert [part.shape[1] for part in report] == [64, 128, 256, 512, 512, 512, 512]
    assert [part.shape[-1] for part in report] == [128, 64, 32, 16, 8, 4, 2]
    assert [part.shape[1] for part in paper] == [64, 128, 256, 512, 512, 512, 512, 512]
    assert [part.shape[-1] for part in paper] == [128, 64, 32, 16, 8, 4, 2, 1]


@small
def test_learning(build):
    check_learning(build, rate=1e-2)


@small
def test_each_skip_matters(build):
    network = made(build)
    with torch.inference_mode():
        features = network.encode(photos(2))
        whole = network.decode(features).ab
        for level in range(len(features) - 1):
            assert not torch.allclose(network.decode(with_zeroed(features, level)).ab, whole, atol=1e-3), level


def test_what_lies_beyond_a_padded_edge_is_the_edge_itself():
    """An even picture gives the same maps whether or not padding is there to be asked; an odd one is continued."""
    network = made(small_pix2pix)
    with torch.inference_mode():
        bright = network.encode(torch.full((1, 1, 32, 96), 80.0))  # 96/2^5 = 3: odd
    assert [part.shape[-1] for part in bright] == [48, 24, 12, 6, 3]
    with torch.inference_mode():
        deeper = made(lambda: Pix2Pix(Pix2PixSpec(levels=7, width=8)))
        assert [part.shape[-1] for part in deeper.encode(photos(1, 32, 96))] == [48, 24, 12, 6, 3, 2, 1]
        assert deeper(photos(1, 32, 96)).ab.shape == (1, 2, 32, 96)


def test_dropout_is_for_training_only():
    network = made(small_pix2pix)
    lightness = photos(2)
    with torch.no_grad():
        assert torch.equal(network(lightness).ab, network(lightness).ab)
        network.train()
        assert not torch.equal(network(lightness).ab, network(lightness).ab)


def test_the_reports_scale_is_bounded_by_the_contract():
    network = made(small_unet)
    with torch.no_grad():
        network.head.bias.fill_(100.0)
        assert network(photos(1)).ab.min() == AB_BOUND
        assert network.train()(photos(2)).ab.min() == pytest.approx(128.0)


def test_choices_are_mixtures_of_the_palette():
    network = made(small_palette)
    coarsest = network.encode(photos(3))[-1]
    weights = network.palette.weights(coarsest)
    assert weights.shape == (3, 3, 8)
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones(3, 3))
    torch.testing.assert_close(network.palette(coarsest), weights @ network.palette.colors)


def test_scenes_choose_differently():
    network = made(small_palette, spread=0.1)
    weights = network.palette.weights(network.encode(torch.cat([photos(1) * 0.3, photos(1, seed=1)]))[-1])
    assert (weights[0] - weights[1]).abs().max() > 0.01


def test_another_palette_gives_other_colours():
    network = made(small_palette)
    with torch.no_grad():
        features = network.encode(photos(2))
        before = network.decode(features).ab
        network.palette.colors.neg_()
        assert not torch.allclose(network.decode(features).ab, before, atol=1e-3)


def test_the_choice_reaches_every_level_of_the_decoder():
    network = made(small_palette)
    assert len(network.films) == len(network.ups) == len(WIDTHS)
    with torch.no_grad():
        features = network.encode(photos(2))
        before = network.decode(features).ab
        for level, film in enumerate(network.films):
            kept = film.project.weight.clone()
            film.project.weight.zero_()
            assert not torch.allclose(network.decode(features).ab, before, atol=1e-4), level
            film.project.weight.copy_(kept)
        assert torch.equal(network.decode(features).ab, before)


def test_the_palette_learns():
    network = small_palette()
    before = {name: value.detach().clone() for name, value in network.palette.named_parameters()}
    losses(network, steps=3)  # the first step only moves FiLM away from the identity it starts as
    assert all(not torch.equal(value, before[name]) for name, value in network.palette.named_parameters())


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        (lambda: UNetSpec(widths=(8,) * 16), "17 levels"),
        (lambda: UNetSpec(dropout=1.0), "dropout of 1.0"),
        (lambda: Pix2PixSpec(levels=1), "1 levels"),
        (lambda: Pix2PixSpec(dropout=-0.5), "dropout of -0.5"),
    ],
)
def test_numbers_that_do_not_go_together(spec, said):
    with pytest.raises(ValueError, match=said):
        spec()
