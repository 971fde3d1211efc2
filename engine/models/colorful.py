"""`eccv16` and `colorful`: colorization as classification, as published and as we train it.

Paper: R. Zhang, P. Isola, A. A. Efros, "Colorful Image Colorization", ECCV 2016. `eccv16` is the layout of the authors'
public code (richzhang/colorization): eight blocks of 3×3 convolutions with ReLU, a batch norm at the end of each but
the last; blocks 1 to 3 halve the picture, 5 and 6 are dilated, 8 doubles it; 313 bins at a quarter of the size.

Differs from the paper:
- `eccv16` decodes as the authors' release does: softmax, then a 1×1 convolution whose weights are the bins' centres. It
  has no temperature. The release enlarges ab four times by bilinear interpolation; here rendering enlarges them.
- `colorful` decodes by the annealed mean of the paper (T = 0.38). Its bins are those of `engine.models.bins` (248 at
  grid 10, in which sRGB has colours) and not the paper's 313, of which the paper tells the number and not the list.
- `colorful` starts from He et al.'s initialisation; the paper's (Krähenbühl et al., 2016) needs photos.

Weights: `eccv16` from the authors (`autochrome models import`); `colorful` by `training/recipes/colorful.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

import torch
from torch import Tensor, nn

from engine.models.bins import ab_bins, annealed_mean
from engine.models.contract import AB_BOUND, Colorizer, Features, HintTensors, Prediction
from engine.models.precision import without_autocast


@dataclass(frozen=True, slots=True, kw_only=True)
class Eccv16Spec:
    """The numbers of an `eccv16` network.

    Attributes:
        width: Channels of the first block; the others have 2, 4 and 8 times as many.
        bins: Number of ab bins.
    """

    width: int = 64
    bins: int = 313


@dataclass(frozen=True, slots=True, kw_only=True)
class ColorfulSpec:
    """The numbers of a `colorful` network.

    Attributes:
        width: As of `Eccv16Spec`.
        temperature: Of the annealed mean: 1 is the mean of the distribution, which is brown; towards 0 its mode.

    Raises:
        ValueError: If the temperature is not above 0.
    """

    width: int = 64
    temperature: float = 0.38

    def __post_init__(self) -> None:
        if not self.temperature > 0:
            raise ValueError(f"a temperature of {self.temperature} is not above 0")


def centred(lightness: Tensor) -> Tensor:
    """L* in [0, 100] as the authors' networks see it: [-0.5, 0.5]."""
    return (lightness - 50.0) / 100.0


def conv_block(inputs: int, outputs: int, count: int, *, stride: int = 1, dilation: int = 1) -> nn.Sequential:
    """3×3 convolutions, each with ReLU, and a batch norm at the end.

    Args:
        inputs: Channels in.
        outputs: Channels of every convolution.
        count: Number of convolutions.
        stride: Of the last convolution.
        dilation: Of all.
    """
    layers: list[nn.Module] = []
    for number in range(1, count + 1):
        step = stride if number == count else 1
        conv = nn.Conv2d(inputs, outputs, 3, stride=step, padding=dilation, dilation=dilation)
        layers += [started(conv), nn.ReLU(inplace=True)]
        inputs = outputs
    return nn.Sequential(*layers, nn.BatchNorm2d(outputs))


def started(conv: nn.Conv2d | nn.ConvTranspose2d) -> nn.Conv2d | nn.ConvTranspose2d:
    """A convolution before a ReLU, initialised after He et al., ICCV 2015."""
    nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
    if conv.bias is not None:
        nn.init.zeros_(conv.bias)
    return conv


class BinTrunk(nn.Sequential):
    """The eight blocks: B×1×H×W centred lightness to B×`bins`×H/4×W/4, a distribution before softmax."""

    def __init__(self, width: int, bins: int) -> None:
        w = width
        last = nn.Sequential(
            started(nn.ConvTranspose2d(8 * w, 4 * w, 4, stride=2, padding=1)),
            nn.ReLU(inplace=True),
            started(nn.Conv2d(4 * w, 4 * w, 3, padding=1)),
            nn.ReLU(inplace=True),
            started(nn.Conv2d(4 * w, 4 * w, 3, padding=1)),
            nn.ReLU(inplace=True),
            nn.Conv2d(4 * w, bins, 1),
        )
        super().__init__(
            conv_block(1, w, 2, stride=2),
            conv_block(w, 2 * w, 2, stride=2),
            conv_block(2 * w, 4 * w, 3, stride=2),
            conv_block(4 * w, 8 * w, 3),
            conv_block(8 * w, 8 * w, 3, dilation=2),
            conv_block(8 * w, 8 * w, 3, dilation=2),
            conv_block(8 * w, 8 * w, 3),
            last,
        )


class Eccv16Net(Colorizer):
    """L* to a distribution over ab bins, and its mean to ab, as published; automatic, hints are ignored.

    Args:
        spec: The numbers of the network.
    """

    multiple: ClassVar[int] = 8
    output_stride: ClassVar[int] = 4

    def __init__(self, spec: Eccv16Spec) -> None:
        super().__init__()
        self.trunk = BinTrunk(spec.width, spec.bins)
        self.centres = nn.Conv2d(spec.bins, 2, 1, bias=False)  # in ab/110

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the logits B×Q×H/4×W/4."""
        return (self.trunk(centred(lightness)),)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        (logits,) = features
        with without_autocast(logits.device):
            probability = torch.softmax(logits.float(), dim=1)
            ab = self.centres(probability) * AB_BOUND
        return Prediction(self.bounded(ab), logits, self.centres.weight[:, :, 0, 0].T * AB_BOUND)


class ColorfulNet(Colorizer):
    """L* to a distribution over ab bins, and its annealed mean to ab; automatic, hints are ignored.

    Args:
        spec: The numbers of the network.
    """

    multiple: ClassVar[int] = 8
    output_stride: ClassVar[int] = 4

    def __init__(self, spec: ColorfulSpec) -> None:
        super().__init__()
        self.temperature = spec.temperature
        bins = ab_bins()
        self.trunk = BinTrunk(spec.width, len(bins))
        self.register_buffer("bins", bins)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the logits B×Q×H/4×W/4."""
        return (self.trunk(centred(lightness)),)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        (logits,) = features
        bins = cast("Tensor", self.bins)
        with without_autocast(logits.device):
            ab = annealed_mean(logits.float(), bins, self.temperature)
        return Prediction(self.bounded(ab), logits, bins)
