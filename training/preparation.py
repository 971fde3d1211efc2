"""What is computed from the photos before the first step: palettes, reference photos, and how rare each colour is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from engine.models.store import find_model
from engine.models.vgg_decoder import VggDecoder, load_vgg16
from engine.models.weights import load_network
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


def load_teacher(recipe: Recipe, model: Colorizer, device: torch.device) -> Colorizer | None:
    """The network that a recipe's distillation imitates; None where it has none.

    Raises:
        RecipeError: If there is a teacher and no loss for it, or the other way round, or it speaks of other sizes.
        UnknownModelError: If no such model is installed.
        BadWeightsError: If its weights cannot be used.
    """
    stages = [recipe.stage_loss(stage) for stage in recipe.schedule.stages]
    wanted = any(weights.distill or weights.distill_bins for weights in stages)
    if wanted != bool(recipe.teacher):
        raise RecipeError(
            'The recipe has a "teacher" and no loss that imitates it, or the other way round.',
            'Give both "teacher" and "loss.distill" or "loss.distill_bins", or neither.',
        )
    if not recipe.teacher:
        return None
    teacher = load_network(find_model(recipe.teacher), device)
    if teacher.output_stride != model.output_stride:
        raise RecipeError(f'The teacher "{recipe.teacher}" gives its colours at another size than the network.')
    return teacher


def load_encoder(model: Colorizer, recipe: Recipe) -> None:
    """Fills a network's encoder from the file that the recipe names, if any.

    Raises:
        RecipeError: If the network takes none.
        BadWeightsError: If the file is not there, or is none of a VGG16.
    """
    if not recipe.encoder_weights:
        return
    if not isinstance(model, VggDecoder):
        raise RecipeError(
            f'The network "{recipe.architecture}" takes no encoder from a file.', 'Leave "encoder_weights" out.'
        )
    load_vgg16(model, Path(recipe.encoder_weights).expanduser())


def fill_palettes(model: Colorizer, crops: CropSource, teacher: Colorizer | None = None) -> None:
    """Clusters the photos' small ab maps into the network's palettes, where it has some, or takes its teacher's."""
    if teacher is not None and model.palette_count and teacher.palette_count == model.palette_count:
        model.get_buffer("palettes").copy_(teacher.get_buffer("palettes"))
    elif model.palette_count:
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
