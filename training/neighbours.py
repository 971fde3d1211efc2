"""The row that a network must beat: the colours of the training photo that looks most alike, without any learning.

Photos are compared by histograms of oriented gradients and a small lightness map, both of the 64×64 centre crop.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color.lab import lightness_of, srgb_to_lab
from training.evaluation import SIDE, Method, Photo, centre_crop, with_ab

if TYPE_CHECKING:
    from training.data.packed import PackedPhotos

WINDOW = 64
MAP_SIDE = 16
LIGHTNESS_SIDE = 8


class Neighbours:
    """The colours of training photos, found by what the photos look like in grey.

    Args:
        photos: The training photos.
    """

    def __init__(self, photos: PackedPhotos) -> None:
        self._gradients = cv2.HOGDescriptor((WINDOW, WINDOW), (16, 16), (8, 8), (8, 8), 9)
        crops = (centre_crop(photos.photo(n), WINDOW) for n in range(len(photos)))
        looks: list[NDArray[np.float32]] = []
        maps: list[NDArray[np.float16]] = []
        for crop in crops:
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

    def method(self) -> Method:
        """Colours a photo like its nearest training photo."""

        def color(truth: Photo) -> Photo:
            nearest = int((self._looks @ self._look(cv2.resize(truth, (WINDOW, WINDOW), interpolation=cv2.INTER_AREA))).argmax())
            ab = cv2.resize(self._maps[nearest].astype(np.float32), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
            return with_ab(truth, np.asarray(ab, np.float32))

        return color

    def _look(self, crop: NDArray[np.uint8]) -> NDArray[np.float32]:
        """A unit vector, half of it gradients and half lightness."""
        lightness = lightness_of(np.asarray(crop, np.uint8))
        gradients = np.asarray(self._gradients.compute(np.rint(lightness * 2.55).astype(np.uint8))).ravel()
        small = cv2.resize(lightness, (LIGHTNESS_SIDE, LIGHTNESS_SIDE), interpolation=cv2.INTER_AREA).ravel()
        small = small - small.mean()
        halves = [part / max(float(np.linalg.norm(part)), 1e-6) for part in (gradients, small)]
        return (np.concatenate(halves) / np.sqrt(2)).astype(np.float32)
