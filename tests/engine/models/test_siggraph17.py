"""Hints at the network's input; equality with the published layout is tested with the import."""

import pytest
import torch

from engine.models.conditioning import hint_tensors, no_hints
from engine.models.siggraph17 import Siggraph17Net, Siggraph17Spec, square_bins
from tests.engine.models.learning import made, parameters, photos, true_colors


def small() -> Siggraph17Net:
    return made(lambda: Siggraph17Net(Siggraph17Spec(width=4)))


def spots(count: int, seed: int = 0) -> torch.Tensor:
    """B=2 sets of spots at random places, all of one red."""
    places = torch.rand(2, count, 2, generator=torch.Generator().manual_seed(seed))
    rest = torch.tensor([60.0, 40.0, 4.0, 0.0]).expand(2, count, 4)
    return torch.cat([places, rest], dim=2)


def test_the_published_size() -> None:
    assert parameters(lambda: Siggraph17Net(Siggraph17Spec())) == 34_187_027


def test_encoding_keeps_the_lightness_and_decoding_does_all() -> None:
    network = small()
    (kept,) = network.encode(photos(2))
    assert torch.equal(kept, photos(2))
    with torch.inference_mode():
        nothing = network.decode((kept,))
        empty = network.decode((kept,), no_hints(2, (64, 64)))
    assert torch.equal(nothing.ab, empty.ab)
    assert nothing.ab.shape == (2, 2, 64, 64)
    assert nothing.logits.shape == (2, 529, 16, 16)
    assert nothing.bins.shape == (529, 2)


@pytest.mark.parametrize("size", [(8, 8), (8, 40), (72, 16)], ids=str)
def test_multiples_of_eight(size: tuple[int, int]) -> None:
    with torch.inference_mode():
        assert small()(torch.rand(1, 1, *size) * 100).ab.shape == (1, 2, *size)


def test_a_hint_acts_where_it_is() -> None:
    network = small()
    spot = torch.tensor([[[0.25, 0.25, 70.0, 50.0, 4.0, 0.0]]])
    lightness = torch.full((1, 1, 128, 128), 50.0)
    with torch.inference_mode():
        hinted = network(lightness, hint_tensors(spot, torch.ones(1, 1, dtype=torch.bool), (128, 128))).ab
        change = (hinted - network(lightness).ab).abs().sum(dim=1)[0]
    assert change[28:36, 28:36].mean() > 10 * change[100:, 100:].mean()


def test_it_learns_to_follow_hints() -> None:
    """Where the photo is bright the truth is blue, but a red hint says that all of it is red."""
    torch.manual_seed(0)
    network = Siggraph17Net(Siggraph17Spec(width=4)).train()
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    lightness = photos(2)
    hints = hint_tensors(spots(6), torch.ones(2, 6, dtype=torch.bool), (64, 64))
    red = torch.tensor([60.0, 40.0]).view(1, 2, 1, 1).expand(2, 2, 64, 64)
    history = []
    for _ in range(60):
        with_hints, without = network(lightness, hints).ab, network(lightness).ab
        loss = ((with_hints - red).abs().mean() + (without - true_colors(lightness)).abs().mean()) / 110
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    assert sum(history[-3:]) < 0.6 * sum(history[:3])
    assert (with_hints - without).abs().mean() > 5


def test_bfloat16_is_near_float32() -> None:
    network = small()
    with torch.inference_mode():
        ab = network(photos(1)).ab
        with torch.autocast("cpu", torch.bfloat16):
            rough = network(photos(1)).ab
    assert rough.dtype == torch.float32
    assert (rough - ab).abs().mean() < 2


def test_the_bins_are_a_square_with_a_slow() -> None:
    bins = square_bins()
    assert bins[0].tolist() == [-110.0, -110.0]
    assert bins[1].tolist() == [-110.0, -100.0]
    assert bins[23].tolist() == [-100.0, -110.0]
    assert bins[-1].tolist() == [110.0, 110.0]
    assert bins[11 * 23 + 11].tolist() == [0.0, 0.0]
