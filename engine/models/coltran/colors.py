"""Pictures as whole numbers: 8 bits a channel, 3 bits a channel, and one symbol of 512 a pixel."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

BYTES = 256
LEVELS = 8
"""Levels of a channel at 3 bits."""
SYMBOLS = LEVELS**3
CHANNELS = 3


def byte_values(picture: Tensor) -> Tensor:
    """Display values in [0, 1] as whole numbers from 0 to 255, int64, any shape."""
    return (picture.float() * (BYTES - 1)).round().clamp(0, BYTES - 1).long()


def display_values(values: Tensor) -> Tensor:
    """Whole numbers from 0 to 255 as display values in [0, 1], float32, any shape."""
    return values.float() / (BYTES - 1)


def symbols_of(values: Tensor) -> Tensor:
    """The coarse colours of 8-bit pictures: B×3×h×w to B×h×w, 64·R + 8·G + B of the upper three bits."""
    red, green, blue = (values // (BYTES // LEVELS)).unbind(1)
    return (red * LEVELS + green) * LEVELS + blue


def levels_of(symbols: Tensor) -> Tensor:
    """The channels of coarse colours: B×h×w to B×3×h×w, each from 0 to 7."""
    return torch.stack([symbols // LEVELS**2, symbols // LEVELS % LEVELS, symbols % LEVELS], dim=1)


def resized_by_area(picture: Tensor, side: int) -> Tensor:
    """Squeezes or stretches B×C×H×W to a square, each pixel the mean over the area that it comes from."""
    return F.interpolate(picture, size=(side, side), mode="area")
