"""The shape of ink: discs along a line, how far a place is from them, and what of a stroke an eraser leaves.

Ink is N×3, a row a point of the stroke: x, y and the radius there, in pixels. Between two points place and radius run
evenly, so a piece of a stroke is the hull of two discs; its distance from a place is convex along any line, which is
why an eraser's piece takes one span, or none, out of a stroke's piece.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

TOUCH = 0.01
"""How deep, in pixels, an eraser has to reach into ink before it takes something away; less is rounding."""
NARROWINGS = 40
HALVINGS = 30
TOGETHER = 32
"""Pieces of an eraser that are looked at in one go, which bounds the memory that takes."""
TINY = 1e-300

Span = tuple[float, float]
"""A part of a stroke: 2.5 is half way from point 2 to point 3."""


class HintPoint(NamedTuple):
    """A place of a stroke.

    Attributes:
        x: In pixels of the upright photo, from its left edge.
        y: In the same pixels, from its top edge.
        pressure: Of the pen, in (0, 1]; it scales the stroke's radius here.
    """

    x: float
    y: float
    pressure: float = 1.0


def ink_of(points: Sequence[HintPoint], radius: float) -> NDArray[np.float64]:
    """The ink of a stroke, N×3, in the units of its points and radius."""
    ink = np.array(points, np.float64).reshape(-1, 3)
    ink[:, 2] *= radius
    return ink


def clearance(ink: NDArray[np.float64], x: float, y: float) -> float:
    """How far a place is from ink; negative inside it."""
    pieces = _pieces(ink)
    place = np.broadcast_to(np.array([x, y, 0.0]), (len(pieces), 2, 3))
    return float(_Gap.between(place, pieces).at(np.zeros(len(pieces))).min())


def between(points: Sequence[HintPoint], span: Span) -> tuple[HintPoint, ...]:
    """A part of a stroke as points of their own."""
    inner = range(math.floor(span[0]) + 1, math.ceil(span[1]))
    return (_at(points, span[0]), *(points[n] for n in inner), _at(points, span[1]))


def spans_left(strokes: Sequence[NDArray[np.float64]], eraser: NDArray[np.float64]) -> list[list[Span] | None]:
    """What an eraser leaves of strokes: those parts of each whose ink the eraser does not touch.

    Args:
        strokes: The ink of each.
        eraser: The ink of the eraser's own way.

    Returns:
        The parts of each stroke; None for one that the eraser did not touch.
    """
    pieces = [_pieces(ink) for ink in strokes]
    first = np.cumsum([0, *(len(own) for own in pieces)])
    taken: list[list[Span]] = [[] for _ in strokes]
    for number, start, end in _taken(np.concatenate([np.zeros((0, 2, 3)), *pieces]), _pieces(eraser)):
        stroke = int(np.searchsorted(first, number, "right")) - 1
        before = number - int(first[stroke])
        taken[stroke].append((before + start, before + end))
    return [_rest(ink, spans) if spans else None for ink, spans in zip(strokes, taken, strict=True)]


def _rest(ink: NDArray[np.float64], taken: list[Span]) -> list[Span]:
    """What is left of a stroke without parts of it, which may overlap."""
    ends = [0.0]
    for start, end in sorted(taken):
        if start > ends[-1]:
            ends.extend((start, end))
        else:
            ends[-1] = max(ends[-1], end)
    ends.append(len(ink) - 1.0)
    # Slivers are rounding: where the eraser goes along what it had left before.
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(ink[:, :2], axis=0).T))])
    along = np.interp(ends, np.arange(len(way)), way)
    return [(ends[n], ends[n + 1]) for n in range(0, len(ends), 2) if along[n + 1] - along[n] > TOUCH]


def _at(points: Sequence[HintPoint], place: float) -> HintPoint:
    before = min(int(place), len(points) - 1)
    share = place - before
    if share == 0 or before == len(points) - 1:
        return points[before]
    here, there = points[before], points[before + 1]
    return HintPoint(*(one + (other - one) * share for one, other in zip(here, there, strict=True)))


def _pieces(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """M×2×3: the two ends of each piece. A single point is a piece without length."""
    return np.stack([ink, ink] if len(ink) == 1 else [ink[:-1], ink[1:]], axis=1)


@dataclass(frozen=True, slots=True)
class _Gap:
    """How far pieces of ink are from others, M pairs: seen along the other's axis, from its first disc.

    Attributes:
        forward: 2×M, where a disc is along the axis at the start of its piece, and how that changes over the piece.
        sideways: Likewise across the axis.
        radius: Likewise, with the radius of the other's first disc.
        length: M, from the other's first disc to its last.
        growth: M, by how much the other's radius grows on the way.
        lean: M, how much further on the nearest disc of the other is, in distances from the axis.
        nearest: 2×M, between which shares of the way the nearest disc lies.
    """

    forward: NDArray[np.float64]
    sideways: NDArray[np.float64]
    radius: NDArray[np.float64]
    length: NDArray[np.float64]
    growth: NDArray[np.float64]
    lean: NDArray[np.float64]
    nearest: NDArray[np.float64]

    @staticmethod
    def between(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> _Gap:
        """The gap between pieces and one other each, M×2×3 both."""
        step, growth = np.diff(theirs[..., :2], axis=1)[:, 0], theirs[:, 1, 2] - theirs[:, 0, 2]
        length = np.hypot(*step.T)
        axis = np.where(length[:, None] > 0, step / np.maximum(length, TINY)[:, None], [1.0, 0.0])
        ends = mine[..., :2] - theirs[:, :1, :2]
        forward = (ends * axis[:, None]).sum(axis=2)
        sideways = ends[..., 1] * axis[:, None, 0] - ends[..., 0] * axis[:, None, 1]
        # Of a piece of which one disc lies within the other, that disc is all there is.
        cone = length > np.abs(growth)
        slope = np.where(cone, growth / np.maximum(length, TINY), 0.0)
        whole = np.where(cone, [[0.0], [1.0]], growth > 0)
        return _Gap(
            forward=_start_and_change(forward),
            sideways=_start_and_change(sideways),
            radius=_start_and_change(mine[..., 2] + theirs[:, :1, 2]),
            length=length,
            growth=growth,
            lean=slope / np.sqrt(1 - slope**2),
            nearest=whole,
        )

    def at(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """How far the discs at a share of each piece are from the other ink; negative where they overlap it."""
        forward = self.forward[0] + self.forward[1] * share
        sideways = np.abs(self.sideways[0] + self.sideways[1] * share)
        beside = (forward + sideways * self.lean) / np.maximum(self.length, TINY)
        nearest = np.clip(beside, self.nearest[0], self.nearest[1])
        reach = self.radius[0] + self.radius[1] * share + nearest * self.growth
        return np.hypot(forward - nearest * self.length, sideways) - reach

    def of(self, pairs: NDArray[np.bool_]) -> _Gap:
        """Of some of the pairs."""
        return _Gap(*(getattr(self, name)[..., pairs] for name in self.__slots__))

    def lowest(self) -> NDArray[np.float64]:
        """Where on each piece, in [0, 1], it is nearest; the gap is convex."""
        low, high = np.zeros(len(self.length)), np.ones(len(self.length))
        for _ in range(NARROWINGS):
            third = (high - low) / 3
            left, right = low + third, high - third
            falling = self.at(left) > self.at(right)
            low, high = np.where(falling, left, low), np.where(falling, high, right)
        return (low + high) / 2

    def edge(self, inside: NDArray[np.float64], end: float) -> NDArray[np.float64]:
        """Where, from a place of overlap to an end of the piece, the overlap ends; the end itself if it goes so far."""
        outside = np.full(len(inside), end)
        whole = self.at(outside) <= 0
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2
            met = self.at(middle) <= 0
            inside, outside = np.where(met, middle, inside), np.where(met, outside, middle)
        return np.where(whole, end, outside)


def _start_and_change(ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """M×2 values at both ends of pieces, as 2×M for `_Gap`."""
    return np.stack([ends[:, 0], ends[:, 1] - ends[:, 0]])


def _taken(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> list[tuple[int, float, float]]:
    """Where pieces meet an eraser's: number of the piece, and from which to which share of it."""
    found: list[tuple[int, float, float]] = []
    for start in range(0, len(theirs), TOGETHER):
        found += _taken_by_few(mine, theirs[start : start + TOGETHER])
    return found


def _taken_by_few(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> list[tuple[int, float, float]]:
    which, whose = np.nonzero(_may_meet(mine, theirs))
    if len(which) == 0:
        return []
    gap = _Gap.between(mine[which], theirs[whose])
    deepest = gap.lowest()
    met = gap.at(deepest) < -TOUCH
    gap, deepest = gap.of(met), deepest[met]
    found = zip(which[met], gap.edge(deepest, 0.0), gap.edge(deepest, 1.0), strict=True)
    return [(int(number), float(start), float(end)) for number, start, end in found]


def _may_meet(mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pieces are near enough to look closer, by circles around them."""
    mine_middle, mine_reach = _circles(mine)
    their_middle, their_reach = _circles(theirs)
    apart = np.linalg.norm(mine_middle[:, None] - their_middle[None], axis=2)
    return apart < mine_reach[:, None] + their_reach[None]


def _circles(pieces: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle = pieces[..., :2].mean(axis=1)
    half = np.linalg.norm(pieces[:, 1, :2] - pieces[:, 0, :2], axis=1) / 2
    return middle, half + pieces[..., 2].max(axis=1)
