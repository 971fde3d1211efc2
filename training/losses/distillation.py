"""Distillation: a small network learns what a large one says of the same photos.

Source: G. Hinton, O. Vinyals, J. Dean, "Distilling the Knowledge in a Neural Network", 2015, at temperature 1. The
teacher's distribution tells of each photo which other colours would do, which its one true colouring does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional as F

if TYPE_CHECKING:
    from torch import Tensor


def distillation(logits: Tensor, teacher: Tensor) -> Tensor:
    """Mean over the pixels of the Kullback-Leibler divergence in nats of a distribution from its teacher's.

    Args:
        logits: B×Q×h×w, before softmax.
        teacher: The same, of the teacher.
    """
    found, wanted = logits.float().log_softmax(dim=1), teacher.float().log_softmax(dim=1)
    pixels = logits.numel() / logits.shape[1]
    return F.kl_div(found, wanted, reduction="sum", log_target=True) / pixels
