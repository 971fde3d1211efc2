"""LPIPS with AlexNet: how far apart two pictures are to a network that was trained on something else.

Source: R. Zhang et al., "The Unreasonable Effectiveness of Deep Features as a Perceptual Metric", CVPR 2018, version
0.1: pictures in [-1, 1] (some published scripts feed [0, 1], and their figures are not comparable), a linear weight for
each channel of five layers.

Weights: a file that the user names. It holds AlexNet's convolutions as torchvision names them (`features.0.weight`,
`features.0.bias`, then 3, 6, 8, 10; what else it holds is not looked at), and may hold the linear weights as the
authors name them (`lin0.model.1.weight` … `lin4.model.1.weight`, each 1×C×1×1). Where it holds none, those that
torchmetrics carries in its package are taken.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.metrics.extra import required
from training.metrics.metric import Metric
from training.metrics.weight_file import MetricWeightsError, read_tensors

if TYPE_CHECKING:
    from training.metrics.view import View

NETWORK = "AlexNet in torchvision's layout"
CONVOLUTIONS = {0: (3, 64, 11, 4, 2), 3: (64, 192, 5, 1, 2), 6: (192, 384, 3, 1, 1), 8: (384, 256, 3, 1, 1)}
CONVOLUTIONS[10] = (256, 256, 3, 1, 1)
"""By index in torchvision's AlexNet: inputs, outputs, kernel, stride, padding."""
POOLED = (3, 6)
"""Convolutions with a pooling before them."""
SHIFT, SCALE = (-0.030, -0.088, -0.188), (0.458, 0.448, 0.450)


class Lpips(nn.Module):
    """The distance as a module.

    Args:
        tensors: The weights by name, as the file's format says; all of them.

    Raises:
        MetricWeightsError: If one is missing or has another shape.
    """

    def __init__(self, tensors: dict[str, Tensor]) -> None:
        super().__init__()
        convolutions = {
            str(n): nn.Conv2d(inputs, outputs, kernel, stride, padding)
            for n, (inputs, outputs, kernel, stride, padding) in CONVOLUTIONS.items()
        }
        self.features = nn.ModuleDict(convolutions)
        widths = [outputs for _, outputs, *_ in CONVOLUTIONS.values()]
        wanted = {f"features.{name}": tuple(value.shape) for name, value in self.features.state_dict().items()}
        wanted |= {linear_name(n): (1, width, 1, 1) for n, width in enumerate(widths)}
        for name, shape in wanted.items():
            if name not in tensors or tuple(tensors[name].shape) != shape:
                raise MetricWeightsError(f'The weights for LPIPS are not those of {NETWORK}: "{name}" does not fit.')
        own = {name: tensors[name].float() for name in wanted if name.startswith("features.")}
        self.load_state_dict(own, strict=True)
        self.register_buffer("shift", torch.tensor(SHIFT).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("scale", torch.tensor(SCALE).view(1, 3, 1, 1), persistent=False)
        self.linear = [tensors[linear_name(n)].float() for n in range(len(widths))]
        self.eval().requires_grad_(False)

    def forward(self, one: Tensor, other: Tensor) -> Tensor:
        """Distances of two batches B×3×H×W sRGB in [-1, 1]: B."""
        pairs = zip(self._layers(one), self._layers(other), self.linear, strict=True)
        terms = [F.conv2d((_unit(a) - _unit(b)).square(), weight).mean(dim=(1, 2, 3)) for a, b, weight in pairs]
        return torch.stack(terms).sum(dim=0)

    def _layers(self, srgb: Tensor) -> list[Tensor]:
        x = (srgb - cast("Tensor", self.shift)) / cast("Tensor", self.scale)
        layers: list[Tensor] = []
        for n in CONVOLUTIONS:
            if n in POOLED:
                x = F.max_pool2d(x, 3, 2)
            x = F.relu(self.features[str(n)](x))
            layers.append(x)
        return layers


def linear_name(layer: int) -> str:
    """Name of a layer's linear weights in the file."""
    return f"lin{layer}.model.1.weight"


def lpips_metric(file: Path) -> Metric:
    """LPIPS with the weights of a file.

    Raises:
        MetricWeightsError: If the file does not hold them.
        MissingExtraError: If it holds no linear weights, and torchmetrics is not installed.
    """
    tensors = read_tensors(file, NETWORK)
    if linear_name(0) not in tensors:
        package = required("torchmetrics", "LPIPS, of whose linear weights the file holds none,")
        carried = Path(package.__file__).parent / "functional" / "image" / "lpips_models" / "alex.pth"
        tensors |= read_tensors(carried, "LPIPS's linear layers")
    network = Lpips(tensors)

    def measure(truth: View, colored: View) -> float:
        with torch.inference_mode():
            return float(network(colored.tensor * 2 - 1, truth.tensor * 2 - 1))

    meaning = f"LPIPS 0.1 with AlexNet from {file.name}, pictures in [-1, 1]."
    return Metric(key="lpips", heading="LPIPS", better="lower", meaning=meaning, measure=measure, decimals=4)


def _unit(features: Tensor) -> Tensor:
    """B×C×h×w, each pixel of length 1."""
    return features / (features.square().sum(dim=1, keepdim=True) + 1e-8).sqrt()
