"""A penalty on colours that dominate the output.

A network that minimises an average error paints whatever it is unsure of in one muted brown, so that a single colour
covers most of its output. Its sources name the remedy, "penalizing dominant output colors", without a definition, so it
is ours: the output's histogram over ab bins against the truth's, of the same image, wherever they are. Punishing every
large share would punish a clear sky, which is one colour and should be; what is punished is a colour's share *beyond*
the truth's, and its square, so that one colour that has swallowed the others costs much and scattered small differences
next to nothing. As the two histograms have the same sum, colours that are missing need no term of their own.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.models.bins import soft_encode


def dominant_colors(ab: Tensor, truth: Tensor, bins: Tensor) -> Tensor:
    """Mean over images of Σ_q max(0, h_q − t_q)², in [0, 1): h, t the soft histograms of output and truth.

    Args:
        ab: B×2×h×w in CIELAB units.
        truth: B×2×h×w in CIELAB units.
        bins: Q×2 in CIELAB units.
    """
    excess = _histogram(ab, bins) - _histogram(truth, bins)
    return excess.clamp(min=0).square().sum(dim=1).mean()


def _histogram(ab: Tensor, bins: Tensor) -> Tensor:
    """B×Q shares of the bins, each colour spread over its five nearest: the spreading lets gradients through."""
    batch = len(ab)
    index, weight = soft_encode(ab.float().permute(0, 2, 3, 1).reshape(batch, -1, 2), bins)  # B×n×5
    counts = torch.zeros(batch, len(bins), device=ab.device)
    return counts.scatter_add(1, index.flatten(1), weight.flatten(1)) / index.shape[1]
