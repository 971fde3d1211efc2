"""Entry point: the window without arguments; colorize, models, benchmark, evaluate and train with them."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.cli import NOT_STARTED, app, complain, run
from training.cli import app as training_app

NO_WINDOW = (
    "The window is not part of this version. Colour photos with: autochrome colorize PATH… "
    "(autochrome --help tells more)."
)

app.add_typer(training_app)


def main() -> None:
    """Runs Autochrome and ends the process with its exit code."""
    if asks_for_window(sys.argv[1:]):
        complain(NO_WINDOW)
        sys.exit(NOT_STARTED)
    run(app)


def asks_for_window(arguments: list[str]) -> bool:
    """Whether a command line names no command: nothing at all, or photos and folders to open."""
    if not arguments:
        return True
    commands = {"colorize", "models", "benchmark", "train", "evaluate", "compare"}
    return arguments[0] not in commands and not arguments[0].startswith("-") and Path(arguments[0]).exists()


if __name__ == "__main__":
    main()
