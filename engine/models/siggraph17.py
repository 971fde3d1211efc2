"""`siggraph17`: colorization with user hints at the network's input.

Paper: R. Zhang, J.-Y. Zhu, P. Isola, X. Geng, A. S. Lin, T. Yu, A. A. Efros, "Real-Time User-Guided Image Colorization
with Learned Deep Priors", SIGGRAPH 2017; the layout of the authors' public code (richzhang/colorization): the trunk of
their ECCV 2016 network with shortcuts up to full size, fed with lightness, the hints' ab/110 and their mask.

Differs:
- Hints enter the first layer, so that all of the network runs for each stroke: `encode` only keeps the lightness.
- The mask is 0 or 1 as in the release whose weights are imported, not centred at 0.5 as in the authors' later training
  code. "Keep" is no hint to this network, whose authors know none.
- The authors' inference leaves the distribution aside. Here it comes along, at a quarter of the size at which ab are,
  over their 23×23 bins at grid 10 with a* as the slow index; most of these sRGB does not have.

Weights: from the authors (`autochrome models import`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.bins import GRID
from engine.models.colorful import centred, conv_block, started
from engine.models.contract import AB_BOUND, Colorizer, Features, HintTensors, Prediction


@dataclass(frozen=True, slots=True, kw_only=True)
class Siggraph17Spec:
    """The numbers of a `siggraph17` network.

    Attributes:
        width: Channels of the first block; the others have 2, 4 and 8 times as many.
    """

    width: int = 64


def square_bins() -> Tensor:
    """The centres of all bins on a grid of 10 from -110 to 110, a* slow and b* fast: 529×2 in CIELAB units."""
    steps = torch.arange(-AB_BOUND, AB_BOUND + GRID / 2, GRID)
    return torch.cartesian_prod(steps, steps)


class UpBlock(nn.Module):
    """Doubles a map, adds the shortcut of that size, and goes on with ReLU and convolutions.

    Args:
        inputs: Channels of the small map.
        skip: Channels of the shortcut.
        outputs: Channels out.
        body: What follows the sum.
    """

    def __init__(self, inputs: int, skip: int, outputs: int, body: nn.Module) -> None:
        super().__init__()
        self.up = started(nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1))
        self.shortcut = started(nn.Conv2d(skip, outputs, 3, padding=1))
        self.body = body

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """B×inputs×h×w and B×skip×2h×2w to B×outputs×2h×2w."""
        return self.body(F.relu(self.up(features) + self.shortcut(skip)))


class Siggraph17Net(Colorizer):
    """L* and hints to ab at full size, and to a distribution over bins at a quarter of it; see the module.

    Args:
        spec: The numbers of the network.
    """

    multiple: ClassVar[int] = 8
    takes_hints: ClassVar[bool] = True

    def __init__(self, spec: Siggraph17Spec) -> None:
        super().__init__()
        w = spec.width
        self.down = nn.ModuleList([conv_block(4, w, 2), conv_block(w, 2 * w, 2), conv_block(2 * w, 4 * w, 3)])
        self.middle = nn.Sequential(
            conv_block(4 * w, 8 * w, 3),
            conv_block(8 * w, 8 * w, 3, dilation=2),
            conv_block(8 * w, 8 * w, 3, dilation=2),
            conv_block(8 * w, 8 * w, 3),
        )
        self.up_quarter = UpBlock(8 * w, 4 * w, 4 * w, conv_block(4 * w, 4 * w, 2))
        self.up_half = UpBlock(4 * w, 2 * w, 2 * w, conv_block(2 * w, 2 * w, 1))
        last = nn.Sequential(started(nn.Conv2d(2 * w, 2 * w, 3, padding=1)), nn.LeakyReLU(0.2))
        self.up_full = UpBlock(2 * w, w, 2 * w, last)
        self.bin_head = nn.Conv2d(4 * w, len(square_bins()), 1)
        self.ab_head = nn.Conv2d(2 * w, 2, 1)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; the lightness itself."""
        return (lightness,)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`; the distribution is at a quarter of the size of ab."""
        del palette
        (lightness,) = features
        planes = lightness.new_zeros(len(lightness), 3, *lightness.shape[-2:]) if hints is None else hints.planes
        full = self.down[0](torch.cat([centred(lightness), planes.to(lightness.dtype)], dim=1))
        half = self.down[1](full[:, :, ::2, ::2])
        quarter = self.down[2](half[:, :, ::2, ::2])
        coarse = self.up_quarter(self.middle(quarter[:, :, ::2, ::2]), quarter)
        fine = self.up_full(self.up_half(coarse, half), full)
        ab = torch.tanh(self.ab_head(fine).float()) * AB_BOUND
        return Prediction(self.bounded(ab), self.bin_head(coarse), square_bins().to(ab.device))
