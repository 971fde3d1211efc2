"""ab NLL in bits a pixel: how well a model's distribution over ab bins foresees the true colours.

A proper score, which neither browning nor stretching can game, and so the figure to develop by. It is read beside that
of the marginal distribution, which knows how often each colour occurs and sees no photo: a model is worth what it lies
below.

The truth is the ab of the crop averaged to the network's output size, spread softly over its five nearest bins as in
training (`engine.models.bins`); both figures contain the entropy of that spreading, so their difference says more than
either.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np
import torch

from engine.color.lab import srgb_to_lab
from engine.models.bins import soft_encode
from training.evaluation import centre_crop

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from engine.color.lab import FloatArray
    from engine.colorist import Distribution
    from training.data.packed import PackedPhotos, Photo

NATS = math.log(2)
"""Nats in a bit."""
FLOOR = 1e-6
"""Probability that the marginal leaves to a bin in which no colour was seen."""
REFERENCE_PHOTOS = 4000
"""So many reference photos, evenly chosen, and every fourth pixel each way: the marginal is known well enough."""
REFERENCE_STRIDE = 4
CHUNK = 1 << 14


@dataclass(frozen=True, slots=True)
class Likelihood:
    """ab NLL in bits a pixel, of a model and of the marginal distribution.

    Attributes:
        bits: Of the model: the mean over the sources' means.
        marginal: Of the marginal distribution, likewise.
        marginal_of: Whose marginal: "reference photos", or "measured photos" (which knows more than it should).
        sources: Both for each source.
    """

    bits: float
    marginal: float
    marginal_of: str
    sources: dict[str, tuple[float, float]]


class Ledger:
    """Adds up a model's likelihood photo by photo.

    Args:
        reference: Photos whose marginal distribution to compare with; None takes that of the measured photos.
    """

    def __init__(self, reference: PackedPhotos | None = None) -> None:
        self._reference = reference
        self._sources: list[str] = []
        self._bits: list[float] = []
        self._seen: list[FloatArray] = []
        self._bins: FloatArray | None = None
        self._size = (0, 0)

    def add(self, source: str, srgb: Photo, distribution: Distribution) -> None:
        """Enters what the model said of a photo.

        Args:
            source: Where the photo came from.
            srgb: H×W×3, the truth.
            distribution: Of the model, h×w.
        """
        rows, columns = distribution.log_probability.shape[1:]
        ab = small_ab(srgb, (rows, columns))
        index, weight = encoded(ab, distribution.bins)
        flat = distribution.log_probability.reshape(len(distribution.bins), -1).T
        foreseen = np.take_along_axis(flat, index, axis=1)
        self._bits.append(float(-(foreseen * weight).sum(axis=1).mean()) / NATS)
        self._seen.append(_shares(index, weight, len(distribution.bins)))
        self._sources.append(source)
        self._bins, self._size = distribution.bins, (rows, columns)

    def result(self) -> Likelihood | None:
        """The figures; None where nothing was entered."""
        if self._bins is None:
            return None
        if self._reference is None:
            shares, whose = np.mean(self._seen, axis=0), "measured photos"
        else:
            shares, whose = reference_shares(self._reference, self._bins, self._size), "reference photos"
        bits_of_bins = -np.log2((shares + FLOOR) / (shares + FLOOR).sum())
        by_source: dict[str, list[tuple[float, float]]] = {}
        for source, bits, seen in zip(self._sources, self._bits, self._seen, strict=True):
            by_source.setdefault(source, []).append((bits, float(seen @ bits_of_bins)))
        sources = {source: _means(pairs) for source, pairs in sorted(by_source.items())}
        bits, marginal = _means(list(sources.values()))
        return Likelihood(bits, marginal, whose, sources)


def small_ab(srgb: Photo, size: tuple[int, int]) -> FloatArray:
    """The ab of a picture, averaged to h×w: h×w×2 in CIELAB units; `srgb` is H×W×3."""
    ab = srgb_to_lab(srgb / np.float32(255))[..., 1:]
    return np.asarray(cv2.resize(ab, (size[1], size[0]), interpolation=cv2.INTER_AREA), np.float32)


def encoded(ab: FloatArray, bins: FloatArray) -> tuple[NDArray[np.int64], FloatArray]:
    """Colours softly encoded: `engine.models.bins.soft_encode` for arrays.

    Args:
        ab: ...×2 in CIELAB units.
        bins: Q×2 centres.

    Returns:
        N×5 indices into the bins and N×5 weights, N the number of colours.
    """
    indices: list[NDArray[np.int64]] = []
    weights: list[FloatArray] = []
    centres = torch.as_tensor(bins)
    colors = ab.reshape(-1, 2)
    for start in range(0, len(colors), CHUNK):
        index, weight = soft_encode(torch.as_tensor(colors[start : start + CHUNK]), centres)
        indices.append(index.numpy())
        weights.append(weight.numpy())
    return np.concatenate(indices), np.concatenate(weights)


def reference_shares(photos: PackedPhotos, bins: FloatArray, size: tuple[int, int]) -> FloatArray:
    """How often each bin occurs in photos: Q shares that sum to 1.

    Args:
        photos: The reference photos.
        bins: Q×2 centres in CIELAB units.
        size: (h, w) to which the centre square of each photo is averaged first.
    """
    chosen = np.unique(np.linspace(0, len(photos) - 1, min(REFERENCE_PHOTOS, len(photos))).astype(int))
    side = max(size)
    maps = [small_ab(centre_crop(photos.photo(int(n)), side), size) for n in chosen]
    sparse = np.stack(maps)[:, ::REFERENCE_STRIDE, ::REFERENCE_STRIDE]
    return _shares(*encoded(sparse, bins), len(bins))


def _shares(index: NDArray[np.int64], weight: FloatArray, count: int) -> FloatArray:
    """The share of each of `count` bins in softly encoded colours."""
    sums = np.bincount(index.ravel(), weights=weight.ravel(), minlength=count)
    return (sums / sums.sum()).astype(np.float32)


def _means(pairs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    first, second = np.mean(pairs, axis=0)
    return float(first), float(second)
