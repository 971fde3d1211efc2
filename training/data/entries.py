"""Where photos come from: folders, zip parts, and CSV lists of either.

A CSV file beside zip parts (columns `file`, and `source` and `label` where known) tells where a photo came from and
what it shows. Without one, the source is the name before the first dash. A CSV file may also be the place itself: then
exactly the photos that it lists count, each relative to its folder, or inside the zip file that a column `part` names.
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
    from collections.abc import Iterable, Iterator, Sequence

log = logging.getLogger(__name__)

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".avif"})
NAMED = 5
"""So many missing photos are named."""


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
    """Lists the pictures in folders, zip files and CSV lists, sorted by name (of a list: in its order).

    Args:
        places: Folders, zip files or CSV lists. In a folder, zip files whose names match `parts` count, or else all
            pictures below it; in a list, rows whose part matches, or else all rows.
        parts: A glob over the names of zip files in folders and lists; a zip file given by itself always counts.

    Raises:
        DataError: If a place does not exist, is neither of them or damaged, or nothing is found.
    """
    entries = [entry for place in places for entry in _entries_of(place, parts)]
    if not entries:
        where = ", ".join(str(place) for place in places)
        raise DataError(f"No photos were found in {where}.", f'Looked for zip files named "{parts}" and for pictures.')
    return entries


def _entries_of(place: Path, parts: str) -> Iterable[Entry]:
    if not place.exists():
        raise DataError(f"{place} does not exist.", "Give folders with photos, zip parts, or CSV lists.")
    if place.is_dir():
        return _entries_of_folder(place, parts)
    if place.suffix.lower() == ".csv":
        return _entries_of_list(place, parts)
    return _entries_of_zip(place, _facts(place.parent))


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


def _entries_of_folder(folder: Path, parts: str) -> Iterable[Entry]:
    facts = _facts(folder)
    zips = [path for path in sorted(folder.glob("*.zip")) if fnmatch.fnmatch(path.name, parts)]
    if zips:
        return [entry for path in zips for entry in _entries_of_zip(path, facts)]
    found = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if _is_picture(path.name))
    return [_entry(folder, name, facts) for name in found]


def _entries_of_zip(path: Path, facts: dict[str, tuple[str, str]]) -> Iterable[Entry]:
    return [_entry(path, name, facts) for name in sorted(_names_in(path)) if _is_picture(name)]


def _entries_of_list(path: Path, parts: str) -> Iterable[Entry]:
    """The photos that a CSV file lists; those that are not there are told in the log.

    Raises:
        DataError: If it has no column `file`, or not one of its photos is there.
    """
    columns, rows = _read_rows(path)
    if "file" not in columns:
        raise DataError(
            f'{path} has no column "file"; its columns are: {", ".join(columns) or "none"}.',
            "The first line names the columns, separated by commas: file, and where known part, source, label.",
        )
    rows = [row for row in rows if row["file"]]
    chosen = [row for row in rows if row.get("part") and fnmatch.fnmatch(_part_name(row), parts)] or rows
    inside = {name: _names_in(path.parent / name) for name in {_part_name(row) for row in chosen} - {""}}
    entries: list[Entry] = []
    missing: list[str] = []
    for row in chosen:
        name, part = row["file"], _part_name(row)
        if name in inside[part] if part else (path.parent / name).is_file():
            facts = {Path(name).name: (row.get("source", ""), row.get("label", ""))}
            entries.append(_entry(path.parent / part if part else path.parent, name, facts))
        else:
            missing.append(name)
    if missing:
        named = ", ".join(missing[:NAMED]) + (", …" if len(missing) > NAMED else "")
        told = f"{len(missing)} of the {len(chosen)} photos that {path} lists are not there: {named}"
        if not entries:
            raise DataError(f"{told}.", "Names are relative to the list's folder, or inside the zip file of `part`.")
        log.warning("%s", told)
    return entries


def _part_name(row: dict[str, str]) -> str:
    """The zip file of a row, which may be named without its ending; empty for a loose file."""
    part = row.get("part", "")
    return part if not part or part.lower().endswith(".zip") else f"{part}.zip"


def _names_in(path: Path) -> frozenset[str]:
    try:
        with zipfile.ZipFile(path) as part:
            return frozenset(part.namelist())
    except (OSError, zipfile.BadZipFile) as error:
        raise DataError(f"{path} cannot be read as a zip file: {error}.", "Download or make it again.") from error


def _entry(container: Path, name: str, facts: dict[str, tuple[str, str]]) -> Entry:
    stem = Path(name).name
    source, label = facts.get(stem, ("", ""))
    return Entry(container, name, source or (stem.split("-")[0] if "-" in stem else container.stem), label)


def _facts(folder: Path) -> dict[str, tuple[str, str]]:
    """Source and label of photos by name, from the CSV files beside them."""
    facts: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        try:
            _, rows = _read_rows(path)
        except DataError as error:  # it may have nothing to do with the photos
            log.warning("%s", error)
            continue
        facts.update({row["file"]: (row.get("source", ""), row.get("label", "")) for row in rows if row.get("file")})
    return facts


def _read_rows(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and rows of a CSV file; what a row lacks is empty."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:  # spreadsheets begin their files with a mark
            reader = csv.DictReader(file, restval="")
            return list(reader.fieldnames or []), [{key: row[key] for key in reader.fieldnames or []} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a CSV file: {error}.", "Save it as UTF-8, with commas.") from error
