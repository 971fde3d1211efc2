"""Hints as a person might give them, drawn from the true colours of a batch.

Source: R. Zhang et al., "Real-Time User-Guided Image Colorization with Learned Deep Priors", SIGGRAPH 2017: the number
of hints is geometric with p = 1/8, their places are N(centre, side/4), each is a small patch with its mean colour.
Differs from it: the colour is that of one place of the true ab, which is itself a mean of 4×4 pixels.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.models.conditioning import SPOT_FIELDS, hint_tensors

if TYPE_CHECKING:
    from engine.models.contract import HintTensors

MAX_HINTS = 24
RATE = 1 / 8


def draw_hints(ab: Tensor, size: int, share: float, generator: torch.Generator) -> HintTensors:
    """Draws hints for a part of the batch.

    Args:
        ab: B×2×h×h true colours in CIELAB units.
        size: Side of the network's input in pixels.
        share: Probability that a photo gets hints at all.
        generator: Of all that is drawn.

    Returns:
        Hints for all B photos; a photo without any has a mask that is false throughout.
    """
    batch, device = len(ab), ab.device
    hinted = torch.rand(batch, 1, generator=generator) < share
    count = torch.empty(batch, 1).geometric_(RATE, generator=generator).clamp(max=MAX_HINTS)
    most = int((count * hinted).max())
    mask = (torch.arange(most)[None, :] < count) & hinted
    place = (0.5 + 0.25 * torch.randn(batch, most, 2, generator=generator)).clamp(0.02, 0.98)
    radius = 0.5 + 4 * torch.rand(batch, most, 1, generator=generator)
    place, radius, mask = place.to(device), radius.to(device), mask.to(device)
    if most == 0:
        spots = torch.zeros(batch, 0, SPOT_FIELDS, device=device)
        return hint_tensors(spots, mask, (size, size))
    color = F.grid_sample(ab, place[:, :, None] * 2 - 1, align_corners=False, padding_mode="border")
    color = color[..., 0].transpose(1, 2)
    spots = torch.cat([place, color, radius, torch.zeros_like(radius)], dim=-1)
    return hint_tensors(spots, mask, (size, size))
