"""JPEG: its segments are read and written here, its pixels by libjpeg-turbo.

Sources: ITU-T T.81 (JPEG), T.871 (JFIF), CIPA DC-008 (Exif in APP1), XMP Specification Part 3, Adobe's Technical Note
5116 (APP14), ICC.1:2022 annex B.4 (APP2).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import imagecodecs
import numpy as np

from engine.errors import UnreadablePhotoError
from engine.photo._depth import full_range
from engine.photo._exif import IfdError, dpi_of, orientation_of, parse
from engine.photo._markers import FRAMES, SCAN, has_more_scans, segments
from engine.photo._picture import Metadata
from engine.photo._pillow import open_image, samples_of, sound_metadata
from engine.photo._samples import Header, Reader, Samples, Space
from engine.photo._source import cut_off

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.photo._source import Source

_EXIF = b"Exif\0\0"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENDED_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_PHOTOSHOP = b"Photoshop 3.0\0"
_ICC = b"ICC_PROFILE\0"
_LONGEST = 65_533
LONGEST_XMP = _LONGEST - len(_XMP)
"""The most bytes of an XMP packet that a JPEG can hold in one piece."""

_END_OF_IMAGE = b"\xff\xd9"
_MOST_SCANS = 500
"""Progressive pictures have some ten. Each goes over the whole picture again, however few bytes it has."""
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_MISSING = 128
"""What libjpeg puts where nothing was left to decode: mid-grey."""


@dataclass(slots=True)
class _Segments:
    """What the segments before the picture's data said."""

    frame: int = 0
    precision: int = 8
    width: int = 0
    height: int = 0
    components: int = 0
    exif: bytes | None = None
    xmp: bytes | None = None
    photoshop: bytearray = field(default_factory=bytearray)
    icc: dict[int, bytes] = field(default_factory=dict[int, bytes])
    icc_count: int = 0
    dpi: tuple[float, float] | None = None
    comment: bytes | None = None
    adobe: bool = False
    extended_xmp: bool = False
    scan: int = 0
    parted: bool = True
    """Whether the first scan does not hold the whole picture."""
    stray: bool = False


class JpegReader(Reader):
    """Every JPEG: baseline, progressive, arithmetic, lossless; 8 and 12 bits; grey, YCbCr, RGB, CMYK and YCCK."""

    draft = True

    def _read_header(self) -> Header:
        found = self._segments = _read_segments(self.source)
        if not found.width or not found.height:
            raise cut_off(self.source.path, "the file is cut off before the picture begins")
        exif, xmp, notes = sound_metadata(found.exif, found.xmp)
        if len(found.icc) != found.icc_count:
            notes += ("the colour profile is incomplete",)
        if found.extended_xmp:
            notes += ("of the XMP data only the main part is kept",)
        return Header(
            width=found.width,
            height=found.height,
            bit_depth=8 if found.precision <= 8 else 16,
            orientation=orientation_of(found.exif),
            icc=b"".join(found.icc[key] for key in sorted(found.icc)) or None,
            metadata=Metadata(
                exif=exif,
                xmp=xmp,
                iptc=bytes(found.photoshop) or None,
                dpi=found.dpi or _dpi_of_exif(exif),
                comment=found.comment,
            ),
            notes=notes,
        )

    def decode(self, *, salvage: bool) -> Samples:
        content = self.source.content()
        self.check_scans(content)
        whole = content.rfind(_END_OF_IMAGE, self._segments.scan) >= 0
        if not whole and not salvage:
            raise self._cut_off(content)
        samples = self._samples(_decode(content if whole else content + _END_OF_IMAGE))
        if not whole:
            samples = replace(samples, notes=(*samples.notes, "salvaged: the end of the file is missing"))
        return samples

    def decode_draft(self, size: int) -> Samples:
        found = self._segments
        # Pillow looks at stray bytes one by one, which takes longer than decoding the whole.
        if found.precision != 8 or found.components == 4 or found.stray:
            return self.decode(salvage=True)
        content = self.source.content()
        self.check_scans(content)
        image = open_image(content + _END_OF_IMAGE, "JPEG")
        image.draft(None, (size, size))
        return samples_of(image)

    def check_scans(self, content: bytes) -> None:
        """Refuses a picture whose scans would keep the decoder busy without end.

        Args:
            content: The whole file.
        """
        found = self._segments
        if found.parted and has_more_scans(content, found.scan, _MOST_SCANS):
            raise UnreadablePhotoError(self.source.path, "the file is damaged: it has hundreds of scans.")

    def _samples(self, pixels: NDArray[Any]) -> Samples:
        """Decoded pixels with their meaning."""
        white = (1 << self._segments.precision) - 1
        notes: tuple[str, ...] = ()
        if white not in (255, 65535):
            pixels, notes = full_range(pixels, white), (f"{self._segments.precision} bits",)
        if pixels.ndim == 3 and pixels.shape[2] == 4:
            # Adobe's programs write inks inverted, and say who they are; nobody else does either.
            inks = np.iinfo(pixels.dtype).max - pixels if self._segments.adobe else pixels
            return Samples(pixels=inks, space=Space.CMYK, notes=notes)
        if pixels.ndim == 3 and pixels.shape[2] == 1:
            pixels = pixels[..., 0]
        return Samples(pixels=pixels, space=Space.GREY if pixels.ndim == 2 else Space.RGB, notes=notes)

    def _cut_off(self, content: bytes) -> UnreadablePhotoError:
        """The error that tells how much is missing, judged by the rows at the bottom that decode to nothing."""
        pixels = _decode(content + _END_OF_IMAGE)
        height = pixels.shape[0]
        rows = pixels.reshape(height, -1)
        empty = 0
        while empty < height and int(rows[height - 1 - empty].min()) == int(rows[height - 1 - empty].max()) == _MISSING:
            empty += 1
        if empty * 50 <= height and self._segments.frame in _PROGRESSIVE:
            # Its scans refine the whole picture in turn: all rows are there long before the file is.
            return cut_off(self.source.path, "the file is cut off: some of the picture's detail is missing")
        if empty * 50 <= height:
            return cut_off(self.source.path, "nearly whole: the last bytes are missing")
        return cut_off(self.source.path, f"the file is cut off: {empty * 100 // height} % of the picture are missing")


def _decode(content: bytes) -> NDArray[Any]:
    """The pixels as stored: H×W, or H×W×3 RGB, or H×W×4 CMYK as written."""
    return imagecodecs.jpeg8_decode(content)


def _read_segments(source: Source) -> _Segments:
    """Walks the segments up to the picture's data."""
    found = _Segments()
    end = 2
    for marker, body, at in segments(source.at):
        found.stray |= at != end
        end = at + 4 + len(body)
        if marker in FRAMES and len(body) >= 6 and not found.width:
            found.frame = marker
            found.precision, found.height, found.width, found.components = struct.unpack_from(">BHHB", body)
        elif marker == SCAN:
            found.scan = at
            found.parted = found.frame in _PROGRESSIVE or body[:1] != bytes([found.components])
        elif marker == 0xFE and found.comment is None:
            found.comment = body
        elif 0xE0 <= marker <= 0xEF:
            _take_application_segment(found, marker, body)
    return found


def _take_application_segment(found: _Segments, marker: int, body: bytes) -> None:
    """Takes what an APPn segment carries."""
    if marker == 0xE0 and body.startswith(b"JFIF\0") and len(body) >= 12:
        unit, across, down = struct.unpack_from(">BHH", body, 7)
        if unit in (1, 2) and across > 1 and down > 1:
            found.dpi = (across * (2.54 if unit == 2 else 1.0), down * (2.54 if unit == 2 else 1.0))
    elif marker == 0xE1 and body.startswith(_EXIF) and found.exif is None:
        found.exif = body.removeprefix(_EXIF)
    elif marker == 0xE1 and body.startswith(_XMP) and found.xmp is None:
        found.xmp = body.removeprefix(_XMP)
    elif marker == 0xE1 and body.startswith(_EXTENDED_XMP):
        found.extended_xmp = True
    elif marker == 0xED and body.startswith(_PHOTOSHOP):
        found.photoshop += body.removeprefix(_PHOTOSHOP)
    elif marker == 0xE2 and body.startswith(_ICC) and len(body) > 14:
        found.icc[body[12]] = body[14:]
        found.icc_count = body[13]
    elif marker == 0xEE and body.startswith(b"Adobe"):
        found.adobe = True


def _dpi_of_exif(exif: bytes | None) -> tuple[float, float] | None:
    """The resolution that EXIF states."""
    if exif is None:
        return None
    try:
        found = parse(exif)
    except IfdError:
        return None
    return dpi_of(found.main, found.layout)


def with_segments(encoded: bytes, metadata: Metadata, icc: bytes) -> tuple[list[bytes | memoryview], tuple[str, ...]]:
    """Puts metadata into a JPEG that has none yet.

    Args:
        encoded: The JPEG, whose own JFIF segment is replaced.
        metadata: What to put in; XMP of at most `LONGEST_XMP` bytes.
        icc: The colour profile; empty for none.

    Returns:
        The pieces of the new file in order, and notes about what does not fit.
    """
    notes: tuple[str, ...] = ()
    pieces: list[bytes | memoryview] = [b"\xff\xd8", _segment(0xE0, _jfif(metadata.dpi))]
    if metadata.exif is not None and len(_EXIF) + len(metadata.exif) <= _LONGEST:
        pieces.append(_segment(0xE1, _EXIF + metadata.exif))
    elif metadata.exif is not None:
        notes = ("the EXIF data are too long for a JPEG and left out",)
    if metadata.xmp is not None:
        pieces.append(_segment(0xE1, _XMP + metadata.xmp))
    room = _LONGEST - len(_PHOTOSHOP)
    resources = metadata.iptc or b""
    pieces += [_segment(0xED, _PHOTOSHOP + resources[at : at + room]) for at in range(0, len(resources), room)]
    if icc:
        pieces.append(_segment(0xE2, _ICC + b"\x01\x01" + icc))
    if metadata.comment is not None:
        pieces.append(_segment(0xFE, metadata.comment[:_LONGEST]))
    start = 2
    if encoded[2:4] == b"\xff\xe0":
        start += 2 + int.from_bytes(encoded[4:6], "big")
    return [*pieces, memoryview(encoded)[start:]], notes


def _segment(marker: int, body: bytes) -> bytes:
    """One segment as bytes."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _jfif(dpi: tuple[float, float] | None) -> bytes:
    """The body of a JFIF segment."""
    across, down = (min(max(round(each), 1), 0xFFFF) for each in dpi or (1.0, 1.0))
    return b"JFIF\0\x01\x02" + struct.pack(">BHHBB", 0 if dpi is None else 1, across, down, 0, 0)
