"""Segments of the truth in another hue, so that a network learns to do what a hint asks for and not what is likely.

A segment is what is connected with a seed and looks like it, so that it ends where a thing ends and not at a distance
that no network could know. The flood runs for all photos of a batch at once, over small pictures.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.color.tensors import fit_chroma
from training.data.augmentation import GreyAndColor

if TYPE_CHECKING:
    from collections.abc import Sequence

LIKENESS = (12.0, 30.0)
"""How far colours lie from the seed's at most, in CIELAB units, from and to."""
SHADING = 0.5
"""What a difference of lightness counts in that: a thing has light and shade."""
FLOOD_SIDE = 32
FLOOD_STEPS = 48
LEAST_CHROMA = (10.0, 50.0)
"""Mean chroma to which a segment is raised that has less, from and to: grey things are asked for in colour too."""
TURN = math.pi / 3
"""A hue turns by at least this much either way."""


def recolored(
    pair: GreyAndColor, chosen: Tensor, seeds: Tensor, generator: torch.Generator
) -> tuple[GreyAndColor, Tensor]:
    """Gives a segment of some photos another hue, at the same lightness and within the gamut.

    Args:
        pair: The photos.
        chosen: n indices of the photos, on the CPU.
        seeds: n×2, places (x, y) in [0, 1] that the segments contain, on the CPU.
        generator: Of sizes and hues.

    Returns:
        The photos, and the segments, n×1×h×w bool.
    """
    count, device = len(chosen), pair.ab.device
    likeness, chroma = (_between(limits, count, generator).to(device) for limits in (LIKENESS, LEAST_CHROMA))
    turn = TURN + (2 * math.pi - 2 * TURN) * torch.rand(count, generator=generator)
    where = chosen.to(device)
    lab = torch.cat([pair.target_lightness[where], pair.ab[where]], dim=1)
    inside = segments(lab, seeds.to(device), likeness)
    changed = fit_chroma(torch.cat([lab[:, :1], _turned(lab[:, 1:], inside, turn.to(device), chroma.flatten())], dim=1))
    ab = pair.ab.index_copy(0, where, torch.where(inside, changed[:, 1:], lab[:, 1:]))
    return GreyAndColor(pair.lightness, ab, pair.target_lightness), inside


def segments(lab: Tensor, seeds: Tensor, likeness: Tensor) -> Tensor:
    """What is connected with a seed and looks like it.

    Args:
        lab: n×3×h×w CIELAB.
        seeds: n×2 places (x, y) in [0, 1].
        likeness: n×1×1×1, how far colours lie from the seed's at most, in CIELAB units.

    Returns:
        n×1×h×w bool, true at least where the seed is.
    """
    height, width = lab.shape[2:]
    seed = _at(seeds, height, width)
    color = (lab * seed).sum(dim=(2, 3), keepdim=True)
    alike = _distance(lab, color) <= likeness
    rows, columns = min(height, FLOOD_SIDE), min(width, FLOOD_SIDE)
    start = _at(seeds, rows, columns)
    dry = (_distance(F.adaptive_avg_pool2d(lab, (rows, columns)), color) <= likeness).to(lab.dtype)
    flood = start
    for _ in range(FLOOD_STEPS):
        flood = torch.maximum(F.max_pool2d(flood, 3, stride=1, padding=1) * dry, start)
    if (rows, columns) != (height, width):
        flood = F.interpolate(F.max_pool2d(flood, 3, stride=1, padding=1), (height, width))
    return (flood > 0) & alike | (seed > 0)


def _at(places: Tensor, height: int, width: int) -> Tensor:
    """n×1×h×w, 1 in the pixel that contains the place and 0 elsewhere."""
    size = torch.tensor([width, height], device=places.device)
    column, row = (places * size).long().clamp(min=0).minimum(size - 1).unbind(1)
    return F.one_hot(row * width + column, height * width).view(-1, 1, height, width).to(torch.float32)


def _distance(lab: Tensor, color: Tensor) -> Tensor:
    """n×1×h×w: how far n×3×h×w colours lie from n×3×1×1 ones."""
    difference = (lab - color).square()
    return (difference[:, :1] * SHADING**2 + difference[:, 1:2] + difference[:, 2:]).sqrt()


def _turned(ab: Tensor, inside: Tensor, turn: Tensor, least_chroma: Tensor) -> Tensor:
    """Colours whose mean over the segment has turned and has at least this chroma; their variation turns along."""
    weight = inside / inside.sum(dim=(2, 3), keepdim=True)
    mean = (ab * weight).sum(dim=(2, 3))  # n×2
    chroma = mean.square().sum(dim=1).sqrt()
    hue = torch.atan2(mean[:, 1], mean[:, 0]) + turn
    new_chroma = torch.maximum(chroma, least_chroma)
    new_mean = torch.stack([hue.cos(), hue.sin()], dim=1) * new_chroma[:, None]
    cosine, sine = turn.cos()[:, None, None], turn.sin()[:, None, None]
    a, b = (ab - mean[:, :, None, None]).unbind(1)
    varying = torch.stack([a * cosine - b * sine, a * sine + b * cosine], dim=1)
    return new_mean[:, :, None, None] + varying


def _between(limits: Sequence[float], count: int, generator: torch.Generator) -> Tensor:
    low, high = limits
    return low + (high - low) * torch.rand(count, 1, 1, 1, generator=generator)
