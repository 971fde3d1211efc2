"""From features to ab, at the size of the picture."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.contract import AB_BOUND
from engine.models.layers.resize_up import resized


def centred(lightness: Tensor) -> Tensor:
    """L* in [0, 100] to [-1, 1]."""
    return lightness / 50.0 - 1.0


class AbHead(nn.Module):
    """Enlarges features to the picture, looks at the picture's own edges again, and says ab.

    Args:
        inputs: Channels of the features.
        width: Channels in between.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.mix = nn.Conv2d(inputs + 1, width, 3, padding=1)
        self.ab = nn.Conv2d(width, 2, 3, padding=1)

    def forward(self, features: Tensor, lightness: Tensor) -> Tensor:
        """B×inputs×h×w and L* B×1×H×W to ab B×2×H×W in CIELAB units within ±110, float32."""
        picture = centred(lightness).to(features.dtype)
        joined = torch.cat([resized(features, lightness.shape[-2:]), picture], dim=1)
        return torch.tanh(self.ab(F.relu(self.mix(joined))).float()) * AB_BOUND
