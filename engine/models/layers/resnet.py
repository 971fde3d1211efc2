"""ResNet-18 without its last two layers, as an encoder of lightness.

Paper: He et al., "Deep Residual Learning for Image Recognition", CVPR 2016; layers and published weights (ImageNet,
Apache-2.0) are timm's. Differs: one channel. timm sums the first layer's weights over red, green and blue, which for a
grey picture is the same as three equal channels; L*/100 stands for the grey value and is centred as the weights expect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import timm
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Sequence

STEM_WIDTH = 64
CHANNELS = (64, 128, 256, 512)
IMAGENET_MEAN = 0.449
IMAGENET_STD = 0.226
"""Means over red, green and blue of what ImageNet's weights were trained with."""


class ResNetEncoder(nn.Module):
    """ResNet-18's maps of a grey picture.

    Args:
        channels: Widths of the four stages.
        only_last: Whether just the coarsest map is wanted.
        pretrained: Starts from timm's published weights (downloads them): for training only, with the usual widths.

    Raises:
        RuntimeError: If `pretrained` and the widths are not those of the published weights.
    """

    def __init__(
        self, channels: Sequence[int] = CHANNELS, *, only_last: bool = False, pretrained: bool = False
    ) -> None:
        super().__init__()
        self.body = timm.create_model(
            "resnet18",
            pretrained=pretrained,
            features_only=True,
            in_chans=1,
            out_indices=(4,) if only_last else (0, 1, 2, 3, 4),
            channels=tuple(channels),
        )
        self.widths: tuple[int, ...] = (channels[3],) if only_last else (STEM_WIDTH, *channels)

    def forward(self, lightness: Tensor) -> tuple[Tensor, ...]:
        """L* B×1×H×W in [0, 100] to maps at 1/2, 1/4, 1/8, 1/16 and 1/32, or the last alone."""
        return tuple(cast("list[Tensor]", self.body((lightness / 100.0 - IMAGENET_MEAN) / IMAGENET_STD)))
