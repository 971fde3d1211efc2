"""`unet-plain`: a simple U-Net without skips and without padding, the teaching example of what goes wrong, and why.

Paper: "Enhancing Image Colorization Architectures" (a student project's slides), section "Simple UNet Architecture",
which gives the sizes of five stages at 150 px and no kernel. Their artefacts are explained in A. Odena, V. Dumoulin,
C. Olah, "Deconvolution and Checkerboard Artifacts", Distill 2016, which the slides cite. The kit is that of
O. Ronneberger et al., "U-Net", MICCAI 2015: pairs of 3×3 convolutions without padding, 2×2 pooling, transposed
convolutions of stride 2.

The kit explains these of its sizes: encoder 1, a pair: 150 → 146. Encoder 2, pooling and a pair: 146 → 73 → 69.
Decoders, a pair and a doubling: 48 → 44 → 88 and 88 → 84 → 168. The other two no choice from the kit explains:

- Middle, 69 → 48. Pairs and pooling can only shrink, and shrunk to 24 and doubled (five 3×3 convolutions after pooling,
  say) it would leave a decoder that ends at twice the scale of the photo: its 168 px would be the photo's middle 84.
  Pooling to 34 px and growing by 14 at that scale is the reading in which the output lies where the photo does. Two 8×8
  transposed convolutions of stride 1 do it (34 → 41 → 48); they also invent the edges that the convolutions lost.
- Final, 168 → 150. A 1×1 convolution, and a crop of 9 px on each side: nothing smaller than a 19×19 kernel does it.

What goes wrong, on purpose: transposed convolutions whose kernel (3) is no multiple of their stride (2) leave
checkerboards; without padding, edges and corners are what the spreading layers make of features that lie further in;
without skips, all detail must pass the quarter scale; and trained on landscapes in RGB it leans to blue. Each is
measured by `training/artefacts.py`.

Differs (left open there): ReLU after each 3×3 and 8×8 convolution, none after a doubling, a sigmoid at the end.

Weights: none published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.rgb import ab_of_srgb

if TYPE_CHECKING:
    from collections.abc import Iterable

SPREAD = 8
"""Kernel of the two layers that spread the middle out: each grows by one less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UNetPlainSpec:
    """The numbers of a `unet-plain` network.

    Attributes:
        encoder: Channels of the two encoder stages.
        middle: Channels of the middle.
        decoder: Channels of the two decoder stages.
        doubling: Kernel of the transposed convolutions of stride 2, 2 or more: 3 overlaps unevenly, 2 and 4 do not.

    Raises:
        ValueError: If the numbers do not go together.
    """

    encoder: tuple[int, int] = (64, 128)
    middle: int = 64
    decoder: tuple[int, int] = (32, 32)
    doubling: int = 3

    def __post_init__(self) -> None:
        if len(self.encoder) != 2 or len(self.decoder) != 2:
            raise ValueError("there are two stages on the way down and two on the way up")
        if not 2 <= self.doubling <= 16:
            raise ValueError(f"a doubling has a kernel of 2 to 16, not {self.doubling}")


def _pair(inputs: int, outputs: int) -> list[nn.Module]:
    """Two 3×3 convolutions without padding; 4 px smaller."""
    return [nn.Conv2d(inputs, outputs, 3), nn.ReLU(inplace=True), nn.Conv2d(outputs, outputs, 3), nn.ReLU(inplace=True)]


def _spread(inputs: int, outputs: int) -> list[nn.Module]:
    """A transposed convolution of stride 1 without padding; 7 px larger."""
    return [nn.ConvTranspose2d(inputs, outputs, SPREAD), nn.ReLU(inplace=True)]


def _doubling(channels: int, kernel: int) -> nn.ConvTranspose2d:
    """A transposed convolution of stride 2, cut to exactly twice the size."""
    cut = (kernel - 1) // 2
    return nn.ConvTranspose2d(channels, channels, kernel, stride=2, padding=cut, output_padding=2 * cut + 2 - kernel)


class UNetPlain(Colorizer):
    """L* to RGB through a quarter of the scale; see the module.

    Any H and W from 16 px on work; where both are multiples of 4, the output lies exactly where the input does.

    Args:
        spec: The numbers of the network.
    """

    multiple: ClassVar[int] = 16

    def __init__(self, spec: UNetPlainSpec) -> None:
        super().__init__()
        first, second = spec.encoder
        self.encoder_1 = nn.Sequential(*_pair(1, first))
        self.encoder_2 = nn.Sequential(nn.MaxPool2d(2), *_pair(first, second))
        self.middle = nn.Sequential(nn.MaxPool2d(2), *_spread(second, spec.middle), *_spread(spec.middle, spec.middle))
        third, fourth = spec.decoder
        self.decoder_1 = nn.Sequential(*_pair(spec.middle, third), _doubling(third, spec.doubling))
        self.decoder_2 = nn.Sequential(*_pair(third, fourth), _doubling(fourth, spec.doubling))
        self.final = nn.Conv2d(fourth, 3, 1)
        _initialize(self.modules())

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the middle's features and, for its size, the lightness."""
        features = self.encoder_1(lightness / 100.0)  # B×64×H-4×W-4
        features = self.encoder_2(features)  # B×128×H/2-6×W/2-6
        return self.middle(features), lightness  # B×64×H/4+11×W/4+11

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        middle, lightness = features
        rgb = self.decoder_2(self.decoder_1(middle))  # B×32×H+20×W+20, or up to 3 px fewer
        srgb = torch.sigmoid(_centre(self.final(rgb), lightness).float())
        return Prediction(self.bounded(ab_of_srgb(srgb)), srgb=srgb)


def _centre(larger: Tensor, like: Tensor) -> Tensor:
    """The middle of B×C×h×w, as high and wide as `like`."""
    rows, columns = (larger.shape[axis] - like.shape[axis] for axis in (2, 3))
    return F.pad(larger, (-(columns // 2), columns // 2 - columns, -(rows // 2), rows // 2 - rows))


def _initialize(layers: Iterable[nn.Module]) -> None:
    """He's initialisation (ICCV 2015), without which seven layers of ReLU begin with a grey picture."""
    for layer in layers:
        if isinstance(layer, nn.Conv2d):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
