"""Segments of the truth in another hue, so that a network learns to do what a hint asks for and not what is likely.

A segment is what lies near a seed and looks like it: all places within an ellipsoid over position, lightness and
colour. That follows the edges of things without any search, for a whole batch at once.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.color.tensors import fit_chroma
from training.data.augmentation import GreyAndColor

if TYPE_CHECKING:
    from collections.abc import Sequence

REACH = (0.15, 0.6)
"""Radius of a segment, as a share of the picture's side, from and to."""
LIKENESS = (15.0, 40.0)
"""Radius in CIELAB units, from and to."""
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
    reach, likeness, chroma = (
        _between(limits, count, generator).to(device) for limits in (REACH, LIKENESS, LEAST_CHROMA)
    )
    turn = (TURN + (2 * math.pi - 2 * TURN) * torch.rand(count, 1, 1, generator=generator)).to(device)
    where = chosen.to(device)
    lab = torch.cat([pair.target_lightness[where], pair.ab[where]], dim=1)
    inside = segments(lab, seeds.to(device), reach, likeness)
    changed = fit_chroma(torch.cat([lab[:, :1], _turned(lab[:, 1:], inside, turn, chroma)], dim=1))
    ab = pair.ab.index_copy(0, where, torch.where(inside, changed[:, 1:], lab[:, 1:]))
    return GreyAndColor(pair.lightness, ab, pair.target_lightness), inside


def segments(lab: Tensor, seeds: Tensor, reach: Tensor, likeness: Tensor) -> Tensor:
    """What lies near a seed and looks like it.

    Args:
        lab: n×3×h×w CIELAB.
        seeds: n×2 places (x, y) in [0, 1].
        reach: n×1×1, the radius in shares of the picture's side.
        likeness: n×1×1, the radius in CIELAB units.

    Returns:
        n×1×h×w bool, true at least where the seed is.
    """
    height, width = lab.shape[2:]
    size = torch.tensor([width, height], device=lab.device)
    place = (seeds * size).long().clamp(min=0).minimum(size - 1)  # n×2: column, row
    sample = torch.arange(len(lab), device=lab.device)
    color = lab[sample, :, place[:, 1], place[:, 0]][:, :, None, None]
    across = (torch.arange(width, device=lab.device) - place[:, :1]) / max(height, width)  # n×w
    down = (torch.arange(height, device=lab.device) - place[:, 1:]) / max(height, width)
    far = (across.square()[:, None, :] + down.square()[:, :, None]) / reach.square()  # n×h×w
    other = (lab - color).square().sum(1) / likeness.square()
    return (far + other <= 1)[:, None]


def _turned(ab: Tensor, inside: Tensor, turn: Tensor, least_chroma: Tensor) -> Tensor:
    """Colours whose mean over the segment has turned and has at least this chroma; their variation turns along."""
    weight = inside / inside.sum(dim=(2, 3), keepdim=True)
    mean = (ab * weight).sum(dim=(2, 3))  # n×2
    chroma = mean.square().sum(dim=1).sqrt()
    angle = turn[:, 0, 0]
    hue = torch.atan2(mean[:, 1], mean[:, 0]) + angle
    new_chroma = torch.maximum(chroma, least_chroma[:, 0, 0])
    new_mean = torch.stack([hue.cos(), hue.sin()], dim=1) * new_chroma[:, None]
    cosine, sine = angle.cos()[:, None, None], angle.sin()[:, None, None]
    a, b = (ab - mean[:, :, None, None]).unbind(1)
    varying = torch.stack([a * cosine - b * sine, a * sine + b * cosine], dim=1)
    return new_mean[:, :, None, None] + varying


def _between(limits: Sequence[float], count: int, generator: torch.Generator) -> Tensor:
    low, high = limits
    return low + (high - low) * torch.rand(count, 1, 1, generator=generator)
