"""Mean squared error of a network that speaks RGB, before its output is translated to ab at the truth's lightness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional as F

if TYPE_CHECKING:
    from torch import Tensor


def rgb_l2(srgb: Tensor, truth: Tensor) -> Tensor:
    """Mean over all channels of e², e in display values.

    Args:
        srgb: B×3×h×w in [0, 1].
        truth: The same.
    """
    return F.mse_loss(srgb.float(), truth)
