"""How much colour a photo has, and whether only one: prints toned in sepia teach brown, as grey ones teach grey."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from engine.color.lab import srgb_to_lab

if TYPE_CHECKING:
    from numpy.typing import NDArray

SIDE = 48
WARM = (20.0, 115.0)
"""Hues of toned prints, in degrees, from reddish brown to olive; a photo all in blue may be one of ice."""
CONCENTRATION = 0.96
"""Length of the mean ab over the mean chroma: 1 if all colours have one hue."""
BEYOND_TONE = 3.0
"""Standard deviation of ab around its mean at the same lightness: a toned print's colour follows from its lightness."""
TONES = 16
FAINT = 2.0
"""Mean chroma below which there is no tone at all."""


def colorfulness(srgb: NDArray[Any]) -> float:
    """Colourfulness of a picture on the scale 0-255.

    Source: D. Hasler, S. Suesstrunk, "Measuring colourfulness in natural images", SPIE 5007 (2003).

    Args:
        srgb: H×W×3 on the scale 0-255.
    """
    red, green, blue = np.moveaxis(np.asarray(srgb, np.float32), -1, 0)
    red_green, yellow_blue = red - green, (red + green) / 2 - blue
    spread = np.hypot(red_green.std(), yellow_blue.std())
    return float(spread + 0.3 * np.hypot(red_green.mean(), yellow_blue.mean()))


def is_sepia(photo: NDArray[np.uint8]) -> bool:
    """Whether a photo is a grey one in one warm tone: one hue, and a colour that follows from the lightness.

    Args:
        photo: H×W×3 uint8 sRGB.
    """
    lightness, ab = _small_lab(photo)
    chroma, total = np.hypot(ab[:, 0], ab[:, 1]), ab.sum(axis=0)
    if chroma.mean() < FAINT or np.hypot(*total) < CONCENTRATION * chroma.sum():
        return False
    hue = float(np.degrees(np.arctan2(total[1], total[0])))
    return WARM[0] < hue < WARM[1] and _beyond_tone(lightness, ab) < BEYOND_TONE


def _small_lab(photo: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The photo with a short side of 48 pixels at most: n lightnesses and n×2 ab."""
    scale = SIDE / min(photo.shape[:2])
    if scale < 1:
        photo = np.asarray(cv2.resize(photo, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    lab = srgb_to_lab(photo / np.float32(255)).reshape(-1, 3)
    return lab[:, 0], lab[:, 1:]


def _beyond_tone(lightness: NDArray[np.float32], ab: NDArray[np.float32]) -> float:
    """Standard deviation of ab around its mean at the same lightness."""
    tone = np.clip(lightness * TONES / 100, 0, TONES - 1).astype(np.int64)
    counts = np.bincount(tone, minlength=TONES).clip(1)
    means = np.stack([np.bincount(tone, weights=ab[:, c], minlength=TONES) / counts for c in range(2)], axis=1)
    return float(np.sqrt(np.square(ab - means[tone]).sum(axis=1).mean()))
