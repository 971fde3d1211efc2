"""Soft-encoded cross-entropy over ab bins.

Source: R. Zhang, P. Isola, A. A. Efros, "Colorful Image Colorization", ECCV 2016, equation 2, without rebalancing.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.models.bins import soft_encode


def soft_bins(logits: Tensor, truth: Tensor, bins: Tensor) -> Tensor:
    """Mean cross-entropy in nats between the predicted distribution and the truth spread over its five nearest bins.

    Args:
        logits: B×Q×h×w before softmax.
        truth: B×2×h×w in CIELAB units.
        bins: Q×2 in CIELAB units.
    """
    index, weight = soft_encode(truth.permute(0, 2, 3, 1), bins)
    log_probability = torch.log_softmax(logits.float(), dim=1).permute(0, 2, 3, 1)
    return -(log_probability.gather(-1, index) * weight).sum(-1).mean()
