"""Residual blocks.

Source: He et al., "Deep Residual Learning for Image Recognition", CVPR 2016, in the form without an activation after
the sum that image-to-image networks use (Johnson et al., ECCV 2016).
"""

from __future__ import annotations

from torch import Tensor, nn

from engine.models.layers.normalisation import norm_layer


class ResidualBlock(nn.Module):
    """Convolution, norm, ReLU, convolution, norm, and the way around them.

    Args:
        channels: Channels of the map.
        norm: As in `norm_layer`.
        dilation: Distance of the taps of both 3×3 convolutions.
    """

    def __init__(self, channels: int, *, norm: str = "batch", dilation: int = 1) -> None:
        super().__init__()
        bias = norm == "none"
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=dilation, dilation=dilation, bias=bias),
            norm_layer(norm, channels),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=dilation, dilation=dilation, bias=bias),
            norm_layer(norm, channels),
        )

    def forward(self, features: Tensor) -> Tensor:
        """B×channels×h×w to the same shape."""
        return features + self.body(features)
