"""Writes TIFF: strips, deflated with differencing, one directory a page, with EXIF and GPS directories of their own.

A writer of our own, because metadata are carried over as bytes, sub-directories included, and because pages and strips
are written as they come, so that no second copy of a picture is ever held. Source: TIFF 6.0; BigTIFF (2007).
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any

import imagecodecs
import numpy as np

from engine.photo._depth import strips
from engine.photo._exif import DESCRIPTIVE, EXIF_IFD, GPS_IFD, Directories, has_maker_note, movable, parse, sized
from engine.photo._ifd import (
    BYTE,
    LONG,
    LONG8,
    RATIONAL,
    SHORT,
    UNDEFINED,
    Entry,
    Layout,
    bytes_entry,
    new_entry,
    write_ifd,
)
from engine.photo._iptc import iim_of
from engine.photo._profile import srgb_profile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.photo._picture import Metadata

BIG = 3_900_000_000
"""Bytes of uncompressed pixels beyond which BigTIFF is written: classic offsets end at 4 GiB."""

_STRIP_BYTES = 512 << 10
_LEVEL = 4
_DEFLATE, _DIFFERENCING, _RGB_PHOTOMETRIC, _PAGE, _STRAIGHT_ALPHA = 8, 2, 2, 2, 2


class TiffWriter:
    """Writes pages one after the other.

    Args:
        file: Where to, at its beginning.
        order: `<` or `>`: that of the EXIF data which will be carried over, whose bytes stay as they are.
        big: Whether BigTIFF is needed.
    """

    def __init__(self, file: IO[bytes], order: str, *, big: bool) -> None:
        self._file = file
        self._layout = Layout("<" if order == "<" else ">", big)
        self._link = 8 if big else 4
        head = (b"II" if order == "<" else b"MM") + self._layout.pack("H", 43 if big else 42)
        file.write(head + (self._layout.pack("HHQ", 8, 0, 0) if big else self._layout.pack("I", 0)))

    def write_page(
        self, pixels: NDArray[Any], alpha: NDArray[Any] | None, metadata: Metadata, page: tuple[int, int]
    ) -> tuple[str, ...]:
        """Writes a page.

        Args:
            pixels: H×W×3, uint8 or uint16.
            alpha: H×W of the same dtype, or None.
            metadata: What to write beside it.
            page: Its number, from 0, and how many there are.

        Returns:
            Notes about what is left out.
        """
        height, width = pixels.shape[:2]
        channels = 3 if alpha is None else 4
        places, sizes, rows = self._write_strips(pixels, alpha)
        layout = self._layout
        offset = LONG8 if layout.big else LONG
        entries = [
            new_entry(layout, 254, LONG, _PAGE if page[1] > 1 else 0),
            new_entry(layout, 256, LONG, width),
            new_entry(layout, 257, LONG, height),
            new_entry(layout, 258, SHORT, *[8 * pixels.dtype.itemsize] * channels),
            new_entry(layout, 259, SHORT, _DEFLATE),
            new_entry(layout, 262, SHORT, _RGB_PHOTOMETRIC),
            new_entry(layout, 273, offset, *places),
            new_entry(layout, 274, SHORT, 1),
            new_entry(layout, 277, SHORT, channels),
            new_entry(layout, 278, LONG, rows),
            new_entry(layout, 279, offset, *sizes),
            new_entry(layout, 284, SHORT, 1),
            new_entry(layout, 317, SHORT, _DIFFERENCING),
            bytes_entry(34675, UNDEFINED, srgb_profile()),
        ]
        if alpha is not None:
            entries.append(new_entry(layout, 338, SHORT, _STRAIGHT_ALPHA))
        if page[1] > 1:
            entries.append(new_entry(layout, 297, SHORT, min(page[0], 0xFFFF), min(page[1], 0xFFFF)))
        carried, notes = self._carried(metadata, width, height)
        self._append_directory([*entries, *carried])
        return notes

    def _write_strips(self, pixels: NDArray[Any], alpha: NDArray[Any] | None) -> tuple[list[int], list[int], int]:
        """Writes the pixels; gives the strips' places and sizes, and the rows of a strip."""
        places: list[int] = []
        sizes: list[int] = []
        rows = 1
        for part in strips(pixels, _STRIP_BYTES):
            rows = max(rows, part.stop - part.start)
            strip = pixels[part] if alpha is None else np.dstack([pixels[part], alpha[part]])
            differences = imagecodecs.delta_encode(np.ascontiguousarray(strip), axis=-2)
            ordered = differences.astype(pixels.dtype.newbyteorder(self._layout.order), copy=False)
            packed = imagecodecs.deflate_encode(ordered.tobytes(), _LEVEL)
            places.append(self._file.tell())
            sizes.append(len(packed))
            self._file.write(packed)
        return places, sizes, rows

    def _carried(self, metadata: Metadata, width: int, height: int) -> tuple[list[Entry], tuple[str, ...]]:
        """Entries of the metadata; EXIF and GPS directories are written on the way."""
        layout = self._layout
        entries: list[Entry] = []
        notes: tuple[str, ...] = ()
        if metadata.exif is not None:
            found = parse(metadata.exif)
            if found.layout.order == layout.order:
                entries += self._write_exif(found, width, height)
            else:
                notes += ("the EXIF data of this page are left out: they are written in another byte order",)
            if has_maker_note(found.exif):
                notes += ("the camera maker's note is bound to its place in the old file and left out",)
        for tag, kind, value in ((700, BYTE, metadata.xmp), (34377, BYTE, metadata.iptc)):
            if value is not None:
                entries.append(bytes_entry(tag, kind, value))
        iim = None if metadata.iptc is None else iim_of(metadata.iptc)
        if iim is not None:
            entries.append(bytes_entry(33723, UNDEFINED, iim))
        if metadata.dpi is not None:
            across, down = (min(round(each * 1000), 0xFFFFFFFF) for each in metadata.dpi)
            entries.append(new_entry(layout, 282, RATIONAL, across, 1000))
            entries.append(new_entry(layout, 283, RATIONAL, down, 1000))
            entries.append(new_entry(layout, 296, SHORT, 2))
        return entries, notes

    def _write_exif(self, found: Directories, width: int, height: int) -> list[Entry]:
        """Writes the EXIF and GPS directories; gives the descriptive entries and the pointers."""
        entries = [entry for tag, entry in found.main.items() if tag in DESCRIPTIVE and entry.type != 0]
        exif = sized(movable(found.exif), found.layout, width, height)
        for tag, directory in ((EXIF_IFD, exif), (GPS_IFD, movable(found.gps))):
            if directory:
                at = self._even_end()
                self._file.write(write_ifd(directory, self._layout, at))
                entries.append(new_entry(self._layout, tag, LONG8 if self._layout.big else LONG, at))
        return entries

    def _append_directory(self, entries: list[Entry]) -> None:
        """Writes a page's directory and links it to the one before."""
        at = self._even_end()
        block = write_ifd(entries, self._layout, at)
        self._file.write(block)
        end = self._file.tell()
        self._file.seek(self._link)
        self._file.write(self._layout.offset(at))
        self._file.seek(end)
        counter = 8 if self._layout.big else 2
        self._link = at + counter + len(entries) * (4 + 2 * self._layout.field)

    def _even_end(self) -> int:
        """The end of the file, made even as TIFF wants it."""
        if self._file.tell() % 2:
            self._file.write(b"\0")
        return self._file.tell()
