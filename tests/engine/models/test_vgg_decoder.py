"""VGG16's features: they decode, they can be filled from a published file, and nothing else can be."""

from pathlib import Path
from typing import Any

import pytest
import torch
import torchvision
from safetensors.torch import save_file
from torch import nn

from engine.color.tensors import lab_to_srgb, srgb_to_lab
from engine.errors import BadWeightsError
from engine.models.registry import build_network
from engine.models.vgg_decoder import VggDecoder, VggDecoderSpec, load_vgg16
from tests.training.making import rule_photo

SMALL = VggDecoderSpec(encoder=(8, 8, 16, 32, 64), decoder=(64, 64, 32, 16, 8))


def small(seed: int = 0) -> VggDecoder:
    torch.manual_seed(seed)
    return VggDecoder(SMALL)


def state(seed: int = 1) -> dict[str, torch.Tensor]:
    """What a file of a small VGG16 holds."""
    features = small(seed).features.state_dict()
    return {f"features.{name}": value for name, value in features.items()} | {"classifier.0.weight": torch.zeros(2, 2)}


def test_the_encoder_is_torchvisions() -> None:
    with torch.device("meta"):
        mine, theirs = VggDecoder(VggDecoderSpec()).features, torchvision.models.vgg16(weights=None).features
    assert [type(layer) for layer in mine.children()] == [type(layer) for layer in theirs.children()]
    shapes = [{name: value.shape for name, value in part.state_dict().items()} for part in (mine, theirs)]
    assert shapes[0] == shapes[1]


def test_the_decoder_is_the_listing() -> None:
    network = VggDecoder(VggDecoderSpec())
    sizes: list[tuple[int, ...]] = []

    def watch(_module: nn.Module, _inputs: Any, output: torch.Tensor) -> None:
        sizes.append(tuple(output.shape[1:]))

    for layer in network.decoder:
        if not isinstance(layer, nn.ReLU):
            layer.register_forward_hook(watch)
    with torch.inference_mode():
        network.decode((torch.zeros(1, 512, 7, 7),))
    wide = [(256, 7, 7), (128, 7, 7), (128, 14, 14), (64, 14, 14), (64, 28, 28), (32, 28, 28), (32, 56, 56)]
    assert sizes == [*wide, (16, 56, 56), (16, 112, 112), (2, 112, 112), (2, 112, 112), (2, 224, 224)]


def test_lightness_enters_as_a_normalised_grey_photo() -> None:
    network = small()
    seen: list[torch.Tensor] = []
    network.features[0].register_forward_pre_hook(lambda _module, inputs: seen.append(inputs[0]))
    network.encode(torch.full((1, 1, 32, 32), 40.0))
    wanted = torchvision.transforms.functional.normalize(
        torch.full((1, 3, 32, 32), 0.4), [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    )
    torch.testing.assert_close(seen[0], wanted)


def test_it_overfits_eight_photos() -> None:
    """The check of the slides: a network that cannot learn a few photos by heart will learn nothing."""
    photos = [rule_photo(seed, 64, 64) for seed in range(8)]
    srgb = torch.stack([torch.from_numpy(photo) for photo in photos]).permute(0, 3, 1, 2) / 255
    lab = srgb_to_lab(srgb)
    lightness, ab = lab[:, :1], lab[:, 1:]
    network = small().train()
    optimizer = torch.optim.Adam(network.parameters(), lr=2e-3)
    for _ in range(80):
        optimizer.zero_grad()
        loss = (network(lightness).ab / 110 - ab / 110).square().mean()
        loss.backward()
        optimizer.step()
    with torch.inference_mode():
        colored = network.eval()(lightness).ab

    def decibels(colors: torch.Tensor) -> torch.Tensor:
        error = (lab_to_srgb(torch.cat([lightness, colors], dim=1)) - srgb).square().mean(dim=(1, 2, 3))
        return -10 * error.log10()

    gain = decibels(colored) - decibels(ab.mean(dim=(0, 2, 3), keepdim=True).expand_as(ab))
    assert gain.mean() > 3, gain


@pytest.mark.parametrize("suffix", [".safetensors", ".pth"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_a_file_fills_and_freezes_the_encoder(tmp_path: Path, suffix: str, dtype: torch.dtype) -> None:
    file = tmp_path / f"vgg16{suffix}"
    stored = {name: value.to(dtype) for name, value in state().items()}
    torch.save(stored, file) if suffix == ".pth" else save_file(stored, file)
    network = small()
    load_vgg16(network, file)
    for name, value in network.features.state_dict().items():
        assert torch.equal(value, stored[f"features.{name}"].float())
    assert not any(value.requires_grad for value in network.features.parameters())
    assert all(value.requires_grad for value in network.decoder.parameters())


def without(name: str) -> dict[str, torch.Tensor]:
    return {key: value for key, value in state().items() if key != name}


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        (without("features.28.bias"), 'lacks "features.28.bias"'),
        (state() | {"features.0.weight": torch.zeros(8, 1, 3, 3)}, '"features.0.weight" is'),
        (state() | {"features.0.bias": torch.full((8,), torch.nan)}, '"features.0.bias" holds'),
        (state() | {"features.0.bias": torch.zeros(8, dtype=torch.int64)}, '"features.0.bias" holds'),
        (state() | {"features.1.running_mean": torch.zeros(8)}, '"1.running_mean" has no place'),
        (state() | {"head.weight": torch.zeros(8)}, '"head.weight" has no place'),
        ({"model": state()}, "not a table of tensors"),
        ([1, 2], "not a table of tensors"),
        ({"features.0.weight": Path("x")}, "holds more than tensors"),
    ],
)
def test_other_files_are_refused(tmp_path: Path, stored: object, said: str) -> None:
    file = tmp_path / "vgg16.pth"
    torch.save(stored, file)
    network = small()
    before = {name: value.clone() for name, value in network.state_dict().items()}
    with pytest.raises(BadWeightsError, match="is not a VGG16") as told:
        load_vgg16(network, file)
    assert said in told.value.sentence
    assert str(file) in told.value.sentence
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())
    assert all(value.requires_grad for value in network.parameters())


@pytest.mark.parametrize("name", ["vgg16.pth", "vgg16.safetensors"])
def test_files_that_are_none(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadWeightsError, match="There is no file"):
        load_vgg16(small(), tmp_path / name)
    (tmp_path / name).write_bytes(b"<html>")
    with pytest.raises(BadWeightsError, match="damaged"):
        load_vgg16(small(), tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(BadWeightsError, match="damaged"):
        load_vgg16(small(), tmp_path / name)
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadWeightsError, match="folder"):
        load_vgg16(small(), tmp_path / "folder")


@pytest.mark.parametrize("numbers", [{"encoder": [8, 8]}, {"decoder": [8] * 6}])
def test_numbers_that_do_not_go_together(numbers: dict[str, list[int]]) -> None:
    with pytest.raises(BadWeightsError):
        build_network("vgg-decoder", numbers)
