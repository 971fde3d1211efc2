"""`autochrome colorize`: colours photos and folders of photos."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.batch import BatchJob, BatchOptions, FormatChoice, Luma, Summary
from engine.batch.estimate import SAMPLE
from engine.batch.storage import is_url
from engine.cli.display import Display, JsonLines, choose_display
from engine.cli.interrupting import interruptible
from engine.cli.keys import enter_while_waiting
from engine.device import DeviceName  # noqa: TC001 - typer reads the annotations
from engine.models.store import find_model
from engine.progress import Progress
from engine.render import Look

SOME_FAILED = 1
INTERRUPTED = 130


def colorize_photos(  # noqa: PLR0913 - one argument an option
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH...",
            help="Photos, and folders of photos; also in object storage (s3://BUCKET/PHOTOS), as all folders here.",
        ),
    ],
    output: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Folder for the coloured photos; folders are mirrored below it, each under its own name if there are "
            "several. Default: PHOTOS-color beside PHOTOS, and X-color.jpg beside X.jpg.",
        ),
    ] = None,
    model: Annotated[str, typer.Option(metavar="ID", help="One of `autochrome models`.")] = "photo",
    format: Annotated[FormatChoice, typer.Option(help="The format of the coloured photos.")] = "same",
    quality: Annotated[int, typer.Option(min=1, max=100, help="Of JPEG and WebP.")] = 92,
    saturation: Annotated[
        float | None,
        typer.Option(min=0.0, help="Multiplies the strength of all colours. Default: the model's own, on its card."),
    ] = None,
    vibrance: Annotated[float, typer.Option(min=-1.0, max=1.0, help="Does so for muted colours.")] = 0.0,
    temperature: Annotated[float, typer.Option(min=-100.0, max=100.0, help="Warmer above 0, cooler below.")] = 0.0,
    white_balance: Annotated[
        bool, typer.Option("--white-balance", help="Takes a cast away that tints what should be grey.")
    ] = False,
    evenness: Annotated[
        float | None,
        typer.Option(
            min=0.0,
            max=1.0,
            help="How far each region between lines takes one colour: for cartoons. Default: the model's own, on its "
            "card.",
        ),
    ] = None,
    luma: Annotated[
        Luma,
        typer.Option(
            help="What of a photo stays as it is: its lightness; or, from JPEG to JPEG, its own luma bit for bit, so "
            "that `autochrome recover` gives the grey original back."
        ),
    ] = "lightness",
    device: Annotated[DeviceName, typer.Option(help="Where the network runs.")] = "auto",
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Photos to work on at the same time. Default: one a core.")
    ] = None,
    restart: Annotated[
        bool, typer.Option("--restart", help="Colours again what this program had coloured before.")
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            help="Tells what would be coloured, and how long it would take by a few photos; writes nothing.",
        ),
    ] = False,
    no_mark: Annotated[
        bool, typer.Option("--no-mark", help="Does not write into the files that their colours are synthetic.")
    ] = False,
    no_metadata: Annotated[
        bool,
        typer.Option("--no-metadata", help="Leaves out the photos' EXIF with places and dates, XMP, IPTC, comments."),
    ] = False,
    sidecars: Annotated[
        str | None,
        typer.Option(
            metavar="DIR",
            help="Folder of the photos' sidecars (hints, look, model), which mirrors the photos' folder. Default: "
            "beside each photo. What a sidecar says of its photo wins over --model, --saturation, --vibrance, "
            "--temperature, --white-balance and --evenness.",
        ),
    ] = None,
    no_sidecars: Annotated[
        bool, typer.Option("--no-sidecars", help="Leaves sidecars aside: every photo as the options say.")
    ] = False,
    salvage: Annotated[bool, typer.Option("--salvage", help="Colours what is left of files that are cut off.")] = False,
    cluster: Annotated[
        bool,
        typer.Option(
            "--cluster",
            help="Works on a Ray cluster, whose machines all see the photos and the outputs under the same paths. "
            "--jobs is then how many photos each of its actors works on at the same time. Needs the extra `cluster`.",
        ),
    ] = False,
    cluster_address: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="The head of a cluster that is up. Default: one is started here."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout, nothing else there.")] = False,
) -> None:
    """Colours photos. The same command again goes on where it was interrupted.

    Exit codes: 0 all done, 1 some photos failed, 2 nothing could be started, 130 interrupted.
    """
    card = find_model(model).card
    look = Look(
        saturation=card.saturation if saturation is None else saturation,
        vibrance=vibrance,
        temperature=temperature,
        white_balance=white_balance,
        evenness=card.evenness if evenness is None else evenness,
    )
    options = BatchOptions(
        paths=tuple(_place(path) for path in paths),
        output=None if output is None else _place(output),
        model=model,
        format=format,
        quality=quality,
        look=look,
        device=device,
        jobs=jobs or 0,
        restart=restart,
        mark=not no_mark,
        metadata=not no_metadata,
        luma=luma,
        salvage=salvage,
        sidecars=None if sidecars is None else _place(sidecars),
        use_sidecars=not no_sidecars,
        cluster=cluster,
        cluster_address=cluster_address,
    )
    raise typer.Exit(exit_code(_run(make_job(options), JsonLines() if json else choose_display(), dry_run=dry_run)))


def make_job(options: BatchOptions) -> BatchJob:
    """The job of a command line; tests put another in its place."""
    return BatchJob(options)


def _place(name: str) -> Path | str:
    """What a name on the command line means: a URL stays one, for a path has no two slashes together."""
    return name if is_url(name) else Path(name)


def exit_code(summary: Summary) -> int:
    """What the shell is told."""
    if summary.interrupted:
        return INTERRUPTED
    return SOME_FAILED if summary.failed else 0


def _run(job: BatchJob, display: Display, *, dry_run: bool) -> Summary:
    progress = Progress(display.on_report)
    display.on_closed = progress.cancel
    with interruptible(progress), display, enter_while_waiting(job.try_again, display.on_event) as on_event:
        if dry_run:
            return job.dry_run(progress, on_event, sample=SAMPLE)
        return job.run(progress, on_event)
