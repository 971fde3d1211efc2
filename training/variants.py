"""Best of four: what it is worth to choose among a model's variants.

For models with palettes: the best PSNR of the photo under its four most likely palettes, and of the automatic colours
and the three most likely palettes, which is what a person is offered. An oracle chooses, so this is an upper bound.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.methods import Painter, rendered
from training.metrics import LIGHT_METRICS, View
from training.scores import Row, Scoreboard, judge

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.evaluation import Sample
    from training.scores import Figures

COUNT = 4
METRICS = tuple(metric for metric in LIGHT_METRICS if metric.key in {"psnr", "gain", "colorfulness"})


class VariantTrial:
    """Tries variants photo by photo.

    Args:
        painters: The models by the name of their row.
    """

    def __init__(self, painters: Mapping[str, Painter]) -> None:
        self.board = Scoreboard()
        self._painters = painters

    def add(self, sample: Sample, truth: View) -> None:
        """Tries each model's variants on a photo; a model without palettes is passed over."""
        for model, painter in self._painters.items():
            colors = painter.variants(truth.srgb, COUNT)
            if not colors:
                continue
            variants = [judge(truth, View(rendered(truth.srgb, each)), METRICS) for each in colors]
            automatic = judge(truth, View(rendered(truth.srgb, painter.automatic(truth.srgb))), METRICS)
            self.board.enter(four_label(model), sample, _best(variants))
            self.board.enter(offered_label(model), sample, _best([automatic, *variants[: COUNT - 1]]))

    def rows(self) -> list[Row]:
        """Two rows for each model with palettes."""
        return self.board.rows()


def four_label(model: str) -> str:
    """Name of the row of the four most likely palettes."""
    return f"{model}: best of four palettes"


def offered_label(model: str) -> str:
    """Name of the row of the automatic colours and three palettes."""
    return f"{model}: best of automatic and three palettes"


def _best(variants: list[Figures]) -> Figures:
    return max(variants, key=lambda figures: figures["psnr"])
