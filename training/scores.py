"""Figures of many photos: kept for each, and averaged within each source, then over the sources (macro average)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from training.evaluation import Sample
    from training.metrics import Metric, View

Figures = dict[str, float]
"""Figures of one picture, or their means, by the key of the metric."""


@dataclass(frozen=True, slots=True)
class Scored:
    """One method on one photo.

    Attributes:
        photo: Name of the photo's file.
        source: Where the photo came from.
        method: Name of the method.
        figures: What was measured.
    """

    photo: str
    source: str
    method: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Spread:
    """One metric over all photos, whatever their source.

    Attributes:
        mean: Their mean.
        sd: Their standard deviation (of the photos themselves, divided by n).
        min: The smallest.
        max: The largest.
        photos: How many photos had this figure.
    """

    mean: float
    sd: float
    min: float
    max: float
    photos: int


@dataclass(frozen=True, slots=True)
class Row:
    """One method over all photos.

    Attributes:
        name: Of the method.
        macro: Means over the sources' means.
        sources: The means of each source.
        spread: Of each metric over all photos.
    """

    name: str
    macro: Figures
    sources: dict[str, Figures]
    spread: dict[str, Spread]


class Scoreboard:
    """Keeps the figures of every method on every photo.

    Attributes:
        scores: All of them, in the order in which they were entered.
    """

    def __init__(self) -> None:
        self.scores: list[Scored] = []

    def enter(self, method: str, sample: Sample, figures: Figures) -> None:
        """Enters one method on one photo."""
        self.scores.append(Scored(sample.name, sample.source, method, figures))

    def rows(self) -> list[Row]:
        """The methods, in the order of their first photo."""
        by_method: dict[str, list[Scored]] = {}
        for score in self.scores:
            by_method.setdefault(score.method, []).append(score)
        return [row_of(name, scores) for name, scores in by_method.items()]


def judge(truth: View, colored: View, metrics: Iterable[Metric]) -> Figures:
    """The figures of a coloured picture; a metric that has nothing to measure in this photo is absent."""
    found = {metric.key: metric.measure(truth, colored) for metric in metrics}
    return {key: value for key, value in found.items() if value is not None}


def row_of(name: str, scores: Sequence[Scored]) -> Row:
    """The figures of one method, averaged."""
    by_source: dict[str, list[Figures]] = {}
    for score in scores:
        by_source.setdefault(score.source, []).append(score.figures)
    sources = {source: _means(figures) for source, figures in sorted(by_source.items())}
    all_figures = [score.figures for score in scores]
    spread = {key: _spread(_values(key, all_figures)) for key in _keys(all_figures)}
    return Row(name, _means(list(sources.values())), sources, spread)


def _keys(figures: Sequence[Figures]) -> list[str]:
    return list(dict.fromkeys(key for each in figures for key in each))


def _values(key: str, figures: Sequence[Figures]) -> list[float]:
    return [each[key] for each in figures if key in each]


def _means(figures: Sequence[Figures]) -> Figures:
    return {key: float(np.mean(_values(key, figures))) for key in _keys(figures)}


def _spread(values: Sequence[float]) -> Spread:
    return Spread(float(np.mean(values)), float(np.std(values)), min(values), max(values), len(values))
