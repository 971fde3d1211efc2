"""The curve of hints: what one, ten, a hundred true colours are worth.

Hints are patches of 6×6 pixels of the crop with their true mean ab, at places drawn from N(centre, side/4): 200 for
each photo, from a generator seeded by its file name, of which the first k count. They are given to propagation over
grey, to propagation over the model's automatic colours, and, where the network takes hints itself, to the network as it
is used: what it leaves is propagated, or spread by its own likeness. Saturation 1, the model's own size.

Beside the curve stands what one *wrong* hint does, the first place with the opposite hue: whether it is believed
(`training.metrics.trust`), and what it changes where it should not (`training.metrics.locality`).

Source of the protocol: R. Zhang et al., "Real-Time User-Guided Image Colorization with Learned Deep Priors", SIGGRAPH
2017. Differs from it: the drawn places; its authors show the curve of one fixed drawing.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from engine.colorist import propagated
from engine.render import Colors
from training.methods import Painter, rendered, widened
from training.metrics import LIGHT_METRICS, View
from training.metrics.locality import elsewhere, locality
from training.metrics.trust import trust
from training.scores import Row, Scoreboard, judge

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from engine.color.lab import FloatArray
    from training.evaluation import Sample
    from training.scores import Figures

PLACES = 200
PATCH = 6
GREY_SIDE = 64
"""Pixels on a side of the map that propagation over grey works on."""
WRONG_CHROMA = 40.0
"""A wrong hint has at least this chroma."""
KEYS = ("psnr", "gain", "colorfulness", "ciede2000")
METRICS = tuple(metric for metric in LIGHT_METRICS if metric.key in KEYS)
GREY = "grey + propagation"


@dataclass(frozen=True, slots=True)
class HintRow:
    """One way of using hints.

    Attributes:
        name: Of the way.
        model: The model that it uses; empty for none.
        points: Its row for each number of hints; `trust` is among the figures where there is a hint.
        wrong: What one wrong hint does: `trust`, and `locality` over the photos that have a place to look at.
    """

    name: str
    model: str
    points: dict[int, Row]
    wrong: Row


@dataclass(frozen=True, slots=True)
class DrawnHints:
    """The hints of one photo.

    Attributes:
        spots: N×6 as of `engine.colorist.Colorist.decode`, the radius as a share of the side: a disc with the area of
            the patch.
        corners: N×2, left and top of each patch in pixels.
        side: Of the crop in pixels.
    """

    spots: FloatArray
    corners: NDArray[np.int64]
    side: int

    def first(self, count: int) -> DrawnHints:
        """The first so many."""
        return DrawnHints(self.spots[:count], self.corners[:count], self.side)

    def recolored(self, ab: FloatArray) -> DrawnHints:
        """The same patches with other colours, N×2."""
        spots = self.spots.copy()
        spots[:, 2:4] = ab
        return DrawnHints(spots, self.corners, self.side)

    def owner(self) -> NDArray[np.int64]:
        """side×side, the latest hint that a pixel lies under; -1 for none."""
        owner = np.full((self.side, self.side), -1)
        for n, (left, top) in enumerate(self.corners):
            owner[top : top + PATCH, left : left + PATCH] = n
        return owner


def draw_hints(name: str, lab: FloatArray, count: int = PLACES) -> DrawnHints:
    """Draws the hints of a photo.

    Args:
        name: The photo's file name, which seeds the generator.
        lab: side×side×3, the truth in CIELAB.
        count: How many.
    """
    side = lab.shape[0]
    seed = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
    places = np.random.default_rng(seed).normal(side / 2, side / 4, (count, 2))
    corners = np.clip(np.rint(places - PATCH / 2), 0, side - PATCH).astype(np.int64)
    colors = [lab[top : top + PATCH, left : left + PATCH, 1:].mean(axis=(0, 1)) for left, top in corners]
    radius = PATCH / math.sqrt(math.pi) / side
    spots = np.zeros((count, 6), np.float32)
    spots[:, :2] = (corners + PATCH / 2) / side
    spots[:, 2:4] = colors
    spots[:, 4] = radius
    return DrawnHints(spots, corners, side)


class HintTrial:
    """Tries hints photo by photo.

    Args:
        counts: The numbers of hints.
        painters: The models by the name of their row.
    """

    def __init__(self, counts: Sequence[int], painters: Mapping[str, Painter]) -> None:
        self.board = Scoreboard()
        self._counts = sorted(set(counts))
        self._ways: dict[str, tuple[str, Callable[[View, FloatArray], Colors]]] = {GREY: ("", _over_grey)}
        for model, painter in painters.items():
            self._ways[f"{model}: automatic + propagation"] = (model, _over_automatic(painter))
            if painter.colorist.takes_hints:
                self._ways[f"{model}: hinted + propagation"] = (model, _through_network(painter))

    def add(self, sample: Sample, truth: View) -> None:
        """Tries all ways on a photo."""
        hints = draw_hints(sample.name, truth.lab)
        wrong = _wrong(hints)
        places = elsewhere(truth.lab[..., 0], *(wrong.spots[0, :2] * wrong.side))
        for name, (_, color) in self._ways.items():
            for count in self._counts:
                self.board.enter(_label(name, count), sample, _tried(truth, color, hints.first(count)))
            without = View(rendered(truth.srgb, color(truth, wrong.spots[:0])))
            believed = View(rendered(truth.srgb, color(truth, wrong.spots)))
            figures = {"trust": trust(believed.lab, wrong.owner(), wrong.spots[:, 2:4])}
            changed = locality(without.lab, believed.lab, places)
            self.board.enter(
                _wrong_label(name), sample, figures if changed is None else figures | {"locality": changed}
            )

    def rows(self) -> list[HintRow]:
        """What came of it; empty if no photo was entered."""
        rows = {row.name: row for row in self.board.rows()}
        return [
            HintRow(
                name,
                model,
                {count: rows[_label(name, count)] for count in self._counts},
                rows[_wrong_label(name)],
            )
            for name, (model, _) in self._ways.items()
            if _wrong_label(name) in rows
        ]


def _tried(truth: View, color: Callable[[View, FloatArray], Colors], hints: DrawnHints) -> Figures:
    found = View(rendered(truth.srgb, color(truth, hints.spots)))
    figures = judge(truth, found, METRICS)
    if len(hints.spots):
        figures["trust"] = trust(found.lab, hints.owner(), hints.spots[:, 2:4])
    return figures


def _wrong(hints: DrawnHints) -> DrawnHints:
    """The first hint alone, in the opposite hue; green where the truth is grey."""
    first = hints.first(1)
    ab = first.spots[:, 2:4]
    chroma = max(float(np.hypot(ab[0, 0], ab[0, 1])), 1e-3)
    away = -ab / chroma if chroma > 1 else np.array([[-1.0, 0.0]], np.float32)
    return first.recolored(np.asarray(away * max(chroma, WRONG_CHROMA), np.float32))


def _over_grey(truth: View, spots: FloatArray) -> Colors:
    grey = Colors(np.zeros((GREY_SIDE, GREY_SIDE, 2), np.float32), np.ascontiguousarray(truth.lab[..., 0]))
    return propagated(grey, widened(spots, grey.guide.shape[1]))


def _over_automatic(painter: Painter) -> Callable[[View, FloatArray], Colors]:
    def color(truth: View, spots: FloatArray) -> Colors:
        automatic = painter.automatic(truth.srgb)
        return propagated(automatic, widened(spots, automatic.guide.shape[1]))

    return color


def _through_network(painter: Painter) -> Callable[[View, FloatArray], Colors]:
    return lambda truth, spots: painter.hinted(truth.srgb, spots)


def _label(way: str, count: int) -> str:
    return f"{way}, {count} hint{'s' * (count != 1)}"


def _wrong_label(way: str) -> str:
    return f"{way}, a wrong hint"
