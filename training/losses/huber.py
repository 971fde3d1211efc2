"""Huber loss on ab/110. Source: P. J. Huber, 1964; in colorization: Zhang et al., SIGGRAPH 2017."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional as F

from engine.models.contract import AB_BOUND

if TYPE_CHECKING:
    from torch import Tensor


def huber(ab: Tensor, truth: Tensor, delta: float) -> Tensor:
    """Mean over all channels of e²/(2 delta) for |e| < delta, |e| - delta/2 beyond; e in ab/110.

    Args:
        ab: B×2×h×w in CIELAB units.
        truth: The same.
        delta: In ab/110.
    """
    return F.smooth_l1_loss(ab / AB_BOUND, truth / AB_BOUND, beta=delta)
