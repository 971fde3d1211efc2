"""Writes a report folder."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

from engine.errors import EngineError
from training.metrics.extra import required
from training.reporting.page import page
from training.reporting.plots import plot_distributions, plot_hints, plot_sources, plot_vividness

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.measure import Measured
    from training.report import Report
    from training.reporting.gallery import Exhibit, Gallery
    from training.scores import Scored

PAGE, JSON, CSV, PLOTS, PICTURES = "report.html", "metrics.json", "metrics.csv", "plots", "pictures"


class ReportFolderError(EngineError):
    """The report cannot be written where it was asked for."""

    title = "The report cannot be written"


def prepare_folder(folder: Path) -> None:
    """Makes the folder, and sees that plots can be drawn: before the work, which would be lost.

    Raises:
        ReportFolderError: If it cannot be made, or holds anything but an older report.
        MissingExtraError: If matplotlib is not installed.
    """
    required("matplotlib", "A report's plots")
    try:
        if folder.exists() and any(folder.iterdir()) and not (folder / JSON).exists():
            raise ReportFolderError(f"{folder} holds other files.", "Name a new folder, or one with an older report.")
        for part in (PLOTS, PICTURES):
            (folder / part).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportFolderError(f"{folder} cannot be used: {error.strerror or error}.") from error


def write_folder(folder: Path, measured: Measured) -> Path:
    """Writes the page, the figures, the plots and the pictures, in place of an older report.

    Args:
        folder: A folder from `prepare_folder`.
        measured: What an evaluation gave.

    Returns:
        The page.
    """
    report = measured.report
    (folder / JSON).write_text(json.dumps(report.as_json(), indent=1), encoding="utf-8")
    write_csv(folder / CSV, measured.scores)
    plots = _plots(folder, report, measured.scores)
    exhibits = {
        row.name: _hang(folder, row.name, measured.gallery, measured.scores)
        for row in report.headline_rows
        if row.name in report.models
    }
    written = folder / PAGE
    written.write_text(page(report, plots, exhibits), encoding="utf-8")
    return written


def write_csv(file: Path, scores: Sequence[Scored]) -> None:
    """One row a photo and method; a figure that was not measured is empty."""
    keys = list(dict.fromkeys(key for score in scores for key in score.figures))
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.writer(text)
        writer.writerow(["photo", "source", "method", *keys])
        for score in scores:
            figures = (f"{score.figures[key]:.6g}" if key in score.figures else "" for key in keys)
            writer.writerow([score.photo, score.source, score.method, *figures])


def _plots(folder: Path, report: Report, scores: Sequence[Scored]) -> dict[str, str]:
    """Draws; titles and files relative to the page."""
    plots = {"Accuracy against vividness": f"{PLOTS}/vividness.png", "By source": f"{PLOTS}/sources.png"}
    rows = report.headline_rows
    plot_vividness(folder / plots["Accuracy against vividness"], report)
    plot_sources(folder / plots["By source"], rows)
    if report.hints:
        plots["What hints are worth"] = f"{PLOTS}/hints.png"
        plot_hints(folder / plots["What hints are worth"], report.hints)
    plots["Distribution over the photos"] = f"{PLOTS}/distributions.png"
    by_row = {row.name: [score for score in scores if score.method == row.name] for row in rows}
    plot_distributions(folder / plots["Distribution over the photos"], report.metrics, by_row)
    return plots


def _hang(folder: Path, model: str, gallery: Gallery, scores: Sequence[Scored]) -> list[tuple[Exhibit, str]]:
    """Writes a model's best, middling and worst pictures."""
    gains = {score.photo: score.figures["gain"] for score in scores if score.method == model}
    hung: list[tuple[Exhibit, str]] = []
    safe = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in model)
    for n, exhibit in enumerate(gallery.exhibits(model, gains)):
        name = f"{PICTURES}/{safe}-{n:02d}-{exhibit.group}.jpg"
        (folder / name).write_bytes(exhibit.picture)
        hung.append((exhibit, name))
    return hung
