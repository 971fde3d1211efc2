"""The plots of a report, as PNG files, drawn by matplotlib without any window."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from training.metrics.extra import required

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from pathlib import Path

    from training.hint_curve import HintRow
    from training.metrics import Metric
    from training.report import Report
    from training.scores import Row, Scored

SIZE = (7.0, 4.5)
DPI = 110
BINS = 30
COLUMNS = 3


@contextmanager
def _figure(file: Path, size: tuple[float, float] = SIZE) -> Generator[Any]:
    """A figure that is written when the block ends. No global state of matplotlib is touched."""
    figures = required("matplotlib.figure", "The report")
    agg = required("matplotlib.backends.backend_agg", "The report")
    figure: Any = figures.Figure(figsize=size, dpi=DPI, layout="constrained")
    agg.FigureCanvasAgg(figure)
    yield figure
    figure.savefig(file)


def plot_vividness(file: Path, report: Report) -> None:
    """PSNR over grey against colourfulness, a curve for each model over the saturations of its look."""
    with _figure(file) as figure:
        axes = figure.add_subplot()
        curves: dict[str, list[tuple[float, float, float]]] = {}
        for row in report.rows:
            point = (row.macro["colorfulness"], row.macro["gain"])
            if row.name in report.models:
                model, saturation = report.models[row.name]
                curves.setdefault(model, []).append((saturation, *point))
            else:
                axes.plot(*point, "k+")
                axes.annotate(row.name, point, fontsize=8, xytext=(4, 4), textcoords="offset points")
        for model, points in curves.items():
            points.sort()
            axes.plot([x for _, x, _ in points], [y for _, _, y in points], "o-", label=model)
            for saturation, x, y in points:
                axes.annotate(f"×{saturation:g}", (x, y), fontsize=7, xytext=(3, 3), textcoords="offset points")
        axes.axhline(0, color="grey", linewidth=0.8)
        axes.set(xlabel="colourfulness (CF)", ylabel="PSNR over grey, dB", title="Accuracy against vividness")
        _finish(axes, legend=bool(curves))


def plot_hints(file: Path, rows: Sequence[HintRow]) -> None:
    """Decibels over grey by number of hints, a curve for each way."""
    with _figure(file) as figure:
        axes = figure.add_subplot()
        for row in rows:
            axes.plot(list(row.points), [point.macro["gain"] for point in row.points.values()], "o-", label=row.name)
        axes.set_xscale("symlog", linthresh=1)
        ticks = list(rows[0].points)
        axes.set_xticks(ticks, [str(count) for count in ticks])
        axes.set(xlabel="hints", ylabel="PSNR over grey, dB", title="What hints are worth")
        _finish(axes, legend=True)


def plot_sources(file: Path, rows: Sequence[Row]) -> None:
    """Decibels over grey of each source, a bar for each row."""
    sources = list(rows[0].sources)
    with _figure(file, (7.0, 1.2 + 0.14 * len(sources) * max(2, len(rows)))) as figure:
        axes = figure.add_subplot()
        height = 0.8 / len(rows)
        for n, row in enumerate(rows):
            places = [place + n * height for place in range(len(sources))]
            axes.barh(places, [row.sources[source]["gain"] for source in sources], height, label=row.name)
        axes.set_yticks([place + 0.4 - height / 2 for place in range(len(sources))], sources, fontsize=8)
        axes.invert_yaxis()
        axes.axvline(0, color="grey", linewidth=0.8)
        axes.set(xlabel="PSNR over grey, dB", title="By source")
        _finish(axes, legend=True)


def plot_distributions(file: Path, metrics: Sequence[Metric], scores: Mapping[str, Sequence[Scored]]) -> None:
    """A histogram over the photos for each metric, all rows in one.

    Args:
        file: Where to.
        metrics: The metrics.
        scores: Those of the rows to show, by row.
    """
    lines = -(-len(metrics) // COLUMNS)
    with _figure(file, (4.0 * COLUMNS, 2.8 * lines)) as figure:
        for n, metric in enumerate(metrics):
            axes = figure.add_subplot(lines, COLUMNS, n + 1)
            values = [
                [score.figures[metric.key] for score in found if metric.key in score.figures]
                for found in scores.values()
            ]
            together = [value for each in values for value in each]
            limits = (min(together), max(together)) if together else (0.0, 1.0)
            for color, (name, each) in enumerate(zip(scores, values, strict=True)):
                if each:
                    axes.hist(each, BINS, limits, histtype="step", label=name, color=f"C{color % 10}")
            axes.set_title(metric.heading, fontsize=10)
            axes.tick_params(labelsize=8)
            axes.grid(alpha=0.3)
            if n == 0:
                axes.legend(fontsize=7)


def _finish(axes: Any, *, legend: bool) -> None:
    axes.grid(alpha=0.3)
    if legend:
        axes.legend(fontsize=8)
