"""The commands of the training package: `train`, `evaluate` and `compare`."""

from __future__ import annotations

import json
import logging
import shlex
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer(add_completion=False, no_args_is_help=True)

DEFAULT_RUNS = Path("runs")
INTERRUPTED = 130
REPORT_SATURATIONS = "0.5,0.75,1,1.25,1.5,1.75,2"
REPORT_HINTS = "0,1,2,5,10,20,50,100"


@app.command()
def train(  # noqa: PLR0913 - one argument an option
    recipe: Annotated[str, typer.Argument(help="A recipe file, or the name of a bundled one, for example photo.")],
    data: Annotated[
        list[Path], typer.Option(help="Folder with photos or zip parts, a zip file, or a CSV list; repeatable.")
    ],
    output: Annotated[Path | None, typer.Option(help="Folder of the run. Default: runs/NAME.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the weights. Default: the recipe's.")] = None,
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set", metavar="KEY=VALUE", help="Another value for a key of the recipe, as in TOML; repeatable."
        ),
    ] = None,
    resume: Annotated[bool, typer.Option(help="Goes on from the newest checkpoint of the folder.")] = False,
    start: Annotated[
        str | None, typer.Option(metavar="MODEL", help="Starts from an installed model's weights: fine-tuning.")
    ] = None,
    minutes: Annotated[float | None, typer.Option(help="Stops after this long; --resume goes on later.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="CPU threads to compute with. Default: torch's choice.")] = None,
) -> None:
    """Trains the weights of a recipe and exports them to the run's folder; with several GPUs through torchrun."""
    import torch

    from engine.device import choose_device
    from training.checkpoint import NAME
    from training.distributed import joined
    from training.learner import check_recipe
    from training.recipe import RecipeError, changed, load_recipe
    from training.running import Request, carry_out, held, renamed, started

    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if threads:
        torch.set_num_threads(threads)
    plan = started(renamed(changed(load_recipe(recipe), change or ()), name), start)
    folder = output or DEFAULT_RUNS / plan.id
    if not resume and (folder / NAME).exists():
        raise RecipeError(
            f"{folder} already holds a run.", "Go on with --resume, or choose another folder with --output."
        )
    with joined(choose_device(device)) as (group, place):
        check_recipe(plan, group)
        console = Console(stderr=True, quiet=not group.first)
        with held(folder, group):
            trainer = carry_out(Request(plan, data, folder, place, group, resume=resume, minutes=minutes), console)
    if trainer.samples < plan.schedule.samples:
        options = {"--output": str(folder), "--name": name, "--start": start}
        words = [recipe, *(word for path in data for word in ("--data", str(path)))]
        words += [word for option, value in options.items() if value for word in (option, value)]
        words += [word for value in change or () for word in ("--set", value)]
        program = ["autochrome"] if group.size == 1 else ["torchrun", "--nproc-per-node", str(group.size), "-m", "main"]
        console.print(f"Go on with: {shlex.join([*program, 'train', *words, '--resume'])}", soft_wrap=True)
    if trainer.interrupted:
        raise typer.Exit(INTERRUPTED)


@app.command()
def evaluate(  # noqa: PLR0913 - one argument an option
    data: Annotated[list[Path], typer.Option(help="Folder with photos or zip parts, or a zip file; repeatable.")],
    model: Annotated[
        list[str] | None,
        typer.Option(help="Models to measure, installed or a .safetensors file with its card beside it; repeatable."),
    ] = None,
    half: Annotated[str, typer.Option(help="test, choose or all: which photos, by the hash in their names.")] = "test",
    parts: Annotated[str, typer.Option(help="Glob over the names of zip parts in a data folder.")] = "*val*.zip",
    exclude: Annotated[list[str] | None, typer.Option(help="Sources that do not count; repeatable.")] = None,
    photos: Annotated[int | None, typer.Option(help="Only so many photos, the first of a fixed shuffle.")] = None,
    reference: Annotated[
        list[Path] | None,
        typer.Option(help="The training photos, for the rows constant and nearest neighbours, and the marginal."),
    ] = None,
    reference_parts: Annotated[str, typer.Option(help="Glob over zip parts of the reference.")] = "*train*.zip",
    saturation: Annotated[
        str | None, typer.Option(help="Saturations of the look, with commas. Default: 1; seven with --report.")
    ] = None,
    evenness: Annotated[
        str, typer.Option(help="Evenness of the look, with commas: a row at each saturation for each but 0.")
    ] = "0",
    hints: Annotated[
        str | None,
        typer.Option(help="Numbers of hints, with commas, or none. Default: none; 0,1,2,5,10,20,50,100 with --report."),
    ] = None,
    side: Annotated[int | None, typer.Option(min=32, help="The network's size, in place of the card's.")] = None,
    aged: Annotated[
        bool,
        typer.Option(
            "--aged",
            help="Shows the models each photo as an old print: blurred, faded, grainy. Measured are its colours.",
        ),
    ] = False,
    stability: Annotated[
        bool, typer.Option(help="Also measure each photo at 0.5, 2 and 4 times its size, and artefacts.")
    ] = True,
    structure: Annotated[
        str,
        typer.Option(help="SSIM, MS-SSIM, UQI, VIF: some (grey, and models at saturation 1), all (rows) or none."),
    ] = "some",
    lpips: Annotated[Path | None, typer.Option(help="AlexNet's weights in torchvision's layout: adds LPIPS.")] = None,
    inception: Annotated[
        Path | None, typer.Option(help="torch-fidelity's Inception weights: adds FID (KID under 2,000 photos).")
    ] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for a page with everything, tables and plots.")] = None,
    card: Annotated[Path | None, typer.Option(help="Write the first model's figures into this card.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object on stdout, nothing else.")] = False,
) -> None:
    """Measures models on photos they never saw, beside rows that know nothing."""
    from engine.models.card import read_card
    from training.measure import Plan, run_plan
    from training.report import typed_command, write_metrics
    from training.reporting.folder import prepare_folder, write_folder

    plan = Plan(
        data=data,
        models=model or ["photo"],
        half=half,
        parts=parts,
        exclude=exclude or (),
        photos=photos,
        reference=reference or (),
        reference_parts=reference_parts,
        saturations=_numbers(saturation or ("1" if report is None else REPORT_SATURATIONS)),
        evenness=_numbers(evenness),
        hints=[int(count) for count in _numbers(hints or ("none" if report is None else REPORT_HINTS))],
        side=side,
        aged=aged,
        stability=stability,
        structure=structure,
        lpips=lpips,
        inception=inception,
        device=device,
    )
    # Both before the work, which would be lost on a card that is none, or a folder that cannot be written.
    if card is not None:
        read_card(card)
    if report is not None:
        prepare_folder(report)
    measured = run_plan(plan, typed_command(), Console(stderr=True))
    found = measured.report
    if card is not None:
        write_metrics(card, found, found.first_model)
    page = None if report is None else write_folder(report, measured)
    if as_json:
        typer.echo(json.dumps(found.as_json()))
        return
    out = Console()
    for table in found.tables():
        out.print(table)
    out.print(f"Left out: {len(found.left_out)} for lack of colour, {len(found.damaged)} damaged.")
    for note in found.notes:
        out.print(note)
    if page is not None:
        out.print(f"Everything else: {page}")


@app.command()
def compare(  # noqa: PLR0913 - one argument an option
    data: Annotated[list[Path], typer.Option(help="Photos to train on: folder, zip file or CSV list; repeatable.")],
    measure: Annotated[
        list[Path], typer.Option(help="Photos to measure with, of which none is trained on; repeatable.")
    ],
    systems: Annotated[list[str] | None, typer.Argument(help="Some of the systems only. Default: all.")] = None,
    parts: Annotated[str, typer.Option(help="Glob over the names of zip parts to train on.")] = "*train*.zip",
    samples: Annotated[int, typer.Option(min=1, help="The budget: photos that each system is trained on.")] = 2000,
    size: Annotated[int, typer.Option(min=32, help="Side of the pictures, in training and in use.")] = 96,
    output: Annotated[Path, typer.Option(help="Folder of the runs; the same command goes on there.")] = (
        DEFAULT_RUNS / "compare"
    ),
    report: Annotated[Path | None, typer.Option(help="Writes the page to this file, not to stdout.")] = None,
    photos: Annotated[int | None, typer.Option(help="Measures so many photos, the first of a fixed shuffle.")] = None,
    half: Annotated[str, typer.Option(help="test, choose or all: which photos, by the hash in their names.")] = "test",
    exclude: Annotated[list[str] | None, typer.Option(help="Sources that do not count; repeatable.")] = None,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda or mps.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="CPU threads to compute with. Default: torch's choice.")] = None,
) -> None:
    """Trains every system for the same small budget and tells how far each came, in one table."""
    import torch

    from training.comparison.running import Request, carry_out
    from training.comparison.systems import Budget
    from training.report import typed_command

    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    if threads:
        torch.set_num_threads(threads)
    console = Console(stderr=True)
    request = Request(
        data=data,
        parts=parts,
        measured=measure,
        systems=systems or (),
        budget=Budget(samples=samples, size=size),
        folder=output,
        photos=photos,
        half=half,
        exclude=exclude or (),
        device=device,
    )
    text = carry_out(request, typed_command(), console)
    if text is None:
        console.print("Stopped. The same command goes on from here.")
        raise typer.Exit(INTERRUPTED)
    if report is None:
        typer.echo(text)
    else:
        report.write_text(text, encoding="utf-8")
        console.print(f"Wrote {report}.")


def _numbers(text: str) -> list[float]:
    """The numbers of a list with commas; none at all for "none"."""
    try:
        return [] if text == "none" else [float(part) for part in text.split(",")]
    except ValueError as error:
        raise typer.BadParameter(f'"{text}" is not a list of numbers with commas.') from error
