"""Parts of a coloured photo for a screen: any part, at its own size or reduced, in milliseconds.

A `Pyramid` holds a photo at its own size and at halving sizes; a `Painting` holds its colours, made ready for drawing.
Between them they draw what `engine.render.render` would: a tile at level 0 is the same part of the saved picture, to
the bit, and tiles join without seams, for each pixel depends on its own place in the photo alone.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from engine.color.compose import make_tables
from engine.photo import on_white, to_8
from engine.progress import Progress
from engine.render import (
    Colors,
    Look,
    Part,
    cast_of,
    evened,
    flat_coefficients,
    guided_coefficients,
    render_part,
    without_cast,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.color.lab import FloatArray, Pixels

Box = tuple[int, int, int, int]
"""(left, top, width, height)."""

SMALLEST = 1024
"""The last level's longer side is at most this."""
STRIP_BYTES = 4 << 20
"""Work between two looks at the progress: some milliseconds."""


class _Flat:
    """The coefficients of a photo's flat colours, made when they are first asked for; for any thread.

    Args:
        colors: The photo's colours.
        planes: Their own coefficients.
    """

    def __init__(self, colors: Colors, planes: FloatArray) -> None:
        self._colors = colors
        self._own = planes
        self._made: FloatArray | None = None
        self._lock = Lock()

    @property
    def planes(self) -> FloatArray:
        """As of `engine.render.flat_coefficients`."""
        with self._lock:
            if self._made is None:
                self._made = flat_coefficients(self._colors, self._own)
            return self._made


class Painting:
    """The colours of one photo, made ready once for drawing any part of it at any size. Immutable, for any thread.

    What a look's evenness needs is found by the first thread that draws it, for it takes tens of milliseconds.

    Args:
        colors: Its colours.
        look: How they are shown; None leaves them as they are.
    """

    def __init__(self, colors: Colors, look: Look | None = None) -> None:
        self._colors = colors
        self._plain = guided_coefficients(colors)
        self._cast = cast_of(colors)
        self._flat = _Flat(colors, self._plain)
        self._look = look or Look()
        self._planes: FloatArray | None = None

    @property
    def colors(self) -> Colors:
        """The photo's colours, without the look."""
        return self._colors

    @property
    def look(self) -> Look:
        """How they are shown."""
        return self._look

    @property
    def planes(self) -> FloatArray:
        """4×H×W coefficients of the colours, as `engine.render.render_part` takes them."""
        if self._planes is None:  # another thread may be making the same
            self._planes = self._planes_for(self._look)
        return self._planes

    def with_look(self, look: Look) -> Painting:
        """The same colours shown otherwise; what does not depend on the look is shared."""
        other = object.__new__(Painting)
        other._colors, other._plain, other._cast, other._look = self._colors, self._plain, self._cast, look
        other._flat, other._planes = self._flat, None
        return other

    def _planes_for(self, look: Look) -> FloatArray:
        planes = evened(self._plain, self._flat.planes, look.evenness) if look.evenness else self._plain
        return without_cast(planes, self._cast) if look.white_balance else planes


class Pyramid:
    """A photo at its own size and at halving sizes. Immutable, for any thread.

    Level k is the photo at 1/2^k of its size: each of its pixels is the mean of 2^k × 2^k of the photo's, so the last
    column and row stand for what is left over and may reach beyond the photo's edge. Everything is 8 bits, as a screen
    is. A transparent photo is shown on white.

    Args:
        levels: H×W or H×W×3 uint8, each level half of the one before, sides rounded up.
        alphas: Their opacity, H×W uint8; empty where the photo is opaque.
    """

    def __init__(self, levels: list[NDArray[np.uint8]], alphas: list[NDArray[np.uint8]]) -> None:
        self._levels = levels
        self._alphas = alphas

    @classmethod
    def build(cls, pixels: Pixels, alpha: Pixels | None = None, progress: Progress | None = None) -> Pyramid:
        """Makes the reduced copies: slow for a large photo, so not on a window's own thread.

        Args:
            pixels: H×W or H×W×3, sRGB-encoded, uint8 or uint16. Kept, not copied, where it is uint8.
            alpha: H×W of the same type; 0 is transparent. None for an opaque photo.
            progress: Polled every few milliseconds.

        Raises:
            CancelledError: If the progress was cancelled.
        """
        make_tables()
        building = _Building(pixels.shape[0], pixels.shape[1], 1 if alpha is None else 2, progress or Progress())
        levels = [building.shallow(pixels)]
        alphas = [] if alpha is None else [building.shallow(alpha)]
        if alphas and all(int(alphas[0][rows].min()) == 255 for rows in _strips(alphas[0])):
            alphas = []
        while max(levels[-1].shape[:2]) > SMALLEST:
            if alphas:
                level, opacity = building.halved_with_alpha(levels[-1], alphas[-1])
                alphas.append(opacity)
            else:
                level = building.halved(levels[-1])
            levels.append(level)
        return cls(levels, alphas)

    @property
    def width(self) -> int:
        """The photo's width in pixels."""
        return int(self._levels[0].shape[1])

    @property
    def height(self) -> int:
        """The photo's height in pixels."""
        return int(self._levels[0].shape[0])

    @property
    def level_count(self) -> int:
        """How many levels there are; level 0 is the photo itself."""
        return len(self._levels)

    @property
    def nbytes(self) -> int:
        """Bytes that it takes, with the photo itself."""
        return sum(level.nbytes for level in (*self._levels, *self._alphas))

    def size(self, level: int) -> tuple[int, int]:
        """(width, height) of a level, in its own pixels."""
        height, width = self._levels[level].shape[:2]
        return int(width), int(height)

    def original(self, level: int, box: Box) -> NDArray[np.uint8]:
        """A part of the photo as it is.

        Args:
            level: Which level.
            box: (left, top, width, height) in pixels of that level, inside of it.

        Returns:
            H×W×3 sRGB.

        Raises:
            ValueError: If the box reaches beyond the level.
        """
        part = self._cut(self._levels[level], box)
        if part.ndim == 2:
            part = np.asarray(cv2.cvtColor(part, cv2.COLOR_GRAY2RGB), np.uint8)
        return self._laid(np.ascontiguousarray(part), level, box)

    def colored(self, level: int, box: Box, painting: Painting) -> NDArray[np.uint8]:
        """A part of the photo in colour, on the calling thread alone. Arguments and errors as in `original`.

        Args:
            level: Which level.
            box: Which part.
            painting: The colours.
        """
        left, top, _, _ = box
        part = Part(self.width, self.height, left, top, 1 << level)
        pixels = self._cut(self._levels[level], box)
        drawn = render_part(pixels, painting.planes, painting.look, part, threads=1)
        return self._laid(cast("NDArray[np.uint8]", drawn), level, box)

    def _cut(self, plane: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
        left, top, width, height = box
        rows, columns = plane.shape[:2]
        if not (0 <= left < left + width <= columns and 0 <= top < top + height <= rows):
            raise ValueError(f"the part {box} does not lie in a level of {columns}×{rows} pixels")
        return plane[top : top + height, left : left + width]

    def _laid(self, part: NDArray[np.uint8], level: int, box: Box) -> NDArray[np.uint8]:
        """On white where the photo is transparent."""
        return on_white(part, self._cut(self._alphas[level], box)) if self._alphas else part


class _Building:
    """The work of building a pyramid, told to a progress strip by strip."""

    def __init__(self, height: int, width: int, planes: int, progress: Progress) -> None:
        self._progress = progress
        self._done = 0
        # Each plane is looked at once; then every level but the last is halved.
        self._all = height * width * planes
        while max(height, width) > SMALLEST:
            self._all += height * width
            height, width = (height + 1) // 2, (width + 1) // 2

    def shallow(self, plane: NDArray[Any]) -> NDArray[np.uint8]:
        """A plane at 8 bits."""
        if plane.dtype == np.uint8:
            self._tell(plane)
            return np.ascontiguousarray(plane)
        reduced = np.empty(plane.shape, np.uint8)
        for rows in _strips(plane):
            reduced[rows] = to_8(plane[rows])
            self._tell(plane[rows])
        return reduced

    def halved(self, level: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Half of the size, the sides rounded up."""
        half = _room_for_half(level)
        for rows in _strips(level):
            strip = _even(level[rows])
            half[rows.start // 2 : (rows.stop + 1) // 2] = _half(strip).reshape(-1, *half.shape[1:])
            self._tell(level[rows])
        return half

    def halved_with_alpha(
        self, level: NDArray[np.uint8], alpha: NDArray[np.uint8]
    ) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Half of the size of a photo and its opacity: what is transparent lends its neighbours no colour."""
        half, half_alpha = _room_for_half(level), _room_for_half(alpha)
        for rows in _strips(level):
            here = slice(rows.start // 2, (rows.stop + 1) // 2)
            strip, opacity = _even(level[rows]), _even(alpha[rows])
            weight = opacity.astype(np.float32).reshape(*opacity.shape, *([1] * (strip.ndim - 2)))
            shown = _half(opacity.astype(np.float32)).reshape(half_alpha[here].shape)
            mixed = _half(strip * weight).reshape(half[here].shape)
            divisor = np.maximum(shown, np.float32(0.25)).reshape(*shown.shape, *([1] * (strip.ndim - 2)))
            half[here] = np.rint(np.minimum(mixed / divisor, 255))
            half_alpha[here] = np.rint(shown)
            self._tell(level[rows])
        return half, half_alpha

    def _tell(self, done: NDArray[Any]) -> None:
        self._done += done.shape[0] * done.shape[1]
        self._progress.report(self._done / self._all)


def _strips(plane: NDArray[Any]) -> Iterator[slice]:
    """Rows of a plane in strips of an even number."""
    height = plane.shape[0]
    rows = max(2, STRIP_BYTES // max(plane[0].nbytes, 1) // 2 * 2)
    for top in range(0, height, rows):
        yield slice(top, min(top + rows, height))


def _room_for_half(plane: NDArray[np.uint8]) -> NDArray[np.uint8]:
    height, width = plane.shape[:2]
    return np.empty(((height + 1) // 2, (width + 1) // 2, *plane.shape[2:]), np.uint8)


def _even(strip: NDArray[Any]) -> NDArray[Any]:
    """A strip whose sides are even: an odd last row or column is there twice."""
    down, right = strip.shape[0] % 2, strip.shape[1] % 2
    if not down and not right:
        return strip
    return np.asarray(cv2.copyMakeBorder(strip, 0, down, 0, right, cv2.BORDER_REPLICATE))


def _half(strip: NDArray[Any]) -> NDArray[Any]:
    """The means of 2×2 pixels."""
    size = (strip.shape[1] // 2, strip.shape[0] // 2)
    return np.asarray(cv2.resize(strip, size, interpolation=cv2.INTER_AREA))
