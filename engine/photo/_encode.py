"""Encoders: from a coloured picture to the pieces of a file, and back again to see that they are whole."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import cv2
import imagecodecs
import numpy as np
import tifffile
from PIL import Image

from engine.photo._depth import strips, to_8
from engine.photo._jpeg import with_segments
from engine.photo._pillow import open_image
from engine.photo._png import with_chunks
from engine.photo._profile import srgb_profile

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.photo._picture import Metadata

_FULL_COLOUR_QUALITY = 90
_PNG_LEVEL = 1
_OPTIMIZED_SAMPLES = 200_000_000
"""Optimal Huffman tables save a twelfth of a JPEG, but need twice the picture's memory: not for the largest."""

_CLOSE_ENOUGH = 16.0
_REDUCTION = 8
"""A JPEG is decoded again at an eighth: every byte of it is still read, at a third of the time."""


class CheckError(ValueError):
    """The written file does not decode to what was to be written."""


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a page must decode to.

    Args:
        width: In pixels.
        height: In pixels.
        checksum: CRC-32 of the samples, for formats without loss.
        small: A copy reduced by `_REDUCTION`, H×W×3 uint8, for the others.
    """

    width: int
    height: int
    checksum: int = 0
    small: NDArray[Any] | None = None


def lossless_fingerprint(pixels: NDArray[Any], alpha: NDArray[Any] | None) -> Fingerprint:
    """The fingerprint of a page that must decode to exactly these samples."""
    return Fingerprint(pixels.shape[1], pixels.shape[0], checksum(pixels, alpha))


def lossy_fingerprint(pixels: NDArray[Any]) -> Fingerprint:
    """The fingerprint of a page that must look like this."""
    height, width = pixels.shape[:2]
    size = -(-width // _REDUCTION), -(-height // _REDUCTION)
    small = cast("NDArray[Any]", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))
    return Fingerprint(width, height, small=small)


def checksum(pixels: NDArray[Any], alpha: NDArray[Any] | None = None) -> int:
    """CRC-32 of colour, then of alpha, row by row."""
    total = 0
    for plane in (pixels, alpha):
        if plane is not None:
            for rows in strips(plane):
                total = zlib.crc32(np.ascontiguousarray(plane[rows]).data, total)
    return total


def encode_jpeg(
    pixels: NDArray[Any], metadata: Metadata, quality: int
) -> tuple[list[bytes | memoryview], tuple[str, ...]]:
    """A JPEG in pieces: full-resolution colour from quality 90 on, half below."""
    subsampling = "444" if quality >= _FULL_COLOUR_QUALITY else "420"
    optimize = pixels.size <= _OPTIMIZED_SAMPLES
    encoded = imagecodecs.jpeg8_encode(
        np.ascontiguousarray(pixels), quality, subsampling=subsampling, optimize=optimize
    )
    return with_segments(cast("bytes", encoded), metadata, srgb_profile())


def encode_png(pixels: NDArray[Any], alpha: NDArray[Any] | None, metadata: Metadata) -> list[bytes | memoryview]:
    """A PNG in pieces. On photos, Paeth's filter with run lengths packs as tightly as zlib's best and far quicker."""
    whole = pixels if alpha is None else np.dstack([pixels, alpha])
    encoded = imagecodecs.png_encode(
        np.ascontiguousarray(whole),
        _PNG_LEVEL,
        strategy=imagecodecs.PNG.STRATEGY.RLE,
        filter=imagecodecs.PNG.FILTER.PAETH,
    )
    return with_chunks(cast("bytes", encoded), metadata, srgb_profile())


def encode_webp(pixels: NDArray[Any], alpha: NDArray[Any] | None, metadata: Metadata, quality: int) -> bytes:
    """A WebP."""
    whole = pixels if alpha is None else np.dstack([pixels, alpha])
    encoded = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(whole)).save(
        encoded,
        "WEBP",
        quality=quality,
        method=4,
        exact=True,
        icc_profile=srgb_profile(),
        exif=metadata.exif or b"",
        xmp=metadata.xmp or b"",
    )
    return encoded.getvalue()


def check(path: Path, format_name: str, pages: list[Fingerprint]) -> None:
    """Decodes a written file again and compares it with what was to be written.

    Raises:
        CheckError: If a page differs. Decoders raise their own errors where a page is damaged.
    """
    if format_name == "TIFF":
        with tifffile.TiffFile(path) as file:
            if len(file.pages) != len(pages):
                raise CheckError("pages are missing")
            for page, expected in zip(file.pages, pages, strict=True):
                _compare_samples(page.asarray(squeeze=False, maxworkers=1)[0, 0], expected)
    elif format_name == "PNG":
        _compare_samples(imagecodecs.png_decode(path.read_bytes()), pages[0])
    else:
        _compare_looks(path.read_bytes(), format_name, pages[0])


def _compare_samples(decoded: NDArray[Any], expected: Fingerprint) -> None:
    """Compares without tolerance."""
    if decoded.shape[:2] != (expected.height, expected.width):
        raise CheckError("the size is wrong")
    alpha = decoded[..., 3] if decoded.shape[2] == 4 else None
    if checksum(decoded[..., :3], alpha) != expected.checksum:
        raise CheckError("the pixels are wrong")


def _compare_looks(content: bytes, format_name: str, expected: Fingerprint) -> None:
    """Compares as far as a lossy format allows."""
    image = open_image(content, format_name.upper())
    if image.size != (expected.width, expected.height):
        raise CheckError("the size is wrong")
    expected_small = cast("NDArray[Any]", expected.small)
    size = (expected_small.shape[1], expected_small.shape[0])
    image.draft("RGB", size)
    decoded = to_8(np.asarray(image.convert("RGB")))
    small = cast("NDArray[Any]", cv2.resize(decoded, size, interpolation=cv2.INTER_AREA))
    difference = float(np.mean(cv2.absdiff(small, expected_small)))
    if difference > _CLOSE_ENOUGH:
        raise CheckError("the picture is not the one that was to be saved")
