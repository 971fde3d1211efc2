"""What a reader hands over: the picture as its file has it, before profile, orientation and kind are dealt with."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar

from engine.photo._picture import Metadata

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.photo._source import Source


class Space(Enum):
    """What the channels of decoded samples mean."""

    GREY = 1
    RGB = 3
    CMYK = 4
    """Inks: 0 is none, the full value is full ink."""
    LAB = -3
    """CIELAB under D50 as in ICC profiles: L* over the full range, a* and b* with 0 at 128 (of 255)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What is known of one page before a pixel is decoded."""

    width: int
    """Width in pixels as stored, before orientation."""
    height: int
    """Height in pixels as stored."""
    page_count: int = 1
    """Pages of the file."""
    bit_depth: int = 8
    """1, 8, 16 or 32."""
    orientation: int = 1
    """EXIF's orientation, 1–8."""
    icc: bytes | None = None
    """The colour profile."""
    metadata: Metadata = field(default_factory=Metadata)
    """What is carried over."""
    notes: tuple[str, ...] = ()
    """Remarks for the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Samples:
    """Decoded pixels as stored."""

    pixels: NDArray[Any]
    """H×W, or H×W×3 (RGB, LAB), or H×W×4 (CMYK); uint8 or uint16 over the full range."""
    space: Space
    """What the channels mean."""
    alpha: NDArray[Any] | None = None
    """H×W of the same dtype, or None."""
    notes: tuple[str, ...] = ()
    """Remarks that only decoding could tell."""


class Reader(ABC):
    """Reads one page of one open file: the header when it is made, the pixels when asked for.

    Args:
        source: The open file.
        page: Which page, from 0; must exist.
    """

    header: Header

    draft: ClassVar[bool] = False
    """Whether `decode_draft` is quicker than `decode`."""

    def __init__(self, source: Source, page: int = 0) -> None:
        self.source = source
        self.page = page
        self.header = self._read_header()

    @abstractmethod
    def _read_header(self) -> Header:
        """Reads what is known before any pixel, in little time and memory whatever the file says."""

    @abstractmethod
    def decode(self, *, salvage: bool) -> Samples:
        """Decodes the pixels.

        Args:
            salvage: Whether to use what is left of a file that is cut off.
        """

    def decode_draft(self, size: int) -> Samples:
        """Decodes the pixels at a lower resolution, at least `size` on the longer side, where the format allows it."""
        del size
        return self.decode(salvage=True)
