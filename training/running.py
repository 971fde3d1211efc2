"""A run from the command line's point of view: read the photos, train under a bar, export."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from engine.lock import RunLock
from engine.models.store import find_model
from engine.models.weights import load_network
from training.data.packed import PackedPhotos, pack
from training.export import export
from training.recipe import RecipeError
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
        start: The installed model whose weights it starts from; empty for none.
        minutes: Stops after this long; None for never.
    """

    recipe: Recipe
    data: Sequence[Path]
    folder: Path
    device: torch.device
    group: Group
    resume: bool
    start: str
    minutes: float | None


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


def carry_out(request: Request, console: Console) -> bool:
    """Trains and exports; whether the recipe is finished."""
    recipe, group = request.recipe, request.group
    photos, held_out = _photos(request, console).held_out()
    trainer = Trainer(recipe, photos, held_out, request.folder, request.device, group)
    if request.resume and trainer.resume():
        console.print(f"Resumed after {trainer.samples} photos.")
    elif request.start:
        trainer.start_from(load_network(find_model(request.start)), request.start)
    finished = _train(trainer, request.minutes, console)
    if group.first:
        sources = sorted(set(photos.sources))
        model = trainer.averaged_model()
        paths = export(model, recipe, request.folder, photos=len(photos), sources=sources, start=trainer.start)
        console.print(f"{'Finished' if finished else 'Stopped'} after {trainer.samples} photos; wrote {paths[0]}.")
    return finished


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
    return packed


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
