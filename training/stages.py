"""Where in its recipe a run stands: stage, learning rate and snapshots, all functions of the photos seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from training.recipe import ScheduleRecipe, StageRecipe

LEAST_RATE = 0.01
"""Share of the peak rate that warm-up starts from and the cosine ends at."""


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage in its place.

    Attributes:
        number: Its place among the stages, from 0.
        recipe: What happens in it.
        start: Photos seen before it, as a real number.
        end: Photos seen after it.
    """

    number: int
    recipe: StageRecipe
    start: float
    end: float

    @property
    def name(self) -> str:
        """The recipe's name for it, or its number, counted from 1."""
        return self.recipe.name or f"stage {self.number + 1}"

    def snapshot_due(self, before: int, after: int) -> bool:
        """Whether a step from `before` to `after` photos passed a place where a snapshot is taken, or the end."""
        if not self.recipe.choose:
            return False
        every = self.recipe.snapshot_samples or (self.end - self.start) / 10
        passed = math.floor((after - self.start) / every) > math.floor((before - self.start) / every)
        return passed or after >= self.end


def stage_at(schedule: ScheduleRecipe, samples: int) -> Stage:
    """The stage of the step that follows so many photos; the last one after the end."""
    start = 0.0
    for number, recipe in enumerate(schedule.stages):
        end = recipe.until * schedule.samples
        if samples < end or number == len(schedule.stages) - 1:
            return Stage(number, recipe, start, end)
        start = end
    raise AssertionError("a checked recipe has a stage")


def rate_factor(schedule: ScheduleRecipe, samples: int) -> float:
    """What the peak learning rates are multiplied by: the stage's factor, warm-up, and the shape of the fall."""
    share = samples / schedule.samples
    factor = stage_at(schedule, samples).recipe.rate * _fall(schedule, samples)
    if share < schedule.warmup:
        return factor * max(share / schedule.warmup, LEAST_RATE)
    return factor


def _fall(schedule: ScheduleRecipe, samples: int) -> float:
    if schedule.shape == "constant":
        return 1.0
    if schedule.shape == "steps":
        beyond = samples - schedule.step_first
        if beyond < 0:
            return 1.0
        falls = 1 + (beyond // schedule.step_every if schedule.step_every else 0)
        return schedule.step_factor**falls
    start = 1 - schedule.decay
    share = samples / schedule.samples
    if share < start:
        return 1.0
    fall = min((share - start) / max(schedule.decay, 1e-9), 1.0)
    return LEAST_RATE + (1 - LEAST_RATE) * 0.5 * (1 + math.cos(math.pi * fall))
