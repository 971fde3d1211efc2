"""Image file directories: the structure that TIFF files and EXIF blocks share (TIFF 6.0, section 2; BigTIFF).

Values stay bytes in their file's own order, so that what is carried from one file to another is never reinterpreted.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    Read = Callable[[int, int], bytes]
    """Gives the bytes at (offset, size); fewer where the file ends."""

SHORT, LONG, RATIONAL, UNDEFINED, ASCII, BYTE, LONG8 = 3, 4, 5, 7, 2, 1, 16
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_INTEGERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_ENTRIES = 4096
_MOST_BYTES = 64 << 20
"""Of the values of one directory together; those of a sound one do not overlap, so they never grow beyond its file."""


class IfdError(ValueError):
    """The directory points outside its file, or makes no sense."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How numbers are written.

    Args:
        order: `<` little-endian, `>` big-endian.
        big: Whether offsets take 8 bytes (BigTIFF).
    """

    order: Literal["<", ">"]
    big: bool = False

    @property
    def field(self) -> int:
        """Bytes of an offset, and of the space for a value inside an entry."""
        return 8 if self.big else 4

    def pack(self, code: str, *numbers: int) -> bytes:
        """Numbers as bytes in this order."""
        return struct.pack(self.order + code, *numbers)

    def offset(self, number: int) -> bytes:
        """An offset as bytes."""
        return self.pack("Q" if self.big else "I", number)


@dataclass(frozen=True, slots=True)
class Entry:
    """One tag.

    Args:
        tag: Its number.
        type: The number of its type.
        count: How many values.
        value: The values as bytes in the file's order.
        place: Where the value stands in the file it was read from; -1 for a new one.
    """

    tag: int
    type: int
    count: int
    value: bytes
    place: int = -1

    def integers(self, layout: Layout) -> tuple[int, ...]:
        """The values, where they are whole numbers without a sign; nothing otherwise."""
        code = _INTEGERS.get(self.type)
        return struct.unpack(f"{layout.order}{self.count}{code}", self.value) if code else ()

    def rational(self, layout: Layout) -> float | None:
        """The first value where it is a fraction; None otherwise, or when it divides by zero."""
        if self.type != RATIONAL or self.count < 1:
            return None
        over, under = struct.unpack(f"{layout.order}2I", self.value[:8])
        return over / under if under else None


def read_header(read: Read) -> tuple[Layout, int]:
    """The layout, and the offset of the first directory.

    Raises:
        IfdError: If this is no TIFF structure.
    """
    head = read(0, 16)
    order: Literal["<", ">"] = "<" if head[:2] == b"II" else ">"
    if len(head) < 8 or head[:2] not in (b"II", b"MM"):
        raise IfdError("no TIFF header")
    version = struct.unpack(order + "H", head[2:4])[0]
    if version == 43 and len(head) == 16:
        return Layout(order, big=True), struct.unpack(order + "Q", head[8:16])[0]
    if version != 42:
        raise IfdError("no TIFF version")
    return Layout(order), struct.unpack(order + "I", head[4:8])[0]


def read_ifd(
    read: Read, layout: Layout, offset: int, wanted: Collection[int] | None = None
) -> tuple[dict[int, Entry], int]:
    """One directory.

    Args:
        read: Gives the file's bytes.
        layout: How its numbers are written.
        offset: Where the directory begins.
        wanted: Tags whose values to read; all if None.

    Returns:
        The entries by tag, and the offset of the next directory (0 at the end).

    Raises:
        IfdError: If the directory or one of the wanted values lies outside the file, or they are more than any has.
    """
    counter = "Q" if layout.big else "H"
    head = read(offset, struct.calcsize(counter))
    if offset <= 0 or len(head) < struct.calcsize(counter):
        raise IfdError("the directory lies outside the file")
    count = struct.unpack(layout.order + counter, head)[0]
    if not 0 < count <= _MOST_ENTRIES:
        raise IfdError("the directory has no sensible length")
    size = 4 + 2 * layout.field
    start = offset + len(head)
    table = read(start, count * size + layout.field)
    if len(table) < count * size:
        raise IfdError("the directory is cut off")
    entries: dict[int, Entry] = {}
    room = _MOST_BYTES
    for index in range(count):
        tag = struct.unpack_from(layout.order + "H", table, index * size)[0]
        if tag not in entries and (wanted is None or tag in wanted):  # of two, the first counts, as in tifffile
            raw = table[index * size : (index + 1) * size]
            entries[tag] = _read_entry(read, layout, raw, start + index * size, room)
            room -= len(entries[tag].value)
    following = table[count * size :].ljust(layout.field, b"\0")
    return entries, struct.unpack(layout.order + ("Q" if layout.big else "I"), following)[0]


def directory_size(read: Read, layout: Layout, offset: int) -> int:
    """How many bytes the directory at an offset claims to have; 0 where there is none."""
    counter = "Q" if layout.big else "H"
    head = read(offset, struct.calcsize(counter))
    if len(head) < struct.calcsize(counter):
        return 0
    return int(struct.unpack(layout.order + counter, head)[0]) * (4 + 2 * layout.field)


def _read_entry(read: Read, layout: Layout, raw: bytes, place: int, room: int) -> Entry:
    """One entry with its value, wherever that stands, of at most `room` bytes."""
    code = "HHQ" if layout.big else "HHI"
    tag, kind, count = struct.unpack_from(layout.order + code, raw)
    size = _SIZES.get(kind, 0) * count
    if size == 0 and kind not in _SIZES:
        raise IfdError(f"tag {tag} has an unknown type")
    inline = len(raw) - layout.field
    if size <= layout.field:
        return Entry(tag, kind, count, raw[inline : inline + size], place + inline)
    at = struct.unpack(layout.order + ("Q" if layout.big else "I"), raw[inline:])[0]
    value = read(at, size) if size <= room else b""
    if len(value) < size:
        raise IfdError(f"the value of tag {tag} lies outside the file")
    return Entry(tag, kind, count, value, at)


def new_entry(layout: Layout, tag: int, kind: int, *numbers: int) -> Entry:
    """An entry of whole numbers (or of fractions, as pairs)."""
    code = {**_INTEGERS, RATIONAL: "I"}[kind]
    count = len(numbers) // 2 if kind == RATIONAL else len(numbers)
    return Entry(tag, kind, count, layout.pack(f"{len(numbers)}{code}", *numbers))


def bytes_entry(tag: int, kind: int, value: bytes) -> Entry:
    """An entry of bytes: text, or an undefined block."""
    return Entry(tag, kind, len(value), value)


def write_ifd(entries: Iterable[Entry], layout: Layout, at: int, following: int = 0) -> bytes:
    """A directory with its values behind it, to stand at offset `at` (which must be even).

    Args:
        entries: The tags, in any order.
        layout: How to write numbers; the entries' values must be in the same order.
        at: Where the result will stand in its file.
        following: The offset of the next directory.

    Returns:
        Its bytes, an even number.
    """
    ordered = sorted(entries, key=lambda entry: entry.tag)
    head = layout.pack("Q" if layout.big else "H", len(ordered))
    behind = at + len(head) + len(ordered) * (4 + 2 * layout.field) + layout.field
    behind += behind % 2
    table, values = bytearray(), bytearray()
    for entry in ordered:
        table += layout.pack("HHQ" if layout.big else "HHI", entry.tag, entry.type, entry.count)
        if len(entry.value) <= layout.field:
            table += entry.value.ljust(layout.field, b"\0")
        else:
            table += layout.offset(behind + len(values))
            values += entry.value + b"\0" * (len(entry.value) % 2)
    block = head + bytes(table) + layout.offset(following)
    return block + b"\0" * (behind - at - len(block)) + bytes(values)


def find_integer(entries: Mapping[int, Entry], layout: Layout, tag: int, default: int) -> int:
    """The first whole number of a tag, or the default."""
    numbers = entries[tag].integers(layout) if tag in entries else ()
    return numbers[0] if numbers else default
