"""`autochrome benchmark`: what each stage, a batch, and a stroke of the hint brush cost on this machine."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as ProgressBar

from engine.batch import BatchJob, BatchOptions, Done, Event, Outcome, Started, Summary, Waiting, shown
from engine.cli.benchmark_tables import print_measured, print_overview
from engine.cli.interrupting import interruptible
from engine.errors import CancelledError, EngineError
from engine.models.store import find_model
from engine.progress import Progress
from engine.render import Look

if TYPE_CHECKING:
    from typing import Self

    from engine.benchmark import Benchmark, Copies, NotMeasured

SOME_FAILED = 1
INTERRUPTED = 130
LEAST_COPIES, COPIES_A_WORKER = 12, 4


def benchmark(
    photo: Annotated[
        Path | None,
        typer.Option(help="The photo to colour. Default: a grey JPEG, a colour JPEG and a 16-bit TIFF of 12 MP."),
    ] = None,
    model: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="A model; may be given again. Default: every installed one.")
    ] = None,
    device: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="auto, cpu, cuda or mps; may be given again. Default: all of this machine."),
    ] = None,
    repeats: Annotated[int, typer.Option(min=1, help="How often each stage runs; the median counts.")] = 5,
    strokes: Annotated[
        int, typer.Option(min=0, help="Strokes of hints to paint, each timed until it is seen; 0 leaves them out.")
    ] = 100,
    copies: Annotated[
        int | None,
        typer.Option(
            "--batch", min=0, help="Copies that a batch colours; 0 leaves it out. Default: some for each core."
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line on stdout, nothing else there.")
    ] = False,
) -> None:
    """Times each stage of a photo beside decoding and encoding it bare, strokes of hints, and a batch.

    Exit codes: 0 all measured, 1 some models could not be used, 2 nothing could be measured, 130 interrupted.
    """
    from engine.benchmark import Benchmark, BenchmarkOptions
    from engine.benchmark import benchmark as measure

    options = BenchmarkOptions(
        photo=photo,
        models=tuple(model or ()),
        devices=tuple(device or ()),
        repeats=repeats,
        strokes=strokes,
        copies=_usual_copies() if copies is None else copies,
    )
    tell = _as_json if as_json else _as_table
    found: list[Benchmark] = []
    failed: list[NotMeasured] = []
    with _Meter() as meter:
        progress = Progress(meter.on_report)
        try:
            with interruptible(progress):
                for measured in measure(options, run_batch, progress=progress, on_part=meter.on_part):
                    meter.hide()
                    tell(measured)
                    if isinstance(measured, Benchmark):
                        found.append(measured)
                    else:
                        failed.append(measured)
        except CancelledError as error:
            raise typer.Exit(INTERRUPTED) from error
    if failed and not found:
        raise failed[0].error
    if len(found) > 1 and not as_json:
        print_overview(found, Console())
    raise typer.Exit(SOME_FAILED if failed else 0)


def run_batch(copies: Copies, progress: Progress) -> Summary:
    """Runs a real batch over copies of a photo, and deletes each result as soon as it is there.

    Raises:
        EngineError: If it could not be started, or has no room for its results.
    """
    card = find_model(copies.model).card
    options = BatchOptions(
        paths=copies.photos,
        output=copies.output,
        model=copies.model,
        device=copies.device,
        look=Look(saturation=card.saturation, evenness=card.evenness),
    )
    stuck: list[Waiting] = []

    def listen(event: Event) -> None:
        if isinstance(event, Started):
            copies.clock.was_read()
        elif isinstance(event, Done):
            copies.clock.was_saved()
            if event.output is not None:
                event.output.unlink(missing_ok=True)
        elif isinstance(event, Outcome):
            copies.clock.was_left(event.cause)
        elif isinstance(event, Waiting):
            stuck.append(event)
            progress.cancel()  # nobody will make room for a benchmark

    summary = BatchJob(options).run(progress, listen)
    if stuck:
        raise EngineError(f"{stuck[0].folder}: {stuck[0].cause}", stuck[0].advice)
    return summary


def _usual_copies() -> int:
    """Enough that beginning and end of the batch hardly count."""
    return max(LEAST_COPIES, COPIES_A_WORKER * BatchOptions(paths=()).workers)


def _as_json(measured: Benchmark | NotMeasured) -> None:
    from engine.benchmark import NotMeasured

    if isinstance(measured, NotMeasured):
        told = {"photo": measured.photo, "model": measured.model, "device": measured.device}
        typer.echo(json.dumps({"event": "failed", **told, "cause": str(measured.error)}))
    else:
        typer.echo(json.dumps({"event": "measured", **measured.to_plain()}))


def _as_table(measured: Benchmark | NotMeasured) -> None:
    from engine.benchmark import NotMeasured

    if isinstance(measured, NotMeasured):
        sentence = f"{measured.model} on {measured.device} was not measured: {measured.error}"
        Console(stderr=True, highlight=False).print(sentence, style="red", markup=False, soft_wrap=True)
    else:
        print_measured(measured, Console())


class _Meter(contextlib.AbstractContextManager["_Meter"]):
    """Tells on stderr what is measured now: by a bar on a terminal, by lines elsewhere."""

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bar: ProgressBar | None = None

    def __enter__(self) -> Self:
        """Begins."""
        return self

    def __exit__(self, *_: object) -> None:
        """Takes the bar away."""
        self.hide()

    def hide(self) -> None:
        """Takes the bar away until the next part, for what is printed meanwhile."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def on_part(self, doing: str) -> None:
        """Shows what is measured next."""
        self.hide()
        if not self._console.is_terminal:
            self._console.print(shown(doing), markup=False, soft_wrap=True)
            return
        columns = (TextColumn("{task.description}", markup=False), BarColumn())
        self._bar = ProgressBar(*columns, console=self._console, transient=True)
        self._bar.add_task(shown(doing), total=1.0)
        self._bar.start()

    def on_report(self, share: float, doing: str) -> None:
        """Moves the bar; called from any thread."""
        del doing
        if self._bar is not None:
            self._bar.update(self._bar.task_ids[0], completed=share)
