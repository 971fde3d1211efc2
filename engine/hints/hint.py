"""One hint: ink of one colour that a person put on a photo."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any

from engine.hints.ink import HintPoint, between, clearance, ink_of, spans_left

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LIMIT = 1e9
"""No place and no radius is larger; what is, was not painted on a photo."""
LEAST_RADIUS = 1e-6
COLOR = re.compile("#[0-9a-f]{6}")


class HintKind(Enum):
    """What a hint says."""

    COLOR = "color"
    """This colour is here."""
    NEUTRAL = "neutral"
    """There is no colour here."""
    KEEP = "keep"
    """The model's own colour stays here, and no other hint spills in."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A dab or a stroke of one colour.

    Attributes:
        points: Where the brush went, in pixels of the upright photo; one at least. A dab has one.
        radius: Of the brush, in the same pixels; each point's pressure scales it there.
        color: "#rrggbb", sRGB, of which only a* and b* count; a grey means "no colour here", and None "keep what the
            model says here".
        unknown: What a sidecar says of it that this version does not know; it is carried along, and does not count
            when hints are compared.

    Raises:
        ValueError: If there is no point, a number is not finite or absurdly large, a radius or a pressure is out of its
            range, or the colour is none.
    """

    points: tuple[HintPoint, ...]
    radius: float
    color: str | None
    unknown: Mapping[str, Any] = field(default_factory=dict[str, Any], compare=False, repr=False)

    def __post_init__(self) -> None:
        """Makes plain floats of all numbers, and checks them."""
        points = tuple(HintPoint(*map(float, point)) for point in self.points)
        radius = float(self.radius)
        if not points:
            raise ValueError("a hint has no points")
        if not all(abs(x) <= LIMIT and abs(y) <= LIMIT for x, y, _ in points):  # never true of NaN
            raise ValueError("a place of a hint is not a number, or far outside any photo")
        if not all(0 < pressure <= 1 for _, _, pressure in points):
            raise ValueError("a pressure is not in (0, 1]")
        if not 0 < radius <= LIMIT:
            raise ValueError(f"a hint has a radius of {self.radius}")
        if self.color is not None and COLOR.fullmatch(self.color.lower()) is None:
            raise ValueError(f'"{self.color}" is no colour of the form #rrggbb')
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "radius", radius)
        object.__setattr__(self, "color", None if self.color is None else self.color.lower())

    @property
    def kind(self) -> HintKind:
        """What it says."""
        if self.color is None:
            return HintKind.KEEP
        return HintKind.NEUTRAL if self.color[1:3] == self.color[3:5] == self.color[5:7] else HintKind.COLOR

    def moved(self, dx: float, dy: float) -> Hint:
        """The hint elsewhere."""
        return replace(self, points=tuple(point._replace(x=point.x + dx, y=point.y + dy) for point in self.points))

    def recolored(self, color: str | None) -> Hint:
        """The hint in another colour, or as "keep" by None."""
        return replace(self, color=color)

    def resized(self, radius: float) -> Hint:
        """The hint by a brush of another size."""
        return replace(self, radius=radius)

    def scaled(self, fx: float, fy: float) -> Hint:
        """The hint on the same photo at another size.

        Args:
            fx: The new width, in old ones.
            fy: The new height, in old ones.
        """
        points = tuple(point._replace(x=_within(point.x * fx), y=_within(point.y * fy)) for point in self.points)
        radius = min(max(self.radius * math.sqrt(fx * fy), LEAST_RADIUS), LIMIT)
        return replace(self, points=points, radius=radius)

    def distance(self, x: float, y: float) -> float:
        """How far a place is from the ink, in pixels; 0 inside."""
        return max(0.0, clearance(ink_of(self.points, self.radius), x, y))

    def erased(self, points: Sequence[HintPoint], radius: float) -> tuple[Hint, ...]:
        """What an eraser leaves of the hint: itself, nothing, or the parts whose ink the eraser did not touch.

        Args:
            points: Where the eraser went.
            radius: The eraser's.
        """
        (left,) = hints_left([self], points, radius)
        return left


def hints_left(hints: Sequence[Hint], points: Sequence[HintPoint], radius: float) -> list[tuple[Hint, ...]]:
    """What an eraser leaves of each of some hints, as of `Hint.erased`."""
    spans = spans_left([ink_of(hint.points, hint.radius) for hint in hints], ink_of(points, radius))
    return [
        (hint,) if left is None else tuple(replace(hint, points=between(hint.points, span)) for span in left)
        for hint, left in zip(hints, spans, strict=True)
    ]


def _within(place: float) -> float:
    return min(max(place, -LIMIT), LIMIT)
