"""`multiscale-attention`: a U-Net that sees three scales, attends to itself, and is told what the photo shows.

Paper: the presentation "Automatic Colourisation of Black and White Images" (its Model 2): L* at original, half and
double size, concatenated; a self-attention layer; semantic features of a pre-trained ResNet-18, concatenated with the
input.

Ours, for the source leaves it open:
- The three sizes are brought to the original one to be concatenated. Were they just resized back, they would be one
  picture and two blurred copies; so each has a 3×3 convolution at its own size first. At half size it sees more context
  with the same taps, at double size it sees between the pixels.
- The U-Net: five levels 64-128-256-512-512, up without checkerboards; the attention (Zhang et al., "Self-Attention
  Generative Adversarial Networks", 2019) at 1/8 on the way up, 32×32 places of 256×256 pixels; tanh on ab/110.
- ResNet-18's coarsest map is narrowed to 64 channels and enlarged to the input. Its weights stay trainable; a recipe
  that wants them as they were published freezes `semantic.encoder`.

Weights: none published that could be imported. `pretrained` starts ResNet-18 from timm's weights for ImageNet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.layers.ab_head import AbHead, centred
from engine.models.layers.paths import DownPath, UpPath
from engine.models.layers.resize_up import resized
from engine.models.layers.resnet import CHANNELS
from engine.models.layers.semantic import SemanticFeatures

ATTENTION_LEVEL = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiscaleSpec:
    """The numbers of a `multiscale-attention` generator.

    Attributes:
        stem: Channels of each of the three scales.
        semantic: Channels of the semantic features.
        semantic_channels: Widths of ResNet-18's four stages; published weights have the usual ones.
        widths: Channels of the levels, the finest (1/2) first.
        dropout: Probability that a value is dropped while training, in the two coarsest levels of the decoder.
        head: Channels at full size.

    Raises:
        ValueError: If the numbers do not go together.
    """

    stem: int = 16
    semantic: int = 64
    semantic_channels: tuple[int, int, int, int] = CHANNELS
    widths: tuple[int, ...] = (64, 128, 256, 512, 512)
    dropout: float = 0.5
    head: int = 32

    def __post_init__(self) -> None:
        if len(self.semantic_channels) != 4:
            raise ValueError(f"{len(self.semantic_channels)} widths are not 4")
        if not ATTENTION_LEVEL < len(self.widths) <= 5:
            raise ValueError(f"{len(self.widths)} levels are neither 4 nor 5")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"a dropout of {self.dropout} is no probability below 1")


class MultiscaleInput(nn.Module):
    """A picture seen at its own, half and double size.

    Args:
        width: Channels of each.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.at_original = nn.Conv2d(1, width, 3, padding=1)
        self.at_half = nn.Conv2d(1, width, 3, padding=1)
        self.at_double = nn.Conv2d(1, width, 3, padding=1)

    def forward(self, picture: Tensor) -> Tensor:
        """B×1×H×W to B×(3·width)×H×W."""
        height, width = size = picture.shape[-2:]
        half = self.at_half(F.avg_pool2d(picture, 2))
        double = self.at_double(resized(picture, (2 * height, 2 * width)))
        scales = [F.relu(self.at_original(picture)), resized(F.relu(half), size), F.avg_pool2d(F.relu(double), 2)]
        return torch.cat(scales, dim=1)


class MultiscaleUNet(Colorizer):
    """Three scales, semantic features, one attention; see the module.

    Args:
        spec: The numbers of the network.
        pretrained: Starts ResNet-18 from timm's published weights (downloads them): for training only.
    """

    multiple: ClassVar[int] = 32

    def __init__(self, spec: MultiscaleSpec, *, pretrained: bool = False) -> None:
        super().__init__()
        self.scales = MultiscaleInput(spec.stem)
        self.semantic = SemanticFeatures(spec.semantic, channels=spec.semantic_channels, pretrained=pretrained)
        self.encoder = DownPath(3 * spec.stem + spec.semantic, spec.widths)
        self.up = UpPath(spec.widths, dropout=spec.dropout, dropout_levels=2, attention=ATTENTION_LEVEL)
        self.head = AbHead(spec.widths[0], spec.head)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns L* and the map of each level, the finest (1/2) first."""
        scales = self.scales(centred(lightness))
        semantic = self.semantic(lightness, lightness.shape[-2:])
        return lightness, *self.encoder(torch.cat([scales, semantic], dim=1))

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        lightness, *maps = features
        return Prediction(self.bounded(self.head(self.up(maps), lightness)))
