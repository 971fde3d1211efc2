"""Everything that one step needs of its photos, drawn from seeds: the grey input, the colours, the hints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from engine.models.conditioning import SPOT_FIELDS, no_hints
from engine.models.contract import HintTensors
from training.data.augmentation import GreyAndColor, aged_pair
from training.data.hint_sampling import hinted_pair

if TYPE_CHECKING:
    from torch import Tensor

    from training.data.batches import CropSource
    from training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Batch:
    """Photos ready to be learnt from.

    Attributes:
        pair: The grey input and the true colours.
        hints: Hints, for networks that take some.
        spots: The same as B×N×6 spots (`engine.models.conditioning`), of which `hints.token_mask` says which count.
        told: B, true where the decoder is told the photo's palette.
        labels: B labels, -1 where unknown.
        labelled: How many labels are known; of a share, as many as each share has on average.
    """

    pair: GreyAndColor
    hints: HintTensors
    spots: Tensor
    told: Tensor
    labels: Tensor
    labelled: float

    def __len__(self) -> int:
        return len(self.labels)

    def share(self, rank: int, size: int) -> Batch:
        """The photos that one of `size` ranks computes; the means over all shares have the mean of the whole."""
        if size == 1:
            return self
        part = len(self) // size
        mine = slice(rank * part, (rank + 1) * part)
        pair, hints = self.pair, self.hints
        return replace(
            self,
            pair=GreyAndColor(pair.lightness[mine], pair.ab[mine], pair.target_lightness[mine]),
            hints=HintTensors(hints.planes[mine], hints.tokens[mine], hints.token_mask[mine]),
            spots=self.spots[mine],
            told=self.told[mine],
            labels=self.labels[mine],
            labelled=self.labelled / size,
        )


@dataclass(frozen=True, slots=True)
class Needs:
    """What a network asks of a batch.

    Attributes:
        stride: By how much the colours are smaller than the input.
        hints: Whether it looks at hints; else there are none, and no segment has another hue for their sake.
    """

    stride: int
    hints: bool


def make_batch(crops: CropSource, recipe: Recipe, samples: int, count: int, size: int, needs: Needs) -> Batch:
    """Draws the photos that follow the first `samples` ones; the same arguments give the same batch.

    Args:
        crops: The photos.
        recipe: Seed and augmentation.
        samples: Photos seen before.
        count: Photos in the batch, B.
        size: Side of the input in pixels.
        needs: What the network asks for.
    """
    seed, rules = recipe.schedule.seed, recipe.augmentation
    generator = torch.Generator().manual_seed(seed * 1_000_003 + samples)
    drawn = crops.crops(crops.indices(samples, count, seed), size, generator, rules)
    pair = aged_pair(drawn.srgb, generator, rules, needs.stride)
    if needs.hints:
        pair, hints, spots = hinted_pair(pair, rules, generator)
    else:
        hints = no_hints(count, (size, size), crops.device)
        spots = torch.zeros(count, 0, SPOT_FIELDS, device=crops.device)
    told = torch.rand(count, generator=generator) < rules.true_palette
    labelled = int((drawn.labels >= 0).sum())
    return Batch(pair, hints, spots, told.to(crops.device), drawn.labels, labelled)
