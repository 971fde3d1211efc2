"""A run from the command line's point of view: read the photos, train under a bar, export."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.lock import RunLock
from engine.models.store import find_model
from engine.models.weights import load_network
from training.data.packed import PackedPhotos, pack
from training.export import export
from training.recipe import RecipeError, parse, to_table
from training.trainer import Trainer

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence
    from pathlib import Path

    import torch
    from rich.console import Console

    from training.distributed import Group
    from training.recipe import Recipe
    from training.trainer import Step

LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asked for.

    Attributes:
        recipe: The recipe.
        data: Where the photos are.
        folder: Where the run lives.
        device: Where to compute.
        group: The processes that train together.
        resume: Goes on from the folder's checkpoint.
        minutes: Stops after this long; None for never.
    """

    recipe: Recipe
    data: Sequence[Path]
    folder: Path
    device: torch.device
    group: Group
    resume: bool
    minutes: float | None


def renamed(recipe: Recipe, name: str | None) -> Recipe:
    """The recipe under another name, where one is given.

    Raises:
        RecipeError: If no model can be called so.
    """
    return recipe if name is None else parse({**to_table(recipe), "id": name})


def started(recipe: Recipe, start: str | None) -> Recipe:
    """The recipe with the model that it starts from, if any: its own or the given one, and that model's numbers.

    Raises:
        UnknownModelError: If there is no such model.
    """
    start = start or recipe.start
    if not start:
        return recipe
    card = find_model(start).card
    take_numbers = not recipe.network and card.architecture == recipe.architecture
    return replace(recipe, start=start, network=dict(card.network) if take_numbers else recipe.network)


@contextlib.contextmanager
def held(folder: Path, group: Group) -> Generator[None]:
    """Makes a run's folder and keeps other runs out of it; a lock left behind by a process that died does not count.

    Raises:
        InUseError: If another run is at work there.
        RecipeError: If the folder cannot be written.
    """
    with contextlib.ExitStack() as stack:
        if group.first:
            try:
                folder.mkdir(parents=True, exist_ok=True)
                stack.enter_context(RunLock(folder / LOCK, folder))
            except OSError as error:
                raise RecipeError(
                    f"{folder} cannot hold a run: {error.strerror}.", "Choose another folder with --output."
                ) from error
        yield


def carry_out(request: Request, console: Console) -> Trainer:
    """Trains and exports; the trainer as it stands then."""
    recipe, group = request.recipe, request.group
    photos, held_out = _photos(request, console).held_out()
    trainer = Trainer(recipe, photos, held_out, request.folder, request.device, group)
    if request.resume and trainer.resume():
        console.print(f"Resumed after {trainer.samples} photos.")
    elif recipe.start:
        trainer.start_from(load_network(find_model(recipe.start)), recipe.start)
    finished = _train(trainer, request.minutes, console)
    if group.first:
        sources = sorted(set(photos.sources))
        model = trainer.averaged_model()
        paths = export(model, recipe, request.folder, photos=len(photos), sources=sources, start=trainer.start)
        console.print(f"{'Finished' if finished else 'Stopped'} after {trainer.samples} photos; wrote {paths[0]}.")
    return trainer


def _photos(request: Request, console: Console) -> PackedPhotos:
    """The photos, decoded by rank 0 and read by the others from its cache."""
    console.print(f"Reading the photos of {', '.join(str(place) for place in request.data)} …")
    rules = request.recipe.data
    if not request.group.first:
        request.group.wait()
    packed = pack(request.data, rules.parts, rules.short_side, rules.min_colorfulness, cache=request.folder / "packed")
    if request.group.first:
        request.group.wait()
    console.print(f"{len(packed)} photos; left out: {packed.left_out}")
    return _without(packed, rules.exclude)


def _without(packed: PackedPhotos, exclude: Sequence[str]) -> PackedPhotos:
    """The photos of all other sources.

    Raises:
        RecipeError: If there are none of such a source, which would leave nothing out, or of no other.
    """
    missing = sorted(set(exclude) - set(packed.sources))
    if missing:
        known = ", ".join(sorted(set(packed.sources)))
        raise RecipeError(f"No photo is of the source {missing[0]}.", f'"data.exclude" may name: {known}.')
    kept = [number for number, source in enumerate(packed.sources) if source not in exclude]
    if not kept:
        raise RecipeError('"data.exclude" leaves no photo to train on.', "Name fewer sources.")
    return packed.subset(kept) if exclude else packed


def _train(trainer: Trainer, minutes: float | None, console: Console) -> bool:
    """Trains under a bar; whether the recipe is finished."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal or console.quiet) as bar:
        task = bar.add_task("training", total=trainer.recipe.schedule.samples, completed=trainer.samples)

        def show(step: Step) -> None:
            loss = sum(step.losses.values())
            text = f"{step.stage} · loss {loss:.3f} · {step.rate:.1f} photos/s"
            bar.update(task, completed=min(step.samples, step.total), description=text)

        return trainer.run(minutes, show)
