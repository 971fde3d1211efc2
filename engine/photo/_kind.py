"""Whether a photo is grey, bitonal, toned or coloured, told from a small copy of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from engine.color.lab import srgb_to_lab
from engine.photo._depth import strips, to_8
from engine.photo._picture import SourceKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

_SIZE = 64
_FEWEST_SAMPLES = 256
_GREY_MEAN, _GREY_HIGH = 2.0, 5.0
_CURVE_POINTS = 20
_SHARE_OF_CHROMA, _LEAST_ERROR, _MOST_ERROR = 0.25, 2.0, 5.0
"""How far nine tenths of a toned photo lie from its curve at most. Sepias, cyanotypes and duotones with grain, as JPEGs
of quality 60, stay below 0.23 of their mean chroma; coloured photos begin at 0.4, however muted."""


def kind_of(pixels: NDArray[Any], bit_depth: int) -> SourceKind:
    """The kind of a picture.

    Grey means chroma that could be noise; toned means that a*, b* follow a curve over L* (one hue, or the two of a
    duotone); anything else is coloured.

    Args:
        pixels: H×W or H×W×3, uint8 or uint16, sRGB.
        bit_depth: Of the source.
    """
    if pixels.ndim == 2:
        return SourceKind.BITONAL if bit_depth == 1 or _has_two_values(pixels) else SourceKind.GREY
    lab = srgb_to_lab(_small(pixels)).reshape(-1, 3)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    if float(chroma.mean()) < _GREY_MEAN and float(np.percentile(chroma, 98)) < _GREY_HIGH:
        return SourceKind.GREY
    return SourceKind.TONED if _follows_a_curve(lab, chroma) else SourceKind.COLOUR


def is_grey_in_three_channels(pixels: NDArray[Any]) -> bool:
    """Whether R = G = B everywhere; a coloured picture is told from a few samples."""
    step = max(pixels.shape[0] // 64, 1), max(pixels.shape[1] // 64, 1)
    return all(
        bool((part[..., 0] == part[..., 1]).all() and (part[..., 0] == part[..., 2]).all())
        for part in (pixels[:: step[0], :: step[1]], *(pixels[rows] for rows in strips(pixels)))
    )


def _has_two_values(pixels: NDArray[Any]) -> bool:
    """Whether there are exactly two values, far apart, in a picture that is large enough to tell."""
    step = max(pixels.shape[0] // 400, 1), max(pixels.shape[1] // 400, 1)
    part = pixels[:: step[0], :: step[1]]
    low, high = int(part.min()), int(part.max())
    far = high - low > int(np.iinfo(pixels.dtype).max) // 2
    return part.size >= _FEWEST_SAMPLES and far and bool(((part == low) | (part == high)).all())


def _small(pixels: NDArray[Any]) -> NDArray[np.float32]:
    """A copy of at most `_SIZE` pixels a side, averaged so that grain and JPEG's colour noise do not count; [0, 1]."""
    height, width = pixels.shape[:2]
    scale = min(_SIZE / max(height, width), 1.0)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    reduced = cast("NDArray[Any]", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    return to_8(reduced).astype(np.float32) / np.float32(255.0)


def _follows_a_curve(lab: NDArray[np.float32], chroma: NDArray[np.float32]) -> bool:
    """Whether a*, b* are explained by L* alone."""
    order = np.argsort(lab[:, 0], kind="stable")
    groups = [group for group in np.array_split(lab[order], _CURVE_POINTS) if len(group)]
    curve = np.array([np.median(group, axis=0) for group in groups])
    expected = np.stack([np.interp(lab[:, 0], curve[:, 0], curve[:, channel]) for channel in (1, 2)], axis=1)
    error = np.hypot(*(lab[:, 1:] - expected).T)
    allowed = np.clip(_SHARE_OF_CHROMA * chroma.mean(), _LEAST_ERROR, _MOST_ERROR)
    return float(np.percentile(error, 90)) < float(allowed)
