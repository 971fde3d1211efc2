"""A JPEG's markers: the segments before its picture, and the scans that the picture is made of.

Source: ITU-T T.81 (JPEG), annex B.
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.photo._ifd import Read

FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""A frame's header: the size of the picture, and how it is coded."""
SCAN, END = 0xDA, 0xD9

_BEGINS_SEGMENT = re.compile(rb"\xff[\x02-\xcf\xd9-\xfe]")
"""A marker with a length behind it, or the last one: not padding, no byte of a scan, and none that stands alone."""
_BLOCK = 4096
_MOST_SEGMENTS = 20_000
_MOST_STRAY = 1 << 24
"""Stray bytes between segments are passed over, as libjpeg does, but not without end."""


def segments(read: Read) -> Iterator[tuple[int, bytes, int]]:
    """Marker, body and offset of each segment from the start to the first scan; of the last, what there is of it.

    Args:
        read: Gives the file's bytes.
    """
    at = 2
    for _ in range(_MOST_SEGMENTS):
        marker = _next_marker(read, at)
        head = b"" if marker is None else read(marker, 4)
        if marker is None or len(head) < 4:
            return
        at = marker
        size = struct.unpack(">H", head[2:])[0]
        body = read(at + 4, max(size - 2, 0))
        yield head[1], body, at
        if head[1] in (SCAN, END) or size < 2 or len(body) < size - 2:
            return
        at += 2 + size


def _next_marker(read: Read, at: int) -> int | None:
    """Where the next marker stands that begins a segment; None where there is none."""
    end = at + _MOST_STRAY
    while at < end and len(block := read(at, _BLOCK)) > 1:
        found = _BEGINS_SEGMENT.search(block)
        if found is not None:
            return at + found.start()
        at += len(block) - 1  # a marker may stand on the edge
    return None


def has_more_scans(content: bytes, first: int, most: int) -> bool:
    """Whether a picture has more than so many scans, or more segments between them than any picture has.

    What stands behind its end, another picture or a film, does not count.

    Args:
        content: The whole file.
        first: Where its first scan's header stands.
        most: The scans that it may have.
    """
    at, scans = first, 0
    for _ in range(_MOST_SEGMENTS):
        found = _BEGINS_SEGMENT.search(content, at)
        if found is None or content[found.start() + 1] == END:
            return False
        scans += content[found.start() + 1] == SCAN
        if scans > most:
            return True
        at = found.start() + 2 + max(int.from_bytes(content[found.start() + 2 : found.start() + 4], "big"), 2)
    return True
