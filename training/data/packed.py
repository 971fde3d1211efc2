"""Photos decoded once and packed into one array, so that training never waits for a decoder.

Photos come from folders and from zip parts. A CSV beside them (columns `file`, and `source` and `label` where known) tells
where a photo came from and what it shows. Without one, the source is the name before the first dash.
"""

from __future__ import annotations

import csv
import fnmatch
import hashlib
import io
import json
import logging
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

log = logging.getLogger(__name__)

PICTURES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp", ".avif"})
MIN_SIDE = 48


class DataError(EngineError):
    """There is nothing to train on, or to measure with, where the user pointed."""

    title = "These photos cannot be used"


@dataclass(frozen=True, slots=True)
class Entry:
    """A picture in a folder or a zip part.

    Attributes:
        container: The zip file, or the folder.
        name: Name inside it.
        source: Where the photo came from, for balanced reports.
        label: What it shows; empty where nobody said.
    """

    container: Path
    name: str
    source: str
    label: str


def read_all(entries: Sequence[Entry]) -> Iterator[bytes]:
    """The files' bytes, in order; a zip part is opened once, for listing it takes longer than reading a photo."""
    with ExitStack() as opened:
        parts: dict[Path, zipfile.ZipFile] = {}
        for entry in entries:
            if entry.container.is_dir():
                yield (entry.container / entry.name).read_bytes()
                continue
            if entry.container not in parts:
                parts[entry.container] = opened.enter_context(zipfile.ZipFile(entry.container))
            yield parts[entry.container].read(entry.name)


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
        """Splits off one photo in so many by a hash of its name: what remains, and the held-out ones."""
        drawn = [int(hashlib.sha256(name.encode()).hexdigest(), 16) % one_in == 0 for name in self.names]
        if not any(drawn) or all(drawn):
            drawn = [n == 0 for n in range(len(self))]
        rest = [n for n, out in enumerate(drawn) if not out] or [0]
        return self.subset(rest), self.subset([n for n, out in enumerate(drawn) if out])

    def photo(self, index: int) -> NDArray[np.uint8]:
        """One photo, H×W×3 uint8 sRGB."""
        height, width = (int(side) for side in self.sizes[index])
        start = int(self.starts[index])
        return self.pixels[start : start + height * width].reshape(height, width, 3)


def find_entries(places: Sequence[Path], parts: str) -> list[Entry]:
    """Lists the pictures in folders and zip files, sorted by name.

    Args:
        places: Folders or zip files. In a folder, zip files whose names match `parts` and all pictures below it count.
        parts: A glob over the names of zip files in folders; a zip file given by itself always counts.

    Raises:
        DataError: If a place does not exist or nothing is found.
    """
    entries: list[Entry] = []
    for place in places:
        if not place.exists():
            raise DataError(f"{place} does not exist.", "Give folders with photos or zip parts.")
        facts = _read_csv(place if place.is_dir() else place.parent)
        if place.is_file():
            entries.extend(_entries_of_zip(place, facts))
            continue
        zips = [path for path in sorted(place.glob("*.zip")) if fnmatch.fnmatch(path.name, parts)]
        for path in zips:
            entries.extend(_entries_of_zip(path, facts))
        if not zips:
            found = sorted(path.relative_to(place).as_posix() for path in place.rglob("*") if _is_picture(path.name))
            entries.extend(_entry(place, name, facts) for name in found)
    if not entries:
        where = ", ".join(str(place) for place in places)
        raise DataError(f"No photos were found in {where}.", f'Looked for zip files named "{parts}" and for pictures.')
    return entries


def _is_picture(name: str) -> bool:
    return Path(name).suffix.lower() in PICTURES


def _entries_of_zip(path: Path, facts: dict[str, tuple[str, str]]) -> Iterator[Entry]:
    with zipfile.ZipFile(path) as part:
        names = sorted(name for name in part.namelist() if _is_picture(name))
    return (_entry(path, name, facts) for name in names)


def _entry(container: Path, name: str, facts: dict[str, tuple[str, str]]) -> Entry:
    stem = Path(name).name
    source, label = facts.get(stem, (stem.split("-")[0] if "-" in stem else container.stem, ""))
    return Entry(container, name, source, label)


def _read_csv(folder: Path) -> dict[str, tuple[str, str]]:
    facts: dict[str, tuple[str, str]] = {}
    for path in sorted(folder.glob("*.csv")):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row.get("file"):
                    facts[row["file"]] = (row.get("source") or "", row.get("label") or "")
    return facts


def decode(content: bytes, short_side: int | None = None) -> NDArray[np.uint8]:
    """Decodes a picture for training: H×W×3 uint8 sRGB, upright, its short side at most `short_side`."""
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
        places, parts: See `find_entries`.
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
    pictures: list[NDArray[np.uint8]] = []
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


def _decode_all(entries: Sequence[Entry], short_side: int) -> Iterable[NDArray[np.uint8] | None]:
    """Decodes in the background, in order; None for a file that cannot be decoded."""

    def decode_one(entry: Entry, content: bytes) -> NDArray[np.uint8] | None:
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


def _pack_pictures(
    entries: Sequence[Entry], pictures: list[NDArray[np.uint8]], left_out: dict[str, int]
) -> PackedPhotos:
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
    # Written last: where it exists, the pixels are whole.
    (cache / f"{key}.json").write_text(json.dumps(facts), encoding="utf-8")


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
