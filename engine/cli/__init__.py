"""The engine's commands: `colorize`, `recover`, `models` and `benchmark`.

Whatever the engine refuses becomes one red sentence on stderr, with what to do, and exit code 2. `main.py` adds the
commands of the other packages to `app` and starts it by `run`.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import threading
import traceback
from typing import TYPE_CHECKING, Any

import typer
from rich.console import Console
from rich.text import Text
from typer.core import TyperGroup

from engine.batch import shown
from engine.cli.benchmark import benchmark
from engine.cli.colorize import colorize_photos
from engine.cli.models import app as models_app
from engine.cli.recover import recover
from engine.errors import EngineError

if TYPE_CHECKING:
    from typing import NoReturn

INTERRUPTED = 130
NOT_STARTED = 2


class Commands(TyperGroup):
    """The commands, with the engine's errors said in one sentence."""

    def invoke(self, ctx: Any) -> Any:
        """Runs a command; see the click package."""
        try:
            return super().invoke(ctx)
        except EngineError as error:
            complain(str(error))
            raise typer.Exit(NOT_STARTED) from error


app = typer.Typer(
    cls=Commands,
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Colours black-and-white photographs on your own computer.",
)
app.command("colorize")(colorize_photos)
app.command()(benchmark)
app.command()(recover)
app.add_typer(models_app, name="models")


def complain(sentence: str) -> None:
    """Prints a sentence in red on stderr."""
    Console(stderr=True).print(Text(shown(sentence), style="red"), soft_wrap=True)


def run(commands: typer.Typer) -> NoReturn:
    """Runs the command line of this process and ends it with the command's exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show is no reason to fail
            stream.reconfigure(errors="backslashreplace")
    try:
        commands(prog_name="autochrome")
    except SystemExit as ending:
        _leave(ending.code)
    except KeyboardInterrupt:
        _leave(INTERRUPTED)
    except Exception:  # noqa: BLE001 - the last stop; 1 would say that photos failed
        traceback.print_exc()
        _leave(NOT_STARTED)
    _leave(0)


def _leave(code: str | int | None) -> NoReturn:
    """Ends the process, even where an interrupted batch left a thread behind inside a decoder."""
    if any(thread.daemon and thread.name.startswith("autochrome-") for thread in threading.enumerate()):
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError):
                stream.flush()
        os._exit(code if isinstance(code, int) else 1)
    sys.exit(code)
