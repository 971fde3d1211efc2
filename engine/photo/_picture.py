"""What a photo is once it has been read: upright sRGB pixels and everything the file said beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


class SourceKind(Enum):
    """What sort of picture the source is, told from its pixels."""

    GREY = "grey"
    """Shades of grey, in one channel or in three equal ones (within noise)."""

    BITONAL = "bitonal"
    """Two values only: line art, or a scan made at one bit."""

    TONED = "toned"
    """A black-and-white photo on coloured paper or in a coloured tone (sepia, cyanotype, duotone)."""

    COLOUR = "colour"
    """A photo that already has colours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What the file carried beside its pixels, as bytes, so that nothing is lost by parsing and rebuilding."""

    exif: bytes | None = None
    """A TIFF structure that begins with `II` or `MM` (without JPEG's `Exif\\0\\0`), as in the file."""

    xmp: bytes | None = None
    """The main XMP packet."""

    iptc: bytes | None = None
    """Photoshop image resources (`8BIM` …), which hold IPTC-IIM as resource 0x0404."""

    dpi: tuple[float, float] | None = None
    """Pixels an inch of the upright photo, (x, y)."""

    comment: bytes | None = None
    """A JPEG's comment."""

    png_chunks: tuple[tuple[bytes, bytes], ...] = ()
    """A PNG's text and time chunks: (type, body)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoHeader:
    """What a file says of one page before any pixel is decoded."""

    width: int
    """Width of the upright picture in pixels."""

    height: int
    """Height of the upright picture in pixels."""

    page_count: int
    """How many pages the file has."""

    format: str
    """As `Photo.format`."""

    bit_depth: int
    """As `Photo.bit_depth`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """One upright picture: one page of a picture file."""

    path: Path
    """The file that it was read from."""

    pixels: NDArray[Any]
    """H×W (grey) or H×W×3, uint8 or uint16 over the full range, sRGB-encoded, upright."""

    alpha: NDArray[Any] | None
    """H×W of the same dtype, not premultiplied; 0 is transparent. None where the file has none."""

    page: int
    """Which page of the file, from 0."""

    page_count: int
    """How many pages the file has."""

    format: str
    """JPEG, PNG, TIFF, WebP, BMP, AVIF, GIF, HEIC or RAW."""

    bit_depth: int
    """Bits of the source's channels: 1, 8, 16 or 32."""

    source_kind: SourceKind
    """Grey, bitonal, toned or coloured."""

    metadata: Metadata = field(default_factory=Metadata)
    """EXIF, XMP, IPTC, resolution and the like."""

    notes: tuple[str, ...] = ()
    """Remarks in plain words for the report, such as "first frame of 12"."""

    @property
    def width(self) -> int:
        """Width of the upright picture in pixels."""
        return int(self.pixels.shape[1])

    @property
    def height(self) -> int:
        """Height of the upright picture in pixels."""
        return int(self.pixels.shape[0])
