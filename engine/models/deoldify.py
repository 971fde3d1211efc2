"""`deoldify`: a self-attention U-Net over a pretrained ResNet, sRGB in and sRGB out.

Source: J. Antic, DeOldify (jantic/DeOldify), 2018-2022, without a paper: the dynamic U-Net of fastai 1 with spectral
norm (Miyato et al., ICLR 2018), self-attention (Zhang et al., ICML 2019) at 1/8 and a way up by shuffled pixels. Two
networks were published. "Artistic", the default here, is deep: ResNet-34, two convolutions a level, 1.5 times as wide
as fastai's. "Stable" is wide: ResNet-101, one convolution a level, 1024 channels a level.

Differs:
- The authors take the U and V of the result's YUV and put them under the source's Y. Here a* and b* of the result are
  taken, under the source's L*.
- Photos keep their aspect; the authors squeeze them to a square.
- In fastai the spectral norm undoes the checkerboard-free start of the shuffling convolutions (it is written to the
  weight that the norm recomputes). Here it holds.

Weights: our own by `training/recipes/deoldify.toml`; the authors' two by `autochrome models import`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, cast

import timm
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.parametrizations import weight_norm

from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.ddcolor.pixel_decoder import BatchNorm, ShuffleUp, spectral_conv
from engine.models.grey import grey_srgb
from engine.models.layers.self_attention import SelfAttention
from engine.models.layers.spectral_norm import spectral_norm
from engine.models.rgb import ab_of_srgb

MEAN = (0.485, 0.456, 0.406)
STD = (0.229, 0.224, 0.225)
"""Of ImageNet's sRGB values in [0, 1]: the network's input and its result are normalised by them."""
RANGE = 3.0
"""The result lies within ± this before it is denormalised."""
WIDE = 512
"""Width of a level of the wide network is this times `width`."""
ATTENTION_LEVEL = 1
"""The level of the way up that attends to itself, counted from the deepest: the one at 1/8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeOldifySpec:
    """The numbers of a DeOldify network; the defaults are those of the published artistic one.

    Attributes:
        encoder: A plain ResNet of timm.
        channels: Widths of the encoder's four stages, of which those of a ResNet-50 or larger have four times as many.
        deep: Whether a level of the way up has two convolutions, as wide as what goes into them; or one, of a fixed
            width.
        width: What the widths of the way up are multiplied with.

    Raises:
        ValueError: If the encoder is not a plain ResNet.
    """

    encoder: str = "resnet34"
    channels: tuple[int, int, int, int] = (64, 128, 256, 512)
    deep: bool = True
    width: float = 1.5

    def __post_init__(self) -> None:
        if re.fullmatch(r"resnet\d{2,3}", self.encoder) is None:
            raise ValueError(f'"{self.encoder}" is not the name of a plain ResNet')
        if not 0 < self.width <= 8:
            raise ValueError(f"a width of {self.width} does not lie above 0, up to 8")


STABLE = DeOldifySpec(encoder="resnet101", deep=False, width=2.0)
"""The published stable network."""


def conv_block(inputs: int, outputs: int) -> nn.Sequential:
    """A 3×3 convolution with spectral norm, ReLU, and batch norm."""
    return nn.Sequential(spectral_conv(inputs, outputs, 3, bias=False), nn.ReLU(inplace=True), BatchNorm(outputs))


class UpLevel(nn.Module):
    """Doubles a map by shuffled pixels, joins the encoder's map of that size, and convolves.

    Args:
        inputs: Channels from below.
        skip: Channels of the encoder's map.
        shuffled: Channels of the doubled map.
        outputs: Channels of each convolution.
        convs: Number of convolutions.
        attention: Whether the result attends to itself.
    """

    def __init__(self, inputs: int, skip: int, *, shuffled: int, outputs: int, convs: int, attention: bool) -> None:
        super().__init__()
        self.outputs = outputs
        self.up = ShuffleUp(inputs, shuffled, 2, norm=True)
        self.skip_norm = BatchNorm(skip)
        self.convs = nn.Sequential(*(conv_block(*pair) for pair in pairwise([shuffled + skip, *[outputs] * convs])))
        self.attention = _normed_attention(outputs) if attention else nn.Identity()

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """B×inputs×h×w and B×skip×2h×2w to B×outputs×2h×2w."""
        joined = F.relu(torch.cat([self.up(features), self.skip_norm(skip)], dim=1))
        return self.attention(self.convs(joined))


class LastUp(ShuffleUp):
    """The step to full size, whose convolution has weight norm (Salimans & Kingma, NeurIPS 2016) in place of spectral.

    Args:
        width: Channels in and out.
    """

    def __init__(self, width: int) -> None:
        super().__init__(width, width, 2, norm=False)
        conv = nn.Conv2d(width, 4 * width, 1)
        with torch.no_grad():
            start = nn.init.kaiming_normal_(conv.weight.new_empty(width, width, 1, 1))
            conv.weight.copy_(start.repeat_interleave(4, dim=0))
            nn.init.zeros_(cast("Tensor", conv.bias))
        self.conv = cast("nn.Conv2d", weight_norm(conv))


class DeOldifyNet(Colorizer):
    """L* to an sRGB picture whose ab are taken; automatic, hints are ignored.

    Args:
        spec: The numbers of the network.
        pretrained: Starts the encoder from timm's published weights (downloads them): for training only.
    """

    multiple: ClassVar[int] = 32

    def __init__(self, spec: DeOldifySpec, *, pretrained: bool = False) -> None:
        super().__init__()
        self.encoder = timm.create_model(
            spec.encoder,
            pretrained=pretrained,
            features_only=True,
            out_indices=(0, 1, 2, 3, 4),
            channels=spec.channels,
        )
        *skips, deepest = cast("list[int]", self.encoder.feature_info.channels())  # pyright: ignore
        self.norm = BatchNorm(deepest)
        self.middle = nn.Sequential(conv_block(deepest, 2 * deepest), conv_block(2 * deepest, deepest))
        self.levels = nn.ModuleList(_levels(spec, skips[::-1], deepest))
        width = cast("UpLevel", self.levels[-1]).outputs
        self.last_up = LastUp(width)
        joined = width + len(MEAN)
        self.cross = nn.ModuleList([spectral_conv(joined, joined, 3, bias=True) for _ in range(2)])
        self.out = spectral_conv(joined, len(MEAN), 1, bias=True)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the result B×3×H×W as the network says it, normalised like its input, float32."""
        grey = grey_srgb(lightness)
        picture = torch.cat([(grey - mean) / std for mean, std in zip(MEAN, STD, strict=True)], dim=1)
        *skips, deepest = cast("list[Tensor]", self.encoder(picture))
        features = self.middle(F.relu(self.norm(deepest)))  # B×C×H/32×W/32
        for level, skip in zip(self.levels, reversed(skips), strict=True):
            features = level(features, skip)
        # B×C×H/2×W/2 to B×(C+3)×H×W
        joined = torch.cat([self.last_up(features), picture.to(features.dtype)], dim=1)
        crossed = joined
        for conv in self.cross:
            crossed = F.relu(conv(crossed))
        return (torch.sigmoid(self.out(joined + crossed).float()) * (2 * RANGE) - RANGE,)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`; while training, where a clamp would stop the gradient, `srgb` can leave [0, 1]."""
        del hints, palette
        (normalised,) = features
        channels = zip(normalised.float().unbind(1), MEAN, STD, strict=True)
        srgb = torch.stack([channel * std + mean for channel, mean, std in channels], dim=1)
        if not self.training:
            srgb = srgb.clamp(0, 1)
        return Prediction(self.bounded(ab_of_srgb(srgb)), srgb=srgb)


def _normed_attention(channels: int) -> SelfAttention:
    """Self-attention whose projections have spectral norm."""
    attention = SelfAttention(channels)
    for projection in (attention.query, attention.key, attention.value):
        nn.init.kaiming_normal_(projection.weight)
        spectral_norm(projection)
    return attention


def _levels(spec: DeOldifySpec, skips: list[int], deepest: int) -> list[UpLevel]:
    """The way up; `skips` are the channels of the encoder's maps from 1/16 to 1/2."""
    levels: list[UpLevel] = []
    inputs = deepest
    for number, skip in enumerate(skips):
        share = 2 if number == len(skips) - 1 else 1  # the last level is half as wide
        if spec.deep:
            shuffled = inputs // 2
            outputs = int((shuffled + skip) // share * spec.width)
        else:
            shuffled = outputs = int(WIDE * spec.width) // share // 2
        if min(shuffled, outputs) < 1:
            raise ValueError(f"a width of {spec.width} leaves a level without channels")
        levels.append(
            UpLevel(
                inputs,
                skip,
                shuffled=shuffled,
                outputs=outputs,
                convs=2 if spec.deep else 1,
                attention=number == ATTENTION_LEVEL,
            )
        )
        inputs = outputs
    return levels
