"""One run of `autochrome evaluate`: which rows, over which photos."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast, get_args

from rich.progress import Progress

from engine.errors import EngineError
from engine.render import Look
from engine.session import Colorist
from training import evaluation
from training.data.packed import pack
from training.neighbours import Neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

REFERENCE_SIDE = 64


class EvaluationError(EngineError):
    """An evaluation was asked for that makes no sense."""

    title = "This cannot be measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to measure.

    Attributes:
        data: Where the photos are.
        models: Names of installed models.
        half: test, choose or all.
        parts: Glob over zip parts in `data`.
        exclude: Sources that do not count.
        reference: Where the training photos are; empty leaves out the rows that need them.
        reference_parts: Glob over zip parts in `reference`.
        saturations: Looks to measure each model with; 1 is always among them.
        side: The network's size in place of the card's.
        stability: Whether to measure other sizes too.
        device: auto, cpu, cuda or mps.
    """

    data: Sequence[Path]
    models: Sequence[str]
    half: str = "test"
    parts: str = "*val*.zip"
    exclude: Sequence[str] = ()
    reference: Sequence[Path] = ()
    reference_parts: str = "*train*.zip"
    saturations: Sequence[float] = (1.0,)
    side: int | None = None
    stability: bool = True
    device: str = "auto"


def run_plan(
    plan: Plan, console: Console
) -> tuple[list[evaluation.Sample], list[str], list[evaluation.Row], dict[str, dict[str, float]]]:
    """Measures every row.

    Args:
        plan: What to measure.
        console: Where the progress is shown.

    Returns:
        The photos, the names of those without colours, the rows, and each model's size stability.

    Raises:
        EvaluationError: If there is no such half.
        EngineError: If a model or the data cannot be used.
    """
    if plan.half not in get_args(evaluation.Half):
        raise EvaluationError(f'There is no half "{plan.half}".', "Choose test, choose or all.")
    half = cast("evaluation.Half", plan.half)
    samples, grey = evaluation.load_samples(plan.data, plan.parts, half, plan.exclude)
    methods: dict[str, evaluation.Method] = {"grey": evaluation.constant((0.0, 0.0))}
    if plan.reference:
        photos = pack(plan.reference, plan.reference_parts, REFERENCE_SIDE, evaluation.MIN_COLORFULNESS)
        neighbours = Neighbours(photos)
        methods["constant"] = evaluation.constant(neighbours.mean_ab)
        methods["nearest neighbour"] = neighbours.method()
    methods["oracle mean"] = evaluation.oracle_mean
    colorists = {name: Colorist(name, plan.device, side=plan.side) for name in plan.models}
    for name, colorist in colorists.items():
        for saturation in sorted({1.0, *plan.saturations}):
            row = name if saturation == 1 else f"{name} ×{saturation:g}"
            methods[row] = evaluation.model(colorist, Look(saturation=saturation))
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("measuring", total=len(methods) * len(samples))
        rows = [
            evaluation.measure(name, method, samples, lambda: bar.advance(task)) for name, method in methods.items()
        ]
    drift: dict[str, dict[str, float]] = {}
    if plan.stability:
        drift = {name: evaluation.size_stability(colorist, samples) for name, colorist in colorists.items()}
    return samples, grey, rows, drift
