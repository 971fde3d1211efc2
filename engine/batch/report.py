"""The report, failures first: as a table that any spreadsheet opens, and as pages to look at (`report_page`)."""

from __future__ import annotations

import contextlib
import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.events import Done, Failed, Outcome, shown
from engine.batch.place import Place
from engine.batch.report_facts import Facts
from engine.batch.report_page import START, ReportPages
from engine.batch.scan import RECORDS
from engine.batch.storage import look_at, peeked, push
from engine.errors import PhotoError
from engine.photo import is_temporary, temporary_in

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.batch.thumbnails import Thumbnails

FILE = "report.csv"
PAGES_FILE = "report.html"
PAGES_FOLDER = "report"
"""In `.autochrome`: the second page and those behind it."""
FORMER_HEADER = ("source", "output", "state", "cause", "advice", "kind", "bits", "pages", "notes", "seconds")
HEADER = (*FORMER_HEADER, "hints")


def write_reports(
    folder: Path,
    outcomes: Sequence[Outcome],
    thumbnails: Thumbnails | None = None,
    facts: Facts | None = None,
    check: Callable[[], None] = lambda: None,
) -> tuple[Path, ...]:
    """Writes `report.csv` and `report.html` into an output folder.

    Where another's file has such a name, ours goes into the folder's `.autochrome`.

    Args:
        folder: The output folder.
        outcomes: What became of each photo, in their order.
        thumbnails: Those of this folder's photos.
        facts: What to say of the run.
        check: Called before each page; whatever it raises ends the writing, with each file as it was or whole.

    Returns:
        The table, and the page.

    Raises:
        OSError: If one cannot be written; a former one is then as it was.
    """
    table, page = write_report(folder, outcomes), write_pages(folder, outcomes, thumbnails, facts or Facts(), check)
    for file in (*(folder / RECORDS / PAGES_FOLDER).glob("*.html"), table, page):
        check()
        push(file)
    return table, page


def write_report(folder: Path, outcomes: Sequence[Outcome]) -> Path:
    """Writes `report.csv`, the table. Raises as `write_reports`."""
    file = _place_for(folder, FILE, _is_our_table)
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(HEADER)
    table.writerows(_row(outcome) for outcome in sorted(outcomes, key=_order))
    _replace(file, text.getvalue().encode("utf-8-sig"))
    return file


def write_pages(
    folder: Path,
    outcomes: Sequence[Outcome],
    thumbnails: Thumbnails | None,
    facts: Facts,
    check: Callable[[], None] = lambda: None,
) -> Path:
    """Writes `report.html` and the pages behind it. Raises as `write_reports`."""
    place = Place(folder, folder / RECORDS)
    pages = ReportPages(
        folder,
        outcomes,
        lambda source: thumbnails.path(place.key(source)) if thumbnails is not None else None,
        facts,
    )
    first = _place_for(folder, PAGES_FILE, _is_our_page)
    behind = place.records / PAGES_FOLDER
    files = [first, *(behind / f"{number + 1}.html" for number in range(1, pages.count))]
    if len(files) > 1:
        place.records.mkdir(exist_ok=True)
        behind.mkdir(exist_ok=True)
    for file, text in pages.render(files):
        check()
        _replace(file, text.encode(), synced=file == first)
    _remove_others(behind, {file.name for file in files})
    return first


def _place_for(folder: Path, name: str, is_ours: Callable[[Path], bool]) -> Path:
    """Where a report goes: under its own name, unless somebody else's file has it."""
    file = folder / name
    look_at(file)  # the run may have been long
    return folder / RECORDS / name if os.path.lexists(file) and not is_ours(file) else file


def _remove_others(behind: Path, names: set[str]) -> None:
    """Removes the pages of a former report that was longer, and what a run left that died while it wrote them."""
    with contextlib.suppress(FileNotFoundError):
        for page in behind.iterdir():
            if is_temporary(page) or (page.suffix == ".html" and page.name not in names):
                page.unlink(missing_ok=True)


def _order(outcome: Outcome) -> int:
    """Failures first, then photos that were not coloured for another reason."""
    return 0 if isinstance(outcome, Failed) else 2 if outcome.output is not None else 1


def _row(outcome: Outcome) -> tuple[str, ...]:
    # A copy that is there from an earlier run is as done as one of this run.
    state = Done.name if outcome.output is not None and not isinstance(outcome, Failed) else outcome.name
    fields = (
        outcome.source,
        outcome.output or "",
        state,
        outcome.cause,
        outcome.advice,
        outcome.kind,
        outcome.bits or "",
        outcome.pages or "",
        "; ".join(outcome.notes),
        f"{outcome.seconds:.2f}" if outcome.seconds else "",
        outcome.hints or "",
    )
    # Causes and notes may quote a name.
    return tuple(shown(field if isinstance(field, Path) else str(field)) for field in fields)


def _is_our_table(file: Path) -> bool:
    """Whether a file is a table that this program wrote."""
    first = _start(file).decode("utf-8-sig", "replace").splitlines()[:1]
    return first in ([",".join(header)] for header in (HEADER, FORMER_HEADER))


def _is_our_page(file: Path) -> bool:
    """Whether a file is a page that this program wrote."""
    return _start(file).startswith(START.encode())


def _start(file: Path) -> bytes:
    try:
        with peeked(file), file.open("rb") as opened:
            return opened.read(1000)
    except (OSError, PhotoError):
        return b""


def _replace(file: Path, content: bytes, *, synced: bool = True) -> None:
    """Writes a file whole or not at all; one that is only looked at need not survive a loss of power."""
    temporary = temporary_in(file.parent)
    try:
        with temporary.open("xb") as opened:
            opened.write(content)
            opened.flush()
            if synced:
                os.fsync(opened.fileno())
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
