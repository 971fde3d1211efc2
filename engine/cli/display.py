"""What a batch looks like on a command line: a progress bar, plain lines, or JSON."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from engine.batch import (
    Begin,
    Event,
    Failed,
    Note,
    Outcome,
    Planned,
    Resumed,
    Skipped,
    Started,
    Summary,
    Waiting,
    shown,
)
from engine.batch.durations import duration
from engine.cli.keys import can_press_enter
from engine.cli.pace import Pace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Self

MOST_FAILURES = 50
"""Failures that are listed at the end; the report has them all."""
NAME_WIDTH = 32


class Display(contextlib.AbstractContextManager["Display"]):
    """Shows the events of a batch.

    Attributes:
        on_closed: Called when whoever reads the output has gone away.
    """

    def __init__(self) -> None:
        self.on_closed: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        """Begins."""
        return self

    def __exit__(self, *_: object) -> None:
        """Ends."""

    def on_event(self, event: Event) -> None:
        """Shows an event; called from any thread, one at a time."""

    def on_report(self, share: float, doing: str) -> None:
        """Shows how far the work is; called from any thread.

        Args:
            share: The share that is done, in [0, 1].
            doing: The photo that is being coloured, or was finished last.
        """

    def print(self, line: str) -> None:
        """Prints a line on stdout; when nobody reads it any more, says so instead of failing."""
        try:
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except OSError:
            self.on_closed()


class JsonLines(Display):
    """One JSON object a line on stdout."""

    def on_event(self, event: Event) -> None:
        """Prints the event."""
        if not isinstance(event, Begin | Started):
            self.print(event.to_json())


class Lines(Display):
    """Plain lines on stderr, and the list of failures at the end. What a dry run plans is printed on stdout.

    Args:
        console: Where to.
    """

    def __init__(self, console: Console) -> None:
        super().__init__()
        self._console = console
        self._failures: list[Failed] = []
        self._total = 0
        self._count = 0
        self._planned = 0

    def on_event(self, event: Event) -> None:
        """Prints the event."""
        if isinstance(event, Begin):
            self._total = event.total
        elif isinstance(event, Planned):
            self._planned += 1
            self.print(f"{shown(event.source)} -> {shown(event.output)}")
        elif isinstance(event, Note):
            self._say(event.text, "yellow")
        elif isinstance(event, Waiting):
            self._say(_waiting(event), "yellow")
        elif isinstance(event, Resumed):
            self._say(f"Going on in {event.folder}, after {duration(event.seconds)}.")
        elif isinstance(event, Summary):
            self._sum_up(event)
        elif isinstance(event, Outcome):
            self._count += 1
            if isinstance(event, Failed):
                self._failures.append(event)
            self.show_photo(event)

    def show_photo(self, outcome: Outcome) -> None:
        """Shows what became of a photo."""
        if outcome.name != "skipped":
            self._say(f"{self._count}/{self._total} {outcome.name} {outcome.source} {outcome.cause}".rstrip())

    def _say(self, line: str, style: str = "") -> None:
        try:
            self._console.print(Text(shown(line), style=style), soft_wrap=True)
        except OSError:
            self.on_closed()

    def _sum_up(self, summary: Summary) -> None:
        for failure in self._failures[:MOST_FAILURES]:
            self._say(f"{failure.source}: {failure.cause} {failure.advice}".rstrip(), "red")
        if len(self._failures) > MOST_FAILURES:
            self._say(f"… and {len(self._failures) - MOST_FAILURES} more.", "red")
        if self._planned:
            self._say(f"{self._planned} would be coloured, {summary.skipped} skipped.{_estimate(summary)}")
            return
        done = f"{summary.done} coloured" + (f" ({summary.hinted} with hints)" if summary.hinted else "")
        self._say(f"{done}, {summary.failed} failed, {summary.skipped} skipped (already there)")
        if summary.interrupted:
            self._say("Interrupted. The same command goes on from here.", "yellow")
        for report in summary.reports:
            self._say(f"Report: {report}")


def _waiting(event: Waiting) -> str:
    key = "; Enter tries again now" if can_press_enter() else ""
    return f"Waiting for {event.folder}: {event.cause} {event.advice}".rstrip() + (f" The run goes on by itself{key}.")


def _estimate(summary: Summary) -> str:
    """How long a dry run says that it would take."""
    if summary.estimate is None:
        return ""
    photos = "1 photo" if summary.sample == 1 else f"{summary.sample} photos"
    return f" It would take about {duration(summary.estimate)}, judged by {photos}."


class Rate(ProgressColumn):
    """Photos a second, or seconds a photo, and the time left.

    Args:
        pace: That of the run.
    """

    def __init__(self, pace: Pace) -> None:
        super().__init__()
        self._pace = pace

    def render(self, task: Task) -> Text:
        """The rate of the last minute; nothing while it is unknown."""
        rate = self._pace.rate
        if rate is None or task.total is None or task.finished:
            return Text("")
        left = duration(self._pace.left(round(task.total - task.completed)) or 0.0)
        speed = f"{rate:.1f}/s" if rate >= 1 else f"{1 / rate:.1f} s each"
        return Text(f"{speed}, {left} left")


class Failures(ProgressColumn):
    """How many photos failed, as long as there are any."""

    def render(self, task: Task) -> Text:
        """The count."""
        count = task.fields["failed"]
        return Text(f"{count} failed" if count else "", style="red")


class Bar(Lines):
    """A progress bar on a terminal: count, failures, rate, time left, and the current photo.

    Args:
        console: The terminal.
        pace: What measures the pace; None for one by the clock.
    """

    def __init__(self, console: Console, pace: Pace | None = None) -> None:
        super().__init__(console)
        self._pace = pace or Pace()
        self._waiting: set[Path] = set()
        columns = (
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            Failures(),
            Rate(self._pace),
            TextColumn("{task.fields[doing]}", markup=False),
        )
        self._bar = Progress(*columns, console=console, transient=True)
        self._task = self._bar.add_task("", total=None, doing="looking for photos", failed=0)

    def __enter__(self) -> Self:
        """Shows the bar."""
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Takes it away."""
        self._bar.stop()

    def on_event(self, event: Event) -> None:
        """Moves the bar."""
        if isinstance(event, Begin):
            self._bar.update(self._task, total=event.total, doing="loading the model")
        elif isinstance(event, Planned):
            self._bar.advance(self._task)
        elif isinstance(event, Started):
            self._pace.begin()
        elif isinstance(event, Waiting):
            self._waiting.add(event.folder)
            self._bar.update(self._task, doing="waiting to go on")
        elif isinstance(event, Resumed):
            self._waiting.discard(event.folder)
            self._pace.waited(event.seconds)
        elif isinstance(event, Summary):
            self._bar.stop()
        super().on_event(event)

    def show_photo(self, outcome: Outcome) -> None:
        """Counts the photo."""
        self._bar.update(self._task, advance=1, failed=len(self._failures))
        if not isinstance(outcome, Skipped):
            self._pace.finished()
        if isinstance(outcome, Failed):
            self._say(f"{outcome.source}: {outcome.cause}", "red")

    def on_report(self, share: float, doing: str) -> None:
        """Shows the name, unless the run waits: others may still be read meanwhile."""
        del share
        if self._waiting:
            return
        name = shown(doing)
        self._bar.update(self._task, doing=name if len(name) <= NAME_WIDTH else f"{name[: NAME_WIDTH - 1]}…")


class Stderr(Console):
    """The console of a batch. It is written to from many threads, and none of them may end without a word."""

    def __init__(self) -> None:
        super().__init__(stderr=True, highlight=False)

    def on_broken_pipe(self) -> None:
        """Says that nobody reads it any more; rich would leave the program, or here the thread."""
        self.quiet = True
        raise BrokenPipeError


def choose_display() -> Display:
    """A bar on a terminal, lines elsewhere."""
    console = Stderr()
    return Bar(console) if console.is_terminal else Lines(console)
