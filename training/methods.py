"""What is measured: a model through the whole path of a photo, and the rows that it is to be compared with."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from engine.color.compose import compose
from engine.color.lab import lightness_of, srgb_to_lab
from engine.render import Colors, Look, render
from training.data.ageing import aged
from training.recipe import AugmentationRecipe

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.colorist import Colorist, Distribution, Prepared
    from engine.models.contract import Features
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
    prepared: Prepared
    features: Features
    colors: Colors


class Painter:
    """A model, which looks at nothing of the truth but its lightness.

    The network encodes a crop once for all that is asked of it, as long as the crop's rows follow each other.

    Args:
        colorist: The loaded model.
        aged: Whether it sees each crop as an old print of it. Its colours are shown on the crop's true lightness all
            the same: it is they that are measured.
    """

    def __init__(self, colorist: Colorist, *, aged: bool = False) -> None:
        self.colorist = colorist
        self._aged = aged
        self._last: _Seen | None = None
        self._silent = False

    def method(self, look: Look) -> Method:
        """Colours crops in this look."""
        return lambda truth: rendered(truth, self.automatic(truth), look)

    def automatic(self, truth: Photo) -> Colors:
        """The model's own colours for a crop."""
        return self._see(truth).colors

    def hinted(self, truth: Photo, spots: NDArray[np.float32]) -> Colors:
        """The model's colours for a crop under hints.

        Args:
            truth: The crop.
            spots: N×6 as of `engine.colorist.Colorist.decode`, but the radius is a share of the crop's width.
        """
        seen = self._see(truth)
        if len(spots) == 0:
            return seen.colors
        scaled = widened(spots, seen.prepared.lightness.shape[1])
        return self.colorist.decode(seen.features, seen.prepared, spots=scaled)

    def variants(self, truth: Photo, count: int) -> list[Colors]:
        """A crop under each of its most likely palettes, at most `count`; empty for a model without palettes."""
        seen = self._see(truth)
        palettes = self.colorist.palettes(seen.features)[:count]
        return [self.colorist.decode(seen.features, seen.prepared, palette) for palette in palettes]

    def distribution(self, truth: Photo) -> Distribution | None:
        """How likely the model finds each colour in a crop; None where its network has no distribution."""
        if self._silent:  # asking costs a decoding, and networks do not change their mind
            return None
        found = self.colorist.distribution(self._see(truth).features)
        self._silent = found is None
        return found

    def _see(self, truth: Photo) -> _Seen:
        if self._last is None or self._last.truth is not truth:
            prepared = self.colorist.prepare(truth)
            if self._aged:
                prepared = as_old_print(prepared, seed=zlib.crc32(truth.tobytes()))
            features = self.colorist.encode(prepared)
            self._last = _Seen(truth, prepared, features, self.colorist.decode(features, prepared))
        return self._last


def as_old_print(prepared: Prepared, seed: int) -> Prepared:
    """A photo as a network would see an old print of it, worn as much as those that recipes train on by default.

    Args:
        prepared: The photo.
        seed: The same seed ages in the same way.
    """
    lightness = torch.as_tensor(prepared.lightness)[None, None]
    worn = aged(lightness, torch.Generator().manual_seed(seed), AugmentationRecipe())
    return replace(prepared, lightness=worn[0, 0].numpy())


def rendered(truth: Photo, colors: Colors, look: Look | None = None) -> Photo:
    """A crop in these colours, as the program would show it."""
    return np.asarray(render(truth, colors, look, threads=1), np.uint8)


def widened(spots: NDArray[np.float32], width: int) -> NDArray[np.float32]:
    """Spots N×6 whose radius is a share of the width, with the radius in pixels of that width."""
    return (spots * np.array([1, 1, 1, 1, width, 1], np.float32)).astype(np.float32)
