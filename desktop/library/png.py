"""Writes small PNG files that carry texts.

Qt would do it, but holds Python's lock for as long as it compresses, which keeps the window waiting while a folder's
thumbnails are made; and it writes long texts compressed (zTXt), which the thumbnail specification does not provide
for. Reading is left to Qt.
"""

from __future__ import annotations

import struct
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_RGBA = 6
_UP = 2
_EFFORT = 4  # more saves a few per cent and takes twice as long


def png_with_texts(pixels: NDArray[np.uint8], texts: Mapping[str, str]) -> bytes:
    """A PNG file of 8 bits a channel with alpha, not interlaced, as the thumbnail specification asks for.

    Args:
        pixels: H×W×3 sRGB or H×W×4 with alpha, not premultiplied.
        texts: Its texts by keyword; Latin-1 becomes a tEXt chunk, anything else iTXt.
    """
    height, width = pixels.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, 8, _RGBA, 0, 0, 0)
    chunks = [_chunk(b"IHDR", header)]
    chunks += [_text_chunk(keyword, text) for keyword, text in texts.items()]
    chunks += [_chunk(b"IDAT", zlib.compress(_filtered(pixels), _EFFORT)), _chunk(b"IEND", b"")]
    return _SIGNATURE + b"".join(chunks)


def _filtered(pixels: NDArray[np.uint8]) -> bytes:
    """The rows as PNG compresses them: each as its difference to the row above, behind the number of that method."""
    height, width = pixels.shape[:2]
    rows = np.full((height, width, 4), 255, np.uint8)
    rows[..., : pixels.shape[2]] = pixels
    lines = np.full((height, 1 + 4 * width), _UP, np.uint8)
    flat = rows.reshape(height, 4 * width)
    lines[0, 1:] = flat[0]  # above the first row there are zeros
    np.subtract(flat[1:], flat[:-1], out=lines[1:, 1:])
    return lines.tobytes()


def _text_chunk(keyword: str, text: str) -> bytes:
    try:
        return _chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + text.encode("latin-1"))
    except UnicodeEncodeError:
        unset = b"\0" * 5  # end of keyword, not compressed, method, no language, no translated keyword
        return _chunk(b"iTXt", keyword.encode("latin-1") + unset + text.encode("utf-8", "replace"))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
