"""Failures by their cause: the same thing happened to files that are cut off, whatever part of each is missing.

What tells files of one cause apart are numbers, what is said behind a colon, and names of other files in front of one.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine.batch.events import Failed

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(slots=True)
class Cause:
    """A cause that one photo or several have in common.

    Attributes:
        cause: In words; where the photos differ, an ellipsis stands for their numbers.
        advice: What to do, likewise.
        count: How many photos.
        first: The place of the first of them in the order of `causes_of`.
    """

    cause: str
    advice: str
    count: int = 1
    first: int = 0


def kind_of(failed: Failed) -> tuple[str, str]:
    """What failures of one cause have in common."""
    return _NUMBER.sub("…", _essence(failed.cause)), _NUMBER.sub("…", failed.advice)


def causes_of(failures: Iterable[Failed]) -> dict[tuple[str, str], Cause]:
    """The causes of failures by their kind, the most frequent first, and of equal ones the earliest."""
    causes: dict[tuple[str, str], Cause] = {}
    for failed in failures:
        kind = kind_of(failed)
        known = causes.get(kind)
        if known is None:
            causes[kind] = Cause(failed.cause, failed.advice)
            continue
        known.count += 1
        if known.cause != failed.cause:
            known.cause = f"{kind[0].rstrip('.')}."
        if known.advice != failed.advice:
            known.advice = kind[1]
    ordered = dict(sorted(causes.items(), key=lambda each: -each[1].count))
    first = 0
    for cause in ordered.values():
        cause.first = first
        first += cause.count
    return ordered


def _essence(cause: str) -> str:
    """The part of a cause that says what kind of thing happened."""
    head, colon, rest = cause.partition(": ")
    if colon and os.sep in head:  # it speaks of another file, such as a sidecar
        return rest
    return head
