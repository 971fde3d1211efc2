"""`vgg-decoder`: the features of VGG16, decoded to ab.

Papers: "Enhancing Image Colorization Architectures" (a student project's slides), whose listing of the decoder this is,
layer by layer. K. Simonyan, A. Zisserman, "Very Deep Convolutional Networks for Large-Scale Image Recognition", ICLR
2015, configuration D; names and order of its layers are those of torchvision's `vgg16`.

Differs (left open there): L* enters as three equal channels of [0, 1], normalised as ImageNet's photos are; tanh is
worth ±110; the doublings repeat pixels, as Keras's default does. Any size that is a multiple of 32, not 224 alone.

Weights: none published. VGG16's come from a file that the user names, see `load_vgg16`; then only the decoder is
trained, as there. Without one the whole network is trained, from He's initialisation (ICCV 2015).
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load
from torch import Tensor, nn

from engine.errors import BadWeightsError
from engine.models.contract import AB_BOUND, Colorizer, Features, HintTensors, Prediction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

DEPTHS = (2, 2, 3, 3, 3)
"""Convolutions in each of VGG16's five stages; a 2×2 max-pooling ends each."""
IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_DEVIATION = (0.229, 0.224, 0.225)
ENCODER = "features."
CLASSIFIER = "classifier."


@dataclass(frozen=True, slots=True, kw_only=True)
class VggDecoderSpec:
    """The numbers of a `vgg-decoder` network.

    Attributes:
        encoder: Channels of VGG16's five stages; only these defaults fit published weights.
        decoder: Channels of the decoder's first five convolutions.

    Raises:
        ValueError: If there are not five of each.
    """

    encoder: tuple[int, int, int, int, int] = (64, 128, 256, 512, 512)
    decoder: tuple[int, int, int, int, int] = (256, 128, 64, 32, 16)

    def __post_init__(self) -> None:
        if len(self.encoder) != len(DEPTHS) or len(self.decoder) != len(DEPTHS):
            raise ValueError(f"there are {len(DEPTHS)} stages on the way down and on the way up")


def _encoder(widths: Iterable[int]) -> nn.Sequential:
    """VGG16's `features`, for three channels."""
    layers: list[nn.Module] = []
    inputs = 3
    for width, depth in zip(widths, DEPTHS, strict=True):
        for _ in range(depth):
            layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU(inplace=True)]
            inputs = width
        layers.append(nn.MaxPool2d(2))
    return nn.Sequential(*layers)


def _decoder(inputs: int, widths: Iterable[int]) -> nn.Sequential:
    """The listing: 256, 128, up, 64, up, 32, up, 16, up, 2, up."""
    layers: list[nn.Module] = []
    for place, width in enumerate(widths):
        layers += [nn.Conv2d(inputs, width, 3, padding=1), nn.ReLU(inplace=True)]
        inputs = width
        if place:
            layers.append(nn.Upsample(scale_factor=2))
    return nn.Sequential(*layers, nn.Conv2d(inputs, 2, 3, padding=1), nn.Tanh(), nn.Upsample(scale_factor=2))


class VggDecoder(Colorizer):
    """L* to ab through the features of VGG16; see the module.

    Args:
        spec: The numbers of the network.
    """

    multiple: ClassVar[int] = 32

    def __init__(self, spec: VggDecoderSpec) -> None:
        super().__init__()
        self.features = _encoder(spec.encoder)
        self.decoder = _decoder(spec.encoder[-1], spec.decoder)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d) and layer.bias is not None:
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the embedding B×512×H/32×W/32."""
        mean, deviation = (
            lightness.new_tensor(values)[:, None, None] for values in (IMAGENET_MEAN, IMAGENET_DEVIATION)
        )
        return (self.features((lightness / 100.0 - mean) / deviation),)  # B×3×H×W in

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        return Prediction(self.bounded(self.decoder(features[0]).float() * AB_BOUND))


def load_vgg16(network: VggDecoder, file: Path) -> None:
    """Fills the encoder with VGG16's published weights and freezes it.

    Args:
        network: The network, with the encoder's usual channels; unchanged if anything is wrong.
        file: The state dict of torchvision's `vgg16`, with or without its classifier: `.safetensors`, or a checkpoint
            that holds tensors only (`.pth`).

    Raises:
        BadWeightsError: If the file cannot be read, holds something else, or a tensor is missing, is of another shape,
            has no place, or is not finite; the first such is named.
    """
    found = {
        name.removeprefix(ENCODER) if name.startswith(ENCODER) else name: value
        for name, value in _read_state(file).items()
        if not name.startswith(CLASSIFIER)
    }
    for name, wanted in network.features.state_dict().items():
        value = found.get(name)
        if value is None:
            raise _misfit(file, f'it lacks "{ENCODER}{name}"')
        if value.shape != wanted.shape:
            raise _misfit(file, f'"{ENCODER}{name}" is {tuple(value.shape)}, not {tuple(wanted.shape)}')
        if not value.is_floating_point() or not bool(torch.isfinite(value).all()):
            raise _misfit(file, f'"{ENCODER}{name}" holds values that are not finite numbers')
    extra = next((name for name in found if name not in network.features.state_dict()), None)
    if extra is not None:
        raise _misfit(file, f'"{extra}" has no place in it')
    network.features.load_state_dict(found)
    network.features.requires_grad_(False)


def _read_state(file: Path) -> Mapping[str, Tensor]:
    """The tensors of a file by name; nothing but tensors is ever unpickled."""
    try:
        if file.suffix.lower() == ".safetensors":
            return load(file.read_bytes())
        state: Any = torch.load(file, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise BadWeightsError(f"There is no file {file}.", "Name the state dict of torchvision's vgg16.") from error
    except OSError as error:
        raise BadWeightsError(f"{file} cannot be read: {error.strerror}.") from error
    except (SafetensorError, pickle.UnpicklingError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise _misfit(file, "it is damaged, or holds more than tensors") from error
    if not isinstance(state, dict) or not all(isinstance(v, Tensor) for v in cast("dict[str, Any]", state).values()):
        raise _misfit(file, "it is not a table of tensors")
    return cast("dict[str, Tensor]", state)


def _misfit(file: Path, why: str) -> BadWeightsError:
    return BadWeightsError(f"{file} is not a VGG16: {why}.", "Name the state dict of torchvision's vgg16.")
