"""Photos decoded once and packed into one array, so that training never waits for a decoder."""

from __future__ import annotations

import hashlib
import io
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from training.data.entries import DataError, Entry, find_entries, read_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

log = logging.getLogger(__name__)

MIN_SIDE = 48
Photo = NDArray[np.uint8]
"""A decoded photo: H×W×3 uint8 sRGB."""


@dataclass(frozen=True, slots=True)
class PackedPhotos:
    """Decoded photos, one after another.

    Attributes:
        pixels: P×3 uint8 sRGB: the pixels of all photos, row by row.
        starts: N first rows of the photos in `pixels`; int64.
        sizes: N×2 heights and widths; int32.
        labels: N indices into `label_names`, -1 where unknown; int32.
        label_names: The labels.
        names: N file names.
        sources: N sources.
        left_out: How many photos were left out, by reason.
    """

    pixels: NDArray[np.uint8]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int32]
    labels: NDArray[np.int32]
    label_names: list[str]
    names: list[str]
    sources: list[str]
    left_out: dict[str, int]

    def __len__(self) -> int:
        return len(self.starts)

    def subset(self, indices: Sequence[int]) -> PackedPhotos:
        """Some of the photos; the pixels are shared."""
        chosen = np.array(indices, np.int64)
        return replace(
            self,
            starts=self.starts[chosen],
            sizes=self.sizes[chosen],
            labels=self.labels[chosen],
            names=[self.names[n] for n in indices],
            sources=[self.sources[n] for n in indices],
        )

    def held_out(self, one_in: int = 64) -> tuple[PackedPhotos, PackedPhotos]:
        """Splits off one photo in so many by a hash of its name: what remains, and the held-out ones.

        Raises:
            DataError: If there is only one photo, for it cannot be both.
        """
        if len(self) < 2:
            raise DataError("There is one photo, and one must be held out to watch the progress.", "Give more photos.")
        drawn = [int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0 for name in self.names]
        if not any(drawn) or all(drawn):
            drawn = [n == 0 for n in range(len(self))]
        return self.subset([n for n, out in enumerate(drawn) if not out]), self.subset(
            [n for n, out in enumerate(drawn) if out]
        )

    def photo(self, index: int) -> Photo:
        """One photo, H×W×3 uint8 sRGB."""
        height, width = (int(side) for side in self.sizes[index])
        start = int(self.starts[index])
        return self.pixels[start : start + height * width].reshape(height, width, 3)


def decode(content: bytes, short_side: int | None = None) -> Photo:
    """Decodes a picture for training: upright, its short side at most `short_side`."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
    short = min(picture.shape[:2])
    if short_side is not None and short > short_side:
        height, width = (max(1, round(side * short_side / short)) for side in picture.shape[:2])
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture, dtype=np.uint8)


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


def pack(
    places: Sequence[Path], parts: str, short_side: int, min_colorfulness: float, cache: Path | None = None
) -> PackedPhotos:
    """Reads and decodes photos, leaving out grey, tiny and damaged ones, which are counted.

    Args:
        places: Folders and zip files, see `find_entries`.
        parts: Glob over the names of zip files in folders.
        short_side: Largest short side kept, in pixels.
        min_colorfulness: Photos below it are left out.
        cache: A folder where the packed photos are kept for the next run; None keeps them in memory only.

    Raises:
        DataError: If nothing usable is found.
    """
    entries = find_entries(places, parts)
    key = hashlib.sha256(repr((entries, short_side, min_colorfulness)).encode()).hexdigest()[:16]
    if cache is not None and (cache / f"{key}.json").exists():
        return _load(cache, key)
    left_out = {"grey or sepia": 0, "damaged": 0, "too small": 0}
    kept: list[Entry] = []
    pictures: list[Photo] = []
    for entry, picture in zip(entries, _decode_all(entries, short_side), strict=True):
        if picture is None:
            left_out["damaged"] += 1
        elif min(picture.shape[:2]) < MIN_SIDE:
            left_out["too small"] += 1
        elif colorfulness(picture) < min_colorfulness:
            left_out["grey or sepia"] += 1
        else:
            kept.append(entry)
            pictures.append(picture)
    if not kept:
        raise DataError(f"None of the {len(entries)} pictures can be used: {left_out}.")
    packed = _pack_pictures(kept, pictures, left_out)
    if cache is not None:
        _store(packed, cache, key)
    return packed


def _decode_all(entries: Sequence[Entry], short_side: int) -> Iterable[Photo | None]:
    """Decodes in the background, in order; None for a file that cannot be decoded."""

    def decode_one(entry: Entry, content: bytes | None) -> Photo | None:
        if content is None:
            return None
        try:
            return decode(content, short_side)
        except Exception as error:  # noqa: BLE001 - decoders raise anything; it is counted and logged
            log.warning("%s cannot be decoded and is left out: %s", entry.name, error)
            return None

    contents = read_all(entries)
    with ThreadPoolExecutor() as pool:
        for start in range(0, len(entries), 256):
            group = entries[start : start + 256]
            yield from pool.map(decode_one, group, islice(contents, len(group)))


def _pack_pictures(entries: Sequence[Entry], pictures: list[Photo], left_out: dict[str, int]) -> PackedPhotos:
    sizes = np.array([picture.shape[:2] for picture in pictures], np.int32)
    counts = sizes.astype(np.int64).prod(axis=1)
    starts = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)
    pixels = np.empty((int(counts.sum()), 3), np.uint8)
    for n, start in enumerate(starts):
        pixels[start : start + counts[n]] = pictures[n].reshape(-1, 3)
        pictures[n] = pictures[n][:0]  # lets the decoded copy go: only one of the two is in memory
    label_names = sorted({entry.label for entry in entries if entry.label})
    index = {label: n for n, label in enumerate(label_names)}
    labels = np.array([index.get(entry.label, -1) for entry in entries], np.int32)
    names = [entry.name for entry in entries]
    return PackedPhotos(
        pixels, starts, sizes, labels, label_names, names, [entry.source for entry in entries], left_out
    )


def _store(packed: PackedPhotos, cache: Path, key: str) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    np.save(cache / f"{key}.npy", packed.pixels)
    facts = {
        "starts": packed.starts.tolist(),
        "sizes": packed.sizes.tolist(),
        "labels": packed.labels.tolist(),
        "label_names": packed.label_names,
        "names": packed.names,
        "sources": packed.sources,
        "left_out": packed.left_out,
    }
    # Gets its name last: where it exists, it and the pixels are whole.
    beside = cache / f"{key}.json.new"
    beside.write_text(json.dumps(facts), encoding="utf-8")
    beside.replace(cache / f"{key}.json")


def _load(cache: Path, key: str) -> PackedPhotos:
    facts = json.loads((cache / f"{key}.json").read_text(encoding="utf-8"))
    return PackedPhotos(
        np.load(cache / f"{key}.npy", mmap_mode="r"),
        np.array(facts["starts"], np.int64),
        np.array(facts["sizes"], np.int32),
        np.array(facts["labels"], np.int32),
        facts["label_names"],
        facts["names"],
        facts["sources"],
        facts["left_out"],
    )
