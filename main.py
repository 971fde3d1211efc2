"""Entry point: the window without arguments; colorize, recover, models, benchmark, evaluate and train with them."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.cli import NOT_STARTED, app, complain, run
from training.cli import app as training_app

app.add_typer(training_app)


def main() -> None:
    """Runs Autochrome and ends the process with its exit code."""
    if asks_for_window(sys.argv[1:]):
        window()
    run(app)


def window() -> None:
    """Opens the window with the photos and folders of the command line, and ends the process when it is closed."""
    try:
        from desktop.app import run as run_window
    except ImportError as error:
        complain(f"The window cannot be opened, for a system library is missing: {error}.")
        sys.exit(NOT_STARTED)
    sys.exit(run_window([Path(name).absolute() for name in sys.argv[1:]]))


def asks_for_window(arguments: list[str]) -> bool:
    """Whether a command line names no command: nothing at all, or photos and folders to open."""
    if not arguments:
        return True
    commands = {"colorize", "recover", "models", "benchmark", "train", "evaluate", "compare"}
    return arguments[0] not in commands and not arguments[0].startswith("-") and Path(arguments[0]).exists()


if __name__ == "__main__":
    main()
