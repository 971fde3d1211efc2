"""What was measured, for people (tables), for programs (one JSON object), and for the card of a model."""

from __future__ import annotations

import platform
import shlex
import sys
import tomllib
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import tomli_w
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.evaluation import Row
    from training.likelihood import Likelihood

COLUMNS = ("psnr", "gain", "ciede2000", "colorfulness", "colorfulness_error", "chroma")
HEADINGS = ("PSNR dB", "over grey dB", "CIEDE2000", "CF", "|ΔCF|", "chroma")
LIBRARIES = ("torch", "timm", "numpy", "opencv-python-headless", "pillow")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An evaluation.

    Attributes:
        command: What was typed, to be typed again.
        photos: Number of photos measured.
        left_out: Names of the photos without colours.
        damaged: Names of the photos that could not be read.
        half: Which half of the photos.
        side: Side of the crops in pixels.
        rows: The methods.
        likelihood: ab NLL in bits a pixel, by model; only of those that have a distribution.
        stability: Mean ab distance of a photo at other sizes from its own size, by model and scale.
    """

    command: str
    photos: int
    left_out: Sequence[str]
    damaged: Sequence[str]
    half: str
    side: int
    rows: Sequence[Row]
    likelihood: Mapping[str, Likelihood]
    stability: Mapping[str, Mapping[str, float]]

    def as_json(self) -> dict[str, Any]:
        """All of it, with the versions of what computed it."""
        versions = {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}
        return asdict(self) | {"versions": versions}

    def tables(self) -> list[Table]:
        """The methods side by side, the gain over grey of each source, the likelihood, and the stability."""
        tables = [self._methods(), self._sources()]
        if self.likelihood:
            tables.append(self._bits())
        if self.stability:
            tables.append(self._drift())
        return tables

    def _methods(self) -> Table:
        table = _table(
            f"{self.photos} photos ({self.half}), {self.side}², mean of the sources' means", "method", HEADINGS
        )
        for row in self.rows:
            table.add_row(row.name, *(f"{getattr(row.macro, column):.2f}" for column in COLUMNS))
        return table

    def _sources(self) -> Table:
        table = _table("dB over grey, by source", "source", [row.name for row in self.rows])
        for source in self.rows[0].sources:
            table.add_row(source, *(f"{row.sources[source].gain:+.2f}" for row in self.rows))
        return table

    def _bits(self) -> Table:
        first = next(iter(self.likelihood.values()))
        title = f"ab NLL in bits a pixel; marginal of the {first.marginal_of}"
        table = _table(title, "source", [*self.likelihood, "marginal"])
        for source, (_, marginal) in first.sources.items():
            bits = (f"{each.sources[source][0]:.3f}" for each in self.likelihood.values())
            table.add_row(source, *bits, f"{marginal:.3f}")
        table.add_section()
        means = (f"{each.bits:.3f}" for each in self.likelihood.values())
        table.add_row("mean of the sources", *means, f"{first.marginal:.3f}")
        return table

    def _drift(self) -> Table:
        scales = list(next(iter(self.stability.values())))
        table = _table("ab distance from the colours at the photo's own size", "model", scales)
        for name, found in self.stability.items():
            table.add_row(name, *(f"{found[scale]:.2f}" for scale in scales))
        return table


def _table(title: str, first: str, numbers: Sequence[str]) -> Table:
    table = Table(title=title)
    table.add_column(first)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table


def typed_command() -> str:
    """The command line as a user would type it again."""
    return shlex.join(["autochrome", *sys.argv[1:]])


def metrics_of(report: Report, model: str) -> dict[str, Any]:
    """The figures of a model as a card's table [metrics].

    Args:
        report: The evaluation.
        model: Name of the model's row at saturation 1.
    """
    row = next(row for row in report.rows if row.name == model)
    others = [other for other in report.rows if other is not row]
    metrics: dict[str, Any] = {
        "command": report.command,
        "photos": report.photos,
        "half": report.half,
        "side": report.side,
        **{column: round(getattr(row.macro, column), 3) for column in COLUMNS},
    }
    likelihood = report.likelihood.get(model)
    if likelihood is not None:
        metrics["bits"] = round(likelihood.bits, 3)
        metrics["bits_marginal"] = round(likelihood.marginal, 3)
        metrics["bits_marginal_of"] = likelihood.marginal_of
        metrics["bits_by_source"] = {name: round(bits, 3) for name, (bits, _) in likelihood.sources.items()}
    metrics["gain_by_source"] = {source: round(found.gain, 3) for source, found in row.sources.items()}
    metrics["gain_of_others"] = {other.name: round(other.macro.gain, 3) for other in others}
    metrics["stability"] = {scale: round(found, 2) for scale, found in report.stability.get(model, {}).items()}
    return metrics


def write_metrics(card: Path, report: Report, model: str) -> None:
    """Puts the figures of a model into its card, under [metrics], in place of older ones.

    Args:
        card: The card's TOML file; replaced atomically.
        report: The evaluation.
        model: Name of the model's row at saturation 1.
    """
    table = tomllib.loads(card.read_text(encoding="utf-8"))
    table["metrics"] = metrics_of(report, model)
    beside = card.with_name(card.name + ".new")
    beside.write_text(tomli_w.dumps(table), encoding="utf-8")
    beside.replace(card)
