"""What is computed from the photos before the first step: palettes, reference photos, and how rare each colour is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from training.data.augmentation import true_pair
from training.data.palettes import cluster, small_maps
from training.losses.perceptual import Perceptual
from training.losses.rebalancing import bin_prior, rebalancing_weights
from training.recipe import RecipeError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from torch import Tensor

    from engine.models.contract import Colorizer
    from training.data.batches import CropSource
    from training.recipe import LossRecipe, Recipe

PHOTOS = 6000
"""Photos that palettes and priors are made of at most."""
PART = 64
SIDE = 32


def fill_palettes(model: Colorizer, crops: CropSource) -> None:
    """Clusters the photos' small ab maps into the network's palettes, where it has some."""
    if model.palette_count:
        maps = torch.cat([small_maps(ab) for ab in _colors(crops, 4)])
        model.get_buffer("palettes").copy_(cluster(maps, model.palette_count, seed=0))


def fill_references(model: Colorizer, crops: CropSource) -> None:
    """Gives a network that carries colours over as many photos as it keeps; fewer photos are repeated."""
    if not model.reference_count:
        return
    references = model.get_buffer("references")
    for start in range(0, model.reference_count, PART):
        index = crops.indices(start, min(PART, model.reference_count - start), seed=0)
        srgb = crops.crops(index, references.shape[-1], torch.Generator(), None).srgb
        references[start : start + len(index)] = (srgb * 255).round().to(references.dtype)


def bin_weights(model: Colorizer, crops: CropSource, recipe: Recipe) -> Tensor | None:
    """How much each ab bin counts, Q, by how rare it is in the photos; None where the recipe does not ask.

    Raises:
        RecipeError: If the network has no bins.
    """
    rules = recipe.loss
    if not rules.rebalance:
        return None
    buffers = dict(model.named_buffers())
    if "bins" not in buffers:
        raise RecipeError(
            f'The network "{recipe.architecture}" has no ab bins to rebalance.', 'Set "loss.rebalance" to 0.'
        )
    prior = bin_prior(torch.cat(list(_colors(crops, 4))), buffers["bins"])
    return rebalancing_weights(prior, rules.rebalance, rules.rebalance_cap)


def perceptual_loss(stages: Sequence[LossRecipe], device: torch.device) -> Perceptual | None:
    """The perceptual loss, where a stage weighs it.

    Raises:
        BadWeightsError: If its file is not there, or is none of a VGG16.
    """
    file = next((weights.perceptual_weights for weights in stages if weights.perceptual), None)
    return None if file is None else Perceptual(Path(file).expanduser()).to(device)


def _colors(crops: CropSource, stride: int) -> Iterator[Tensor]:
    """The true colours of some thousand photos, B×2×h×w at a time."""
    for start in range(0, min(len(crops), PHOTOS), PART):
        index = crops.indices(start, PART, seed=0)
        yield true_pair(crops.crops(index, SIDE, torch.Generator(), None).srgb, stride).ab
