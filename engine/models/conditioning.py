"""Hints as tensors: the one place that makes `HintTensors`, for training and for use alike.

It takes plain numbers, never a `Hint`: a *spot* is a disc of one colour. A stroke is many spots.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.models.contract import AB_BOUND, HintTensors

SPOT_FIELDS = 6
"""x, y in [0, 1]; a*, b* in CIELAB units; radius in pixels of the network's input; kind (0 colour, 1 keep)."""

TOGETHER = {"cpu": 1 << 18}
"""Pixels × spots that are compared at once at most: what a CPU holds in its cache."""
TOGETHER_ELSEWHERE = 1 << 26


def hint_tensors(spots: Tensor, spot_mask: Tensor, size: tuple[int, int]) -> HintTensors:
    """Paints spots onto planes and lists them as tokens.

    Args:
        spots: B×N×6 as `SPOT_FIELDS` says; later spots lie over earlier ones.
        spot_mask: B×N, true where a spot counts.
        size: (H, W) of the network's input.

    Returns:
        The hints. A spot smaller than a pixel still marks the pixel that it lies in. "Keep" has no colour of its own:
        its planes stay zero, and they erase what an earlier hint had put there.
    """
    mask = spot_mask.to(torch.bool)
    colors = spots[..., 2:4] / AB_BOUND
    colored = (spots[..., 5:6] == 0).to(spots.dtype)
    # Row 0 is for pixels that no spot covers.
    values = F.pad(torch.cat([colors * colored, colored], dim=-1), (0, 0, 1, 0))  # B×(1+N)×3
    owner = _latest(spots, mask, size).flatten(1)
    planes = values.gather(1, owner[..., None].expand(-1, -1, 3)).transpose(1, 2).reshape(len(spots), 3, *size)
    tokens = torch.cat([spots[..., :2], colors, spots[..., 5:6]], dim=-1)
    return HintTensors(planes, tokens * mask[..., None], mask)


def _latest(spots: Tensor, mask: Tensor, size: tuple[int, int]) -> Tensor:
    """B×H×W, the number of the last spot over each pixel, from 1; 0 where there is none."""
    height, width = size
    batch, count, _ = spots.shape
    x = spots[..., 0] * width - 0.5  # pixel centres lie at whole numbers
    y = spots[..., 1] * height - 0.5
    reach = spots[..., 4].clamp(min=0.71) ** 2
    across = (torch.arange(width, device=spots.device) - x[..., None]).square()  # B×N×W
    down = (torch.arange(height, device=spots.device) - y[..., None]).square()  # B×N×H
    number = (torch.arange(1, count + 1, device=spots.device) * mask).to(torch.int32)  # B×N
    latest = torch.zeros(batch, height, width, dtype=torch.int32, device=spots.device)
    at_once = TOGETHER.get(spots.device.type, TOGETHER_ELSEWHERE)
    step = max(1, at_once // max(1, batch * height * width))
    for few in (slice(start, start + step) for start in range(0, count, step)):
        covered = across[:, few, None, :] + down[:, few, :, None] <= reach[:, few, None, None]
        latest = torch.maximum(latest, (covered * number[:, few, None, None]).amax(dim=1))
    return latest.to(torch.int64)


def no_hints(batch: int, size: tuple[int, int], device: torch.device | str = "cpu") -> HintTensors:
    """Hints without a single hint, for B pictures of (H, W) pixels."""
    spots = torch.zeros(batch, 0, SPOT_FIELDS, device=device)
    return hint_tensors(spots, torch.zeros(batch, 0, dtype=torch.bool, device=device), size)


def pooled_planes(planes: Tensor, size: tuple[int, int]) -> Tensor:
    """Hint planes at a decoder's scale, by masked mean: a small hint keeps its colour, only its mask thins out.

    Args:
        planes: B×3×H×W as in `HintTensors`.
        size: (h, w) of the scale.

    Returns:
        B×3×h×w: mean a*/110 and b*/110 of the hinted pixels, and their share in [0, 1].
    """
    pooled = F.adaptive_avg_pool2d(planes, size)
    share = pooled[:, 2:]
    return torch.cat([pooled[:, :2] / share.clamp(min=1e-6), share], dim=1)
