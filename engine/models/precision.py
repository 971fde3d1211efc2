"""Full precision for the few computations whose rounding would be seen."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager


def without_autocast(device: torch.device) -> AbstractContextManager[object]:
    """A block in which float32 tensors of a device are computed with in float32, whatever autocast is on around it.

    Args:
        device: Where the tensors are; may be one that knows no autocast, as the meta device.
    """
    if not torch.amp.is_autocast_available(device.type):
        return nullcontext()
    return torch.autocast(device.type, enabled=False)
