"""The commands of the training package: `train` and `evaluate`."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

app = typer.Typer(add_completion=False, no_args_is_help=True)

DEFAULT_RUNS = Path("runs")


@app.command()
def train(
    recipe: Annotated[str, typer.Argument(help="A recipe file, or the name of a bundled one, for example photo.")],
    data: Annotated[list[Path], typer.Option(help="Folder with photos or zip parts, or a zip file; repeatable.")],
    output: Annotated[Path | None, typer.Option(help="Folder of the run. Default: runs/RECIPE.")] = None,
    resume: Annotated[bool, typer.Option(help="Goes on from the newest checkpoint of the folder.")] = False,  # noqa: FBT002
    minutes: Annotated[float | None, typer.Option(help="Stops after this long; --resume goes on later.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="CPU threads to compute with. Default: torch's choice.")] = None,
) -> None:
    """Trains the weights of a recipe and exports them to the run's folder."""
    import torch

    from engine.device import choose_device
    from training.data.packed import pack
    from training.export import export
    from training.recipe import RecipeError, load_recipe
    from training.trainer import Step, Trainer

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if threads:
        torch.set_num_threads(threads)
    plan = load_recipe(recipe)
    folder = output or DEFAULT_RUNS / plan.id
    if not resume and (folder / "checkpoint.pt").exists():
        raise RecipeError(
            f"{folder} already holds a run.", "Go on with --resume, or choose another folder with --output."
        )
    console = Console(stderr=True)
    console.print(f"Reading the photos of {', '.join(str(place) for place in data)} …")
    rules = plan.data
    packed = pack(data, rules.parts, rules.short_side, rules.min_colorfulness, cache=folder / "packed")
    console.print(f"{len(packed)} photos; left out: {packed.left_out}")
    photos, held_out = packed.held_out()
    trainer = Trainer(plan, photos, held_out, folder, choose_device(device))
    if resume and trainer.resume():
        console.print(f"Resumed after {trainer.samples} photos.")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("training", total=plan.schedule.samples, completed=trainer.samples)

        def show(step: Step) -> None:
            loss = sum(step.losses.values())
            text = f"loss {loss:.3f} · {step.rate:.1f} photos/s"
            bar.update(task, completed=min(step.samples, step.total), description=text)

        finished = trainer.run(minutes, show)
    paths = export(trainer.averaged_model(), plan, folder, photos=len(photos), sources=sorted(set(photos.sources)))
    console.print(f"{'Finished' if finished else 'Stopped'} after {trainer.samples} photos; wrote {paths[0]}.")
    if not finished:
        console.print(f"Go on with: autochrome train {recipe} --data … --output {folder} --resume")
