"""Where photos come from: folders, and zip parts with a CSV beside them.

The CSV (columns `file`, and `source` and `label` where known) tells where a photo came from and what it shows. Without
one, the source is the name before the first dash.
"""

from __future__ import annotations

import csv
import fnmatch
import logging
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

log = logging.getLogger(__name__)

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".avif"})


class DataError(EngineError):
    """There is nothing to train on, or to measure with, where the user pointed."""

    title = "These photos cannot be used"


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture in a folder or a zip part.

    Attributes:
        container: The zip file, or the folder.
        name: Name inside it.
        source: Where the photo came from, for balanced reports.
        label: What it shows; empty where nobody said.
    """

    container: Path
    name: str
    source: str
    label: str


def find_entries(places: Sequence[Path], parts: str) -> list[Entry]:
    """Lists the pictures in folders and zip files, sorted by name.

    Args:
        places: Folders or zip files. In a folder, zip files whose names match `parts` count, or else all pictures
            below it.
        parts: A glob over the names of zip files in folders; a zip file given by itself always counts.

    Raises:
        DataError: If a place does not exist, a zip file is none, or nothing is found.
    """
    entries: list[Entry] = []
    for place in places:
        if not place.exists():
            raise DataError(f"{place} does not exist.", "Give folders with photos or zip parts.")
        facts = _read_csv(place if place.is_dir() else place.parent)
        if place.is_file():
            entries.extend(_entries_of_zip(place, facts))
            continue
        zips = [path for path in sorted(place.glob("*.zip")) if fnmatch.fnmatch(path.name, parts)]
        for path in zips:
            entries.extend(_entries_of_zip(path, facts))
        if not zips:
            found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if _is_picture(path.name))
            entries.extend(_entry(place, name, facts) for name in found)
    if not entries:
        where = ", ".join(str(place) for place in places)
        raise DataError(f"No photos were found in {where}.", f'Looked for zip files named "{parts}" and for pictures.')
    return entries


def read_all(entries: Sequence[Entry]) -> Iterator[bytes | None]:
    """The files' bytes, in order; None, and a line in the log, for one that cannot be read.

    A zip part is opened once, for listing it takes longer than reading a photo.
    """
    with ExitStack() as opened:
        parts: dict[Path, zipfile.ZipFile] = {}
        for entry in entries:
            try:
                if entry.container.is_dir():
                    yield (entry.container / entry.name).read_bytes()
                    continue
                if entry.container not in parts:
                    parts[entry.container] = opened.enter_context(zipfile.ZipFile(entry.container))
                yield parts[entry.container].read(entry.name)
            except (OSError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
                log.warning("%s cannot be read and is left out: %s", entry.name, error)
                yield None


def _is_picture(name: str) -> bool:
    return Path(name).suffix.lower() in PICTURES


def _entries_of_zip(path: Path, facts: dict[str, tuple[str, str]]) -> Iterator[Entry]:
    try:
        with zipfile.ZipFile(path) as part:
            names = sorted(name for name in part.namelist() if _is_picture(name))
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} cannot be read as a zip file: {error}.", "Download or make it again.") from error
    return (_entry(path, name, facts) for name in names)


def _entry(container: Path, name: str, facts: dict[str, tuple[str, str]]) -> Entry:
    stem = Path(name).name
    source, label = facts.get(stem, ("", ""))
    return Entry(container, name, source or (stem.split("-")[0] if "-" in stem else container.stem), label)


def _read_csv(folder: Path) -> dict[str, tuple[str, str]]:
    facts: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row.get("file"):
                    facts[row["file"]] = (row.get("source") or "", row.get("label") or "")
    return facts
