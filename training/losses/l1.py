"""Mean absolute error of ab/110, which Isola et al. (CVPR 2017) put beside the adversarial loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional as F

from engine.models.contract import AB_BOUND

if TYPE_CHECKING:
    from torch import Tensor


def l1(ab: Tensor, truth: Tensor) -> Tensor:
    """Mean over all channels of |e|, e in ab/110: its best guess is the median of the possible colours.

    Args:
        ab: B×2×h×w in CIELAB units.
        truth: The same.
    """
    return F.l1_loss(ab / AB_BOUND, truth / AB_BOUND)
