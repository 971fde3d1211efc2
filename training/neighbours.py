"""The row that a network must beat: the colours of the training photos that look most alike, without any learning.

Photos are compared by histograms of oriented gradients and a small lightness map, both of the 64×64 centre crop.

Source: N. Dalal, B. Triggs, "Histograms of Oriented Gradients for Human Detection", CVPR 2005.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import skimage.feature

from engine.color.lab import lightness_of, srgb_to_lab
from training.evaluation import centre_crop
from training.methods import Method, with_ab

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray
    from training.data.packed import PackedPhotos, Photo

WINDOW = 64
MAP_SIDE = 16
LIGHTNESS_SIDE = 8
COUNT = 32
"""Neighbours that are averaged: the single nearest one is vivid and wrong, and far below grey."""


class Neighbours:
    """The colours of training photos, found by what the photos look like in grey.

    Args:
        photos: The training photos.
    """

    def __init__(self, photos: PackedPhotos) -> None:
        looks: list[FloatArray] = []
        maps: list[NDArray[np.float16]] = []
        for n in range(len(photos)):
            crop = centre_crop(photos.photo(n), WINDOW)
            looks.append(self._look(crop))
            lab = srgb_to_lab(crop / np.float32(255))
            maps.append(cv2.resize(lab[..., 1:], (MAP_SIDE, MAP_SIDE), interpolation=cv2.INTER_AREA).astype(np.float16))
        self._looks = np.stack(looks)
        self._maps = np.stack(maps)

    @property
    def mean_ab(self) -> tuple[float, float]:
        """The mean colour of all training photos, in CIELAB units: the best constant that training offers."""
        a, b = self._maps.astype(np.float32).mean(axis=(0, 1, 2))
        return float(a), float(b)

    def method(self, count: int = COUNT) -> Method:
        """Colours a photo by the mean of its `count` nearest training photos, of all where there are fewer."""

        def color(truth: Photo) -> Photo:
            nearest = np.argsort(self._looks @ self._look(centre_crop(truth, WINDOW)))[-count:]
            size = (truth.shape[1], truth.shape[0])
            ab = self._maps[nearest].astype(np.float32).mean(axis=0)
            return with_ab(truth, np.asarray(cv2.resize(ab, size, interpolation=cv2.INTER_LINEAR), np.float32))

        return color

    def _look(self, crop: Photo) -> FloatArray:
        """A unit vector, half of it gradients and half lightness; `crop` is 64×64×3."""
        lightness = lightness_of(crop)
        untyped: Any = skimage.feature
        gradients: FloatArray = untyped.hog(lightness, 9, pixels_per_cell=(8, 8), cells_per_block=(2, 2))
        small = np.asarray(cv2.resize(lightness, (LIGHTNESS_SIDE, LIGHTNESS_SIDE), interpolation=cv2.INTER_AREA))
        halves = [_unit(gradients), _unit(small - small.mean())]
        return (np.concatenate(halves) / np.sqrt(2)).astype(np.float32)


def _unit(values: NDArray[Any]) -> NDArray[Any]:
    """A flat vector of length 1, or 0 where there is nothing."""
    flat = values.ravel()
    return flat / max(float(np.linalg.norm(flat)), 1e-6)
