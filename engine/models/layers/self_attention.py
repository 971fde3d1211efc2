"""Self-attention over the places of a map.

Source: Zhang et al., "Self-Attention Generative Adversarial Networks", ICML 2019: 1×1 projections, queries and keys of
an eighth of the channels, no scaling of their products, and a learned gate that starts at 0, so that training begins
with the network as it is without attention.

Differs: values keep all channels and there is no projection after them (as in the authors' first version); no spectral
norm of its own: who wants it wraps `query`, `key` and `value`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class SelfAttention(nn.Module):
    """Each place of a map gathers what the places that look related hold.

    Args:
        channels: Channels of the map.
        reduction: By how much queries and keys are narrower.
    """

    def __init__(self, channels: int, *, reduction: int = 8) -> None:
        super().__init__()
        narrow = max(channels // reduction, 1)
        self.query = nn.Conv2d(channels, narrow, 1, bias=False)
        self.key = nn.Conv2d(channels, narrow, 1, bias=False)
        self.value = nn.Conv2d(channels, channels, 1, bias=False)
        self.gate = nn.Parameter(torch.zeros(1))

    def forward(self, features: Tensor) -> Tensor:
        """B×channels×h×w to the same shape; memory grows with h·w, time with (h·w)²."""
        # B×(h·w)×channels each, one head
        query, key, value = (
            project(features).flatten(2).transpose(1, 2)[:, None] for project in (self.query, self.key, self.value)
        )
        gathered = F.scaled_dot_product_attention(query, key, value, scale=1.0)
        return features + self.gate * gathered[:, 0].transpose(1, 2).reshape(features.shape)
