"""Perceptual loss: the distance between what a VGG16 sees in two pictures.

Sources: J. Johnson, A. Alahi, L. Fei-Fei, "Perceptual Losses for Real-Time Style Transfer and Super-Resolution", ECCV
2016; layers and weights as in X. Kang et al., "DDColor", ICCV 2023: conv1_1 … conv5_1 before their ReLU, L1.

The network's weights come from a file that the user names (torchvision's state dict of `vgg16` or `vgg16_bn`): they are
neither part of this project nor downloaded by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType] - its PathLike is bare
from torch import Tensor, nn
from torch.nn import functional as F
from torchvision.models import vgg16, vgg16_bn  # pyright: ignore[reportMissingTypeStubs]

from engine.errors import BadWeightsError

if TYPE_CHECKING:
    from pathlib import Path

BLOCK_WEIGHTS = (1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
"""Of the first convolution of each of the five blocks."""
MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
ADVICE = "Name a file of torchvision's VGG16 (vgg16-397923af.pth, vgg16_bn-6c64b313.pth) or the same as .safetensors."


class Perceptual(nn.Module):
    """Weighted L1 between VGG16 features of two pictures; it never learns.

    Args:
        weights: File of torchvision's VGG16 weights, with or without batch norms: .safetensors, or any other name for
            what `torch.save` wrote of a state dict.

    Raises:
        BadWeightsError: If the file is missing, damaged, or of another network.
    """

    def __init__(self, weights: Path) -> None:
        super().__init__()
        state = _read(weights)
        with torch.device("meta"):
            network = (vgg16_bn if "features.1.running_mean" in state else vgg16)(weights=None)
        layers = cast("nn.Sequential", network.features)
        prefix = "features."
        found = {name.removeprefix(prefix): value.float() for name, value in state.items() if name.startswith(prefix)}
        try:
            layers.load_state_dict(found, assign=True)
        except RuntimeError as error:
            raise BadWeightsError(f"{weights} does not hold the weights of a VGG16.", ADVICE) from error
        self.blocks = _blocks(layers)
        self.requires_grad_(False)
        self.register_buffer("mean", torch.tensor(MEAN)[:, None, None], persistent=False)
        self.register_buffer("std", torch.tensor(STD)[:, None, None], persistent=False)
        self.eval()

    def train(self, mode: bool = True) -> Perceptual:
        """Stays in evaluation mode: batch norms must not learn the generator's pictures."""
        del mode
        return super().train(mode=False)

    def forward(self, srgb: Tensor, truth: Tensor) -> Tensor:
        """The distance, a scalar.

        Args:
            srgb: B×3×H×W in [0, 1], H and W at least 16.
            truth: The same; no gradient reaches it.
        """
        mean, std = self.get_buffer("mean"), self.get_buffer("std")
        seen, wanted = (srgb - mean) / std, (truth.detach() - mean) / std
        total = seen.new_zeros((), dtype=torch.float32)
        for block, weight in zip(self.blocks, BLOCK_WEIGHTS, strict=True):
            seen = block(seen)
            with torch.no_grad():
                wanted = block(wanted)
            total = total + weight * F.l1_loss(seen.float(), wanted.float())
        return total


def _blocks(layers: nn.Sequential) -> nn.ModuleList:
    """The layers up to conv5_1 in five parts, each ending with the first convolution of a block."""
    parts: list[list[nn.Module]] = [[]]
    starts = True
    for layer in layers:
        # In place, a ReLU would overwrite the features that were just taken.
        parts[-1].append(nn.ReLU() if isinstance(layer, nn.ReLU) else layer)
        if isinstance(layer, nn.Conv2d) and starts:
            starts = False
            parts.append([])
        elif isinstance(layer, nn.MaxPool2d):
            starts = True
    return nn.ModuleList(nn.Sequential(*part) for part in parts[: len(BLOCK_WEIGHTS)])


def _read(path: Path) -> dict[str, Tensor]:
    if not path.is_file():
        raise BadWeightsError(f"{path}, the VGG16 weights of the perceptual loss, is not there.", ADVICE)
    try:
        if path.suffix == ".safetensors":
            return load_file(path)
        loaded: Any = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # a damaged pickle raises anything
        raise BadWeightsError(f"{path} cannot be read as weights: {error}", ADVICE) from error
    state = cast("dict[str, Any]", loaded) if isinstance(loaded, dict) else {}
    if not state or not all(isinstance(value, Tensor) for value in state.values()):
        raise BadWeightsError(f"{path} holds something else than the weights of a network.", ADVICE)
    return state
