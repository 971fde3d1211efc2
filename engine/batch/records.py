"""What became of a folder's photos, read from the records of earlier runs; nothing is written, or even locked.

A photo may have been coloured as part of its folder, of a folder above, into an output folder that the user named, or
by itself. Each of these has its own record, and all of them are asked.
"""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from engine.batch.journal import FILE, JournalError, Row, peek, time_of_change
from engine.batch.place import Place, recover, state_folder
from engine.batch.scan import RECORDS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.batch.journal import Journal

_TRIES = 3
"""A record may be written to in the very moment that it is copied."""


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of one photo.

    Attributes:
        state: done, or failed.
        output: Its coloured copy, which is there; None where it failed.
        cause: Why it failed.
        advice: What the user can do about it.
    """

    state: Literal["done", "failed"]
    output: Path | None = None
    cause: str = ""
    advice: str = ""


def folder_records(folder: Path, outputs: Sequence[Path] = ()) -> dict[Path, Record]:
    """What is known of the photos directly in a folder. Reads files: for a background thread.

    A photo that was changed since, or whose coloured copy is gone, is not known: it is as good as new.

    Args:
        folder: The folder.
        outputs: Output folders to ask besides `<folder>-color`, that of each folder above, and the user's state folder.

    Returns:
        Records by path, as `folder` / name. Where several runs coloured a photo, the nearest output folder counts, and
        success before failure.
    """
    known: dict[Path, Record] = {}
    above = Path(os.path.abspath(folder))
    for place in _places(above, outputs):
        journal = _peeked(place)
        if journal is None:
            continue
        with contextlib.closing(journal):
            recover(place, journal, clean=False)
            for name, record in _records(place, journal, above):
                former = known.get(folder / name)
                if former is None or (former.state == "failed" and record.state == "done"):
                    known[folder / name] = record
    return known


def _places(folder: Path, outputs: Sequence[Path]) -> Iterator[Place]:
    """Every place where a folder's photos may have been coloured to, the nearest first."""
    roots = [each.with_name(f"{each.name}-color") for each in (folder, *folder.parents) if each.name]
    roots += [Path(os.path.abspath(output)) for output in outputs]
    for root in dict.fromkeys(roots):
        if (root / RECORDS / FILE).is_file():
            yield Place(root, root / RECORDS)
    yield Place(None, state_folder())


def _peeked(place: Place) -> Journal | None:
    for _ in range(_TRIES):
        try:
            journal = peek(place.records)
        except JournalError:
            return None  # these are marks in a list; a run that depends on them says what is wrong
        if journal is not None or not (place.records / FILE).is_file():
            return journal
    return None


def _records(place: Place, journal: Journal, folder: Path) -> Iterator[tuple[str, Record]]:
    """What one journal knows of the photos directly in a folder, by their names."""
    prefix = place.key(folder / "x")[:-1]
    separators = tuple(os.fsencode(each) for each in (os.sep, os.altsep) if each)
    for row in journal.below(prefix):
        name = row.source.removeprefix(prefix)
        if any(each in name for each in separators):
            continue
        record = _record(place, row, folder / os.fsdecode(name))
        if record is not None:
            yield os.fsdecode(name), record


def _record(place: Place, row: Row, photo: Path) -> Record | None:
    """What a row says of a photo; None where that no longer holds."""
    try:
        status = photo.stat()
    except OSError:
        return None
    if (status.st_size, time_of_change(status)) != (row.size, row.mtime_ns):
        return None
    if row.state == "failed":
        return Record("failed", cause=row.cause, advice=row.advice)
    output = place.path(row.output)
    return Record("done", output) if row.state == "done" and output.is_file() else None
