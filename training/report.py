"""What was measured, for people (a table), for programs (one JSON object), and for the card of a model."""

from __future__ import annotations

import platform
import sys
from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.evaluation import Row

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
        half: Which half of the photos.
        side: Side of the crops in pixels.
        rows: The methods.
        stability: Mean ab distance of a photo at other sizes from its own size, by model and scale.
    """

    command: str
    photos: int
    left_out: Sequence[str]
    half: str
    side: int
    rows: Sequence[Row]
    stability: dict[str, dict[str, float]]

    def as_json(self) -> dict[str, Any]:
        """All of it, with the versions of what computed it."""
        versions = {name: version(name) for name in LIBRARIES} | {"python": platform.python_version()}
        return asdict(self) | {"versions": versions}

    def tables(self) -> list[Table]:
        """The methods side by side, then the gain over grey of each source."""
        macro = Table(title=f"{self.photos} photos ({self.half}), {self.side}², mean of the sources' means")
        macro.add_column("method")
        for heading in HEADINGS:
            macro.add_column(heading, justify="right")
        for row in self.rows:
            macro.add_row(row.name, *(f"{getattr(row.macro, column):.2f}" for column in COLUMNS))
        sources = Table(title="dB over grey, by source")
        sources.add_column("source")
        for row in self.rows:
            sources.add_column(row.name, justify="right")
        for source in self.rows[0].sources:
            sources.add_row(source, *(f"{row.sources[source].gain:+.2f}" for row in self.rows))
        return [macro, sources]


def typed_command() -> str:
    """The command line as a user would type it again."""
    return " ".join(["autochrome", *sys.argv[1:]])


def write_metrics(card: Path, report: Report, model: str) -> None:
    """Puts the figures of a model into its card, under [metrics], in place of older ones.

    Args:
        card: The card's TOML file; replaced atomically.
        report: The evaluation.
        model: Name of the model's row at saturation 1.
    """
    import tomllib

    import tomli_w

    table = tomllib.loads(card.read_text(encoding="utf-8"))
    row = next(row for row in report.rows if row.name == model)
    others = [other for other in report.rows if other is not row]
    table["metrics"] = {
        "command": report.command,
        "photos": report.photos,
        "half": report.half,
        "side": report.side,
        **{column: round(getattr(row.macro, column), 3) for column in COLUMNS},
        "gain_by_source": {source: round(found.gain, 3) for source, found in row.sources.items()},
        "gain_of_others": {other.name: round(other.macro.gain, 3) for other in others},
        "stability": {scale: round(found, 2) for scale, found in report.stability.get(model, {}).items()},
    }
    beside = card.with_suffix(".new")
    beside.write_text(tomli_w.dumps(table), encoding="utf-8")
    beside.replace(card)
