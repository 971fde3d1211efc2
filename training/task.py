"""What one training step computes: a forward pass and a dict of losses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.color.tensors import lab_to_srgb
from engine.models.bins import ab_bins
from engine.models.conditioning import hint_tensors
from engine.models.credibility import credibility
from training.data.augmentation import block_mean
from training.data.palettes import nearest_palette, small_maps
from training.losses.colorfulness import colorfulness
from training.losses.distillation import distillation
from training.losses.dominant import dominant_colors
from training.losses.huber import huber
from training.losses.kl import kl
from training.losses.l1 import l1
from training.losses.l2 import l2
from training.losses.pairwise import mean_color, pairwise
from training.losses.rgb import rgb_l2
from training.losses.soft_bins import soft_bins
from training.recipe import RecipeError

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.models.contract import Colorizer, Features, Prediction
    from training.batch import Batch
    from training.data.augmentation import GreyAndColor
    from training.recipe import LossRecipe


class ColorTask(nn.Module):
    """Supervised colouring: the losses of a recipe.

    Args:
        model: The network.
        labels: Number of labels; their classifier is part of the task, never of the exported network. 0 for none.
        bin_weights: How much each ab bin counts, Q; None for all the same.
        perceptual: The perceptual loss, for recipes that have it. It does not learn and is no part of the task's state.
        teacher: The network that is imitated, for recipes that have one. Nor does it.
        compiled: Runs encoder and decoder through torch.compile.
    """

    def __init__(
        self,
        model: Colorizer,
        labels: int = 0,
        bin_weights: Tensor | None = None,
        perceptual: nn.Module | None = None,
        teacher: Colorizer | None = None,
        *,
        compiled: bool = False,
    ) -> None:
        super().__init__()
        self.model = model
        self.classify = nn.Linear(model.summary_width, labels) if labels and model.summary_width else None
        self.register_buffer("bin_weights", bin_weights)
        self.register_buffer("grid", ab_bins(), persistent=False)
        self._perceptual = (perceptual,)  # in a tuple, where a module does not find modules
        self._teacher = (teacher,)
        self._encode: Callable[..., Features] = torch.compile(model.encode) if compiled else model.encode
        self._decode: Callable[..., Prediction] = torch.compile(model.decode) if compiled else model.decode

    def forward(
        self, batch: Batch, weights: LossRecipe | None, *, wants_colors: bool = False
    ) -> tuple[dict[str, Tensor], Tensor | None]:
        """Looks at a batch.

        Args:
            batch: The photos.
            weights: What counts how much; None for the colours alone.
            wants_colors: Whether the colours are needed though no loss compares them.

        Returns:
            The weighted losses by name, whose sum is what is minimised; and the colours, B×2×h×w, where the network
            was asked for them.

        Raises:
            RecipeError: If the recipe weighs something that the network does not have.
        """
        pair = batch.pair
        own = self._own_losses(pair, weights) if weights is not None and weights.own else {}
        if not wants_colors and not (weights is not None and _compares(weights)):
            return own, None
        features = self._encode(pair.lightness)
        logits = self.model.palette_logits(features)
        true = None if logits is None else nearest_palette(small_maps(pair.ab), self.model.get_buffer("palettes"))
        palette = None if true is None else torch.where(batch.told, true, -1)
        prediction = self._decode(features, batch.hints, palette)
        if weights is None:
            return {}, prediction.ab
        losses = own | self._palette_loss(logits, true, weights) | self._ab_losses(prediction.ab, pair, weights)
        losses |= self._other_outputs(prediction, pair, weights) | self._picture_losses(prediction, pair, weights)
        losses |= self._teacher_losses(prediction, batch, palette, weights)
        losses |= self._kriging_loss(features, batch, palette, weights)
        return losses | self._label_loss(features, batch, weights), prediction.ab

    def _own_losses(self, pair: GreyAndColor, weights: LossRecipe) -> dict[str, Tensor]:
        own = self.model.own_losses(pair.lightness, _srgb(pair.target_lightness, pair.ab))
        if own is None:
            raise _lacks("own", "likelihood of its own")
        return {name: weights.own * value for name, value in own.items()}

    def _label_loss(self, features: Features, batch: Batch, weights: LossRecipe) -> dict[str, Tensor]:
        summary = self.model.summary(features)
        if self.classify is None or summary is None or not weights.label or not batch.labelled:
            return {}
        total = F.cross_entropy(self.classify(summary), batch.labels, ignore_index=-1, reduction="sum")
        return {"label": weights.label * total / batch.labelled}

    def _palette_loss(self, logits: Tensor | None, true: Tensor | None, weights: LossRecipe) -> dict[str, Tensor]:
        if logits is None or true is None or not weights.palette:
            return {}
        return {"palette": weights.palette * F.cross_entropy(logits, true)}

    def _ab_losses(self, ab: Tensor, pair: GreyAndColor, weights: LossRecipe) -> dict[str, Tensor]:
        """What compares colours with the true ones."""
        losses: dict[str, Tensor] = {}
        if weights.l1:
            losses["l1"] = weights.l1 * l1(ab, pair.ab)
        if weights.l2:
            losses["l2"] = weights.l2 * l2(ab, pair.ab)
        if weights.huber:
            losses["huber"] = weights.huber * huber(ab, pair.ab, weights.huber_delta)
        if weights.pairwise:
            losses["pairwise"] = weights.pairwise * pairwise(ab, pair.ab)
        if weights.mean_color:
            losses["mean_color"] = weights.mean_color * mean_color(ab, pair.ab)
        if weights.dominant:
            losses["dominant"] = weights.dominant * dominant_colors(ab, pair.ab, self.get_buffer("grid"))
        return losses

    def _other_outputs(self, prediction: Prediction, pair: GreyAndColor, weights: LossRecipe) -> dict[str, Tensor]:
        """What only some networks say beside ab."""
        losses: dict[str, Tensor] = {}
        if weights.bins and prediction.logits is not None and prediction.bins is not None:
            counts = self.bin_weights if isinstance(self.bin_weights, Tensor) else None
            truth = block_mean(pair.ab, pair.ab.shape[-1] // prediction.logits.shape[-1])
            losses["bins"] = weights.bins * soft_bins(prediction.logits, truth, prediction.bins, counts)
        if weights.srgb:
            if prediction.srgb is None:
                raise _lacks("srgb", "RGB output")
            losses["srgb"] = weights.srgb * rgb_l2(prediction.srgb, _srgb(pair.target_lightness, pair.ab))
        if weights.kl:
            if prediction.kl is None:
                raise _lacks("kl", "variational latent")
            pixels = pair.lightness.shape[-2] * pair.lightness.shape[-1]
            losses["kl"] = weights.kl * kl(prediction.kl, pixels)
        return losses

    def _teacher_losses(
        self, prediction: Prediction, batch: Batch, palette: Tensor | None, weights: LossRecipe
    ) -> dict[str, Tensor]:
        """What compares with the teacher, who sees the same photo, hints and palettes."""
        (teacher,) = self._teacher
        if teacher is None or not (weights.distill or weights.distill_bins):
            return {}
        with torch.no_grad():
            told = palette if teacher.palette_count == self.model.palette_count else None
            wanted = teacher(batch.pair.lightness, batch.hints, told)
        losses: dict[str, Tensor] = {}
        if weights.distill:
            losses["distill"] = weights.distill * huber(prediction.ab, wanted.ab, weights.huber_delta)
        if weights.distill_bins:
            if prediction.logits is None or wanted.logits is None or prediction.logits.shape != wanted.logits.shape:
                raise _lacks("distill_bins", "distribution over ab bins as its teacher's")
            losses["distill_bins"] = weights.distill_bins * distillation(prediction.logits, wanted.logits)
        return losses

    def _kriging_loss(
        self, features: Features, batch: Batch, palette: Tensor | None, weights: LossRecipe
    ) -> dict[str, Tensor]:
        """What spreading the hints over the network's colours gives, of the photos that have some."""
        if not weights.kriging:
            return {}
        if not self.model.spreads_hints:
            raise _lacks("kriging", "way of its own to spread hints")
        if batch.spots.shape[1] == 0:
            return {"kriging": features[0].sum() * 0}
        # As in use: the network hears of the credible hints alone, and all of them are spread over what it says.
        size = (batch.pair.lightness.shape[-2], batch.pair.lightness.shape[-1])
        with torch.no_grad():
            plain = self.model.decode(features, None, palette)
            reach = credibility(plain, batch.spots)
            believed = hint_tensors(batch.spots, batch.hints.token_mask & (reach >= 1), size)
            ab = self.model.decode(features, believed, palette).ab
        known = tuple(part.detach() for part in features)
        spread, _ = self.model.spread_hints(known, batch.pair.lightness, ab, batch.hints, reach, plain.ab)
        hinted = batch.hints.token_mask.any(dim=1)
        return {"kriging": weights.kriging * huber(spread[hinted], batch.pair.ab[hinted], weights.kriging_delta)}

    def _picture_losses(self, prediction: Prediction, pair: GreyAndColor, weights: LossRecipe) -> dict[str, Tensor]:
        """What looks at the coloured picture."""
        if not (weights.perceptual or weights.colorfulness):
            return {}
        losses: dict[str, Tensor] = {}
        shown = _srgb(pair.target_lightness, prediction.ab) if prediction.srgb is None else prediction.srgb
        if weights.colorfulness:
            losses["colorfulness"] = weights.colorfulness * colorfulness(shown)
        if weights.perceptual:
            (perceptual,) = self._perceptual
            if perceptual is None:
                raise RecipeError("The perceptual loss has no VGG16 weights.")
            truth = _srgb(pair.target_lightness, pair.ab * weights.target_saturation)
            losses["perceptual"] = weights.perceptual * perceptual(shown, truth)
        return losses


def _compares(weights: LossRecipe) -> bool:
    """Whether any loss looks at what `decode` returns."""
    return any(getattr(weights, name) for name in COMPARED)


COMPARED = (
    *("l1", "l2", "huber", "pairwise", "mean_color", "dominant", "bins", "srgb", "kl", "palette", "perceptual"),
    *("colorfulness", "label", "distill", "distill_bins", "kriging"),
)
"""The losses that need the network to encode and decode."""


def _srgb(lightness: Tensor, ab: Tensor) -> Tensor:
    return lab_to_srgb(torch.cat([lightness, ab], dim=1))


def _lacks(loss: str, what: str) -> RecipeError:
    return RecipeError(f'The recipe weighs "{loss}", but its network has no {what}.', f'Set "loss.{loss}" to 0.')
