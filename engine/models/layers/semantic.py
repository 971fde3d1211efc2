"""What a photo shows, as a map that is concatenated to a generator's or a critic's input."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from engine.models.layers.resize_up import resized
from engine.models.layers.resnet import CHANNELS, ResNetEncoder

if TYPE_CHECKING:
    from collections.abc import Sequence


class SemanticFeatures(nn.Module):
    """The coarsest map of ResNet-18 on lightness, made narrower by a 1×1 convolution.

    Args:
        width: Channels of the result.
        channels: Widths of ResNet-18's four stages.
        pretrained: As in `ResNetEncoder`.
    """

    def __init__(self, width: int, *, channels: Sequence[int] = CHANNELS, pretrained: bool = False) -> None:
        super().__init__()
        self.width = width
        self.encoder = ResNetEncoder(channels, only_last=True, pretrained=pretrained)
        self.narrow = nn.Conv2d(channels[3], width, 1)

    def forward(self, lightness: Tensor, size: Sequence[int] | None = None) -> Tensor:
        """L* B×1×H×W in [0, 100] to B×width×`size`, or ×⌈H/32⌉×⌈W/32⌉ where no size is given."""
        features = self.narrow(self.encoder(lightness)[-1])
        return features if size is None else resized(features, size)
