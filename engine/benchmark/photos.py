"""The photos that are measured: three that every machine makes alike, or a given one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import tifffile
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.color.lab import FloatArray

MEGAPIXELS_12 = (4000, 3000)
QUALITY = 92
DEEPER = 257
"""From 8 bits to 16, with the grain between the levels kept."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A photo to measure.

    Attributes:
        name: What it is, in words.
        make: Makes it in a folder, or does nothing where it exists; its path.
    """

    name: str
    make: Callable[[Path], Path]


def subjects(photo: Path | None = None) -> tuple[Subject, ...]:
    """The photos to measure.

    Args:
        photo: A picture file; None for a 12 MP grey JPEG, a 12 MP colour JPEG and a 12 MP grey TIFF of 16 bits.
    """
    if photo is not None:
        return (Subject(photo.name, lambda folder: photo),)
    return (
        Subject("12 MP grey JPEG", grey_jpeg),
        Subject("12 MP colour JPEG", color_jpeg),
        Subject("12 MP 16-bit TIFF", deep_tiff),
    )


def grey_jpeg(folder: Path) -> Path:
    """A 12 MP grey JPEG that is about as hard to code as a scan: soft shapes, edges, grain."""
    path = folder / "grey.jpg"
    Image.fromarray(_levels(_scene(), 255, np.uint8)).save(path, quality=QUALITY)
    return path


def color_jpeg(folder: Path) -> Path:
    """The same in tints that change slowly, with half the resolution of colour, as cameras write it."""
    grey = _scene()
    generator = np.random.default_rng(1)
    tints = generator.normal(0, 20, (9, 12, 3)).astype(np.float32)
    picture = np.asarray(cv2.resize(tints, MEGAPIXELS_12, interpolation=cv2.INTER_CUBIC), np.float32)
    picture += grey[..., None]
    path = folder / "color.jpg"
    Image.fromarray(_levels(picture, 255, np.uint8)).save(path, quality=QUALITY, subsampling="4:2:0")
    return path


def deep_tiff(folder: Path) -> Path:
    """The grey photo with 16 bits, not compressed, as archives keep their masters."""
    path = folder / "deep.tif"
    levels = _levels(_scene() * DEEPER, 255 * DEEPER, np.uint16)
    tifffile.imwrite(path, levels, photometric="minisblack")
    return path


def _scene() -> FloatArray:
    """H×W grey, about 0 to 255."""
    generator = np.random.default_rng(0)
    width, height = MEGAPIXELS_12
    shapes = generator.normal(128, 60, (24, 32)).astype(np.float32)
    picture = np.asarray(cv2.resize(shapes, (width, height), interpolation=cv2.INTER_CUBIC), np.float32)
    picture += np.where(cv2.resize(shapes, (width, height), interpolation=cv2.INTER_NEAREST) > 160, 30, 0)
    picture += generator.normal(0, 4, (height, width)).astype(np.float32)
    return picture


def _levels(picture: FloatArray, white: int, depth: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    """The picture as whole levels."""
    return np.clip(picture, 0, white).astype(depth)
