"""How good the colours are: the protocol of `autochrome evaluate`.

Every photo is brought to a 256×256 centre crop (short side resized to 256 with antialiasing), the network sees its
lightness alone, and the whole path of a photo runs, from preparing to the full-size picture. PSNR is that of full RGB in
[0, 1] and we give the mean of the photos' PSNRs. Beside every model stand rows that know nothing (grey, a constant colour,
the nearest training photo) and one that cheats (the photo's true mean), for without them the figures say little.

Results are given for each source and as the mean of the sources (macro average).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.color.compose import compose
from engine.color.difference import ciede2000
from engine.color.lab import lightness_of, srgb_to_lab
from engine.render import Colors, Look, render
from training.data.packed import DataError, Entry, colorfulness, decode, find_entries, read_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.session import Colorist

SIDE = 256
MIN_COLORFULNESS = 10.0
Half = Literal["test", "choose", "all"]

Lab = NDArray[np.float32]
Photo = NDArray[np.uint8]


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
        lab: The same in CIELAB.
        grey_psnr: What the grey picture scores, in dB.
        colorfulness: The truth's.
    """

    name: str
    source: str
    srgb: Photo
    lab: Lab
    grey_psnr: float
    colorfulness: float


def make_sample(name: str, source: str, srgb: Photo) -> Sample:
    """Measures a truth once, for all methods to come."""
    lab = srgb_to_lab(srgb / np.float32(255))
    return Sample(name, source, srgb, lab, psnr(srgb, with_ab(srgb, np.zeros(2, np.float32))), colorfulness(srgb))


class Method(Protocol):
    """Something that colours a crop: gets the truth (so that oracles can cheat), returns 256×256×3 uint8 sRGB."""

    def __call__(self, truth: Photo) -> Photo:
        """Colours one crop."""
        ...


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
    places: Sequence[Path], parts: str, half: Half, exclude: Sequence[str]
) -> tuple[list[Sample], list[str]]:
    """Reads the photos to measure with.

    Args:
        places, parts: See `training.data.packed.find_entries`.
        half: Which half.
        exclude: Sources that do not count.

    Returns:
        The photos, and the names of those left out because they have no colours (colourfulness under 10).

    Raises:
        DataError: If none remain.
    """
    entries = [e for e in find_entries(places, parts) if in_half(e.name, half) and e.source not in exclude]
    samples: list[Sample] = []
    grey: list[str] = []
    for entry, crop in _crops(entries):
        if colorfulness(crop) < MIN_COLORFULNESS:
            grey.append(entry.name)
        else:
            samples.append(make_sample(entry.name, entry.source, crop))
    if not samples:
        raise DataError("There is no photo with colours to measure with.")
    return samples, grey


def _crops(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Photo]]:
    for entry, content in zip(entries, read_all(entries), strict=True):
        yield entry, centre_crop(decode(content))


def with_ab(truth: Photo, ab: NDArray[np.float32]) -> Photo:
    """The truth's lightness with other colours; `ab` is 256×256×2 or a constant of shape (2,), in CIELAB units."""
    lightness = lightness_of(truth)
    out = np.empty_like(truth)
    planes = np.broadcast_to(np.asarray(ab, np.float32), (*lightness.shape, 2))
    compose(lightness, np.moveaxis(planes, -1, 0).copy(), out)
    return out


def constant(ab: tuple[float, float]) -> Method:
    """Every pixel the same colour; (0, 0) is grey."""
    color = np.array(ab, np.float32)
    return lambda truth: with_ab(truth, color)


def oracle_mean(truth: Photo) -> Photo:
    """The photo's true mean ab everywhere: what knowing one colour is worth."""
    return with_ab(truth, srgb_to_lab(truth / np.float32(255))[..., 1:].mean(axis=(0, 1)))


def model(colorist: Colorist, look: Look) -> Method:
    """A model, through the whole path of a photo, which looks at nothing of the truth but its lightness."""

    def color(truth: Photo) -> Photo:
        colors = colorist.colors([colorist.prepare(truth)])[0]
        return np.asarray(render(truth, colors, look, threads=1), np.uint8)

    return color


def score(sample: Sample, colored: Photo) -> Score:
    """Measures a coloured picture, 256×256×3 sRGB; CIEDE2000 on every second pixel of every second row."""
    lab = srgb_to_lab(colored / np.float32(255))
    found, ratio = colorfulness(colored), psnr(sample.srgb, colored)
    chroma, true_chroma = (float(np.hypot(x[..., 1], x[..., 2]).mean()) for x in (lab, sample.lab))
    return Score(
        psnr=ratio,
        gain=ratio - sample.grey_psnr,
        ciede2000=float(ciede2000(sample.lab[::2, ::2], lab[::2, ::2]).mean()),
        colorfulness=found,
        colorfulness_error=abs(found - sample.colorfulness),
        chroma=chroma / max(true_chroma, 1e-6),
    )


def psnr(truth: Photo, colored: Photo) -> float:
    """Peak signal-to-noise ratio in dB over all three channels in [0, 1]; 100 for equal pictures."""
    error = float(np.square((truth.astype(np.float32) - colored.astype(np.float32)) / 255).mean())
    return -10 * np.log10(max(error, 1e-10))


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


def measure(name: str, method: Method, samples: Sequence[Sample], on_photo: Callable[[], None] | None = None) -> Row:
    """Runs a method over all photos and averages within each source, then over the sources."""
    by_source: dict[str, list[Score]] = {}
    for sample in samples:
        by_source.setdefault(sample.source, []).append(score(sample, method(sample.srgb)))
        if on_photo is not None:
            on_photo()
    sources = {source: _mean(scores) for source, scores in sorted(by_source.items())}
    return Row(name, _mean(list(sources.values())), sources)


def _mean(scores: Sequence[Score]) -> Score:
    return Score(**{key: float(np.mean([asdict(one)[key] for one in scores])) for key in asdict(scores[0])})


def size_stability(colorist: Colorist, samples: Sequence[Sample]) -> dict[str, float]:
    """Mean ab distance of a photo's colours at 0.5, 2 and 4 times its size from those at its own size.

    Each size is coloured as a picture of its own; the ab maps are compared at 64×64.
    """
    scales = (0.5, 2.0, 4.0)
    distances: dict[str, list[float]] = {f"{scale:g}x": [] for scale in scales}
    for sample in samples:
        own = _small_ab(colorist, sample.srgb)
        for scale in scales:
            how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            resized = cv2.resize(sample.srgb, None, fx=scale, fy=scale, interpolation=how)
            other = _small_ab(colorist, np.asarray(resized, np.uint8))
            distances[f"{scale:g}x"].append(float(np.linalg.norm(own - other, axis=-1).mean()))
    return {scale: float(np.mean(found)) for scale, found in distances.items()}


def _small_ab(colorist: Colorist, picture: Photo) -> NDArray[np.float32]:
    colors: Colors = colorist.colors([colorist.prepare(picture)])[0]
    return np.asarray(cv2.resize(colors.ab, (64, 64), interpolation=cv2.INTER_AREA), np.float32)
