"""`autochrome recover`: the grey originals out of pictures that were made with --luma exact."""

from __future__ import annotations

import json as json_format
from pathlib import Path  # noqa: TC003 - typer reads the annotations
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from engine.batch import shown
from engine.errors import PhotoError, SaveError
from engine.photo import recover_photo

SOME_FAILED = 1


def recover(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Pictures made with --luma exact.")],
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder for the originals; no file in it is replaced.")],
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line on stdout, nothing else there.")] = False,
) -> None:
    """Takes the grey original, to the bit of its luma, out of pictures that were coloured with --luma exact.

    Exit codes: 0 all done, 1 some files failed, 2 nothing could be started.
    """
    _make_folder(output)
    failed = 0
    for file in files:
        try:
            original = recover_photo(file, output)
        except PhotoError as error:
            failed += 1
            if json:
                _emit("failed", source=file, cause=error.cause, advice=error.advice)
            else:
                _say(f"{file}: {error.cause} {error.advice}".rstrip(), "red")
            continue
        if json:
            _emit("done", source=file, output=original)
        else:
            typer.echo(f"{shown(file)} -> {shown(original)}")
    if json:
        _emit("summary", done=len(files) - failed, failed=failed)
    elif len(files) > 1 or failed:
        _say(f"{len(files) - failed} recovered, {failed} failed")
    raise typer.Exit(SOME_FAILED if failed else 0)


def _make_folder(folder: Path) -> None:
    """Makes the folder for the originals, or says why it cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(folder, f"the folder cannot be made: {error.strerror}.", "Choose another folder.") from error


def _emit(event: str, **fields: Any) -> None:
    """One event as a line of JSON."""
    typer.echo(json_format.dumps({"event": event, **fields}, default=str))


def _say(line: str, style: str = "") -> None:
    """A line for people, on stderr."""
    Console(stderr=True, highlight=False).print(Text(shown(line), style=style), soft_wrap=True)
