"""Photos decoded once and packed into one array, so that training never waits for a decoder."""

from __future__ import annotations

import hashlib
import io
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from training.data import cache as disk
from training.data.entries import DataError, Entry, find_entries, read_all
from training.data.near_duplicates import difference_hash, groups
from training.data.toning import colorfulness, is_sepia

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

__all__ = ["MIN_SIDE", "PackedPhotos", "Photo", "colorfulness", "decode", "pack"]

log = logging.getLogger(__name__)

MIN_SIDE = 48
FORMAT = 2
"""Of the cache; other ones are not read."""
REASONS: tuple[str, ...] = ("grey", "sepia", "damaged", "too small", "duplicate")
"""Why photos are left out."""
BLOCK = 1 << 24
"""Pixels that are gathered at a time: 48 MiB."""
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
        """Splits off one photo in so many by what they show: what remains, and the held-out ones.

        A photo's fate does not depend on its name or on the other photos, except that near-duplicates share it: what
        is measured on the held-out ones is never something that was trained on in another size or compression.

        Raises:
            DataError: If there is only one photo, or all show the same, for it cannot be both.
        """
        hashes = np.array([difference_hash(self.photo(n)) for n in range(len(self))], np.uint64)
        group = groups(hashes)
        # Of a group, the least hash: the same whichever of its photos comes first.
        fate = np.full(len(self), np.iinfo(np.uint64).max, np.uint64)
        np.minimum.at(fate, group, hashes)
        drawn = np.array([_drawn(int(fate[leader]), one_in) for leader in group], bool)
        if not drawn.any() or drawn.all():
            drawn = group == group[0]
        if drawn.all():
            what = "There is one photo" if len(self) == 1 else "All photos show the same"
            raise DataError(f"{what}, and one must be held out to watch the progress.", "Give more photos.")
        return self.subset(np.flatnonzero(~drawn).tolist()), self.subset(np.flatnonzero(drawn).tolist())

    def photo(self, index: int) -> Photo:
        """One photo, H×W×3 uint8 sRGB."""
        height, width = (int(side) for side in self.sizes[index])
        start = int(self.starts[index])
        return self.pixels[start : start + height * width].reshape(height, width, 3)


def _drawn(content: int, one_in: int) -> bool:
    return int.from_bytes(hashlib.sha256(content.to_bytes(8, "big")).digest()[:8], "big") % one_in == 0


def decode(content: bytes, short_side: int | None = None) -> Photo:
    """Decodes a picture for training: upright, its short side at most `short_side`."""
    with Image.open(io.BytesIO(content)) as opened:
        picture = np.asarray(ImageOps.exif_transpose(opened).convert("RGB"))
    short = min(picture.shape[:2])
    if short_side is not None and short > short_side:
        height, width = (max(1, round(side * short_side / short)) for side in picture.shape[:2])
        picture = cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(picture, dtype=np.uint8)


def pack(
    places: Sequence[Path], parts: str, short_side: int, min_colorfulness: float, cache: Path | None = None
) -> PackedPhotos:
    """Reads and decodes photos, leaving out those that cannot teach colour, which are counted.

    Args:
        places: Folders, zip files and CSV lists, see `find_entries`.
        parts: Glob over the names of zip files in folders and lists.
        short_side: Largest short side kept, in pixels.
        min_colorfulness: Photos below it are left out, and sepia ones; 0 keeps all.
        cache: A folder where the packed photos are kept for the next run; None keeps them in memory only.

    Raises:
        DataError: If nothing usable is found.
    """
    entries = find_entries(places, parts)
    rules = repr((FORMAT, [str(place) for place in places], parts, short_side, min_colorfulness))
    name = hashlib.sha256(rules.encode()).hexdigest()[:16]
    made_from = disk.fingerprint(entries) if cache is not None else ""
    found = disk.load(cache, name, made_from) if cache is not None else None
    if found is not None:
        return _with_facts(*found)
    packed = _pack_entries(entries, short_side, min_colorfulness)
    if cache is not None:
        disk.store(cache, name, made_from, packed.pixels, _facts(packed))
    return packed


def _pack_entries(entries: Sequence[Entry], short_side: int, min_colorfulness: float) -> PackedPhotos:
    left_out: dict[str, int] = dict.fromkeys(REASONS, 0)
    rows = _Rows()
    kept: list[Entry] = []
    sizes: list[tuple[int, int]] = []
    contents: set[bytes] = set()
    for entry, seen in zip(entries, _decode_all(entries, short_side, min_colorfulness), strict=True):
        reason = seen.unfit or ("duplicate" if seen.content in contents else "")
        if reason:
            left_out[reason] += 1
            continue
        contents.add(seen.content)
        kept.append(entry)
        sizes.append((seen.picture.shape[0], seen.picture.shape[1]))
        rows.add(seen.picture)
    if not kept:
        raise DataError(f"{_why_none(left_out)}.", "Photos to learn from have colours, and 48 pixels a side or more.")
    log.info("%d photos packed; left out: %s", len(kept), left_out)
    label_names = sorted({entry.label for entry in kept if entry.label})
    index = {label: n for n, label in enumerate(label_names)}
    size = np.array(sizes, np.int32)
    return PackedPhotos(
        pixels=rows.together(),
        starts=np.concatenate([[0], np.cumsum(size.astype(np.int64).prod(axis=1))[:-1]]).astype(np.int64),
        sizes=size,
        labels=np.array([index.get(entry.label, -1) for entry in kept], np.int32),
        label_names=label_names,
        names=[entry.name for entry in kept],
        sources=[entry.source for entry in kept],
        left_out=left_out,
    )


def _why_none(left_out: dict[str, int]) -> str:
    total = sum(left_out.values())
    reasons = {reason: count for reason, count in left_out.items() if count}
    if len(reasons) == 1:
        (reason,) = reasons
        return f"All {total} pictures are {reason}" if total > 1 else f"The only picture is {reason}"
    counts = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
    return f"None of the {total} pictures can be used: {counts}"


@dataclass(frozen=True, slots=True)
class _Decoded:
    """A file that was looked at.

    Attributes:
        picture: Empty where it cannot be used.
        unfit: Why it cannot; empty where it can.
        content: A digest of the file.
    """

    picture: Photo
    unfit: str
    content: bytes


def _decode_all(entries: Sequence[Entry], short_side: int, min_colorfulness: float) -> Iterable[_Decoded]:
    """Decodes in the background, in order."""

    def decode_one(entry: Entry, content: bytes | None) -> _Decoded:
        empty = np.empty((0, 0, 3), np.uint8)
        if content is None:
            return _Decoded(empty, "damaged", b"")
        try:
            picture = decode(content, short_side)
        except Exception as error:  # noqa: BLE001 - decoders raise anything; it is counted and logged
            log.warning("%s cannot be decoded and is left out: %s", entry.name, error)
            return _Decoded(empty, "damaged", b"")
        unfit = _unfit(picture, short_side, min_colorfulness)
        return _Decoded(empty if unfit else picture, unfit, hashlib.sha256(content).digest())

    contents = read_all(entries)
    with ThreadPoolExecutor() as pool:
        for start in range(0, len(entries), 256):
            group = entries[start : start + 256]
            yield from pool.map(decode_one, group, islice(contents, len(group)))


def _unfit(picture: Photo, short_side: int, min_colorfulness: float) -> str:
    """Why nothing can be learnt from a picture; empty where something can."""
    if min(picture.shape[:2]) < min(MIN_SIDE, short_side):
        return "too small"
    if min_colorfulness == 0:
        return ""
    if is_sepia(picture):
        return "sepia"
    return "grey" if colorfulness(picture) < min_colorfulness else ""


class _Rows:
    """The pixels of pictures, gathered without ever being in memory twice.

    They fill large blocks, which are handed back to the system one by one as they are put together.
    """

    def __init__(self) -> None:
        self._blocks: list[NDArray[np.uint8]] = []
        self._free = 0

    def add(self, picture: Photo) -> None:
        """Takes a copy of a picture's pixels."""
        pixels = picture.reshape(-1, 3)
        while len(pixels):
            if not self._free:
                self._blocks.append(np.empty((BLOCK, 3), np.uint8))
                self._free = BLOCK
            part, pixels = pixels[: self._free], pixels[self._free :]
            self._blocks[-1][BLOCK - self._free : BLOCK - self._free + len(part)] = part
            self._free -= len(part)

    def together(self) -> NDArray[np.uint8]:
        """All pixels as one array, P×3; nothing is left here."""
        count = len(self._blocks) * BLOCK - self._free
        pixels = np.empty((count, 3), np.uint8)
        for start in range(0, count, BLOCK):
            part = pixels[start : start + BLOCK]
            part[:] = self._blocks.pop(0)[: len(part)]
        self._free = 0
        return pixels


def _facts(packed: PackedPhotos) -> dict[str, Any]:
    return {
        "starts": packed.starts.tolist(),
        "sizes": packed.sizes.tolist(),
        "labels": packed.labels.tolist(),
        "label_names": packed.label_names,
        "names": packed.names,
        "sources": packed.sources,
        "left_out": packed.left_out,
    }


def _with_facts(pixels: NDArray[np.uint8], facts: dict[str, Any]) -> PackedPhotos:
    return PackedPhotos(
        pixels,
        np.array(facts["starts"], np.int64),
        np.array(facts["sizes"], np.int32),
        np.array(facts["labels"], np.int32),
        facts["label_names"],
        facts["names"],
        facts["sources"],
        facts["left_out"],
    )
