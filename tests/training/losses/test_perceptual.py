"""Distances between VGG16 features, with weights that the test makes up."""

from typing import cast

import pytest
import torch
from safetensors.torch import save_file
from torchvision.models import vgg16, vgg16_bn

from engine.errors import BadWeightsError
from training.losses.perceptual import BLOCK_WEIGHTS, MEAN, STD, Perceptual


@pytest.fixture(scope="module")
def network():
    """A VGG16 without its classifier, whose 400 MB no test needs."""
    torch.manual_seed(0)
    with torch.device("meta"):
        made = vgg16(weights=None)
    layers = cast(torch.nn.Sequential, made.features).to_empty(device="cpu")
    for layer in layers:
        if isinstance(layer, torch.nn.Conv2d):
            torch.nn.init.kaiming_normal_(layer.weight)
            torch.nn.init.zeros_(layer.bias)
    return layers


@pytest.fixture(scope="module")
def weights(network, tmp_path_factory):
    path = tmp_path_factory.mktemp("vgg") / "vgg16.pth"
    torch.save(state_of(network), path)
    return path


def state_of(layers):
    return {f"features.{name}": value for name, value in layers.state_dict().items()}


@pytest.fixture
def pair():
    generator = torch.Generator().manual_seed(1)
    return tuple(torch.rand(2, 3, 32, 48, generator=generator) for _ in range(2))


def features(network, srgb):
    """The outputs of conv1_1 … conv5_1, before their ReLU."""
    x = (srgb - torch.tensor(MEAN)[:, None, None]) / torch.tensor(STD)[:, None, None]
    found = []
    for number, layer in enumerate(network):
        x = layer(x.clone())
        if number in (0, 5, 10, 17, 24):
            found.append(x.clone())
    return found


def test_by_brute_force(network, weights, pair):
    srgb, truth = pair
    with torch.no_grad():
        pairs = zip(BLOCK_WEIGHTS, features(network, srgb), features(network, truth), strict=True)
        wanted = sum(weight * (seen - true).abs().mean() for weight, seen, true in pairs)
    assert float(Perceptual(weights)(srgb, truth)) == pytest.approx(float(wanted), rel=1e-4)


def test_gradients_reach_the_picture_alone(weights, pair):
    srgb, truth = (picture.clone().requires_grad_(True) for picture in pair)
    perceptual = Perceptual(weights).train()
    perceptual(srgb, truth).backward()
    assert srgb.grad is not None
    assert srgb.grad.abs().sum() > 0
    assert truth.grad is None
    assert not any(value.requires_grad for value in perceptual.parameters())
    assert float(perceptual(truth.detach(), truth)) == 0


def test_the_same_from_safetensors(network, weights, pair, tmp_path):
    save_file(state_of(network), tmp_path / "vgg16.safetensors")
    assert torch.equal(Perceptual(tmp_path / "vgg16.safetensors")(*pair), Perceptual(weights)(*pair))


def test_one_with_batch_norms_never_learns_from_pictures(tmp_path, pair):
    torch.manual_seed(0)
    with torch.device("meta"):
        made = vgg16_bn(weights=None)
    state = {name: torch.rand(value.shape) * 0.05 + 0.01 for name, value in made.features.state_dict().items()}
    torch.save({f"features.{name}": value for name, value in state.items()}, tmp_path / "vgg16_bn.pth")
    perceptual = Perceptual(tmp_path / "vgg16_bn.pth").train()
    first, again = perceptual(*pair), perceptual(*pair)
    assert torch.equal(first, again)
    assert torch.equal(perceptual.state_dict()["blocks.1.0.running_mean"], state["1.running_mean"])


def test_files_that_are_not_it(network, weights, tmp_path):
    with pytest.raises(BadWeightsError, match=r"nowhere\.pth.*not there"):
        Perceptual(tmp_path / "nowhere.pth")
    for name in ("text.pth", "text.safetensors"):
        (tmp_path / name).write_text("this is not a network")
        with pytest.raises(BadWeightsError, match=rf"{name.replace('.', '[.]')} cannot be read"):
            Perceptual(tmp_path / name)
    torch.save([1, 2], tmp_path / "list.pth")
    with pytest.raises(BadWeightsError, match="something else"):
        Perceptual(tmp_path / "list.pth")
    state = state_of(network)
    del state["features.24.weight"]
    torch.save(state, tmp_path / "part.pth")
    with pytest.raises(BadWeightsError, match=r"part\.pth does not hold") as told:
        Perceptual(tmp_path / "part.pth")
    assert "torchvision" in told.value.advice
    torch.save({"layer.weight": torch.zeros(3)}, tmp_path / "other.pth")
    with pytest.raises(BadWeightsError, match="VGG16"):
        Perceptual(tmp_path / "other.pth")
