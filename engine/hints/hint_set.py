"""All hints of one photo, as a value: each change gives another set, and the former one stays as it was."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

from engine.color.swatches import ab_of
from engine.hints.hint import Hint, HintKind, hints_left
from engine.hints.ink import ink_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from engine.color.lab import FloatArray
    from engine.hints.ink import HintPoint

CLOSEST = 1.5
"""Spots of one stroke are no closer, in pixels of the network's input: between them there is nothing to tell apart."""
SPOT_FIELDS = 6
BINARY_PLACES = 4
COLORED, KEPT = 0.0, 1.0


@dataclass(frozen=True, slots=True)
class HintSet:
    """The hints of a photo.

    Attributes:
        width: The photo's, in pixels, upright.
        height: The photo's.
        hints: In the order in which they were painted: later ones lie over earlier ones.

    Raises:
        ValueError: If the photo has no size.
    """

    width: int
    height: int
    hints: tuple[Hint, ...] = ()

    def __post_init__(self) -> None:
        """Checks the size."""
        if self.width < 1 or self.height < 1:
            raise ValueError(f"a photo of {self.width}×{self.height} pixels")

    def __len__(self) -> int:
        """How many hints there are."""
        return len(self.hints)

    def __iter__(self) -> Iterator[Hint]:
        """The hints, the lowest first."""
        return iter(self.hints)

    def __bool__(self) -> bool:
        """Whether there is a hint."""
        return bool(self.hints)

    def added(self, hint: Hint) -> HintSet:
        """With one more hint, on top."""
        return replace(self, hints=(*self.hints, hint))

    def removed(self, index: int) -> HintSet:
        """Without a hint.

        Raises:
            IndexError: If there is no such hint.
        """
        self._check(index)
        return replace(self, hints=(*self.hints[:index], *self.hints[index + 1 :]))

    def replaced(self, index: int, hint: Hint) -> HintSet:
        """With another hint in a hint's place. Raises as `removed`."""
        self._check(index)
        return replace(self, hints=(*self.hints[:index], hint, *self.hints[index + 1 :]))

    def cleared(self) -> HintSet:
        """Without any hint."""
        return replace(self, hints=())

    def erased(self, points: Sequence[HintPoint], radius: float) -> HintSet:
        """What an eraser leaves: a stroke is cut where the eraser touched its ink, and its parts become hints.

        Args:
            points: Where the eraser went; their pressure scales the radius.
            radius: The eraser's, in pixels of the photo.

        Returns:
            The set itself if nothing was touched.
        """
        parts = hints_left(self.hints, points, radius) if points else []
        if all(len(left) == 1 and left[0] is hint for left, hint in zip(parts, self.hints, strict=False)):
            return self
        return replace(self, hints=tuple(part for left in parts for part in left))

    def hint_at(self, x: float, y: float, slack: float = 0.0) -> int | None:
        """The topmost hint at a place.

        Args:
            x: The place, in pixels of the photo.
            y: The place.
            slack: How far from a hint's ink the place may be.
        """
        for index in range(len(self.hints) - 1, -1, -1):
            left, top, right, bottom = _bounds(self.hints[index])
            near = left - slack <= x <= right + slack and top - slack <= y <= bottom + slack
            if near and self.hints[index].distance(x, y) <= slack:
                return index
        return None

    def scaled_to(self, width: int, height: int) -> HintSet:
        """The hints on another scan of the same photo."""
        if (width, height) == (self.width, self.height):
            return self
        fx, fy = width / self.width, height / self.height
        return HintSet(width, height, tuple(hint.scaled(fx, fy) for hint in self.hints))

    def spots(self, rows: int, columns: int) -> FloatArray:
        """The hints as discs, for networks and for propagation (`engine.models.conditioning` says the fields).

        A stroke is a row of discs about a radius apart, which overlap. What lies outside the photo is left out, and so
        are discs that later ones cover, as scribbling makes many; of a disc at the photo's edge as much is kept as
        reaches inside.

        Args:
            rows: Height of the network's input.
            columns: Width of the network's input.

        Returns:
            N×6, later ones over earlier ones: x, y in [0, 1]; a*, b* in CIELAB units; radius in pixels of a
            rows×columns picture; kind (0 colour, 1 keep). Where there is to be no colour, a* and b* are 0.
        """
        scale = np.array([columns / self.width, rows / self.height])
        parts = [_spots_of(hint, scale, (rows, columns)) for hint in self.hints]
        return _seen(np.concatenate([np.zeros((0, SPOT_FIELDS), np.float32), *parts]), (rows, columns))

    def _check(self, index: int) -> None:
        if not 0 <= index < len(self.hints):
            raise IndexError(f"there is no hint {index} among {len(self.hints)}")


@lru_cache(maxsize=4096)
def _bounds(hint: Hint) -> tuple[float, float, float, float]:
    """The left, top, right and bottom that no ink of a hint goes beyond."""
    xs, ys, reach = [point.x for point in hint.points], [point.y for point in hint.points], hint.radius
    return min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach


def _spots_of(hint: Hint, scale: NDArray[np.float64], size: tuple[int, int]) -> FloatArray:
    ink = ink_of(hint.points, hint.radius) * np.array([*scale, math.sqrt(scale[0] * scale[1])])
    discs = _inside(_spaced(ink), size)
    spots = np.zeros((len(discs), SPOT_FIELDS), np.float32)
    spots[:, :2] = discs[:, :2] / np.array(size[::-1])
    spots[:, 2:4] = (0, 0) if hint.color is None else ab_of(hint.color)
    spots[:, 4] = discs[:, 2]
    spots[:, 5] = KEPT if hint.kind is HintKind.KEEP else COLORED
    return spots


def _spaced(ink: NDArray[np.float64]) -> NDArray[np.float64]:
    """Ink as discs along its line, no further apart than their radius is, nor closer than is of use."""
    spacing = np.maximum(ink[:, 2], CLOSEST)
    steps = np.hypot(*np.diff(ink[:, :2], axis=0).T) / np.minimum(spacing[:-1], spacing[1:])
    places = np.concatenate([[0.0], np.cumsum(steps)])
    count = math.ceil(float(places[-1]) - 1e-9) + 1
    wanted: NDArray[np.float64] = np.linspace(0, float(places[-1]), count)
    columns: list[NDArray[np.float64]] = [np.interp(wanted, places, column) for column in ink.T]
    return np.stack(columns, axis=1)


def _inside(discs: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.float64]:
    """Discs with their centres in a picture of (rows, columns); one outside keeps what it covers of the edge."""
    centres = np.clip(discs[:, :2], 0, size[::-1])
    outside = np.hypot(*(discs[:, :2] - centres).T)
    touching = (outside == 0) | (outside < discs[:, 2])
    return np.column_stack([centres, discs[:, 2] - outside])[touching]


def _seen(spots: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Spots of which a pixel is to be seen in a picture of (rows, columns), where later ones lie over earlier ones."""
    latest = np.full(size, -1, np.int32)
    # The middles of pixels lie at whole numbers there; however small, a spot is seen in the pixel that it lies in.
    centres = np.clip(spots[:, :2] * size[::-1] - 0.5, 0, np.array(size[::-1]) - 1)
    discs = np.rint(np.column_stack([centres, spots[:, 4]]) * (1 << BINARY_PLACES)).astype(int)
    for number, (x, y, radius) in enumerate(discs.tolist()):
        cv2.circle(latest, (x, y), radius, (number,), cv2.FILLED, cv2.LINE_8, BINARY_PLACES)
    seen = np.unique(latest)
    return spots[seen[seen >= 0]]
