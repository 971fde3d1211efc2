"""Doubling without checkerboards: bilinear interpolation, then a convolution.

Source: Odena, Dumoulin, Olah, "Deconvolution and Checkerboard Artifacts", Distill 2016. Differs: bilinear, not nearest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers.normalisation import norm_layer

if TYPE_CHECKING:
    from collections.abc import Sequence


def resized(features: Tensor, size: Sequence[int]) -> Tensor:
    """Bilinear interpolation of B×C×h×w to B×C×`size`."""
    return F.interpolate(features, size=list(size), mode="bilinear", align_corners=False)


class ResizeUp(nn.Module):
    """Enlarges a map, joins the skip of that size, and mixes both: two 3×3 convolutions, each normalised, with ReLU.

    Args:
        inputs: Channels of the small map.
        skip: Channels of the skip.
        outputs: Channels of the result.
        norm: As in `norm_layer`.
        dropout: Probability that a value is dropped while training; 0 for none.
    """

    def __init__(self, inputs: int, skip: int, outputs: int, *, norm: str = "batch", dropout: float = 0.0) -> None:
        super().__init__()
        bias = norm == "none"
        self.up = nn.Conv2d(inputs, outputs, 3, padding=1, bias=bias)
        self.up_norm = norm_layer(norm, outputs)
        self.join = nn.Conv2d(outputs + skip, outputs, 3, padding=1, bias=bias)
        self.join_norm = norm_layer(norm, outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """B×inputs×h×w and B×skip×H×W to B×outputs×H×W."""
        large = F.relu(self.up_norm(self.up(resized(features, skip.shape[-2:]))))
        return F.relu(self.dropout(self.join_norm(self.join(torch.cat([large, skip], dim=1)))))
