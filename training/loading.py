"""The batches of a run in their order, made in the background while the steps before them run."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from training.batch import Batch, Needs, make_batch
from training.data.prefetch import Prefetcher
from training.stages import stage_at

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from training.data.batches import CropSource
    from training.recipe import Recipe

Key = tuple[int, int]
"""Photos seen before a batch, and the number of its part."""


class BatchLoader:
    """Makes the parts of the batches.

    Args:
        crops: The photos.
        recipe: Sizes, seeds and augmentation.
        needs: What the network asks of them.
    """

    def __init__(self, crops: CropSource, recipe: Recipe, needs: Needs) -> None:
        self._crops, self._recipe, self._needs = crops, recipe, needs
        self._ahead: Prefetcher[Key, Batch] | None = None

    @property
    def waited(self) -> float:
        """Seconds for which the present background kept its run waiting."""
        return 0.0 if self._ahead is None else self._ahead.waited

    @contextmanager
    def background(self, samples: int) -> Generator[None]:
        """While open, batches are made ahead; they are then taken in order, beginning after so many photos."""
        with Prefetcher(self._make, self._keys(samples)) as ahead:
            self._ahead = ahead
            try:
                yield
            finally:
                self._ahead = None

    def take(self, samples: int, part: int) -> Batch:
        """One part of the batch that follows so many photos, by its number."""
        return self._make((samples, part)) if self._ahead is None else next(self._ahead)

    def _keys(self, samples: int) -> Iterator[Key]:
        schedule = self._recipe.schedule
        while samples < schedule.samples:
            yield from ((samples, part) for part in range(schedule.accumulate))
            samples += schedule.batch

    def _make(self, key: Key) -> Batch:
        samples, part = key
        schedule = self._recipe.schedule
        count = schedule.batch // schedule.accumulate
        size = stage_at(schedule, samples).recipe.size
        return make_batch(self._crops, self._recipe, samples + part * count, count, size, self._needs)
