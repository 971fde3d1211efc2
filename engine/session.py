"""A session: one photo on a screen, encoded once and coloured many times.

The slow part is done once in `set_photo`; then `colorize` with any hints and variant, `render` in any look, and what
guides whoever paints hints: suggestions at a place, where a hint would help most, colours carried over from another
photo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from engine.color.lab import FloatArray, Pixels, lightness_of
from engine.color.swatches import color_at
from engine.errors import NoPhotoError
from engine.hints import Hint, HintPoint, HintSet
from engine.hints.suggestions import Suggestion, suggest
from engine.hints.worth import best_places
from engine.render import Colors, Look, render

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from engine.colorist import Colorist, Distribution, Prepared
    from engine.hints.reference import CarriedColor
    from engine.models.contract import Features


class Session:
    """One photo, encoded once and coloured as often as its look or variant changes.

    Args:
        colorist: The model to colour with; a session can change it, and then encodes its photo again.
    """

    def __init__(self, colorist: Colorist) -> None:
        self._colorist = colorist
        self._pixels: Pixels | None = None
        self._prepared: Prepared | None = None
        self._features: Features | None = None
        self._encoded_in: tuple[str, torch.dtype] | None = None
        self._said: tuple[Features, HintSet | None, Distribution | None] | None = None

    def set_colorist(self, colorist: Colorist) -> None:
        """Changes the model; the photo stays."""
        self._colorist = colorist
        self._prepared = None if self._pixels is None else colorist.prepare(self._pixels)
        self._features = None

    def set_photo(self, pixels: Pixels) -> None:
        """Takes a photo and encodes it: the slow part.

        Args:
            pixels: H×W or H×W×3, sRGB-encoded, uint8 or uint16.
        """
        self._pixels = pixels
        self._prepared = self._colorist.prepare(pixels)
        self._features = None
        self._photo()

    def palettes(self) -> list[int]:
        """The photo's variants, the most likely first; empty where the model has none."""
        _, _, features = self._photo()
        return self._colorist.palettes(features)

    @property
    def is_encoded(self) -> bool:
        """Whether the slow part is done, so that `colorize` is quick."""
        return self._features is not None and self._encoded_in == self._home

    def colorize(self, palette: int | None = None, hints: HintSet | None = None) -> Colors:
        """The photo's colours.

        Args:
            palette: One of `palettes`; None leaves it to the model.
            hints: What a person knows of the colours; honoured by every model.

        Raises:
            NoPhotoError: If `set_photo` was not called before.
        """
        _, prepared, features = self._photo()
        return self._colorist.decode(features, prepared, palette, self._spots(hints))

    def lightness_at(self, x: float, y: float) -> float:
        """L* of the photo in [0, 100] at a place in pixels: the mean of some around it. Raises as `colorize`."""
        pixels = self._pixels
        if pixels is None:
            raise NoPhotoError("There is no photo to colour.", "Call set_photo first.")
        height, width = pixels.shape[:2]
        reach = max(1, round(max(height, width) / 1000))
        column = min(max(int(x), 0), width - 1)
        row = min(max(int(y), 0), height - 1)
        window = pixels[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1]
        return float(lightness_of(cast("Pixels", np.ascontiguousarray(window))).mean())

    def suggestions(self, x: float, y: float, hints: HintSet | None = None, count: int = 9) -> list[Suggestion]:
        """Colours that the model finds likely at a place, the likeliest first.

        Args:
            x: Of the place in pixels of the photo.
            y: Likewise.
            hints: What is known of the photo's other colours.
            count: How many at most.

        Returns:
            The suggestions, in the gamut at the lightness of the place; none where the model tells no distribution.

        Raises:
            NoPhotoError: If `set_photo` was not called before.
        """
        pixels, _, _ = self._photo()
        distribution = self._distribution(hints)
        if distribution is None:
            return []
        _, rows, columns = distribution.log_probability.shape
        height, width = pixels.shape[:2]
        row = min(max(int(y / height * rows), 0), rows - 1)
        column = min(max(int(x / width * columns), 0), columns - 1)
        return suggest(
            distribution.log_probability[:, row, column], distribution.bins, self.lightness_at(x, y), count=count
        )

    def where_to_hint(self, hints: HintSet | None = None) -> FloatArray:
        """How much a hint would help at each place: h×w in [0, 1], the whole photo at a small size.

        Raises:
            NoPhotoError: If `set_photo` was not called before.
        """
        _, prepared, features = self._photo()
        return self._colorist.where_to_hint(features, prepared, self._spots(hints))

    def best_places(self, worth: FloatArray, count: int = 5) -> list[tuple[float, float]]:
        """The places where a hint helps most, apart from each other.

        Args:
            worth: From `where_to_hint`.
            count: How many at most.

        Returns:
            (x, y) in pixels of the photo, the best first.

        Raises:
            NoPhotoError: If `set_photo` was not called before.
        """
        pixels, _, _ = self._photo()
        height, width = pixels.shape[:2]
        return [(x * width, y * height) for x, y in best_places(worth, count)]

    def reference_hints(self, reference: Pixels, count: int = 24) -> HintSet:
        """Hints that carry colours over from a similar colour photo, to be edited.

        Args:
            reference: H×W×3, sRGB-encoded, uint8 or uint16.
            count: How many at most.

        Raises:
            NoPhotoError: If `set_photo` was not called before.
        """
        pixels, prepared, features = self._photo()
        height, width = pixels.shape[:2]
        carried = self._colorist.carry_colors(features, prepared, reference, count)
        return HintSet(width, height, tuple(_hint_of(each, width, height, self.lightness_at) for each in carried))

    def _spots(self, hints: HintSet | None) -> FloatArray | None:
        _, prepared, _ = self._photo()
        rows, columns = prepared.lightness.shape
        return hints.spots(rows, columns) if hints else None

    def _distribution(self, hints: HintSet | None) -> Distribution | None:
        """What the model says of each place; asked once for the same hints."""
        _, prepared, features = self._photo()
        if self._said is None or self._said[0] is not features or self._said[1] != hints:
            self._said = (features, hints, self._colorist.distribution(features, prepared, self._spots(hints)))
        return self._said[2]

    def rest(self) -> int:
        """Lets the photo's pixels go and keeps what was encoded of it, for `resume`.

        Returns:
            Bytes that it takes now; 0 where nothing was encoded.
        """
        self._pixels = self._said = None
        if self._prepared is None or self._features is None:
            return 0
        parts = sum(part.numel() * part.element_size() for part in self._features)
        return self._prepared.lightness.nbytes + parts

    def resume(self, pixels: Pixels) -> bool:
        """Takes the photo again that it rested of, without encoding it once more.

        Args:
            pixels: As of `set_photo`.

        Returns:
            Whether it is the same photo; if not, nothing has changed.
        """
        prepared = self._colorist.prepare(pixels)
        if self._prepared is None or not np.array_equal(prepared.lightness, self._prepared.lightness):
            return False
        self._pixels = pixels
        return True

    def render(self, colors: Colors, look: Look | None = None) -> Pixels:
        """The photo at full size in these colours; the network does not run. Raises as `colorize`."""
        pixels, _, _ = self._photo()
        return render(pixels, colors, look)

    @property
    def _home(self) -> tuple[str, torch.dtype]:
        """Where and how the network runs now; what was encoded elsewhere, or more coarsely, is made again."""
        return self._colorist.device_name, self._colorist.precision

    def _photo(self) -> tuple[Pixels, Prepared, Features]:
        if self._pixels is None or self._prepared is None:
            raise NoPhotoError("There is no photo to colour.", "Call set_photo first.")
        if self._features is None or self._encoded_in != self._home:
            self._features = self._colorist.encode(self._prepared)
            self._encoded_in = self._home
        return self._pixels, self._prepared, self._features


def _hint_of(carried: CarriedColor, width: int, height: int, lightness_at: Callable[[float, float], float]) -> Hint:
    """A carried colour as a hint, in the colour that it has at the lightness there."""
    x, y = carried.x * width, carried.y * height
    color = color_at(lightness_at(x, y), *carried.ab)
    return Hint((HintPoint(x, y),), max(1.0, carried.radius * width), color)
