"""The models' pictures, kept small while photos are measured, until it is known which are worth showing."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from engine.color.compose import grey_levels
from engine.color.lab import lightness_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.data.packed import Photo

QUALITY = 92
EACH = 4
"""Photos shown of the best, of those in the middle, and of the worst."""


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One photo to show.

    Attributes:
        group: best, median or worst.
        photo: Its name.
        gain: What the model gained over grey, in dB.
        picture: JPEG: grey, generated, original side by side.
    """

    group: str
    photo: str
    gain: float
    picture: bytes


class Gallery:
    """Pictures as JPEG, some 20 KB each: hundreds of photos fit into memory."""

    def __init__(self) -> None:
        self._truths: dict[str, Photo] = {}
        self._pictures: dict[str, dict[str, bytes]] = {}

    def add_truth(self, photo: str, srgb: Photo) -> None:
        """Enters the original of a photo."""
        self._truths[photo] = srgb

    def add(self, model: str, photo: str, srgb: Photo) -> None:
        """Enters a model's picture of a photo, H×W×3 uint8."""
        self._pictures.setdefault(model, {})[photo] = _jpeg(srgb)

    def exhibits(self, model: str, gains: Mapping[str, float], each: int = EACH) -> list[Exhibit]:
        """The photos that a model did best, middling and worst at; no photo twice.

        Args:
            model: The model.
            gains: Decibels over grey of each photo.
            each: How many of each group.
        """
        ranked = sorted(gains, key=lambda photo: gains[photo], reverse=True)
        each = max(1, min(each, len(ranked) // 3))
        middle = max(0, (len(ranked) - each) // 2)
        groups = {
            "best": ranked[:each],
            "median": ranked[middle : middle + each],
            "worst": ranked[-each:],
        }
        shown: dict[str, Exhibit] = {}
        for group, photos in groups.items():
            for photo in photos:
                shown.setdefault(photo, Exhibit(group, photo, gains[photo], self._side_by_side(model, photo)))
        return list(shown.values())

    def _side_by_side(self, model: str, photo: str) -> bytes:
        truth = self._truths[photo]
        with Image.open(io.BytesIO(self._pictures[model][photo])) as stored:
            colored = np.asarray(stored.convert("RGB"))
        grey = np.repeat(_shown_grey(truth)[..., None], 3, axis=-1)
        return _jpeg(np.concatenate([grey, colored, truth], axis=1))


def _shown_grey(srgb: Photo) -> Photo:
    """The grey picture of the same L*, H×W."""
    return grey_levels(lightness_of(srgb))


def _jpeg(srgb: Photo) -> bytes:
    file = io.BytesIO()
    Image.fromarray(srgb).save(file, "JPEG", quality=QUALITY, subsampling=0)
    return file.getvalue()
