"""Colourfulness as a loss.

Sources: D. Hasler, S. Suesstrunk, "Measuring colourfulness in natural images", SPIE 5007 (2003); X. Kang et al.,
"DDColor", ICCV 2023: 1 − (σ + 0.3 µ)/100. DDColor's published code differs from its paper and from the measure: it
takes the absolute values of the opponent channels (so that a picture half red, half green has no spread), and 1 − M on
the scale 0-1, which is 2.55 times as steep.
"""

from __future__ import annotations

import torch
from torch import Tensor


def colorfulness(srgb: Tensor) -> Tensor:
    """Mean over images of 1 − M/100, M = √(σ²_rg + σ²_yb) + 0.3 √(µ²_rg + µ²_yb) on the scale 0-255.

    Args:
        srgb: B×3×H×W in [0, 1].

    Returns:
        A scalar: 1 for grey, below 0 for pictures more colourful than any photo.
    """
    red, green, blue = (srgb.float() * 255).unbind(1)
    opponents = torch.stack([red - green, (red + green) / 2 - blue], dim=1).flatten(2)  # B×2×n
    spread = _length(opponents.var(dim=2, correction=0).sum(dim=1))
    mean = _length(opponents.mean(dim=2).square().sum(dim=1))
    return (1 - (spread + 0.3 * mean) / 100).mean()


def _length(square: Tensor) -> Tensor:
    """A root whose gradient stays finite for grey pictures."""
    return (square + 1e-6).sqrt()
