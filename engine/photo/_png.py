"""PNG: its chunks are read and written here; its pixels by libpng, or by Pillow where they are smaller than a byte.

Decoders are given the critical chunks alone, so that neither a text bomb nor an animation ever reaches them.
Source: W3C Portable Network Graphics, third edition (2025).
"""

from __future__ import annotations

import binascii
import struct
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np

from engine.errors import UnreadablePhotoError
from engine.photo._depth import from_unsigned
from engine.photo._exif import orientation_of, strip_header
from engine.photo._iptc import wrap_iim
from engine.photo._picture import Metadata
from engine.photo._pillow import open_image, samples_of, sound_metadata
from engine.photo._samples import Header, Reader, Samples, Space
from engine.photo._source import cut_off
from engine.photo._xmp import XMP_LEFT_OUT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.photo._source import Source

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_XMP_KEY = b"XML:com.adobe.xmp"
_LONGEST_PROFILE = 16 << 20
_LONGEST_TEXT = 1 << 20
_MOST_TEXT = 16 << 20
_MOST_UNPACKED = 32 << 20
"""Of all packed profiles and texts of a file together: a packed kilobyte can hold a megabyte."""
_MOST_CHUNKS = 1_000_000
_BLANKS = b" \t\r\n\v\f"
_NEARLY_WHOLE = "nearly whole: the last bytes are missing"
_PALETTE = 3
_LONGEST_SIDE = 1_000_000
"""What libpng allows; Pillow allows more."""

_LEAST_SHARE = 1000
_PIECE = 64
_LAST_FILTER = 4
_SOUND_BITS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


@dataclass(slots=True)
class _Chunks:
    """What the chunks said; `data` are the places (offset, size) of whole IDAT, PLTE and tRNS chunks."""

    head: bytes = b""
    palette: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    data: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    clear: bytes | None = None
    icc: bytes | None = None
    exif: bytes | None = None
    xmp: bytes | None = None
    iptc: bytes | None = None
    dpi: tuple[float, float] | None = None
    texts: list[tuple[bytes, bytes]] = field(default_factory=list[tuple[bytes, bytes]])
    frames: int = 1
    ended: bool = False
    notes: list[str] = field(default_factory=list[str])
    room: int = _MOST_UNPACKED
    has_profile: bool = False

    def note(self, text: str) -> None:
        """Adds a note, once."""
        if text not in self.notes:
            self.notes.append(text)


class PngReader(Reader):
    """PNG of 1 to 16 bits, with palette, transparency and animation (the first picture)."""

    def _read_header(self) -> Header:
        found = self._chunks = _read_chunks(self.source)
        if len(found.head) < 13 or not found.data:
            raise cut_off(self.source.path, "the file is cut off before the picture begins")
        width, height, self._bits, self._type = struct.unpack_from(">IIBB", found.head)
        sound = self._bits in _SOUND_BITS.get(self._type, ()) and found.head[10:12] == b"\0\0" and found.head[12] < 2
        if not 0 < width < 1 << 31 or not 0 < height < 1 << 31 or not sound:
            raise UnreadablePhotoError(self.source.path, "the file is damaged.")
        exif, xmp, notes = sound_metadata(found.exif, found.xmp)
        if found.frames > 1:
            notes += (f"first frame of {found.frames}",)
        return Header(
            width=width,
            height=height,
            bit_depth=16 if self._bits == 16 else 1 if self._bits == 1 and self._type == 0 else 8,
            orientation=orientation_of(strip_header(found.exif)),
            icc=found.icc,
            metadata=Metadata(exif=exif, xmp=xmp, iptc=found.iptc, dpi=found.dpi, png_chunks=tuple(found.texts)),
            notes=(*notes, *found.notes),
        )

    def decode(self, *, salvage: bool) -> Samples:
        found = self._chunks
        data = [self.source.at(*place) for place in found.data]
        palette = [self.source.at(*place) for place in found.palette]
        # Checked here, because libpng tells of damage on stderr, behind Python's back.
        sound = all(_is_sound(each) for each in (*data, *palette))
        if found.ended and sound:
            try:
                return self._decode(b"".join(palette + data))
            except (OSError, SyntaxError, ValueError, RuntimeError):
                if not salvage:
                    raise
        if salvage:
            return self._salvaged(palette, data)
        if found.ended:
            raise cut_off(self.source.path, "the file is damaged: its checksums do not fit")
        raise cut_off(self.source.path, _NEARLY_WHOLE if sound else "the file is cut off")

    def _decode(self, chunks: bytes) -> Samples:
        """Decodes whole PLTE, tRNS and IDAT chunks."""
        content = b"".join((SIGNATURE, chunk(b"IHDR", self._chunks.head[:13]), chunks, chunk(b"IEND", b"")))
        small = max(self.header.width, self.header.height) <= _LONGEST_SIDE
        if small and self._bits >= 8 and self._type != _PALETTE:
            return _of_whole_bytes(imagecodecs.png_decode(content), self._clear())
        return samples_of(open_image(content, "PNG"))

    def _clear(self) -> NDArray[np.uint16] | None:
        """The one value or colour that stands for transparent."""
        if self._chunks.clear is None or self._type not in (0, 2):
            return None
        return np.frombuffer(self._chunks.clear[: 2 * _CHANNELS[self._type]], ">u2").astype(np.uint16)

    def _salvaged(self, palette: list[bytes], data: list[bytes]) -> Samples:
        """Decodes what is left: rows that are missing become zeros."""
        width, height, interlaced = self.header.width, self.header.height, self._chunks.head[12] != 0
        size = height * (1 + (width * self._bits * _CHANNELS[self._type] + 7) // 8)
        rows = _inflated_as_far_as_possible(data, size)
        # Every row begins with the number of its filter, 0-4. Behind the first other number all is noise.
        filters = np.frombuffer(rows, np.uint8)[:: size // height]
        if filters.size and int(filters.max()) > _LAST_FILTER:
            rows = rows[: int(np.argmax(filters > _LAST_FILTER)) * (size // height)]
        if interlaced or len(rows) * _LEAST_SHARE < size:
            raise UnreadablePhotoError(
                self.source.path, "it cannot be salvaged: next to nothing of the picture is left."
            )
        missing = (size - len(rows)) * 100 // size
        packed = chunk(b"IDAT", zlib.compress(rows.ljust(size, b"\0"), 1))
        samples = self._decode(b"".join((*(each for each in palette if _is_sound(each)), packed)))
        return replace(samples, notes=(*samples.notes, f"salvaged: {missing} % of the picture are missing"))


def _is_sound(whole: bytes) -> bool:
    """Whether a chunk is whole and its checksum fits."""
    return len(whole) == 12 + int.from_bytes(whole[:4], "big") and whole[-4:] == zlib.crc32(whole[4:-4]).to_bytes(
        4, "big"
    )


def _inflated_as_far_as_possible(data: list[bytes], size: int) -> bytes:
    """Unpacks IDAT chunks up to `size` bytes or the first damage; in small pieces, for the damaged one is lost."""
    inflater = zlib.decompressobj()
    rows = bytearray()
    packed = b"".join(each[8 : 8 + int.from_bytes(each[:4], "big")] for each in data)
    try:
        for at in range(0, len(packed), _PIECE):
            if len(rows) >= size:
                break
            rows += inflater.decompress(packed[at : at + _PIECE], size - len(rows))
    except zlib.error:
        pass
    return bytes(rows)


def _of_whole_bytes(pixels: NDArray[Any], clear: NDArray[np.uint16] | None) -> Samples:
    """Samples of what libpng decoded: H×W, or H×W×2, 3 or 4."""
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    alpha = np.ascontiguousarray(pixels[..., -1]) if channels in (2, 4) else None
    colour = pixels if channels in (1, 3) else pixels[..., 0] if channels == 2 else pixels[..., :3]
    if alpha is None and clear is not None:
        same = colour == clear
        opaque = np.iinfo(pixels.dtype).max
        alpha = np.where(same.all(axis=2) if colour.ndim == 3 else same, 0, opaque).astype(pixels.dtype)
    colour, notes = from_unsigned(np.ascontiguousarray(colour))
    return Samples(pixels=colour, space=Space.GREY if channels <= 2 else Space.RGB, alpha=alpha, notes=notes)


def _read_chunks(source: Source) -> _Chunks:
    """Walks all chunks; only metadata are read, and never more of them than bounds allow."""
    found = _Chunks()
    budget = _MOST_TEXT
    at, count = len(SIGNATURE), 0
    while len(head := source.at(at, 8)) == 8:
        count += 1
        if count > _MOST_CHUNKS:
            raise UnreadablePhotoError(source.path, "the file is damaged: it has millions of pieces.")
        size, kind = struct.unpack(">I4s", head)
        whole = at + 12 + size <= source.size
        if kind == b"IEND":
            found.ended = True
            break
        if kind in (b"IDAT", b"PLTE", b"tRNS"):
            (found.data if kind == b"IDAT" else found.palette).append((at, min(12 + size, source.size - at)))
        if kind != b"IDAT" and whole and size <= _LONGEST_PROFILE and budget >= 0:
            budget -= size if kind in (b"tEXt", b"zTXt", b"iTXt") else 0
            _take_chunk(found, kind, source.at(at + 8, size))
        at += 12 + size
    return found


def _take_chunk(found: _Chunks, kind: bytes, body: bytes) -> None:
    """Takes what one chunk carries."""
    if kind == b"IHDR":
        found.head = found.head or body
    elif kind == b"tRNS":
        found.clear = body
    elif kind == b"iCCP" and not found.has_profile:
        found.has_profile = True
        found.icc = _unpacked(found, body.partition(b"\0")[2][1:], _LONGEST_PROFILE)
        if found.icc is None:
            found.note("the colour profile is damaged or too long; sRGB assumed")
    elif kind == b"eXIf":
        found.exif = body
    elif kind == b"acTL" and len(body) >= 4:
        found.frames = int.from_bytes(body[:4], "big")
    elif kind == b"pHYs" and len(body) == 9 and body[8] == 1:
        across, down = struct.unpack_from(">II", body)
        found.dpi = (across * 0.0254, down * 0.0254) if across and down else None
    elif kind == b"tIME":
        found.texts.append((kind, body))
    elif kind in (b"tEXt", b"zTXt", b"iTXt"):
        _take_text(found, kind, body)


def _take_text(found: _Chunks, kind: bytes, body: bytes) -> None:
    """Takes a text chunk: XMP, or a profile in ImageMagick's manner, or a plain text that is carried over."""
    key, _, rest = body.partition(b"\0")
    if kind == b"iTXt" and key == _XMP_KEY:
        flags, text = rest[:2], rest[2:].split(b"\0", 2)[-1]
        found.xmp = _unpacked(found, text, _LONGEST_PROFILE) if flags[:1] == b"\1" else text
        if found.xmp is None:
            found.note(XMP_LEFT_OUT)
    elif key.startswith(b"Raw profile type "):
        text = _unpacked(found, rest[1:], _LONGEST_PROFILE) if kind == b"zTXt" else rest
        _take_raw_profile(found, key[17:], text or b"")
    elif kind == b"zTXt" and _unpacked(found, rest[1:], _LONGEST_TEXT) is None:
        found.note("a text that unpacks to more than a megabyte was left out")
    else:
        found.texts.append((kind, body))


def _take_raw_profile(found: _Chunks, name: bytes, text: bytes) -> None:
    """Takes a profile written as hexadecimal digits behind its name and length."""
    try:
        body = binascii.unhexlify(b"".join(text.split(None, 2)[2:]).translate(None, _BLANKS))
    except (binascii.Error, ValueError):
        return
    if name in (b"exif", b"APP1") and body.startswith(b"Exif\0\0"):
        found.exif = found.exif or body
    elif name == b"iptc":
        found.iptc = body if body.startswith(b"8BIM") else wrap_iim(body)
    elif name == b"xmp":
        found.xmp = found.xmp or body


def _unpacked(found: _Chunks, packed: bytes, limit: int) -> bytes | None:
    """Unpacks at most `limit` bytes; None if it is damaged or more, or all of the file's together are too many."""
    limit = min(limit, found.room)
    if limit <= 0:
        return None
    inflater = zlib.decompressobj()
    try:
        unpacked = inflater.decompress(packed, limit)
    except zlib.error:
        found.room -= limit  # how much it was before the damage is not told
        return None
    found.room -= len(unpacked)
    return unpacked if inflater.eof else None


def chunk(kind: bytes, body: bytes) -> bytes:
    """One chunk as bytes."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def with_chunks(encoded: bytes, metadata: Metadata, icc: bytes) -> list[bytes | memoryview]:
    """Puts metadata into a PNG that has none yet.

    Args:
        encoded: The PNG.
        metadata: What to put in.
        icc: The colour profile.

    Returns:
        The pieces of the new file in order.
    """
    end_of_head = len(SIGNATURE) + 25
    pieces = [encoded[:end_of_head], chunk(b"iCCP", b"sRGB\0\0" + zlib.compress(icc, 9))]
    if metadata.dpi is not None:
        across, down = (min(max(round(each / 0.0254), 1), 0x7FFFFFFF) for each in metadata.dpi)
        pieces.append(chunk(b"pHYs", struct.pack(">IIB", across, down, 1)))
    if metadata.exif is not None:
        pieces.append(chunk(b"eXIf", metadata.exif))
    if metadata.xmp is not None:
        pieces.append(chunk(b"iTXt", _XMP_KEY + b"\0\0\0\0\0" + metadata.xmp))
    if metadata.iptc is not None:
        digits = f"\niptc\n{len(metadata.iptc):8d}\n".encode() + binascii.hexlify(metadata.iptc) + b"\n"
        pieces.append(chunk(b"zTXt", b"Raw profile type iptc\0\0" + zlib.compress(digits)))
    if metadata.comment is not None:
        pieces.append(chunk(b"tEXt", b"Comment\0" + metadata.comment.replace(b"\0", b" ")))
    pieces += [chunk(kind, body) for kind, body in metadata.png_chunks]
    return [*pieces, memoryview(encoded)[end_of_head:]]
