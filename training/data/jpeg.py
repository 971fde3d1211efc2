"""JPEG compression as it is seen, for a batch on the device: blocks of 8×8 whose cosine coefficients are rounded.

Source: ITU-T T.81 (1992), annex A.3 (the transform) and table K.1 (luminance quantisation), scaled by quality as in the
library of the Independent JPEG Group. It rounds, so it has no useful gradient: it makes inputs, never outputs.
"""

from __future__ import annotations

import functools
import math

import torch
from torch import Tensor
from torch.nn import functional as F

BLOCK = 8
QUANTISATION = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)


def quantisation(quality: Tensor) -> Tensor:
    """The quantisation tables of N qualities in [1, 100]: N×8×8 whole numbers in [1, 255]."""
    scale = torch.where(quality < 50, 5000 / quality, 200 - 2 * quality)[:, None, None]
    table = torch.tensor(QUANTISATION, dtype=torch.float32, device=quality.device)
    return ((table * scale + 50) / 100).floor().clamp(1, 255)


def compressed(grey: Tensor, quality: Tensor, offset: tuple[int, int] = (0, 0)) -> Tensor:
    """What comes out of grey JPEG files.

    Args:
        grey: N×1×H×W display values in [0, 255].
        quality: N, in [1, 100].
        offset: Rows and columns, 0 to 7 each, by which the first block reaches beyond the top-left corner.

    Returns:
        N×1×H×W in [0, 255], not rounded.
    """
    height, width = grey.shape[2:]
    top, left = offset
    padding = (left, -(left + width) % BLOCK, top, -(top + height) % BLOCK)
    padded = F.pad(grey, padding, mode="replicate") - 128
    rows, columns = padded.shape[2] // BLOCK, padded.shape[3] // BLOCK
    blocks = padded.view(-1, rows, BLOCK, columns, BLOCK).transpose(2, 3)  # N×rows×columns×8×8
    cosines = _cosines().to(grey.device)
    table = quantisation(quality)[:, None, None]
    coefficients = (cosines @ blocks @ cosines.T / table).round() * table
    restored = (cosines.T @ coefficients @ cosines).transpose(2, 3).reshape(padded.shape) + 128
    return restored[:, :, top : top + height, left : left + width].clamp(0, 255)


@functools.cache
def _cosines() -> Tensor:
    """The orthonormal transform (DCT-II) of 8 values, 8×8."""
    frequency, place = torch.meshgrid(torch.arange(BLOCK), torch.arange(BLOCK), indexing="ij")
    waves = torch.cos((2 * place + 1) * frequency * math.pi / (2 * BLOCK)) / 2
    waves[0] /= math.sqrt(2)
    return waves
