"""What an old camera would have seen of a colour photo, for a batch on the device.

Old plates did not see L*: blue-sensitive and orthochromatic emulsions darken skin and lips and blow out skies,
panchromatic film behind a filter does the reverse. So the grey input is mixed from the colours, and the target colours
are brought into the gamut at the new lightness. Ageing (tone, fade, blur, grain) touches the input alone, never the
target colours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.color.tensors import compress, fit_chroma, linear_rgb_to_lab, linearize

if TYPE_CHECKING:
    from training.recipe import AugmentationRecipe

# Shares of linear red, green, blue that the emulsion sees. After the published spectral sensitivities: collodion and
# early dry plates saw blue alone, orthochromatic plates blue and green, panchromatic film all three, through filters.
EMULSIONS = (
    (0.02, 0.13, 0.85),  # blue-sensitive
    (0.05, 0.50, 0.45),  # orthochromatic
    (0.35, 0.35, 0.30),  # panchromatic
    (0.50, 0.40, 0.10),  # panchromatic, yellow filter
    (0.80, 0.18, 0.02),  # panchromatic, red filter
)


@dataclass(frozen=True, slots=True)
class GreyAndColor:
    """A training pair.

    Attributes:
        lightness: B×1×S×S, the L* that the network sees.
        ab: B×2×S/4×S/4, the colours that it is to find, in CIELAB units.
        target_lightness: B×1×S/4×S/4, the L* at which they exist.
    """

    lightness: Tensor
    ab: Tensor
    target_lightness: Tensor


def true_pair(srgb: Tensor) -> GreyAndColor:
    """Lightness and colours as they are, without augmentation; `srgb` is B×3×S×S in [0, 1]."""
    lab = linear_rgb_to_lab(linearize(srgb))
    small = F.avg_pool2d(lab, 4)
    return GreyAndColor(lab[:, :1], small[:, 1:], small[:, :1])


def aged_pair(srgb: Tensor, generator: torch.Generator, recipe: AugmentationRecipe) -> GreyAndColor:
    """Lightness as old plates and old prints have it, and the colours that exist there.

    Args:
        srgb: B×3×S×S in [0, 1].
        generator: Of all that is drawn.
        recipe: How often each thing happens.
    """
    linear = linearize(srgb)
    lab = linear_rgb_to_lab(linear)
    batch, device = len(srgb), srgb.device

    def chance(probability: float) -> Tensor:
        return (torch.rand(batch, 1, 1, 1, generator=generator) < probability).to(device)

    choice = torch.randint(len(EMULSIONS), (batch,), generator=generator)
    weights = torch.tensor(EMULSIONS)[choice] * (0.75 + 0.5 * torch.rand(batch, 3, generator=generator))
    weights = (weights / weights.sum(1, keepdim=True)).to(device)
    seen = torch.einsum("bchw,bc->bhw", linear, weights)[:, None]
    developed = chance(recipe.emulsion)
    lightness = torch.where(developed, 116 * compress(seen) - 16, lab[:, :1])
    small = F.avg_pool2d(torch.cat([lightness, lab[:, 1:]], dim=1), 4)
    fitted = torch.where(developed, fit_chroma(small), small)
    return GreyAndColor(_age(lightness, generator, recipe), fitted[:, 1:], fitted[:, :1])


def _age(lightness: Tensor, generator: torch.Generator, recipe: AugmentationRecipe) -> Tensor:
    """Tone curve, fade, blur and grain on B×1×S×S L*."""
    batch, device = len(lightness), lightness.device

    def draw(low: float, high: float) -> Tensor:
        return (low + (high - low) * torch.rand(batch, 1, 1, 1, generator=generator)).to(device)

    def chance(probability: float) -> Tensor:
        return (torch.rand(batch, 1, 1, 1, generator=generator) < probability).to(device)

    tone = torch.tensor(recipe.tone).log().item()
    aged = 100 * (lightness / 100).clamp(0, 1) ** draw(-tone, tone).exp()
    black, white = draw(0, 12), draw(85, 100)
    aged = torch.where(chance(recipe.ageing), black + aged * (white - black) / 100, aged)
    blurred = F.avg_pool2d(F.pad(aged, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    aged = torch.where(chance(recipe.ageing), aged + (blurred - aged) * draw(0, 1), aged)
    grain = torch.randn(lightness.shape, generator=generator).to(device) * draw(0, 5)
    return torch.where(chance(recipe.ageing), aged + grain, aged).clamp(0, 100)
