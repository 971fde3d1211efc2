"""What one training step computes: a forward pass and a dict of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from training.data.augmentation import aged_pair
from training.data.hint_sampling import draw_hints
from training.data.palettes import nearest_palette, small_maps
from training.losses.huber import huber
from training.losses.soft_bins import soft_bins

if TYPE_CHECKING:
    from engine.models.contract import Colorizer
    from training.data.batches import Crops
    from training.recipe import Recipe


class ColorTask(nn.Module):
    """Supervised colouring: regression, distribution, palette and label losses as the recipe weighs them.

    Args:
        model: The network.
        recipe: The recipe.
        labels: Number of labels; their classifier is part of the task, never of the exported network.
    """

    def __init__(self, model: Colorizer, recipe: Recipe, labels: int) -> None:
        super().__init__()
        self.model = model
        self.recipe = recipe
        wanted = labels and recipe.loss.label and model.summary_width
        self.classify = nn.Linear(model.summary_width, labels) if wanted else None

    def forward(self, crops: Crops, generator: torch.Generator) -> dict[str, Tensor]:
        """The weighted losses of a batch, by name; their sum is what is minimised."""
        recipe, weights = self.recipe.augmentation, self.recipe.loss
        pair = aged_pair(crops.srgb, generator, recipe)
        hints = draw_hints(pair.ab, pair.lightness.shape[-1], recipe.hinted, generator)
        features = self.model.encode(pair.lightness)
        losses: dict[str, Tensor] = {}

        palette: Tensor | None = None
        palette_logits = self.model.palette_logits(features)
        if palette_logits is not None:
            true_palette = nearest_palette(small_maps(pair.ab), self.model.get_buffer("palettes"))
            told = torch.rand(len(true_palette), generator=generator) < recipe.true_palette
            palette = torch.where(told.to(true_palette.device), true_palette, -1)
            losses["palette"] = weights.palette * F.cross_entropy(palette_logits, true_palette)

        prediction = self.model.decode(features, hints, palette)
        losses["huber"] = weights.huber * huber(prediction.ab, pair.ab, weights.huber_delta)
        if prediction.logits is not None and prediction.bins is not None and weights.bins:
            losses["bins"] = weights.bins * soft_bins(prediction.logits, pair.ab, prediction.bins)
        summary = self.model.summary(features)
        if self.classify is not None and summary is not None and bool((crops.labels >= 0).any()):
            losses["label"] = weights.label * F.cross_entropy(self.classify(summary), crops.labels, ignore_index=-1)
        return losses
