"""What is measured: a model through the whole path of a photo, and the rows that it is to be compared with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from engine.color.compose import compose
from engine.color.lab import lightness_of, srgb_to_lab
from engine.render import Colors, Look, render

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.models.contract import Features
    from engine.session import Colorist, Distribution
    from training.data.packed import Photo


class Method(Protocol):
    """Something that colours a crop: gets the truth (so that oracles can cheat), returns 256×256×3 uint8 sRGB."""

    def __call__(self, truth: Photo, /) -> Photo:
        """Colours one crop."""
        ...


def with_ab(truth: Photo, ab: NDArray[np.float32]) -> Photo:
    """The truth's lightness with other colours; `ab` is H×W×2 or a constant of shape (2,), in CIELAB units."""
    lightness = lightness_of(truth)
    out = np.empty_like(truth)
    planes = np.broadcast_to(np.asarray(ab, np.float32), (*lightness.shape, 2))
    compose(lightness, np.moveaxis(planes, -1, 0).copy(), out)
    return out


def constant(ab: tuple[float, float]) -> Method:
    """Every pixel the same colour; (0, 0) is grey."""
    color = np.array(ab, np.float32)
    return lambda truth: with_ab(truth, color)


def oracle_mean(truth: Photo, /) -> Photo:
    """The photo's true mean ab everywhere: what knowing one colour is worth."""
    return with_ab(truth, srgb_to_lab(truth / np.float32(255))[..., 1:].mean(axis=(0, 1)))


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a network said of the crop that it saw last."""

    truth: Photo
    features: Features
    colors: Colors


class Painter:
    """A model, which looks at nothing of the truth but its lightness.

    The network runs once for all looks of a crop, as long as the crop's rows follow each other.

    Args:
        colorist: The loaded model.
    """

    def __init__(self, colorist: Colorist) -> None:
        self._colorist = colorist
        self._last: _Seen | None = None

    def method(self, look: Look) -> Method:
        """Colours crops in this look."""

        def color(truth: Photo) -> Photo:
            return np.asarray(render(truth, self._see(truth).colors, look, threads=1), np.uint8)

        return color

    def distribution(self, truth: Photo) -> Distribution | None:
        """How likely the model finds each colour in a crop; None where its network has no distribution."""
        return self._colorist.distribution(self._see(truth).features)

    def _see(self, truth: Photo) -> _Seen:
        if self._last is None or self._last.truth is not truth:
            prepared = self._colorist.prepare(truth)
            features = self._colorist.encode(prepared)
            self._last = _Seen(truth, features, self._colorist.decode(features, prepared))
        return self._last
