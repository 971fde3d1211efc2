"""Photoshop image resources, the blocks that carry IPTC-IIM captions in JPEG, TIFF and PNG.

Source: Adobe Photoshop File Formats Specification (2019), "Image Resources Section".
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_IIM = 0x0404
_MOST = 10_000
"""Photoshop writes some thirty resources."""
_STALE = frozenset({0x0409, 0x040C, 0x040F, 0x0422, 0x0423, 0x0424})
"""Thumbnails and a colour profile of the grey picture; EXIF and XMP, which have their own places."""


def wrap_iim(iim: bytes) -> bytes:
    """IPTC-IIM records as an image resource."""
    return _resource(_IIM, b"\0\0", iim)


def iim_of(resources: bytes) -> bytes | None:
    """The IPTC-IIM records among image resources."""
    return next((body for number, _, body in _resources(resources) if number == _IIM), None)


def renewed(resources: bytes) -> bytes:
    """Image resources without those that would tell of the grey picture; unchanged where they cannot be taken apart."""
    blocks = list(_resources(resources))
    if sum(len(_resource(*block)) for block in blocks) < len(resources.rstrip(b"\0")):
        return resources
    return b"".join(_resource(*block) for block in blocks if block[0] not in _STALE)


def _resource(number: int, name: bytes, body: bytes) -> bytes:
    """One resource as bytes; `name` with its length and padding."""
    return b"8BIM" + struct.pack(">H", number) + name + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)


def _resources(block: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, name and body of each resource, as far as they are sound."""
    at = 0
    for _ in range(_MOST):
        if block[at : at + 4] != b"8BIM" or at + 12 > len(block):
            return
        number = struct.unpack_from(">H", block, at + 4)[0]
        name_end = at + 7 + block[at + 6]
        name_end += (name_end - at - 6) % 2
        if name_end + 4 > len(block):
            return
        size = struct.unpack_from(">I", block, name_end)[0]
        body = block[name_end + 4 : name_end + 4 + size]
        if len(body) < size:
            return
        yield number, block[at + 6 : name_end], body
        at = name_end + 4 + size + size % 2
