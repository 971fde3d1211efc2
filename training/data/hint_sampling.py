"""Hints as a person might give them, drawn from the true colours of a batch.

Source: R. Zhang et al., "Real-Time User-Guided Image Colorization with Learned Deep Priors", SIGGRAPH 2017: the number
of hints is geometric with p = 1/8, their places are N(centre, side/4), each is a patch of 1 to 9 pixels with its mean
colour. Differs from it: patches are discs, as a brush makes them; some photos have very many, as whoever paints a whole
photo gives; some hints say "keep what is here" and name no colour; and some photos have a segment of another hue with
hints that ask for it, for people ask for what is unlikely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.models.conditioning import SPOT_FIELDS, hint_tensors
from engine.models.contract import HintTensors
from training.data.recoloring import recolored

if TYPE_CHECKING:
    from training.data.augmentation import GreyAndColor
    from training.recipe import AugmentationRecipe

RATE = 1 / 8
MAX_FEW = 24
MAX_HINTS = 100
MANY = 1 / 8
"""Share of the hinted photos whose number of hints is drawn evenly on a logarithmic scale up to `MAX_HINTS` instead."""
SPREAD = 1 / 4
"""Standard deviation of the places, as a share of the side."""
RADII = (0.5, 4.5)
MARGIN = 0.02
SAMPLES = 9
"""A patch's mean is taken over the places of a grid of so many each way that lie in its disc."""
NEAR = 0.08
"""Standard deviation of the places of hints for a segment, around its seed."""


@dataclass(frozen=True, slots=True)
class _Places:
    """Hints before they have a colour, of the n photos that get some; on the CPU.

    Attributes:
        photos: n indices into the batch.
        place: n×N×2, x and y in [0, 1].
        radius: n×N×1 in pixels of the input.
        keep: n×N, true for "keep what is here".
        mask: n×N, true where there is a hint.
    """

    photos: Tensor
    place: Tensor
    radius: Tensor
    keep: Tensor
    mask: Tensor


def draw_hints(ab: Tensor, size: int, share: float, generator: torch.Generator, kept: float = 0.0) -> HintTensors:
    """Draws hints for a part of the batch.

    Args:
        ab: B×2×h×h true colours in CIELAB units.
        size: Side of the network's input in pixels.
        share: Probability that a photo gets hints at all.
        generator: Of all that is drawn.
        kept: Probability that a hint says "keep what is here".

    Returns:
        Hints for all B photos; a photo without any has a mask that is false throughout.
    """
    return _colored(ab, size, _draw_places(len(ab), share, kept, generator))[0]


def hinted_pair(
    pair: GreyAndColor, recipe: AugmentationRecipe, generator: torch.Generator
) -> tuple[GreyAndColor, HintTensors, Tensor]:
    """Draws hints, and gives a segment of some of the hinted photos another hue, for which their first hints ask.

    Args:
        pair: The photos.
        recipe: How often: `hinted`, `kept`, `recolored`.
        generator: Of all that is drawn.

    Returns:
        The photos with the colours that are to be found; the hints for them; and the same as B×N×6 spots.
    """
    drawn = _draw_places(len(pair.ab), recipe.hinted, recipe.kept, generator)
    other = (torch.rand(len(drawn.photos), generator=generator) < recipe.recolored).nonzero()[:, 0]
    if len(other):
        seeds = drawn.place[other, 0]
        pair, _ = recolored(pair, drawn.photos[other], seeds, generator)
        # The first hint lies at the seed and names its colour; every second one of the others lies near it.
        near = seeds[:, None] + NEAR * torch.randn(drawn.place[other, 2::2].shape, generator=generator)
        drawn.place[other, 2::2] = near.clamp(MARGIN, 1 - MARGIN)
        drawn.keep[other, 0] = False
    return pair, *_colored(pair.ab, pair.lightness.shape[-1], drawn)


def _draw_places(batch: int, share: float, kept: float, generator: torch.Generator) -> _Places:
    photos = (torch.rand(batch, generator=generator) < share).nonzero()[:, 0]
    few = torch.empty(len(photos), 1).geometric_(RATE, generator=generator).clamp(max=MAX_FEW)
    drawn = torch.rand(2, len(photos), 1, generator=generator)
    count = torch.where(drawn[0] < MANY, (MAX_HINTS ** drawn[1]).round(), few)
    most = int(count.max()) if len(photos) else 0
    place = 0.5 + SPREAD * torch.randn(len(photos), most, 2, generator=generator)
    smallest, largest = RADII
    radius = smallest + (largest - smallest) * torch.rand(len(photos), most, 1, generator=generator)
    keep = torch.rand(len(photos), most, generator=generator) < kept
    return _Places(photos, place.clamp(MARGIN, 1 - MARGIN), radius, keep, torch.arange(most) < count)


def _colored(ab: Tensor, size: int, drawn: _Places) -> tuple[HintTensors, Tensor]:
    """The hints with the colours of their patches, for the whole batch, as tensors and as spots."""
    batch, device = len(ab), ab.device
    most = drawn.mask.shape[1]
    planes = torch.zeros(batch, 3, size, size, device=device)
    tokens, mask = torch.zeros(batch, most, 5, device=device), torch.zeros(batch, most, dtype=torch.bool, device=device)
    all_spots = torch.zeros(batch, most, SPOT_FIELDS, device=device)
    if not most:
        return HintTensors(planes, tokens, mask), all_spots
    photos, place, radius = drawn.photos.to(device), drawn.place.to(device), drawn.radius.to(device)
    keep = drawn.keep.to(device)[..., None]
    color = patch_means(ab[photos], place, radius / size).masked_fill(keep, 0)
    spots = torch.cat([place, color, radius, keep.to(torch.float32)], dim=-1)  # n×N×6
    # Planes are painted spot by spot, so only those of the photos that have some.
    few = hint_tensors(spots, drawn.mask.to(device), (size, size))
    together = HintTensors(
        planes.index_copy_(0, photos, few.planes),
        tokens.index_copy_(0, photos, few.tokens),
        mask.index_copy_(0, photos, few.token_mask),
    )
    return together, all_spots.index_copy_(0, photos, spots)


def patch_means(ab: Tensor, place: Tensor, radius: Tensor) -> Tensor:
    """The mean colours of discs.

    Args:
        ab: n×2×h×w in CIELAB units.
        place: n×N×2, the centres (x, y) in [0, 1].
        radius: n×N×1, in shares of the side.

    Returns:
        n×N×2 in CIELAB units.
    """
    offsets = (torch.arange(SAMPLES, device=ab.device) + 0.5) / SAMPLES * 2 - 1
    grid = torch.stack(torch.meshgrid(offsets, offsets, indexing="xy"), dim=-1).view(-1, 2)
    disc = grid[grid.square().sum(dim=1) <= 1]  # m×2
    places = place[:, :, None] + disc * radius[:, :, None]  # n×N×m×2
    seen = F.grid_sample(ab, places * 2 - 1, align_corners=False, padding_mode="border")  # n×2×N×m
    return seen.mean(dim=3).transpose(1, 2)
