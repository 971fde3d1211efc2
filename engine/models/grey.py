"""Lightness as the grey picture that a network expects which was made for sRGB pictures."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.color.lab import DELTA, LINEAR_OFFSET, LINEAR_SLOPE
from engine.color.tensors import encode_srgb


def grey_srgb(lightness: Tensor) -> Tensor:
    """The display value of a neutral grey.

    Args:
        lightness: L* in [0, 100], any shape.

    Returns:
        R = G = B in [0, 1] of the colour with that L* and a* = b* = 0, the same shape. No matrices: exact in float32
        under autocast too.
    """
    f = (lightness.float() + 16) / 116
    linear = torch.where(f > DELTA, f**3, (f - LINEAR_OFFSET) / LINEAR_SLOPE)
    return encode_srgb(linear.clamp(0, 1))
