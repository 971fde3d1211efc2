"""Weights that let rare colours count as much as common ones, for `soft_bins`.

Source: R. Zhang, P. Isola, A. A. Efros, "Colorful Image Colorization", ECCV 2016, equation 4 and section 2.2.
Differs from it: the weights may be capped, for a bin that a small collection hardly ever shows would otherwise outweigh
all skies.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.models.bins import soft_encode

CHUNK = 1 << 16
HALVINGS = 60


def bin_prior(maps: Tensor, bins: Tensor) -> Tensor:
    """How often each bin's colour occurs, smoothed by the Gaussian of sigma 5 of the soft encoding.

    Args:
        maps: N×2×h×w colours of photos in CIELAB units; a few thousand small maps suffice.
        bins: Q×2 in CIELAB units.

    Returns:
        Q shares that sum to 1, float32.
    """
    colors = maps.permute(0, 2, 3, 1).reshape(-1, 2)
    shares = torch.zeros(len(bins), dtype=torch.float64)
    for start in range(0, len(colors), CHUNK):
        index, weight = soft_encode(colors[start : start + CHUNK], bins)
        shares.index_add_(0, index.flatten().cpu(), weight.flatten().double().cpu())
    return (shares / shares.sum()).to(bins.device, torch.float32)


def rebalancing_weights(prior: Tensor, mix: float = 0.5, cap: float | None = None) -> Tensor:
    """Weights ∝ ((1 − λ) p + λ/Q)^−1 with Σ p w = 1, so that the loss keeps its size.

    Args:
        prior: Q shares p that sum to 1.
        mix: λ in (0, 1]: how much of the uniform distribution is mixed into p; 1 weighs all the same. (At 0 a bin that
            never occurs would weigh infinitely much.)
        cap: The largest weight, at least 1; what it cuts off is made up for by the others, so that Σ p w = 1 holds
            with it too. None for any.

    Returns:
        Q weights, float32.
    """
    share = prior.double()
    raw = 1 / ((1 - mix) * share + mix / len(share))
    weights = raw / (share * raw).sum()
    if cap is not None and bool((weights > cap).any()):
        weights = _capped(weights, share, cap)
    return weights.to(torch.float32)


def _capped(weights: Tensor, share: Tensor, cap: float) -> Tensor:
    """min(s w, cap) with the scale s at which its expectation is 1, found by halving."""
    low, high = weights.new_ones(()), cap / weights.min()
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        enough = (share * (middle * weights).clamp(max=cap)).sum() >= 1
        low, high = torch.where(enough, low, middle), torch.where(enough, middle, high)
    return (high * weights).clamp(max=cap)
