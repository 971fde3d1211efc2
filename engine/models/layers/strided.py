"""Halving and doubling by 4×4 convolutions of stride 2, as pix2pix and DCGAN do.

Source: Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", CVPR 2017. Four is a multiple
of the stride, so each output pixel of the transposed convolution is reached by equally many taps; what checkerboards
remain are those that training leaves in the weights.

Differs: a side of odd length is first continued by its last pixel, and the way up is cut to the size of its skip, so
that deep networks take pictures whose sides are no multiples of 2^levels. Sides that are, are treated as in the paper.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.layers.normalisation import norm_layer

if TYPE_CHECKING:
    from collections.abc import Sequence


def padded_to_even(features: Tensor) -> Tensor:
    """B×C×h×w, its last row and column repeated where h or w is odd."""
    height, width = features.shape[-2:]
    if height % 2 == 0 and width % 2 == 0:
        return features
    return F.pad(features, (0, width % 2, 0, height % 2), mode="replicate")


class StridedDown(nn.Module):
    """Halves a map: 4×4 convolution of stride 2, normalisation, leaky ReLU.

    Args:
        inputs: Channels of the map.
        outputs: Channels of the result.
        norm: As in `norm_layer`.
        leak: Slope of the activation below zero; 0 is ReLU.
    """

    def __init__(self, inputs: int, outputs: int, *, norm: str = "batch", leak: float = 0.2) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 4, stride=2, padding=1, bias=norm == "none")
        self.norm = norm_layer(norm, outputs)
        self.activation = nn.LeakyReLU(leak)

    def forward(self, features: Tensor) -> Tensor:
        """B×inputs×h×w to B×outputs×⌈h/2⌉×⌈w/2⌉."""
        return self.activation(self.norm(self.conv(padded_to_even(features))))


class TransposedUp(nn.Module):
    """Doubles a map: 4×4 transposed convolution of stride 2, batch normalisation, dropout, ReLU.

    Args:
        inputs: Channels of the map.
        outputs: Channels of the result.
        dropout: Probability that a value is dropped while training; 0 for none.
    """

    def __init__(self, inputs: int, outputs: int, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.conv = nn.ConvTranspose2d(inputs, outputs, 4, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.dropout = nn.Dropout(dropout)

    def forward(self, features: Tensor, size: Sequence[int]) -> Tensor:
        """B×inputs×h×w to B×outputs×`size`, at most one row and one column short of 2h×2w."""
        height, width = size
        return F.relu(self.dropout(self.norm(self.conv(features)[..., :height, :width])))
