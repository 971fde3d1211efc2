"""The report: one row a photo, failures first, as a table that any spreadsheet opens."""

from __future__ import annotations

import csv
import io
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.events import Done, Failed, Outcome, shown
from engine.batch.scan import RECORDS

if TYPE_CHECKING:
    from collections.abc import Sequence

FILE = "report.csv"
FORMER_HEADER = ("source", "output", "state", "cause", "advice", "kind", "bits", "pages", "notes", "seconds")
HEADER = (*FORMER_HEADER, "hints")


def write_report(folder: Path, outcomes: Sequence[Outcome]) -> Path:
    """Writes `report.csv` into an output folder; into its `.autochrome` where another's file has that name.

    Args:
        folder: The output folder.
        outcomes: What became of each photo.

    Returns:
        The report.

    Raises:
        OSError: If it cannot be written; a former report is then as it was.
    """
    file = folder / FILE
    if os.path.lexists(file) and not _is_ours(file):
        file = folder / RECORDS / FILE
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(HEADER)
    table.writerows(_row(outcome) for outcome in sorted(outcomes, key=_order))
    _replace(file, text.getvalue().encode("utf-8-sig"))
    return file


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
    return tuple(shown(field) if isinstance(field, Path) else str(field) for field in fields)


def _is_ours(file: Path) -> bool:
    """Whether a file is a report that this program wrote."""
    try:
        with file.open("rb") as opened:
            start = opened.read(1000)
    except OSError:
        return False
    first = start.decode("utf-8-sig", "replace").splitlines()[:1]
    return first in ([",".join(header)] for header in (HEADER, FORMER_HEADER))


def _replace(file: Path, content: bytes) -> None:
    """Writes a file whole or not at all."""
    temporary = file.with_name(f".autochrome-{secrets.token_hex(6)}.part")
    try:
        with temporary.open("xb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        temporary.replace(file)
    finally:
        temporary.unlink(missing_ok=True)
