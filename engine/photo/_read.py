"""Reading: from a path to an upright sRGB photo."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from engine.errors import EngineError, UnreadablePhotoError
from engine.photo._depth import strips, to_8
from engine.photo._kind import is_grey_in_three_channels, kind_of
from engine.photo._limits import check_size
from engine.photo._picture import Metadata, Photo, PhotoHeader, SourceKind
from engine.photo._profile import to_srgb
from engine.photo._samples import Header, Reader, Samples, Space
from engine.photo._source import Source, note_of_name, open_source
from engine.photo._upright import turns_sideways, upright
from engine.photo._xmp import is_ours

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

_CAN_BE_MARKED = frozenset({"JPEG", "PNG", "TIFF", "WebP"})


def count_pages(path: Path) -> int:
    """How many pages a file has: more than one only in TIFF; the frames of an animation are no pages.

    Raises:
        PhotoError: As `read_photo`.
    """
    with open_source(path) as source:
        return _reader(source, 0).header.page_count


def read_header(path: Path, page: int = 0) -> PhotoHeader:
    """Reads what a file says of one page, and no pixels.

    Args:
        path: The file; its content decides the format.
        page: Which page, from 0.

    Raises:
        PhotoError: As `read_photo`, but for what only the pixels would tell.
    """
    with open_source(path) as source:
        header = _reader(source, page).header
        width, height = header.width, header.height
        if turns_sideways(header.orientation):
            width, height = height, width
        return PhotoHeader(
            width=width,
            height=height,
            page_count=header.page_count,
            format=source.format,
            bit_depth=header.bit_depth,
        )


def read_photo(path: Path, *, page: int = 0, salvage: bool = False, pixel_limit: int | None = None) -> Photo:
    """Reads one page of a picture file, whole, upright and in sRGB.

    Args:
        path: The file; its content decides the format.
        page: Which page, from 0.
        salvage: Whether to use what is left of a file that is cut off; a note then says so.
        pixel_limit: The most pixels allowed; `default_pixel_limit()` if None.

    Raises:
        UnreadablePhotoError: If the file is missing, empty, damaged, cut off, or no picture.
        UnsupportedPhotoError: If its format is not read, or needs an extra.
        PhotoTooLargeError: If it has more pixels than allowed; told before any memory is taken.
    """
    with open_source(path) as source:
        return _read(source, page, salvage=salvage, pixel_limit=pixel_limit)


def read_pages(path: Path, *, salvage: bool = False, pixel_limit: int | None = None) -> Iterator[Photo]:
    """Reads every page of a file, one after the other; one photo unless it is a TIFF of several pages.

    Args:
        path: The file.
        salvage: As in `read_photo`.
        pixel_limit: As in `read_photo`.

    Yields:
        The pages in order.

    Raises:
        PhotoError: As `read_photo`, when the page is reached.
    """
    count = count_pages(path)
    for page in range(count):
        yield read_photo(path, page=page, salvage=salvage, pixel_limit=pixel_limit)


def read_thumbnail(path: Path, size: int) -> NDArray[np.uint8]:
    """A small upright picture, as quickly as the format allows; JPEGs are decoded at a fraction of their size.

    Args:
        path: The file. A file that is cut off gives what is left.
        size: The longer side in pixels; smaller pictures are not enlarged.

    Returns:
        H×W×3 sRGB; transparent parts are white.

    Raises:
        PhotoError: As `read_photo`.
    """
    with open_source(path) as source:
        reader = _reader(source, 0)
        check_size(path, reader.header.width, reader.header.height, None)
        samples = _reduced(reader.decode_draft(size), size)
        pixels, alpha, _ = _display(samples, reader.header)
    rgb = to_8(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2))
    return rgb if alpha is None else on_white(rgb, to_8(alpha))


def is_marked(path: Path) -> bool:
    """Whether a file says that this program coloured it. Reads metadata only; False for what cannot be read."""
    try:
        with open_source(path) as source:
            return source.format in _CAN_BE_MARKED and is_ours(_reader(source, 0).header.metadata.xmp)
    except EngineError:
        return False


def on_white(pixels: NDArray[Any], alpha: NDArray[Any]) -> NDArray[Any]:
    """A picture laid on white paper.

    Args:
        pixels: H×W×3, uint8 or uint16.
        alpha: H×W of the same dtype, not premultiplied.
    """
    full = int(np.iinfo(pixels.dtype).max)
    result = np.empty_like(pixels)
    for rows in strips(pixels):
        opacity = alpha[rows, :, None].astype(np.uint32)
        result[rows] = (pixels[rows] * opacity + full * (full - opacity) + full // 2) // full
    return result


def _reader(source: Source, page: int) -> Reader:
    """The reader of a file's format, with its header read."""
    if source.format == "JPEG":
        from engine.photo._jpeg import JpegReader as Chosen
    elif source.format == "PNG":
        from engine.photo._png import PngReader as Chosen
    elif source.format == "TIFF":
        from engine.photo._tiff import TiffReader as Chosen
    elif source.format == "HEIC":
        from engine.photo._raw import HeicReader as Chosen
    elif source.format == "RAW":
        from engine.photo._raw import RawReader as Chosen
    else:
        from engine.photo._pillow import PillowReader as Chosen
    reader = Chosen(source, page)
    if not 0 <= page < reader.header.page_count:
        raise UnreadablePhotoError(source.path, f"it has no page {page + 1}, only {reader.header.page_count}.")
    if reader.header.width < 1 or reader.header.height < 1:
        raise UnreadablePhotoError(source.path, "the file is damaged: it states no size.")
    return reader


def _read(source: Source, page: int, *, salvage: bool, pixel_limit: int | None) -> Photo:
    """Reads one page of an open file."""
    reader = _reader(source, page)
    header = reader.header
    check_size(source.path, header.width, header.height, pixel_limit)
    samples = reader.decode(salvage=salvage)
    pixels, alpha, notes = _display(samples, header)
    kind = kind_of(pixels, header.bit_depth)
    told = (*note_of_name(source), *header.notes, *samples.notes, *notes)
    if header.page_count > 1:
        told = (f"page {page + 1} of {header.page_count}", *told)
    return Photo(
        path=source.path,
        pixels=pixels,
        alpha=alpha,
        page=page,
        page_count=header.page_count,
        format=source.format,
        bit_depth=header.bit_depth,
        source_kind=kind,
        metadata=_of_upright(header.metadata, header.orientation),
        notes=(*told, "bitonal") if kind is SourceKind.BITONAL else told,
    )


def _display(samples: Samples, header: Header) -> tuple[NDArray[Any], NDArray[Any] | None, tuple[str, ...]]:
    """Upright sRGB pixels and alpha, and notes."""
    if samples.space is Space.RGB and is_grey_in_three_channels(samples.pixels):
        samples = replace(samples, space=Space.GREY, pixels=np.ascontiguousarray(samples.pixels[..., 0]))
    pixels, notes = to_srgb(samples.pixels, samples.space, header.icc)
    alpha = None if samples.alpha is None else upright(samples.alpha, header.orientation)
    if alpha is not None and alpha.dtype != pixels.dtype:
        alpha = to_8(alpha) if pixels.dtype == np.uint8 else alpha.astype(np.uint16) * np.uint16(257)
    return upright(pixels, header.orientation), alpha, notes


def _of_upright(metadata: Metadata, orientation: int) -> Metadata:
    """Metadata as they hold for the upright picture (EXIF and XMP are corrected when they are written)."""
    if metadata.dpi is None or not turns_sideways(orientation):
        return metadata
    return replace(metadata, dpi=(metadata.dpi[1], metadata.dpi[0]))


def _reduced(samples: Samples, size: int) -> Samples:
    """Samples reduced to at most `size` pixels on the longer side."""
    height, width = samples.pixels.shape[:2]
    scale = size / max(height, width)
    if scale >= 1.0:
        return samples
    target = max(round(width * scale), 1), max(round(height * scale), 1)

    def shrunk(plane: NDArray[Any]) -> NDArray[Any]:
        return cast("NDArray[Any]", cv2.resize(plane, target, interpolation=cv2.INTER_AREA))

    return replace(
        samples, pixels=shrunk(samples.pixels), alpha=None if samples.alpha is None else shrunk(samples.alpha)
    )
