"""The edge of networks that speak RGB: their picture's colours as ab, in full precision.

Only the colours of such a picture are used; its lightness, like that of every photo, stays the photographer's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.color.tensors import srgb_to_lab
from engine.models.precision import without_autocast

if TYPE_CHECKING:
    from torch import Tensor


def ab_of_srgb(srgb: Tensor) -> Tensor:
    """The colours of a picture that a network made.

    Args:
        srgb: B×3×H×W in [0, 1], in any floating-point precision.

    Returns:
        B×2×H×W, a* and b* in CIELAB units, float32 even under autocast.
    """
    with without_autocast(srgb.device):
        return srgb_to_lab(srgb.float())[:, 1:]
