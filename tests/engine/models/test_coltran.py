"""What is particular to ColTran: its likelihood, its causality, and that sampling is what training thinks it is."""

import math
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from engine.errors import CancelledError
from engine.models.coltran import ColTran, ColTranSpec
from engine.models.coltran.colorizer import gumbel_noise
from engine.models.coltran.colors import byte_values, display_values, levels_of, resized_by_area, symbols_of
from engine.models.grey import grey_srgb
from engine.models.rgb import ab_of_srgb
from engine.progress import Progress

SMALL = ColTranSpec(
    coarse_side=8,
    fine_side=16,
    width=16,
    feed_forward=16,
    heads=2,
    encoder_layers=1,
    outer_layers=2,
    inner_layers=2,
    color_layers=1,
    space_layers=1,
    auxiliary=0.25,
)


def a_network(seed: int = 0, spread: float = 0.2, **changes: float) -> ColTran:
    """No weight at a value that hides a mistake: conditions and distances start at zero."""
    torch.manual_seed(seed)
    network = ColTran(replace(SMALL, **changes))
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * spread)
    return network.eval()


def photos(batch: int = 2, size: tuple[int, int] = (32, 48), seed: int = 1) -> tuple[Tensor, Tensor]:
    """Lightness and the truth."""
    generator = torch.Generator().manual_seed(seed)
    return (
        torch.rand(batch, 1, *size, generator=generator) * 100,
        torch.rand(batch, 3, *size, generator=generator),
    )


def coarse(network: ColTran, lightness: Tensor, srgb: Tensor) -> tuple[Tensor, Tensor]:
    """The true symbols and the grey encoding."""
    symbols = symbols_of(byte_values(resized_by_area(srgb, network.spec.coarse_side)))
    return symbols, network.encode(lightness)[0]


def grey_values(lightness: Tensor, side: int) -> Tensor:
    return byte_values(resized_by_area(grey_srgb(lightness), side))[:, 0]


# Colours as numbers


def test_symbols_are_three_bits_a_channel() -> None:
    values = torch.tensor([[0, 255, 31], [32, 64, 255]]).view(2, 3, 1, 1)
    symbols = symbols_of(values)
    assert symbols.flatten().tolist() == [0 * 64 + 7 * 8 + 0, 1 * 64 + 2 * 8 + 7]
    assert levels_of(symbols).flatten(1).tolist() == [[0, 7, 0], [1, 2, 7]]
    every = torch.arange(512).view(1, 16, 32)
    assert torch.equal(symbols_of(levels_of(every) * 32 + 31), every)


def test_bytes_come_back() -> None:
    values = torch.arange(256)
    assert torch.equal(byte_values(display_values(values)), values)


def test_size_of_the_papers_network() -> None:
    with torch.device("meta"):
        network = ColTran(ColTranSpec())
    assert 40e6 < sum(value.numel() for value in network.parameters()) < 90e6


# Causality and likelihood


@torch.no_grad()
def test_a_later_pixel_does_not_change_earlier_ones() -> None:
    network = a_network()
    symbols, grey = coarse(network, *photos(1))
    before = network.colorizer(symbols, grey).flatten(1, 2)
    for changed in (0, 5, 8, 27, 62):
        other = symbols.clone()
        other.view(1, -1)[:, changed] = (other.view(1, -1)[:, changed] + 100) % 512
        after = network.colorizer(other, grey).flatten(1, 2)
        assert torch.equal(after[:, : changed + 1], before[:, : changed + 1])
        # A pixel is seen by all that follow it: at once by its right neighbour, and through that row by all below.
        assert bool(((after - before).abs().amax(dim=2)[:, changed + 1 :] > 1e-7).all())


@torch.no_grad()
def test_the_first_pixel_knows_the_grey_picture() -> None:
    network = a_network()
    symbols, grey = coarse(network, *photos(1))
    other = coarse(network, *photos(1, seed=2))[1]
    assert not torch.allclose(network.colorizer(symbols, grey)[:, 0, 0], network.colorizer(symbols, other)[:, 0, 0])


@torch.no_grad()
def test_the_likelihood_is_the_product_over_pixels() -> None:
    """Each pixel's own distribution is found with nothing known of those after it."""
    network = a_network()
    lightness, srgb = photos(1)
    symbols, grey = coarse(network, lightness, srgb)
    total = 0.0
    for place in range(symbols.numel()):
        known = torch.zeros_like(symbols)
        known.view(-1)[:place] = symbols.view(-1)[:place]
        logits = network.colorizer(known, grey).flatten(0, 2)[place]
        total -= math.log(torch.softmax(logits.double(), 0)[symbols.view(-1)[place]].item())
    losses = network.own_losses(lightness, srgb)
    assert losses["coarse"].item() == pytest.approx(0.75 * total / symbols.numel() / 3, rel=1e-4)

    parallel = torch.softmax(network.encoder.parallel(grey).double(), dim=-1).flatten(0, 2)
    guessed = -sum(math.log(parallel[n, symbol].item()) for n, symbol in enumerate(symbols.flatten().tolist()))
    assert losses["coarse_parallel"].item() == pytest.approx(0.25 * guessed / symbols.numel() / 3, rel=1e-4)


@torch.no_grad()
def test_the_likelihood_of_the_upsamplers_is_the_product_over_pixels_and_channels() -> None:
    network = a_network()
    lightness, srgb = photos(1)
    losses = network.own_losses(lightness, srgb)
    for name, upsampler, side in (
        ("color_upsampling", network.color_upsampler, 8),
        ("spatial_upsampling", network.space_upsampler, 16),
    ):
        small = byte_values(resized_by_area(srgb, 8))
        known = small // 32 if side == 8 else small.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
        truth = byte_values(resized_by_area(srgb, side))
        total = 0.0
        for channel in range(3):
            logits = upsampler(known[:, channel], torch.tensor([channel]), grey_values(lightness, side))
            chances = torch.softmax(logits.double(), dim=-1).flatten(0, 2)
            total -= sum(
                math.log(chances[n, value].item()) for n, value in enumerate(truth[0, channel].flatten().tolist())
            )
        assert losses[name].item() == pytest.approx(total / (3 * side * side), rel=1e-4)


def test_a_drawn_channel_stands_for_all_three() -> None:
    network = a_network().train()
    lightness, srgb = photos(32)
    with torch.no_grad():
        drawn = [network.own_losses(lightness, srgb)["color_upsampling"].item() for _ in range(5)]
        whole = network.eval().own_losses(lightness, srgb)["color_upsampling"].item()
    assert len(set(drawn)) > 1
    assert sum(drawn) / len(drawn) == pytest.approx(whole, rel=0.05)


def test_training_lowers_each_term() -> None:
    torch.manual_seed(0)
    network = ColTran(SMALL)
    lightness, _ = photos(4)
    hue = torch.tensor([1.0, 0.6, 0.2]).view(1, 3, 1, 1)
    srgb = (lightness / 100 * hue).clamp(0, 1)

    def terms() -> dict[str, float]:
        with torch.no_grad():
            return {name: loss.item() for name, loss in network.eval().own_losses(lightness, srgb).items()}

    before = terms()
    optimizer = torch.optim.AdamW(network.parameters(), lr=1e-2)
    for _ in range(20):
        loss = torch.stack(list(network.train().own_losses(lightness, srgb).values())).sum()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert all(value.grad is not None and torch.isfinite(value.grad).all() for value in network.parameters())
    after = terms()
    assert len(after) == 4
    assert all(after[name] < 0.8 * before[name] for name in before), (before, after)


# Sampling


@torch.no_grad()
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_cached_sampling_is_what_the_whole_network_says(temperature: float) -> None:
    network = a_network()
    _, grey = coarse(network, *photos(3))
    symbols, logits = network.colorizer.sample(grey, temperature, 7, Progress())
    taught = network.colorizer(symbols, grey)
    assert symbols.shape == (3, 8, 8)
    assert (logits - taught).abs().max() < 1e-4
    assert logits.std() > 0.1
    likeliest = taught.argmax(dim=-1)
    assert torch.equal(symbols, likeliest) == (temperature == 0)


@torch.no_grad()
def test_draws_follow_the_distribution() -> None:
    """Of the first pixel, whose distribution is the same each time."""
    network = a_network(spread=0.4)
    _, grey = coarse(network, *photos(1))
    logits = network.colorizer(torch.zeros(1, 8, 8, dtype=torch.long), grey)[0, 0, 0]
    for temperature in (1.0, 0.5):
        chance = torch.softmax(logits / temperature, dim=0)
        top = int(chance.argmax())
        noise = gumbel_noise(4000, temperature, torch.Generator().manual_seed(0))
        share = ((logits + noise).argmax(dim=1) == top).float().mean().item()
        assert share == pytest.approx(chance[top].item(), abs=0.03)


@torch.no_grad()
def test_the_same_photo_gives_the_same_colours() -> None:
    network = a_network()
    lightness, _ = photos(3)
    first = network(lightness).ab
    assert torch.equal(network(lightness).ab, first)
    assert torch.allclose(network(lightness[1:2]).ab, first[1:2], atol=1e-3)
    twice = network(lightness[:1].expand(2, -1, -1, -1)).ab
    assert torch.equal(twice[0], twice[1])
    assert not torch.allclose(a_network(temperature=0.0)(lightness).ab, first)


@torch.no_grad()
@pytest.mark.parametrize("size", [(16, 16), (48, 16), (16, 112)], ids=str)
def test_any_shape_of_photo(size: tuple[int, int]) -> None:
    network = a_network()
    ab = network(photos(1, size)[0]).ab
    assert ab.shape == (1, 2, *size)
    assert ab.std() > 0


@torch.no_grad()
def test_a_picture_goes_through_all_three_stages() -> None:
    """At the fine side nothing is resized at the end."""
    network = a_network()
    lightness, _ = photos(1, (16, 16))
    symbols, _ = network.colorizer.sample(network.encode(lightness)[0], 1.0, network.spec.seed, Progress())
    known = levels_of(symbols)
    small = network.color_upsampler.most_likely(known, grey_values(lightness, 8), lambda: None)
    blurred = small.repeat_interleave(2, dim=2).repeat_interleave(2, dim=3)
    large = network.space_upsampler.most_likely(blurred, grey_values(lightness, 16), lambda: None)
    assert all(len(stage.unique()) > 5 for stage in (known, small, large))
    assert torch.allclose(network(lightness).ab, ab_of_srgb(large / 255), atol=1e-3)


def test_bfloat16() -> None:
    network = a_network()
    lightness, srgb = photos(1)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        ab = network(lightness).ab
        losses = network.own_losses(lightness, srgb)
    assert ab.dtype == torch.float32
    assert torch.isfinite(ab).all()
    for name, loss in network.own_losses(lightness, srgb).items():
        assert losses[name].item() == pytest.approx(loss.item(), rel=0.02)


# Progress


@torch.no_grad()
def test_progress_rises_to_the_end() -> None:
    network = a_network()
    shares: list[float] = []
    network.progress = Progress(lambda share, _: shares.append(share))
    network(photos(1)[0])
    assert len(shares) >= network.spec.coarse_side
    assert shares == sorted(shares)
    assert len(set(shares)) >= 8 + 3 * (2 + 2)  # rows; channels, and blocks of each
    assert shares[-1] == 1


@torch.no_grad()
def test_cancel_works_within_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    network = a_network()
    polls = 0

    class AfterSome(Progress):
        def check(self) -> None:
            nonlocal polls
            polls += 1
            if polls == 13:  # in the second row of eight
                self.cancel()
            super().check()

    network.progress = AfterSome()
    features = network.encode(photos(1)[0])
    with pytest.raises(CancelledError):
        network.decode(features)
    assert polls == 13
    network.progress = None
    assert torch.isfinite(network.decode(features).ab).all()


@torch.no_grad()
def test_cancel_works_while_refining() -> None:
    network = a_network()
    token = Progress(lambda share, _: token.cancel() if share > 0.8 else None)
    network.progress = token
    with pytest.raises(CancelledError):
        network(photos(1)[0])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"heads": 3}, "heads"),
        ({"fine_side": 4}, "sides"),
        ({"fine_side": 4096}, "sides"),
        ({"inner_layers": 99}, "layers"),
        ({"auxiliary": 1.5}, "auxiliary"),
        ({"temperature": -1.0}, "temperature"),
        ({"temperature": math.nan}, "temperature"),
    ],
)
def test_numbers_that_do_not_go_together(change: dict, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(SMALL, **change)
