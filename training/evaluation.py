"""How good the colours are: the protocol of `autochrome evaluate`.

Every photo is brought to a 256×256 centre crop (short side resized to 256 with antialiasing), the network sees its
lightness alone, and the whole path of a photo runs, from preparing to the full-size picture. PSNR is that of full RGB
in [0, 1] and we give the mean of the photos' PSNRs. Beside every model stand rows that know nothing (grey, a constant
colour, the nearest training photos) and one that cheats (the photo's true mean), for without them the figures say
little.

Results are given for each source and as the mean of the sources (macro average).
"""

from __future__ import annotations

import hashlib
import logging
import re
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from engine.color.difference import ciede2000
from engine.color.lab import FloatArray, srgb_to_lab
from training.data.entries import DataError, find_entries, read_all
from training.data.packed import Photo, colorfulness, decode
from training.methods import with_ab

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from training.methods import Method

log = logging.getLogger(__name__)

SIDE = 256
MIN_COLORFULNESS = 10.0
BEST_PSNR = 100.0
Half = Literal["test", "choose", "all"]


@dataclass(frozen=True, slots=True)
class Score:
    """One method on one photo.

    Attributes:
        psnr: dB, full RGB in [0, 1].
        gain: psnr minus that of the grey picture.
        ciede2000: Mean colour difference.
        colorfulness: Hasler-Suesstrunk, 0-255.
        colorfulness_error: Absolute difference from the truth's.
        chroma: Mean chroma as a share of the truth's.
    """

    psnr: float
    gain: float
    ciede2000: float
    colorfulness: float
    colorfulness_error: float
    chroma: float


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
class Truth:
    """What scoring needs to know of a photo, found once for all methods.

    Attributes:
        srgb: 256×256×3.
        lab: Every second pixel of every second row in CIELAB, 128×128×3.
        grey_psnr: What the grey picture scores, in dB.
        colorfulness: Hasler-Suesstrunk, 0-255.
    """

    srgb: Photo
    lab: FloatArray
    grey_psnr: float
    colorfulness: float


@dataclass(frozen=True, slots=True)
class Row:
    """One method over all photos.

    Attributes:
        name: Of the method.
        macro: Means over the sources' means.
        sources: The means of each source.
    """

    name: str
    macro: Score
    sources: dict[str, Score]


@dataclass(frozen=True, slots=True)
class Found:
    """The photos to measure with.

    Attributes:
        samples: The photos.
        grey: Names of those left out because they have no colours.
        damaged: Names of those left out because they cannot be read.
    """

    samples: list[Sample]
    grey: list[str]
    damaged: list[str]


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


def load_samples(places: Sequence[Path], parts: str, half: Half, exclude: Sequence[str] = ()) -> Found:
    """Reads the photos to measure with; those with a colourfulness under 10 do not count.

    Args:
        places: Folders and zip files, see `training.data.entries.find_entries`.
        parts: Glob over the names of zip files in folders.
        half: Which half.
        exclude: Sources that do not count.

    Raises:
        DataError: If none remain.
    """
    entries = [e for e in find_entries(places, parts) if in_half(e.name, half) and e.source not in exclude]
    found = Found([], [], [])
    for entry, content in zip(entries, read_all(entries), strict=True):
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


def study(srgb: Photo) -> Truth:
    """Measures a truth, for all methods to come."""
    lab = srgb_to_lab(srgb[::2, ::2] / np.float32(255))
    grey = with_ab(srgb, np.zeros(2, np.float32))
    return Truth(srgb, lab, psnr(srgb, grey), colorfulness(srgb))


def score(truth: Truth, colored: Photo) -> Score:
    """Measures a coloured picture, 256×256×3 sRGB; CIEDE2000 and chroma on every second pixel of every second row."""
    lab = srgb_to_lab(colored[::2, ::2] / np.float32(255))
    found, ratio = colorfulness(colored), psnr(truth.srgb, colored)
    chroma, true_chroma = (float(np.hypot(x[..., 1], x[..., 2]).mean()) for x in (lab, truth.lab))
    return Score(
        psnr=ratio,
        gain=ratio - truth.grey_psnr,
        ciede2000=float(ciede2000(truth.lab, lab).mean()),
        colorfulness=found,
        colorfulness_error=abs(found - truth.colorfulness),
        chroma=chroma / max(true_chroma, 1e-6),
    )


def psnr(truth: Photo, colored: Photo) -> float:
    """Peak signal-to-noise ratio in dB over all three channels in [0, 1]; 100 for equal pictures."""
    error = float(np.square((truth.astype(np.float32) - colored.astype(np.float32)) / np.float32(255)).mean())
    return float(-10 * np.log10(max(error, 10 ** (-BEST_PSNR / 10))))


def measure(
    methods: Mapping[str, Method], samples: Sequence[Sample], on_photo: Callable[[Sample], None] | None = None
) -> list[Row]:
    """Runs methods over photos and averages within each source, then over the sources.

    Args:
        methods: What to measure, by the name of its row.
        samples: The photos; all methods see one before the next is taken up.
        on_photo: Told after each photo.
    """
    scores: dict[str, dict[str, list[Score]]] = {name: {} for name in methods}
    for sample in samples:
        truth = study(sample.srgb)
        for name, method in methods.items():
            scores[name].setdefault(sample.source, []).append(score(truth, method(sample.srgb)))
        if on_photo is not None:
            on_photo(sample)
    return [_row(name, by_source) for name, by_source in scores.items()]


def _row(name: str, by_source: Mapping[str, Sequence[Score]]) -> Row:
    sources = {source: _mean(scores) for source, scores in sorted(by_source.items())}
    return Row(name, _mean(list(sources.values())), sources)


def _mean(scores: Sequence[Score]) -> Score:
    return Score(*(float(value) for value in np.mean([astuple(one) for one in scores], axis=0)))
