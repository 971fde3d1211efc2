"""The ab bins of the distribution heads, and how a colour is spread over them.

Source: R. Zhang, P. Isola, A. A. Efros, "Colorful Image Colorization", ECCV 2016 (grid 10, soft encoding over the five
nearest bins with a Gaussian of sigma 5).
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from engine.color.gamut import in_gamut

if TYPE_CHECKING:
    from engine.color.lab import FloatArray

GRID = 10.0
NEIGHBOURS = 5
SIGMA = 5.0


@functools.cache
def _centres() -> FloatArray:
    """The bins of `ab_bins`; found once, for the search takes as long as building a small network."""
    fine = np.arange(-115.0, 115.0, 2.5, dtype=np.float32) + 1.25
    lightness = np.linspace(1.0, 99.0, 50, dtype=np.float32)
    lab = np.stack(np.meshgrid(lightness, fine, fine, indexing="ij"), axis=-1)
    exists = in_gamut(lab).any(axis=0)  # 92×92 over a*, b*
    cells = exists.reshape(23, 4, 23, 4).any(axis=(1, 3))
    a, b = np.nonzero(cells)
    return np.stack([a, b], axis=1).astype(np.float32) * GRID - 110.0


def ab_bins() -> Tensor:
    """The centres of the bins on a grid of 10 in which sRGB has colours: Q×2 in CIELAB units, float32.

    Cells of which sRGB fills only a sliver are left out, so a colour lies within 7.7 of its nearest bin, not 7.1.
    """
    return torch.tensor(_centres())


def soft_encode(ab: Tensor, bins: Tensor) -> tuple[Tensor, Tensor]:
    """Spreads each colour over its five nearest bins.

    Args:
        ab: ...×2 in CIELAB units.
        bins: Q×2 centres.

    Returns:
        Indices ...×5 into the bins, and weights ...×5 that sum to 1.
    """
    distance = torch.cdist(ab.reshape(-1, 2), bins)
    nearest, index = distance.topk(NEIGHBOURS, dim=1, largest=False)
    weight = torch.softmax(-nearest.square() / (2 * SIGMA**2), dim=1)
    shape = (*ab.shape[:-1], NEIGHBOURS)
    return index.reshape(shape), weight.reshape(shape)


def annealed_mean(logits: Tensor, bins: Tensor, temperature: float = 0.38) -> Tensor:
    """Zhang's annealed mean: vivid at low temperature (the mode), brown at 1 (the mean).

    Args:
        logits: B×Q×h×w.
        bins: Q×2 in CIELAB units.
        temperature: Greater than 0.

    Returns:
        B×2×h×w in CIELAB units.
    """
    return torch.einsum("bqhw,qc->bchw", torch.softmax(logits / temperature, dim=1), bins)
