"""The photos that `autochrome evaluate` measures with: which, and cut how.

Every photo is brought to a 256×256 centre crop (short side resized to 256 with antialiasing). Those whose colourfulness
is under 10 do not count, and are named. Half of the photos are for choosing among weights, the other for reporting.
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from training.data.entries import DataError, find_entries, read_all
from training.data.packed import Photo, colorfulness, decode

if TYPE_CHECKING:
    from collections.abc import Sequence

log = logging.getLogger(__name__)

SIDE = 256
MIN_COLORFULNESS = 10.0
Half = Literal["test", "choose", "all"]


@dataclass(frozen=True, slots=True)
class Sample:
    """A photo to measure with.

    Attributes:
        name: File name.
        source: Where it came from.
        srgb: 256×256×3, the truth.
    """

    name: str
    source: str
    srgb: Photo


@dataclass(frozen=True, slots=True)
class Found:
    """The photos to measure with.

    Attributes:
        samples: The photos.
        grey: Names of those left out because they have no colours.
        damaged: Names of those left out because they cannot be read.
        candidates: How many photos there were to take from.
    """

    samples: list[Sample] = field(default_factory=list[Sample])
    grey: list[str] = field(default_factory=list[str])
    damaged: list[str] = field(default_factory=list[str])
    candidates: int = 0


def in_half(name: str, half: Half) -> bool:
    """Whether a photo belongs to a half: the first digit of the hash in its name is 0-7 to choose, 8-f to test.

    Names without a hash at the end are hashed themselves.
    """
    if half == "all":
        return True
    found = re.search(r"-([0-9a-f]{6,})$", Path(name).stem)
    digits = found.group(1) if found else hashlib.sha256(Path(name).name.encode()).hexdigest()
    return (int(digits[0], 16) < 8) == (half == "choose")


def centre_crop(picture: Photo, side: int = SIDE) -> Photo:
    """The centre square of a picture whose short side was resized to `side` (area when shrunk, cubic when grown)."""
    height, width = picture.shape[:2]
    short = min(height, width)
    size = (max(side, round(width * side / short)), max(side, round(height * side / short)))
    how = cv2.INTER_AREA if short > side else cv2.INTER_CUBIC
    resized = cv2.resize(picture, size, interpolation=how)
    top, left = (size[1] - side) // 2, (size[0] - side) // 2
    return np.ascontiguousarray(resized[top : top + side, left : left + side], dtype=np.uint8)


def load_samples(
    places: Sequence[Path], parts: str, half: Half, exclude: Sequence[str] = (), photos: int | None = None
) -> Found:
    """Reads the photos to measure with; those with a colourfulness under 10 do not count.

    Args:
        places: Folders and zip files, see `training.data.entries.find_entries`.
        parts: Glob over the names of zip files in folders.
        half: Which half.
        exclude: Sources that do not count.
        photos: So many that count, the first of a shuffle that is always the same; None takes all.

    Raises:
        DataError: If none remain.
    """
    entries = [e for e in find_entries(places, parts) if in_half(e.name, half) and e.source not in exclude]
    if photos is not None:
        entries.sort(key=lambda entry: hashlib.sha256(entry.name.encode()).hexdigest())
    found = Found(candidates=len(entries))
    for entry, content in zip(entries, read_all(entries), strict=True):
        if photos is not None and len(found.samples) >= photos:
            break
        crop = None if content is None else _decoded(entry.name, content)
        if crop is None:
            found.damaged.append(entry.name)
        elif colorfulness(crop) < MIN_COLORFULNESS:
            found.grey.append(entry.name)
        else:
            found.samples.append(Sample(entry.name, entry.source, crop))
    if not found.samples:
        raise DataError(
            "There is no photo with colours to measure with.",
            f"Of {len(entries)} in this half {len(found.grey)} are grey and {len(found.damaged)} cannot be read.",
        )
    return found


def _decoded(name: str, content: bytes) -> Photo | None:
    try:
        return centre_crop(decode(content))
    except Exception as error:  # noqa: BLE001 - decoders raise anything; it is counted and logged
        log.warning("%s cannot be decoded and is left out: %s", name, error)
        return None
