"""The rows of a comparison, and how a recipe is cut down to its budget."""

from __future__ import annotations

import dataclasses
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from engine.errors import EngineError
from engine.models.registry import build_network

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.recipe import Recipe

WATCHED = 32
"""Held-out photos that a run looks at: the table has its own measurement."""
SYSTEMS = Path(__file__).parent / "systems.toml"


class ComparisonError(EngineError):
    """A comparison was asked for that cannot be made."""

    title = "These systems cannot be compared"


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A row of the comparison.

    Attributes:
        id: Name of the bundled recipe.
        rate: Replaces the recipe's peak rate; None keeps it.
        batch: Replaces the recipe's photos a step, where a small budget would be too few steps; None keeps it.
        network: Numbers that replace the recipe's.
        size: Replaces the budget's size; None keeps it.
        photos: How many photos are measured; None measures all.
        note: What the reader should know of this row.
        published: What its authors report, with their protocol.
    """

    id: str
    rate: float | None = None
    batch: int | None = None
    network: dict[str, Any] = field(default_factory=dict[str, Any])
    size: int | None = None
    photos: int | None = None
    note: str = ""
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What every system gets.

    Attributes:
        samples: Photos in all, repeats counted.
        size: Side of the square input in pixels, in training and in use.
    """

    samples: int
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trained:
    """A system that has had its budget.

    Attributes:
        system: Its row.
        recipe: What it was trained by.
        full: The recipe as its authors have it.
        weights: The exported weights.
    """

    system: System
    recipe: Recipe
    full: Recipe
    weights: Path


def load_systems(names: Sequence[str] = ()) -> list[System]:
    """The rows of the comparison, or some of them.

    Raises:
        ComparisonError: If a name is none of them.
    """
    table = tomllib.loads(SYSTEMS.read_text(encoding="utf-8"))
    systems = [System(**row) for row in table["system"]]
    known = [system.id for system in systems]
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ComparisonError(f'There is no system "{unknown[0]}".', f"Known: {', '.join(known)}.")
    return [system for system in systems if not names or system.id in names]


def within(budget: Budget, system: System, full: Recipe) -> Recipe:
    """A system's recipe cut down to a budget.

    Stages keep their shares of the samples. Sizes become the budget's, or the nearest that the network can take.
    """
    network = {**full.network, **system.network}
    with torch.device("meta"):
        multiple = build_network(full.architecture, network).multiple
    side = max(multiple, round((system.size or budget.size) / multiple) * multiple)
    schedule = dataclasses.replace(
        full.schedule,
        samples=budget.samples,
        rate=system.rate or full.schedule.rate,
        batch=system.batch or full.schedule.batch,
        stages=tuple(dataclasses.replace(stage, size=side) for stage in full.schedule.stages),
    )
    seldom = dataclasses.replace(full.data, watched=WATCHED)
    return dataclasses.replace(
        full, network=network, pretrained=False, inference_side=side, data=seldom, schedule=schedule
    )
