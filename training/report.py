"""What was measured, for people (tables), for programs (one JSON object), and for the card of a model.

The tables are the headlines; `training.reporting` writes everything else into a folder.
"""

from __future__ import annotations

import platform
import shlex
import sys
import tomllib
from dataclasses import asdict, dataclass, fields, is_dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, cast

import tomli_w
from rich.table import Table

from training.metrics import Metric
from training.variants import four_label, offered_label

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.artefacts import Artefacts
    from training.hint_curve import HintRow
    from training.likelihood import Likelihood
    from training.metrics.inception import InceptionDistance
    from training.scores import Row

HEADLINES = ("psnr", "gain", "ciede2000", "colorfulness", "colorfulness_error", "chroma")
ARTEFACTS = ("checkerboard", "border", "detail", "detail at the border")
LIBRARIES = ("torch", "timm", "numpy", "opencv-python-headless", "pillow", "scipy", "scikit-image", "torchmetrics")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An evaluation.

    Attributes:
        command: What was typed, to be typed again.
        settings: What that came to, every default included.
        notes: What a reader must know: what could not be measured, and that not all photos were.
        photos: Number of photos measured.
        left_out: Names of the photos without colours.
        damaged: Names of the photos that could not be read.
        half: Which half of the photos.
        side: Side of the crops in pixels.
        rows: The methods.
        models: For the rows that are a model's at evenness 0: the model, and the saturation of the look.
        metrics: What the rows may hold, in the order to show it.
        likelihood: ab NLL in bits a pixel, by model; only of those that have a distribution.
        stability: Mean ab distance of a photo at other sizes from its own size, by model and scale.
        artefacts: What each model adds to its colours and loses of the photo, by model.
        hints: The hint curve's rows.
        variants: Two rows for each model with palettes: see `training.variants`.
        inception: FID or KID, by row.
        looks: Names of the rows that show a model otherwise than plainly, at saturation 1 and evenness 0.
    """

    command: str
    settings: Mapping[str, Any]
    notes: Sequence[str]
    photos: int
    left_out: Sequence[str]
    damaged: Sequence[str]
    half: str
    side: int
    rows: Sequence[Row]
    models: Mapping[str, tuple[str, float]]
    metrics: Sequence[Metric]
    likelihood: Mapping[str, Likelihood]
    stability: Mapping[str, Mapping[str, float]]
    artefacts: Mapping[str, Artefacts]
    hints: Sequence[HintRow]
    variants: Sequence[Row]
    inception: Mapping[str, InceptionDistance]
    looks: Sequence[str] = ()

    def as_json(self) -> dict[str, Any]:
        """All of it, with the versions of what computed it."""
        content = {field.name: _plain(getattr(self, field.name)) for field in fields(self)}
        return content | {"versions": versions()}

    @property
    def first_model(self) -> str:
        """Name of the first model's row at saturation 1."""
        return next(row.name for row in self.headline_rows if row.name in self.models)

    @property
    def headline_rows(self) -> list[Row]:
        """The rows without a model, and each model plainly."""
        return [row for row in self.rows if row.name not in self.looks]

    def tables(self) -> list[Table]:
        """The methods side by side, the gain over grey of each source, likelihood, hints, variants and stability."""
        tables = [self._methods(), self._sources()]
        if self.likelihood:
            tables.append(self._bits())
        if self.hints:
            tables.append(self._hints())
        if self.variants:
            tables.append(self._variants())
        if self.inception:
            tables.append(self._distances())
        if self.stability:
            tables.append(self._drift())
        if self.artefacts:
            tables.append(self._artefacts())
        return tables

    def _methods(self) -> Table:
        title = f"{self.photos} photos ({self.half}), {self.side}², mean of the sources' means"
        shown = [metric for metric in self.metrics if metric.key in HEADLINES]
        table = _table(title, "method", [metric.heading for metric in shown])
        for row in self.rows:
            table.add_row(row.name, *(figure(row.macro.get(metric.key), 2) for metric in shown))
        return table

    def _sources(self) -> Table:
        rows = self.headline_rows
        table = _table("dB over grey, by source", "source", [row.name for row in rows])
        for source in rows[0].sources:
            table.add_row(source, *(f"{row.sources[source]['gain']:+.2f}" for row in rows))
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

    def _hints(self) -> Table:
        counts = list(self.hints[0].points)
        table = _table("dB over grey, by number of hints", "method", [str(count) for count in counts])
        for row in self.hints:
            table.add_row(row.name, *(f"{row.points[count].macro['gain']:+.2f}" for count in counts))
        return table

    def _variants(self) -> Table:
        table = _table("Best of four, as an oracle chooses", "method", ["PSNR dB", "over grey dB"])
        for row in self.variants:
            table.add_row(row.name, f"{row.macro['psnr']:.2f}", f"{row.macro['gain']:+.2f}")
        return table

    def _distances(self) -> Table:
        first = next(iter(self.inception.values()))
        table = _table(f"{first.kind} from {first.photos} true photos", "method", [first.kind])
        for name, distance in self.inception.items():
            table.add_row(name, f"{distance.value:.4f}")
        return table

    def _drift(self) -> Table:
        scales = list(next(iter(self.stability.values())))
        table = _table("ab distance from the colours at the photo's own size", "model", scales)
        for name, found in self.stability.items():
            table.add_row(name, *(f"{found[scale]:.2f}" for scale in scales))
        return table

    def _artefacts(self) -> Table:
        table = _table("Artefacts in CIELAB units; detail of an own RGB picture", "model", ARTEFACTS)
        for name, found in self.artefacts.items():
            table.add_row(name, *artefact_figures(found))
        return table


def artefact_figures(found: Artefacts) -> list[str]:
    """The columns of `ARTEFACTS`; dashes where a network makes no picture of its own."""
    shares = ("–" if share is None else f"{share:.0%}" for share in (found.detail, found.border_detail))
    return [f"{found.checkerboard:.4f}", f"{found.border:.2f}", *shares]


def figure(value: float | None, decimals: int) -> str:
    """A number for a table; a dash where nothing was measured."""
    return "–" if value is None else f"{value:.{decimals}f}"


def versions() -> dict[str, str]:
    """Of the libraries that compute figures; those that are not installed are absent."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


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
        **{metric.key: round(row.macro[metric.key], 3) for metric in report.metrics if metric.key in row.macro},
    }
    likelihood = report.likelihood.get(model)
    if likelihood is not None:
        metrics["bits"] = round(likelihood.bits, 3)
        metrics["bits_marginal"] = round(likelihood.marginal, 3)
        metrics["bits_marginal_of"] = likelihood.marginal_of
        metrics["bits_by_source"] = {name: round(bits, 3) for name, (bits, _) in likelihood.sources.items()}
    variants = {other.name: other.macro["gain"] for other in report.variants}
    if four_label(model) in variants:
        metrics["gain_best_of_four"] = round(variants[four_label(model)], 3)
        metrics["gain_best_of_automatic_and_three"] = round(variants[offered_label(model)], 3)
    if model in report.inception:
        metrics[report.inception[model].kind.lower()] = round(report.inception[model].value, 5)
    metrics["gain_by_source"] = {source: round(found["gain"], 3) for source, found in row.sources.items()}
    metrics["gain_of_others"] = {other.name: round(other.macro["gain"], 3) for other in others}
    if model in report.artefacts:
        found = report.artefacts[model]
        metrics["artefacts"] = {"checkerboard": round(found.checkerboard, 4), "border": round(found.border, 2)}
    metrics["stability"] = {scale: round(found, 2) for scale, found in report.stability.get(model, {}).items()}
    hints = {way.name: _gains(way) for way in report.hints if way.model in ("", model)}
    if hints:
        metrics["gain_by_hints"] = hints
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


def _gains(way: HintRow) -> dict[str, float]:
    return {str(count): round(point.macro["gain"], 3) for count, point in way.points.items()}


def _plain(value: Any) -> Any:
    """What JSON can hold; a metric is told by its facts, not by what computes it."""
    if isinstance(value, Metric):
        return {"key": value.key, "heading": value.heading, "better": value.better, "meaning": value.meaning}
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in cast("dict[Any, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in cast("Sequence[Any]", value)]
    return value


def _table(title: str, first: str, numbers: Sequence[str]) -> Table:
    table = Table(title=title)
    table.add_column(first)
    for heading in numbers:
        table.add_column(heading, justify="right")
    return table
