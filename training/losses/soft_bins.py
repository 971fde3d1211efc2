"""Soft-encoded cross-entropy over ab bins, with or without more weight for rare colours.

Source: R. Zhang, P. Isola, A. A. Efros, "Colorful Image Colorization", ECCV 2016, equations 2 and 3.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.models.bins import soft_encode


def soft_bins(logits: Tensor, truth: Tensor, bins: Tensor, weights: Tensor | None = None) -> Tensor:
    """Mean cross-entropy in nats between the predicted distribution and the truth spread over its five nearest bins.

    Args:
        logits: B×Q×h×w before softmax.
        truth: B×2×h×w in CIELAB units.
        bins: Q×2 in CIELAB units.
        weights: Q, by which a pixel counts whose nearest bin that is (see `rebalancing`); None counts all the same.
            They are not divided out again: their expectation over the photos is 1, not that over each batch.
    """
    index, share = soft_encode(truth.permute(0, 2, 3, 1), bins)  # B×h×w×5 each, the nearest bin first
    log_probability = torch.log_softmax(logits.float(), dim=1).permute(0, 2, 3, 1)
    entropy = -(log_probability.gather(-1, index) * share).sum(-1)
    return (entropy if weights is None else entropy * weights[index[..., 0]]).mean()
