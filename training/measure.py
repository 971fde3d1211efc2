"""One run of `autochrome evaluate`: which rows, over which photos."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast, get_args

from rich.progress import Progress

from engine.errors import EngineError
from engine.render import Look
from engine.session import Colorist
from training import evaluation
from training.data.packed import pack
from training.likelihood import Ledger, Likelihood
from training.methods import Method, Painter, constant, oracle_mean
from training.neighbours import Neighbours
from training.report import Report
from training.stability import size_stability

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from training.data.packed import PackedPhotos

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

    Raises:
        EvaluationError: If there is no such half, or a saturation is negative.
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

    def __post_init__(self) -> None:
        if self.half not in get_args(evaluation.Half):
            raise EvaluationError(f'There is no half "{self.half}".', "Choose test, choose or all.")
        if any(saturation < 0 for saturation in self.saturations):
            raise EvaluationError("A saturation is 0 or more.", "1 leaves the colours as they are.")


def run_plan(plan: Plan, command: str, console: Console) -> Report:
    """Measures every row. The models are loaded first, so that a wrong name is told before anything is read.

    Args:
        plan: What to measure.
        command: What was typed.
        console: Where the progress is shown.

    Raises:
        EngineError: If a model or the data cannot be used.
    """
    colorists = {name: Colorist(name, plan.device, side=plan.side) for name in plan.models}
    found = evaluation.load_samples(plan.data, plan.parts, cast("evaluation.Half", plan.half), plan.exclude)
    reference = None
    if plan.reference:
        reference = pack(plan.reference, plan.reference_parts, REFERENCE_SIDE, evaluation.MIN_COLORFULNESS)
    painters = {name: Painter(colorist) for name, colorist in colorists.items()}
    ledgers = {name: Ledger(reference) for name in painters}
    with Progress(console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("measuring", total=len(found.samples))

        def on_photo(sample: evaluation.Sample) -> None:
            _enter(sample, painters, ledgers)
            bar.advance(task)

        rows = evaluation.measure(_methods(plan, painters, reference), found.samples, on_photo)
        drift: dict[str, dict[str, float]] = {}
        for name, colorist in colorists.items() if plan.stability else ():
            task = bar.add_task(f"other sizes, {name}", total=len(found.samples))
            drift[name] = size_stability(colorist, found.samples, partial(bar.advance, task))
    return Report(
        command=command,
        photos=len(found.samples),
        left_out=found.grey,
        damaged=found.damaged,
        half=plan.half,
        side=evaluation.SIDE,
        rows=rows,
        likelihood=_likelihoods(ledgers),
        stability=drift,
    )


def _methods(plan: Plan, painters: Mapping[str, Painter], reference: PackedPhotos | None) -> dict[str, Method]:
    """The rows by name, in order."""
    methods: dict[str, Method] = {"grey": constant((0.0, 0.0))}
    if reference is not None:
        neighbours = Neighbours(reference)
        methods["constant"] = constant(neighbours.mean_ab)
        methods["nearest neighbours"] = neighbours.method()
    methods["oracle mean"] = oracle_mean
    for name, painter in painters.items():
        for saturation in sorted({1.0, *plan.saturations}):
            row = name if saturation == 1 else f"{name} ×{saturation:g}"
            methods[row] = painter.method(Look(saturation=saturation))
    return methods


def _enter(sample: evaluation.Sample, painters: Mapping[str, Painter], ledgers: Mapping[str, Ledger]) -> None:
    """Enters each model's distribution for a photo, where it has one."""
    for name, painter in painters.items():
        distribution = painter.distribution(sample.srgb)
        if distribution is not None:
            ledgers[name].add(sample.source, sample.srgb, distribution)


def _likelihoods(ledgers: Mapping[str, Ledger]) -> dict[str, Likelihood]:
    results = {name: ledger.result() for name, ledger in ledgers.items()}
    return {name: result for name, result in results.items() if result is not None}
