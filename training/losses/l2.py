"""Mean squared error of ab/110, the loss of the first networks that coloured photos (Cheng et al., ICCV 2015)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional as F

from engine.models.contract import AB_BOUND

if TYPE_CHECKING:
    from torch import Tensor


def l2(ab: Tensor, truth: Tensor) -> Tensor:
    """Mean over all channels of e², e in ab/110: its best guess is the mean of the possible colours, and so brown.

    Args:
        ab: B×2×h×w in CIELAB units.
        truth: The same.
    """
    return F.mse_loss(ab / AB_BOUND, truth / AB_BOUND)
