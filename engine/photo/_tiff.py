"""TIFF: its directories are walked here, its pixels decoded by tifffile and imagecodecs at their full depth.

Source: TIFF 6.0 (Adobe 1992); Adobe's TIFF Technical Notes; BigTIFF (2007).
"""

from __future__ import annotations

import logging
import os
import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import tifffile

from engine.errors import UnreadablePhotoError, UnsupportedPhotoError
from engine.photo._depth import from_float, from_signed, from_unsigned, full_range, strips
from engine.photo._exif import DESCRIPTIVE, EXIF_IFD, GPS_IFD, ORIENTATION, build, dpi_of, has_maker_note, movable
from engine.photo._ifd import Entry, IfdError, Layout, directory_size, find_integer, read_header, read_ifd
from engine.photo._iptc import wrap_iim
from engine.photo._limits import BYTES_PER_PIXEL, default_pixel_limit, too_large
from engine.photo._picture import Metadata
from engine.photo._pillow import open_image, samples_of, sound_metadata
from engine.photo._samples import Header, Reader, Samples, Space
from engine.photo._source import cut_off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.photo._source import Source

# What tifffile logs is told here in errors and notes; without any handler Python would print it to stderr.
logging.getLogger("tifffile").addHandler(logging.NullHandler())

_SUBFILE, _OLD_SUBFILE = 254, 255
_REDUCED_OR_MASK = 0b101
_MOST_PAGES = 10_000
_MOST_DIRECTORIES = 4 * _MOST_PAGES
"""Thumbnails, masks and reduced copies stand among the pages."""
_MOST_METADATA = 256 << 20
"""Of all pages of a file together: a thousand small directories can name the same long packet as theirs. The first page
may have half of it, for editors write there what they know of the whole file."""
_FILES_KNOWN = 16
_XMP, _IPTC, _PHOTOSHOP, _ICC = 700, 33723, 34377, 34675
_LARGEST_SAMPLE = 281
_TILE_WIDTH, _TILE_HEIGHT, _CHANNELS = 322, 323, 277
_MOST_CHANNELS = 16
_LARGEST_TILE = 1 << 24
_STRUCTURE = frozenset(
    {256, 257, 258, 259, 262, 274, _CHANNELS, _LARGEST_SAMPLE, 282, 283, 296, _TILE_WIDTH, _TILE_HEIGHT, 50706}
)
_CARRIED = frozenset({_XMP, _IPTC, _PHOTOSHOP, _ICC, EXIF_IFD, GPS_IFD}) | DESCRIPTIVE

_WHITE_IS_ZERO, _BLACK_IS_ZERO, _RGB, _PALETTE, _MASK, _SEPARATED, _YCBCR, _CIELAB, _ICCLAB = 0, 1, 2, 3, 4, 5, 6, 8, 9
_JPEGS = frozenset({6, 7, 34892, 33007})
_WORDS = {32844: "LogL", 32845: "LogLuv", 32803: "raw sensor data", 34892: "raw sensor data", 10: "ITU Lab"}


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a page's directory stands."""

    number: int
    """In the chain of all directories, from 0."""
    offset: int
    """In the file."""


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages of a file."""

    places: list[_Place]
    notes: tuple[str, ...] = ()
    """Why there may be more."""


class _KnownFiles:
    """The pages of the files that were opened last: a file of a thousand is opened for each of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: OrderedDict[tuple[int, ...], _Pages] = OrderedDict()

    def pages(self, source: Source) -> _Pages:
        """The pages of a file. Raises as `page_places`."""
        status = os.fstat(source.file.fileno())
        key = (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)
        with self._lock:
            if key in self._pages:
                self._pages.move_to_end(key)
                return self._pages[key]
        found = page_places(source)
        with self._lock:
            self._pages[key] = found
            while len(self._pages) > _FILES_KNOWN:
                self._pages.popitem(last=False)
        return found


_known = _KnownFiles()


def page_places(source: Source) -> _Pages:
    """The directories that are pages, in their order: no thumbnails, no masks, each once.

    Raises:
        IfdError: If not even the first directory can be read.
    """
    layout, offset = read_header(source.at)
    first = _Place(0, offset)
    pages: list[_Place] = []
    seen: set[int] = set()
    notes: tuple[str, ...] = ()
    room = source.size
    while offset and offset not in seen:
        if len(pages) == _MOST_PAGES or len(seen) == _MOST_DIRECTORIES:
            notes = (f"of its pages, only the first {len(pages):,} are read",)
            break
        room -= directory_size(source.at, layout, offset)
        try:
            _check_room(room)
            entries, following = read_ifd(source.at, layout, offset, {_SUBFILE, _OLD_SUBFILE})
        except IfdError:
            if not seen:
                raise
            notes = ("the list of its pages is damaged; any others are left out",)
            break
        kind = find_integer(entries, layout, _SUBFILE, 0)
        reduced = kind & _REDUCED_OR_MASK or find_integer(entries, layout, _OLD_SUBFILE, 1) == 2
        if not reduced:
            pages.append(_Place(len(seen), offset))
        seen.add(offset)
        offset = following
    return _Pages(pages or [first], notes)


def _check_room(left: int) -> None:
    """Sound directories do not overlap, so they cannot be longer together than the file is."""
    if left < 0:
        raise IfdError("the directories lie over one another")


class TiffReader(Reader):
    """TIFF and BigTIFF: strips and tiles, planar and not, every depth, grey, palette, RGB, CMYK, CIELAB and YCbCr."""

    def _read_header(self) -> Header:
        try:
            return self._header_of_page()
        except IfdError as error:
            raise cut_off(self.source.path, "the file is cut off or its directory is damaged") from error

    def _header_of_page(self) -> Header:
        """Reads the page's directory."""
        source = self.source
        known = _known.pages(source)
        self._pages = known.places
        self._layout, _ = read_header(source.at)
        if self.page >= len(self._pages):
            raise UnreadablePhotoError(source.path, f"it has no page {self.page + 1}, only {len(self._pages)}.")
        self._place = self._pages[self.page]
        layout, offset = self._layout, self._place.offset
        entries = self._entries = read_ifd(source.at, layout, offset, _STRUCTURE)[0]
        if 50706 in entries and find_integer(entries, layout, 262, 1) == 32803:
            raise UnsupportedPhotoError(
                source.path, "it is raw sensor data (DNG).", "Name it .dng to have it developed."
            )
        self._check_structure()
        bits = max(entries[258].integers(layout), default=1) if 258 in entries else 1
        orientation = find_integer(entries, layout, ORIENTATION, 1)
        metadata, icc, notes = self._carried(offset)
        return Header(
            width=find_integer(entries, layout, 256, 0),
            height=find_integer(entries, layout, 257, 0),
            page_count=len(self._pages),
            bit_depth=1 if bits == 1 else 8 if bits <= 8 else 16 if bits <= 16 else 32,
            orientation=orientation if 1 <= orientation <= 8 else 1,
            icc=icc,
            metadata=metadata,
            notes=(*notes, *known.notes),
        )

    def _check_structure(self) -> None:
        """Refuses a page whose pieces would be larger than the whole, before anything is decoded."""
        width, height, tile_width, tile_height, channels = (
            find_integer(self._entries, self._layout, tag, default)
            for tag, default in ((256, 0), (257, 0), (_TILE_WIDTH, 1), (_TILE_HEIGHT, 1), (_CHANNELS, 1))
        )
        if tile_width * tile_height > max(4 * width * height, _LARGEST_TILE):
            raise UnreadablePhotoError(self.source.path, "the file is damaged: its tiles are larger than the picture.")
        if channels > _MOST_CHANNELS:
            raise UnsupportedPhotoError(self.source.path, f"a TIFF of {channels} channels is not read.")

    def _carried(self, offset: int) -> tuple[Metadata, bytes | None, tuple[str, ...]]:
        """Metadata and profile of the page; without them, and a note, where they are damaged."""
        layout = self._layout
        found, notes = self._carried_entries(offset)
        exif, gps = self._directory(found, EXIF_IFD), self._directory(found, GPS_IFD)
        if exif is None or gps is None:
            notes, exif, gps = ("the EXIF data are damaged and left out",), exif or {}, gps or {}
        if has_maker_note(exif):
            notes = (*notes, "the camera maker's note is bound to its place in the old file and left out")
        main = [entry for tag, entry in found.items() if tag in DESCRIPTIVE]
        block = None
        if main or exif or gps:
            small = Layout(layout.order)
            block = build(small, main, movable(exif), movable(gps))
        _, xmp, more = sound_metadata(None, found[_XMP].value if _XMP in found else None)
        iptc = found[_PHOTOSHOP].value if _PHOTOSHOP in found else None
        if iptc is None and _IPTC in found:
            iptc = wrap_iim(found[_IPTC].value)
        dpi = dpi_of(self._entries, layout)
        icc = found[_ICC].value if _ICC in found else None
        return Metadata(exif=block, xmp=xmp, iptc=iptc, dpi=dpi), icc, (*notes, *more)

    def _carried_entries(self, offset: int) -> tuple[dict[int, Entry], tuple[str, ...]]:
        """The entries that hold metadata or the profile, as far as they are sound and not too long."""
        found: dict[int, Entry] = {}
        notes: tuple[str, ...] = ()
        room = _MOST_METADATA // 2 // (len(self._pages) if self.page else 1)
        for tag in sorted(_CARRIED, key=lambda tag: (tag != _ICC, tag)):
            try:
                read = read_ifd(self.source.at, self._layout, offset, {tag})[0]
            except IfdError:
                notes = ("some of the metadata are damaged and left out",)
                continue
            if tag != _ICC:  # a profile is used at once, and not kept
                room -= sum(len(entry.value) for entry in read.values())
            if room < 0:
                return found, ("some of the metadata are too long and left out",)
            found.update(read)
        return found, notes

    def _directory(self, found: dict[int, Entry], pointer: int) -> dict[int, Entry] | None:
        """The entries of a directory that a tag points to; None if it is damaged."""
        at = find_integer(found, self._layout, pointer, 0)
        if not at:
            return {}
        try:
            entries = read_ifd(self.source.at, self._layout, at)[0]
        except IfdError:
            return None
        # Entries of eight-byte numbers exist in BigTIFF only and could not stand in an EXIF block.
        return {tag: entry for tag, entry in entries.items() if entry.type not in (16, 17, 18)}

    def decode(self, *, salvage: bool) -> Samples:
        layout, entries = self._layout, self._entries
        compression = find_integer(entries, layout, 259, 1)
        photometric = find_integer(entries, layout, 262, _BLACK_IS_ZERO)
        if photometric in _WORDS:
            raise UnsupportedPhotoError(self.source.path, f"a TIFF of {_WORDS[photometric]} is not read.")
        if photometric == _YCBCR and (compression not in _JPEGS or compression == 6):
            # libtiff knows subsampled colour and the JPEG of old; tifffile does not.
            image = open_image(self.source.content(), "TIFF")
            image.seek(self._place.number)
            return samples_of(image)
        self.source.file.seek(0)
        with tifffile.TiffFile(self.source.file) as file:
            file.filehandle.seek(self._place.offset)
            page = tifffile.TiffPage(file, self._place.number)
            self._check_agreement(page)
            stored, notes = self._stored(page, salvage=salvage)
            samples = _interpret(self, stored, photometric, page)
        return replace(samples, notes=(*samples.notes, *notes))

    def _check_agreement(self, page: tifffile.TiffPage) -> None:
        """Refuses a page of which tifffile has understood another size than we, or whose samples fill the memory."""
        if (page.imagewidth, page.imagelength) != (self.header.width, self.header.height):
            raise UnreadablePhotoError(self.source.path, "the file is damaged: it states two sizes.")
        most = default_pixel_limit() * BYTES_PER_PIXEL // 2
        if page.nbytes > most:
            raise too_large(self.source.path, 2 * page.nbytes // BYTES_PER_PIXEL)

    def _stored(self, page: tifffile.TiffPage, *, salvage: bool) -> tuple[NDArray[Any], tuple[str, ...]]:
        """The page's numbers as H×W×C."""
        if page.imagedepth != 1 or page.dtype is None or page.dtype.kind not in "buif":
            raise UnsupportedPhotoError(self.source.path, "a TIFF of this kind of numbers is not read.")
        notes: tuple[str, ...] = ()
        if self._lacks_bytes(page) and not salvage:
            raise cut_off(self.source.path)
        if salvage:
            stored, missing = _segments_left(page)
            if missing:
                notes = (f"salvaged: {missing * 100 // max(len(page.dataoffsets), 1)} % of the picture are missing",)
        else:
            stored = page.asarray(squeeze=False, maxworkers=1)
        planes, _, height, width, channels = page.shaped
        stored = stored.reshape(planes, height, width, channels)
        return (stored[0] if planes == 1 else np.stack(list(stored[..., 0]), axis=-1)), notes

    def _lacks_bytes(self, page: tifffile.TiffPage) -> bool:
        """Whether some of the picture's data would stand behind the end of the file."""
        ends = (at + size for at, size in zip(page.dataoffsets, page.databytecounts, strict=False))
        return max(ends, default=0) > self.source.size

    def largest_sample(self) -> int | None:
        """The largest value that the file says its samples have."""
        return find_integer(self._entries, self._layout, _LARGEST_SAMPLE, 0) or None


def _segments_left(page: tifffile.TiffPage) -> tuple[NDArray[Any], int]:
    """Decodes every strip or tile that can still be decoded; the others stay zero. Also says how many are missing."""
    stored = np.zeros(page.shaped, page.dtype)
    missing = 0
    offsets, sizes = page.dataoffsets, page.databytecounts
    for data, index in page.parent.filehandle.read_segments(offsets, sizes, flat=True):
        try:
            segment, (plane, _, top, left, _), _ = page.decode(data, index, jpegtables=page.jpegtables)
        except Exception:  # noqa: BLE001 - each codec has its own errors, and all mean that this piece is lost
            missing += 1
            continue
        if segment is None:
            missing += 1
            continue
        place = stored[plane, 0, top : top + segment.shape[1], left : left + segment.shape[2]]
        place[...] = segment[0, : place.shape[0], : place.shape[1]]
    return stored, missing


def _interpret(reader: TiffReader, stored: NDArray[Any], photometric: int, page: tifffile.TiffPage) -> Samples:
    """Gives numbers their meaning."""
    extra = [int(each) for each in page.extrasamples]
    channels = stored.shape[2]
    colours = channels - len(extra)
    if photometric == _PALETTE:
        return _of_palette(stored[..., 0], page)
    lab = photometric in (_CIELAB, _ICCLAB)
    pixels, notes = (
        (_lab(stored[..., :3], photometric), ()) if lab else _unsigned(stored, page, reader.largest_sample())
    )
    alpha = None
    if not lab and extra and extra[0] in (1, 2) and colours in (1, 3):
        alpha = np.ascontiguousarray(pixels[..., colours])
    if photometric == _WHITE_IS_ZERO:
        pixels = np.invert(pixels)
    colour, space = _colour(reader, pixels, photometric, colours)
    if alpha is not None and extra[0] == 1:
        _unpremultiply(colour, alpha)
    return Samples(pixels=colour, space=space, alpha=alpha, notes=notes)


def _colour(reader: TiffReader, pixels: NDArray[Any], photometric: int, colours: int) -> tuple[NDArray[Any], Space]:
    """The channels that are colour, and what they mean."""
    if photometric in (_CIELAB, _ICCLAB) and colours >= 3:
        return pixels, Space.LAB
    if photometric == _SEPARATED:
        if colours < 4:
            raise UnsupportedPhotoError(reader.source.path, "a TIFF of inks other than CMYK is not read.")
        return np.ascontiguousarray(pixels[..., :4]), Space.CMYK
    if photometric in (_RGB, _YCBCR) and colours >= 3:
        return np.ascontiguousarray(pixels[..., :3]), Space.RGB
    if photometric in (_WHITE_IS_ZERO, _BLACK_IS_ZERO, _MASK, _CIELAB, _ICCLAB) or colours == 1:
        return np.ascontiguousarray(pixels[..., 0]), Space.GREY
    raise UnreadablePhotoError(reader.source.path, "the file is damaged.")


def _unsigned(
    stored: NDArray[Any], page: tifffile.TiffPage, stated: int | None
) -> tuple[NDArray[Any], tuple[str, ...]]:
    """Numbers of any kind as uint8 or uint16 over the full range."""
    kind = stored.dtype.kind
    bits = _most_bits(cast("Any", page.bitspersample))
    if kind == "f":
        return from_float(stored)
    if kind == "b" or bits == 1:
        return stored.astype(np.uint8) * np.uint8(255), ()
    if kind == "i":
        return from_signed(stored)
    if bits not in (8, 16, 32, 64):
        notes = (f"{bits} bits",) if bits > 8 else ()
        return full_range(stored, (1 << bits) - 1), notes
    return from_unsigned(stored, stated)


def _most_bits(stated: int | tuple[int, ...]) -> int:
    """Bits of a sample; tifffile gives several numbers where the channels differ."""
    return stated if isinstance(stated, int) else max(stated)


def _lab(stored: NDArray[Any], photometric: int) -> NDArray[Any]:
    """CIELAB in ICC's encoding: TIFF's own has signed a* and b*."""
    unsigned = np.ascontiguousarray(stored).view(f"u{stored.dtype.itemsize}")
    if photometric == _CIELAB and stored.shape[2] == 3:
        shifted = unsigned.copy()
        shifted[..., 1:] ^= unsigned.dtype.type(1 << (8 * unsigned.dtype.itemsize - 1))
        unsigned = shifted
    return unsigned


def _of_palette(indices: NDArray[Any], page: tifffile.TiffPage) -> Samples:
    """Samples of a picture with a palette of 16-bit colours (some programs wrote 8-bit ones)."""
    if page.colormap is None:
        return Samples(pixels=indices.astype(np.uint8), space=Space.GREY)
    table = np.asarray(page.colormap, np.uint16).T
    table = (table if int(table.max(initial=0)) < 256 else table >> 8).astype(np.uint8)
    grey = bool((table == table[:, :1]).all())
    return Samples(pixels=(table[:, 0] if grey else table)[indices], space=Space.GREY if grey else Space.RGB)


def _unpremultiply(colour: NDArray[Any], alpha: NDArray[Any]) -> None:
    """Undoes, in place, colours that are stored multiplied by alpha."""
    full = int(np.iinfo(colour.dtype).max)
    for rows in strips(colour):
        opacity = np.maximum(alpha[rows], 1).astype(np.float32)
        strip = colour[rows]
        scale = full / (opacity if strip.ndim == 2 else opacity[..., None])
        strip[...] = np.minimum(np.rint(strip * scale), full).astype(colour.dtype)
