"""What every architecture of the registry must do, whatever it is made of. A new one is tested by being listed."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from engine.errors import BadWeightsError
from engine.models.conditioning import hint_tensors, no_hints
from engine.models.contract import AB_BOUND, Colorizer, HintTensors
from engine.models.registry import ARCHITECTURES, build_network

LARGEST = {"photo": 15_000_000, "photo-lite": 5_000_000}
LARGEST_DECODER = 0.25
"""The decoder's share of the work in our own networks."""

architectures = pytest.mark.parametrize("architecture", list(ARCHITECTURES))


def a_photo(side: tuple[int, int] = (64, 64), batch: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.rand(batch, 1, *side, generator=generator) * 100


def one_hint(batch: int = 1, size: tuple[int, int] = (64, 64), a: float = 60.0) -> HintTensors:
    spots = torch.tensor([0.5, 0.5, a, 40.0, 4.0, 0.0]).expand(batch, 1, 6)
    return hint_tensors(spots, torch.ones(batch, 1, dtype=torch.bool), size)


@architectures
@pytest.mark.parametrize("steps", [(1, 1), (2, 2), (3, 3), (5, 3), (1, 7), (2, 9)], ids=str)
def test_sizes(architecture: str, steps: tuple[int, int], make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    height, width = (count * network.multiple for count in steps)
    with torch.inference_mode():
        features = network.encode(a_photo((height, width), batch=2))
        prediction = network.decode(features, one_hint(2, (height, width)))
    assert all(len(feature) == 2 for feature in features)
    assert prediction.ab.shape[:2] == (2, 2)
    rows, columns = prediction.ab.shape[2:]
    assert (rows * width, columns * height) == (columns * height, rows * width)  # the aspect is kept
    assert prediction.ab.dtype == torch.float32
    assert torch.isfinite(prediction.ab).all()
    assert prediction.ab.abs().max() <= AB_BOUND
    assert (prediction.logits is None) == (prediction.bins is None)
    if prediction.logits is not None and prediction.bins is not None:
        assert prediction.logits.shape[:2] == (2, len(prediction.bins))
        part = rows // prediction.logits.shape[2]
        assert (rows, columns) == tuple(part * side for side in prediction.logits.shape[2:])


@architectures
def test_the_bound_holds_in_use_and_not_in_training(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    wild = torch.tensor([-500.0, 0.0, 500.0])
    assert network.eval().bounded(wild).tolist() == [-AB_BOUND, 0.0, AB_BOUND]
    assert torch.equal(network.train().bounded(wild), wild)


@architectures
def test_every_parameter_learns(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture).train()
    lightness, palette = a_photo(batch=2), None
    if network.palette_count:
        palette = torch.tensor([0, -1])
    own = network.own_losses(lightness, torch.rand(2, 3, 64, 64))
    if own is None:
        features = network.encode(lightness)
        prediction = network.decode(features, one_hint(2), palette)
        outputs = (prediction.ab, prediction.logits, network.palette_logits(features), network.summary(features))
        loss = torch.stack([output.square().mean() for output in outputs if output is not None]).sum()
    else:
        loss = torch.stack(list(own.values())).sum()
    if not list(network.parameters()):
        assert network.reference_count  # nothing to learn: it carries colours over
        return
    loss.backward()
    still = [name for name, value in network.named_parameters() if value.grad is None]
    assert still == []
    assert all(torch.isfinite(value.grad).all() for value in network.parameters() if value.grad is not None)


@architectures
def test_hints_change_the_result(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    with torch.inference_mode():
        features = network.encode(a_photo())
        none, empty = network.decode(features).ab, network.decode(features, no_hints(1, (64, 64))).ab
        red, green = network.decode(features, one_hint()).ab, network.decode(features, one_hint(a=-60.0)).ab
    assert torch.equal(none, empty)
    if network.takes_hints:
        change = (red - green).abs().sum(dim=1)[0]
        rows, columns = change.shape
        assert change[rows // 2, columns // 2] > change[0, 0]
    else:
        assert torch.equal(red, none)


@architectures
def test_masked_hints_do_not_count(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    spots = torch.tensor([[[0.5, 0.5, 60.0, 40.0, 4.0, 0.0], [0.1, 0.1, -60.0, 20.0, 9.0, 0.0]]])
    masked = hint_tensors(spots, torch.tensor([[True, False]]), (64, 64))
    with torch.inference_mode():
        features = network.encode(a_photo())
        assert torch.allclose(network.decode(features, masked).ab, network.decode(features, one_hint()).ab, atol=1e-4)


@architectures
def test_palettes(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    with torch.inference_mode():
        features = network.encode(a_photo(batch=2))
        logits = network.palette_logits(features)
        if not network.palette_count:
            assert logits is None
            return
        assert logits is not None
        assert logits.shape == (2, network.palette_count)
        undecided = network.decode(features, palette=torch.tensor([-1, -1])).ab
        assert torch.equal(undecided, network.decode(features).ab)
        mixed = network.decode(features, palette=torch.tensor([-1, network.palette_count - 1])).ab
    assert torch.allclose(mixed[0], undecided[0], atol=1e-4)
    assert not torch.allclose(mixed[1], undecided[1], atol=1e-2)


@architectures
def test_summary(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    with torch.inference_mode():
        summary = network.summary(network.encode(a_photo(batch=2)))
    if network.summary_width:
        assert summary is not None
        assert summary.shape == (2, network.summary_width)
    else:
        assert summary is None


@architectures
def test_a_photo_does_not_depend_on_its_batch(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    photos = a_photo(batch=3)
    with torch.inference_mode():
        together = network(photos, one_hint(3)).ab
        alone = torch.cat([network(photo[None], one_hint()).ab for photo in photos])
    torch.testing.assert_close(together, alone, rtol=1e-4, atol=1e-3)


@architectures
def test_forward_is_encode_and_decode(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network = make_network(architecture)
    with torch.inference_mode():
        whole, parts = network(a_photo(), one_hint()).ab, network.decode(network.encode(a_photo()), one_hint()).ab
    assert torch.equal(whole, parts)


@architectures
def test_state_survives_saving(architecture: str, make_network: Callable[..., Colorizer]) -> None:
    network, other = make_network(architecture), make_network(architecture)
    with torch.no_grad():
        for parameter in other.parameters():
            parameter.zero_()
    other.load_state_dict(network.state_dict(), strict=True)
    with torch.inference_mode():
        assert torch.equal(network(a_photo()).ab, other(a_photo()).ab)


@pytest.mark.parametrize("architecture", list(LARGEST))
def test_size_and_share_of_the_decoder(architecture: str) -> None:
    """Counted on the meta device, where nothing is computed. The 192 pixels are those of the recipes."""
    with torch.device("meta"):
        network = build_network(architecture, {}).eval().requires_grad_(False)
        lightness = torch.zeros(1, 1, 192, 192)
    network.to("meta")
    assert sum(value.numel() for value in network.parameters()) <= LARGEST[architecture]
    with torch.no_grad(), torch.device("meta"):
        with FlopCounterMode(display=False) as slow:
            features = network.encode(lightness)
        with FlopCounterMode(display=False) as fast:
            network.decode(features)
    assert network.takes_hints
    assert fast.get_total_flops() <= LARGEST_DECODER * (slow.get_total_flops() + fast.get_total_flops())


def test_specs_are_frozen_and_summaries_are_sentences() -> None:
    for family in ARCHITECTURES.values():
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(family.spec, dataclasses.fields(family.spec)[0].name, "other")
        assert family.summary.endswith(".")


@pytest.mark.parametrize(
    ("architecture", "numbers", "said"),
    [
        ("pixpix", {}, 'no architecture "pixpix"'),
        ("photo", {"layers": 3}, '"layers"'),
        ("photo", {"queries": "many"}, '"queries"'),
        ("photo", {"queries": True}, '"queries"'),
        ("photo", {"queries": 0}, '"queries"'),
        ("photo", {"queries": 10**9}, '"queries"'),
        ("photo", {"channels": [8, 8, 8]}, '"channels"'),
        ("photo", {"channels": [8, 8, 8, -8]}, '"channels"'),
        ("photo", {"heads": 3}, "heads"),
        ("photo", {"rounds": 4000}, "rounds"),
        ("photo", {"encoder": "no_such_encoder"}, "no_such_encoder"),
        ("photo", {"encoder": "hf-hub:someone/something"}, "not the name of an encoder"),
        ("photo", {"encoder": 18}, '"encoder"'),
    ],
)
def test_bad_numbers_are_refused(architecture: str, numbers: dict[str, Any], said: str) -> None:
    with pytest.raises(BadWeightsError, match=said):
        build_network(architecture, numbers)
