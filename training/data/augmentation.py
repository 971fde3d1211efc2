"""What an old camera would have seen of a colour photo, for a batch on the device.

Old plates did not see L*: blue-sensitive and orthochromatic emulsions darken skin and lips and blow out skies,
panchromatic film behind a filter does the reverse. So the grey input is mixed from the colours, and the target colours
are brought into the gamut at the new lightness. Ageing touches the input alone, never the target colours. All is drawn
from a generator on the CPU, so that a run does not depend on the device.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.color.tensors import fit_chroma, linear_rgb_to_lab, linearize
from training.data.ageing import aged
from training.data.batches import parts
from training.data.emulsion import draw_emulsions, expose

if TYPE_CHECKING:
    from training.recipe import AugmentationRecipe


LEVELS = 255 * 16
"""Steps of the table of display values: exact for 8 bits, and for means of 4 or 16 such values, as in crops."""


@dataclass(frozen=True, slots=True)
class GreyAndColor:
    """A training pair; s is the network's output stride.

    Attributes:
        lightness: B×1×S×S, the L* that the network sees.
        ab: B×2×S/s×S/s, the colours that it is to find, in CIELAB units.
        target_lightness: B×1×S/s×S/s, the L* at which they exist.
    """

    lightness: Tensor
    ab: Tensor
    target_lightness: Tensor


def true_pair(srgb: Tensor, stride: int = 4) -> GreyAndColor:
    """Lightness and colours as they are, without augmentation.

    Args:
        srgb: B×3×S×S in [0, 1].
        stride: How many input pixels a pixel of the target colours is wide; divides S.
    """
    batch, _, height, width = srgb.shape
    lightness = srgb.new_empty(batch, 1, height, width)
    small = srgb.new_empty(batch, 3, height // stride, width // stride)
    for part in parts(batch, height * width, srgb.device):
        lab = linear_rgb_to_lab(linear_light(srgb[part]))
        lightness[part], small[part] = lab[:, :1], block_mean(lab, stride)
    return GreyAndColor(lightness, small[:, 1:], small[:, :1])


def aged_pair(srgb: Tensor, generator: torch.Generator, recipe: AugmentationRecipe, stride: int = 4) -> GreyAndColor:
    """Lightness as old plates and old prints have it, and the colours that exist there.

    Args:
        srgb: B×3×S×S in [0, 1].
        generator: Of all that is drawn.
        recipe: How often each thing happens, and how strongly.
        stride: How many input pixels a pixel of the target colours is wide; divides S.
    """
    batch, device = len(srgb), srgb.device
    pair = true_pair(srgb, stride)
    developed = _some(batch, recipe.emulsion, generator)
    if len(developed):
        shares = draw_emulsions(len(developed), generator).to(device)
        pair = _developed(pair, srgb, developed.to(device), shares, stride)
    lightness = pair.lightness
    if recipe.tone > 1:
        exponents = (2 * torch.rand(batch, 1, 1, 1, generator=generator) - 1) * math.log(recipe.tone)
        lightness = toned(lightness, exponents.exp().to(device))
    old = _some(batch, recipe.ageing, generator)
    if len(old):
        old = old.to(device)
        lightness = lightness.index_copy(0, old, aged(lightness[old], generator, recipe))
    return replace(pair, lightness=lightness)


def _some(batch: int, probability: float, generator: torch.Generator) -> Tensor:
    """The indices of the pictures, each of which is chosen with this probability; on the CPU."""
    return (torch.rand(batch, generator=generator) < probability).nonzero()[:, 0]


def _developed(pair: GreyAndColor, srgb: Tensor, chosen: Tensor, shares: Tensor, stride: int) -> GreyAndColor:
    """Some of the photos as old plates saw them, with the colours that exist at the lightness there."""
    seen = expose(linear_light(srgb[chosen]), shares)
    lab = fit_chroma(torch.cat([block_mean(seen, stride), pair.ab[chosen]], dim=1))
    return GreyAndColor(
        pair.lightness.index_copy(0, chosen, seen),
        pair.ab.index_copy(0, chosen, lab[:, 1:]),
        pair.target_lightness.index_copy(0, chosen, lab[:, :1]),
    )


def linear_light(srgb: Tensor) -> Tensor:
    """`linearize` of pictures in [0, 1] by a table, which takes a CPU far less time; without a gradient."""
    table = linearize(torch.arange(LEVELS + 1, device=srgb.device) / LEVELS)
    level = (srgb * LEVELS).add_(0.5).clamp_(0, LEVELS).to(torch.int32)
    return table.index_select(0, level.reshape(-1)).view(srgb.shape)


def toned(lightness: Tensor, exponent: Tensor) -> Tensor:
    """A tone curve: 100 (L*/100)^exponent; black and white stay.

    Args:
        lightness: B×1×H×W L*.
        exponent: B×1×1×1.
    """
    return 100 * (lightness / 100).clamp(0, 1) ** exponent


def block_mean(planes: Tensor, stride: int) -> Tensor:
    """The means of s×s blocks: B×C×H×W to B×C×H/s×W/s."""
    if stride == 1:
        return planes
    # Rows first, for whole rows add up fast; on CPUs this takes a fraction of the time of `avg_pool2d`.
    batch, channels, height, width = planes.shape
    rows = planes.reshape(batch, channels, height // stride, stride, width).sum(3)
    return rows.view(batch, channels, height // stride, width // stride, stride).sum(4) / stride**2
