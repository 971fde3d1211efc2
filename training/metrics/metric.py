"""What a metric is: a function of two pictures, and what a reader must know of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.metrics.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One metric.

    Attributes:
        key: Its name in files.
        heading: Its name in tables.
        better: Which numbers are better; "truth" where the truth's own is.
        meaning: One sentence for the report: what it measures, in what unit, by whose formula.
        measure: Of the truth and the coloured picture; None where a photo has nothing to measure.
        decimals: How many are shown.
    """

    key: str
    heading: str
    better: Literal["higher", "lower", "truth"]
    meaning: str
    measure: Callable[[View, View], float | None]
    decimals: int = 2
