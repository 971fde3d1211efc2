"""EXIF: read for the orientation, and patched in place, so that makers' notes keep the offsets that they rely on.

Source: CIPA DC-008 (Exif 3.0); the tags below are named as there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.photo._ifd import (
    BYTE,
    LONG,
    SHORT,
    Entry,
    IfdError,
    Layout,
    find_integer,
    new_entry,
    read_header,
    read_ifd,
    write_ifd,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

ORIENTATION = 274
EXIF_IFD = 34665
GPS_IFD = 34853
_MAKER_NOTE = 37500
_INTEROPERABILITY_IFD = 40965
_COLOR_SPACE = 40961
_WIDTHS, _HEIGHTS = (256, 40962), (257, 40963)
_COMPRESSION, _THUMBNAIL, _THUMBNAIL_LENGTH = 259, 513, 514

DESCRIPTIVE = frozenset({269, 270, 271, 272, 285, 305, 306, 315, 316, 18246, 18249, 33432, 36867, *range(40091, 40096)})
"""Tags of a picture's first directory that tell about the photo, not about how its pixels are stored."""

_NUMBERS = {BYTE: ("B", 0xFF), SHORT: ("H", 0xFFFF), LONG: ("I", 0xFFFFFFFF)}

THUMBNAIL_ROOM = 60_000
"""The most bytes that a JPEG can hold in one EXIF segment, less a margin."""


@dataclass(slots=True)
class Directories:
    """An EXIF block taken apart.

    Args:
        layout: How its numbers are written.
        main: The first directory's entries by tag.
        exif: Those of the EXIF directory.
        gps: Those of the GPS directory.
        thumbnail: Those of the thumbnail's directory.
        end_of_main: Where the main directory keeps the offset of the thumbnail's.
    """

    layout: Layout
    main: dict[int, Entry]
    exif: dict[int, Entry] = field(default_factory=dict[int, Entry])
    gps: dict[int, Entry] = field(default_factory=dict[int, Entry])
    thumbnail: dict[int, Entry] = field(default_factory=dict[int, Entry])
    end_of_main: int = 0


def parse(block: bytes) -> Directories:
    """Takes an EXIF block apart.

    Raises:
        IfdError: If any of it points outside the block, or runs in a circle.
    """

    def read(offset: int, size: int) -> bytes:
        return block[offset : offset + size] if offset >= 0 else b""

    layout, first = read_header(read)
    main, following = read_ifd(read, layout, first)
    found = Directories(
        layout,
        main,
        end_of_main=first
        + 2
        + 12 * int.from_bytes(block[first : first + 2], "little" if layout.order == "<" else "big"),
    )
    for tag, entries in ((EXIF_IFD, found.exif), (GPS_IFD, found.gps)):
        at = find_integer(main, layout, tag, 0)
        if at:
            entries.update(read_ifd(read, layout, at)[0])
    if following:
        if following == first:
            raise IfdError("the directories run in a circle")
        found.thumbnail.update(read_ifd(read, layout, following)[0])
    _check_kinds(found)
    return found


def _check_kinds(found: Directories) -> None:
    """Refuses a block whose orientation, the one tag that we depend on, is of no sensible type."""
    entry = found.main.get(ORIENTATION)
    if entry is not None and not entry.integers(found.layout):
        raise IfdError("the orientation is not a number")


def strip_header(block: bytes | None) -> bytes | None:
    """The TIFF structure of an EXIF block, without the prefix that JPEG puts before it; None where it holds no tag."""
    if block is None:
        return None
    while block.startswith(b"Exif\0\0"):
        block = block[6:]
    return None if not block or _is_empty(block) else block


def _is_empty(block: bytes) -> bool:
    """Whether the first directory has no entries: some programs write such a block in place of none."""
    try:
        _, first = read_header(lambda offset, size: block[offset : offset + size])
    except IfdError:
        return False
    return block[first : first + 2] == b"\0\0"


def orientation_of(block: bytes | None) -> int:
    """The orientation, 1–8, that a block states; 1 where it states none, even from a block that is broken elsewhere."""
    if not block:
        return 1
    try:
        layout, first = read_header(lambda offset, size: block[offset : offset + size])
        main, _ = read_ifd(lambda offset, size: block[offset : offset + size], layout, first, {ORIENTATION})
    except IfdError:
        return 1
    stated = find_integer(main, layout, ORIENTATION, 1)
    return stated if 1 <= stated <= 8 else 1


def dpi_of(main: dict[int, Entry], layout: Layout) -> tuple[float, float] | None:
    """The resolution in pixels an inch that a directory states."""
    across, down = (main[tag].rational(layout) if tag in main else None for tag in (282, 283))
    unit = find_integer(main, layout, 296, 2)
    if not across or not down or unit not in (2, 3):
        return None
    scale = 2.54 if unit == 3 else 1.0
    return across * scale, down * scale


def renewed(block: bytes, width: int, height: int, thumbnails: Iterable[bytes], orientation: int = 1) -> bytes:
    """A block made true again for the coloured picture; nothing in it moves.

    The orientation, the sizes and the colour space are corrected, and the thumbnail is replaced: in its old place where
    it fits, else behind everything.

    Args:
        block: A block that `parse` accepts.
        width: Width of the picture in the file.
        height: Its height.
        thumbnails: JPEG thumbnails of it, the largest first.
        orientation: How it and they are to be turned, 1–8; 1 is upright.

    Returns:
        The block, of the same length or longer.
    """
    found = parse(block)
    patched = bytearray(block)
    _patch(patched, found, found.main, ORIENTATION, orientation)
    _patch(patched, found, found.thumbnail, ORIENTATION, orientation)
    for entries in (found.main, found.exif):
        for tag in _WIDTHS:
            _patch(patched, found, entries, tag, width)
        for tag in _HEIGHTS:
            _patch(patched, found, entries, tag, height)
    _patch(patched, found, found.exif, _COLOR_SPACE, 1)
    if found.thumbnail:
        _renew_thumbnail(patched, found, list(thumbnails))
    return bytes(patched)


def _patch(patched: bytearray, found: Directories, entries: dict[int, Entry], tag: int, number: int) -> None:
    """Writes a number over the old one (of several over the first, which is the one that counts), if it can hold it."""
    entry = entries.get(tag)
    code, most = _NUMBERS.get(entry.type if entry is not None else 0, ("", 0))
    if entry is None or entry.count < 1 or number > most:
        return
    value = found.layout.pack(code, number)
    patched[entry.place : entry.place + len(value)] = value


def _renew_thumbnail(patched: bytearray, found: Directories, thumbnails: list[bytes]) -> None:
    """Puts a new thumbnail into the old one's place or behind everything; unlinks it where neither is possible."""
    entries, layout = found.thumbnail, found.layout
    at = find_integer(entries, layout, _THUMBNAIL, 0)
    room = find_integer(entries, layout, _THUMBNAIL_LENGTH, 0)
    if find_integer(entries, layout, _COMPRESSION, 6) != 6 or not at or at + room > len(patched) or not thumbnails:
        patched[found.end_of_main : found.end_of_main + 4] = bytes(4)
        return
    fitting = next((each for each in thumbnails if len(each) <= room), None)
    if fitting is not None:
        patched[at : at + room] = fitting.ljust(room, b"\0")
    elif len(patched) + len(thumbnails[-1]) < THUMBNAIL_ROOM:
        patched[at : at + room] = bytes(room)
        fitting = thumbnails[-1]
        _patch(patched, found, entries, _THUMBNAIL, len(patched))
        patched += fitting
    else:
        patched[at : at + room] = bytes(room)
        patched[found.end_of_main : found.end_of_main + 4] = bytes(4)
        return
    _patch(patched, found, entries, _THUMBNAIL_LENGTH, len(fitting))


def movable(entries: dict[int, Entry]) -> list[Entry]:
    """The entries of an EXIF or GPS directory that still hold true at another place of another file."""
    return [entry for tag, entry in entries.items() if tag not in (_MAKER_NOTE, _INTEROPERABILITY_IFD)]


def has_maker_note(entries: dict[int, Entry]) -> bool:
    """Whether a maker's note would be lost by moving the directory."""
    return _MAKER_NOTE in entries


def sized(entries: list[Entry], layout: Layout, width: int, height: int) -> list[Entry]:
    """An EXIF directory's entries with the picture's size and colour space made true, where they are stated."""
    true = {40962: width, 40963: height, _COLOR_SPACE: 1}
    return [
        new_entry(layout, entry.tag, LONG if entry.tag != _COLOR_SPACE else SHORT, true[entry.tag])
        if entry.tag in true
        else entry
        for entry in entries
    ]


def build(layout: Layout, main: Iterable[Entry], exif: list[Entry], gps: list[Entry]) -> bytes:
    """A new EXIF block of directories that came from a TIFF file.

    Args:
        layout: Whose `big` must be False: how numbers are written.
        main: Descriptive entries.
        exif: Entries of the EXIF directory.
        gps: Entries of the GPS directory.
    """
    block = bytearray((b"II" if layout.order == "<" else b"MM") + layout.pack("HI", 42, 8))
    entries = list(main)
    # The main directory has a fixed place (8), so it is sized with pointers in it, then written with the true ones.
    pointers = [tag for tag, there in ((EXIF_IFD, exif), (GPS_IFD, gps)) if there]
    at = 8 + len(write_ifd([*entries, *(new_entry(layout, tag, LONG, 0) for tag in pointers)], layout, 8))
    behind = bytearray()
    true_pointers: list[Entry] = []
    for tag in pointers:
        true_pointers.append(new_entry(layout, tag, LONG, at + len(behind)))
        behind += write_ifd(exif if tag == EXIF_IFD else gps, layout, at + len(behind))
    return bytes(block + write_ifd([*entries, *true_pointers], layout, 8) + behind)
