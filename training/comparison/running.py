"""A comparison from the command line's point of view: train every system, measure them, write the page."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from engine.colorist import Colorist
from engine.device import choose_device
from engine.errors import BadPredictionError
from engine.models.store import model_at
from training.checkpoint import NAME as CHECKPOINT
from training.comparison.page import Comparison, page
from training.comparison.systems import Budget, ComparisonError, System, Trained, load_systems, within
from training.data.packed import pack
from training.distributed import ALONE
from training.evaluation import load_samples
from training.export import export
from training.measure import Plan, run_plan
from training.recipe import DataRecipe, Recipe, load_recipe, to_table
from training.running import held
from training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    import torch
    from rich.console import Console

    from training.data.packed import PackedPhotos, Photo
    from training.evaluation import Half
    from training.report import Report
    from training.trainer import Step

STARTED = "started.json"
DONE = "done.json"
TURNS = 3
SLOW = 10.0
"""Seconds a photo from which on a model is timed once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the user asked for.

    Attributes:
        data: Where the photos to train on are.
        parts: Glob over zip parts in `data`.
        measured: Where the photos to measure with are.
        systems: Which rows; empty for all.
        budget: What each system gets.
        folder: Where the runs live.
        photos: How many photos are measured.
        half: Which half of them.
        exclude: Sources that do not count.
        device: auto, cpu, cuda or mps.
    """

    data: Sequence[Path]
    parts: str
    measured: Sequence[Path]
    systems: Sequence[str]
    budget: Budget
    folder: Path
    photos: int | None
    half: str
    exclude: Sequence[str]
    device: str


def train_system(
    system: System,
    budget: Budget,
    photos: tuple[PackedPhotos, PackedPhotos],
    folder: Path,
    device: torch.device,
    on_step: Callable[[Step], None] | None = None,
) -> Trained | None:
    """Gives a system its budget; one that had it before, by the same recipe, is taken as it is.

    Args:
        system: The system.
        budget: What it gets.
        photos: What to train on, and what to hold out.
        folder: Where its run lives.
        device: Where to compute.
        on_step: Told after every step.

    Returns:
        The trained system; None if it was interrupted and its run is to be gone on with.
    """
    full = load_recipe(system.id)
    recipe = within(budget, system, full)
    weights = folder / f"{recipe.id}.safetensors"
    with held(folder, ALONE):
        if not _has_had(folder, recipe):
            trainer = Trainer(recipe, *photos, folder, device)
            if (folder / CHECKPOINT).exists():
                if _noted(folder / STARTED) != to_table(recipe):
                    raise ComparisonError(
                        f"{folder} holds a run of another budget or recipe.", "Choose another folder with --output."
                    )
                trainer.resume()
            _note(folder / STARTED, recipe)
            if not trainer.run(None, on_step):
                return None
            training = photos[0]
            export(
                trainer.averaged_model(), recipe, folder, photos=len(training), sources=sorted(set(training.sources))
            )
            _note(folder / DONE, recipe)
    return Trained(system=system, recipe=recipe, full=full, weights=weights)


def _note(path: Path, recipe: Recipe) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(to_table(recipe)), encoding="utf-8")


def _has_had(folder: Path, recipe: Recipe) -> bool:
    return _noted(folder / DONE) == to_table(recipe) and (folder / f"{recipe.id}.safetensors").exists()


def _noted(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, json.JSONDecodeError):
        return None


def seconds_a_photo(weights: Mapping[str, Path], photo: Photo, device: str) -> dict[str, float]:
    """How long each model takes for one photo: the quickest of a few, taken in turns; compare within one call only.

    Args:
        weights: The models' files by name.
        photo: H×W×3 uint8 sRGB.
        device: auto, cpu, cuda or mps.
    """
    colorists = {name: Colorist(model_at(path), device) for name, path in weights.items()}
    prepared = {name: colorist.prepare(photo) for name, colorist in colorists.items()}
    quickest = dict.fromkeys(weights, float("inf"))
    for turn in range(1 + TURNS):
        for name, colorist in colorists.items():
            if quickest[name] > SLOW and turn > 1:
                continue
            started = time.perf_counter()
            colorist.colors([prepared[name]])
            if turn:  # the first turn warms up
                quickest[name] = min(quickest[name], time.perf_counter() - started)
    return quickest


def carry_out(request: Request, command: str, console: Console) -> str | None:
    """Trains and measures every system.

    Args:
        request: What was asked for.
        command: What was typed.
        console: Where the progress is shown.

    Returns:
        The page as Markdown; None if it was interrupted.
    """
    systems = load_systems(request.systems)
    example = find_example(request)  # before the training, which would be lost on photos that are not there
    rules = DataRecipe()
    console.print(f"Reading the photos of {', '.join(str(place) for place in request.data)} …")
    photos = pack(
        request.data, request.parts, rules.short_side, rules.min_colorfulness, cache=request.folder / "packed"
    ).held_out()
    trained = _train_all(systems, photos, request, console)
    if trained is None:
        return None
    console.print("Measuring …")
    silent = {each.system.id: said for each in trained if (said := why_silent(each.weights, example, request.device))}
    trained = [each for each in trained if each.system.id not in silent]
    if not trained:
        raise ComparisonError("No system has learnt to say anything.", "Give them a larger budget with --samples.")
    reports = _measure_all(trained, request, command, console)
    weights = {each.system.id: each.weights for each in trained}
    return page(
        Comparison(
            command=command,
            budget=request.budget,
            photos=len(photos[0]),
            trained=trained,
            silent=silent,
            reports=reports,
            parameters={name: model_at(path).card.parameters for name, path in weights.items()},
            seconds=seconds_a_photo(weights, example, request.device),
        )
    )


def find_example(request: Request) -> Photo:
    """The photo that the models are timed with."""
    return load_samples(request.measured, "*.zip", cast("Half", request.half), request.exclude, 1).samples[0].srgb


def why_silent(weights: Path, photo: Photo, device: str) -> str:
    """Why a trained system cannot be measured: a training may collapse. Empty if it can.

    Args:
        weights: Its file.
        photo: H×W×3 uint8 sRGB.
        device: auto, cpu, cuda or mps.
    """
    colorist = Colorist(model_at(weights), device)
    try:
        colorist.colors([colorist.prepare(photo)])
    except BadPredictionError as error:
        return error.sentence
    return ""


def _train_all(
    systems: Sequence[System], photos: tuple[PackedPhotos, PackedPhotos], request: Request, console: Console
) -> list[Trained] | None:
    device = choose_device(request.device)
    trained: list[Trained] = []
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        for system in systems:
            task = bar.add_task(system.id, total=request.budget.samples)

            def show(step: Step, task: TaskID = task) -> None:
                bar.update(task, completed=min(step.samples, step.total))

            done = train_system(system, request.budget, photos, request.folder / system.id, device, show)
            if done is None:
                return None
            bar.update(task, completed=request.budget.samples)
            if not console.is_terminal:
                console.print(f"{system.id}: trained")
            trained.append(done)
    return trained


def _measure_all(trained: Sequence[Trained], request: Request, command: str, console: Console) -> dict[str, Report]:
    """The evaluation of each system; those that are measured on as many photos share one."""
    groups: dict[int | None, list[Trained]] = {}
    for each in trained:
        count = each.system.photos
        if count is not None and request.photos is not None and count >= request.photos:
            count = None
        groups.setdefault(count, []).append(each)
    reports: dict[str, Report] = {}
    for count, group in groups.items():
        plan = Plan(
            data=request.measured,
            models=[str(each.weights) for each in group],
            half=request.half,
            parts="*.zip",
            exclude=request.exclude,
            photos=count or request.photos,
            reference=request.data if count is None else (),
            reference_parts=request.parts,
            stability=False,
            structure="none",
            device=request.device,
        )
        report = run_plan(plan, command, console).report
        reports |= {each.system.id: report for each in group}
    return reports
