"""Saving: from coloured pixels to a file that is whole, true about itself, and never written over another."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Literal

import numpy as np

from engine.errors import SaveError
from engine.photo._atomic import new_file
from engine.photo._carry import carried
from engine.photo._depth import to_8
from engine.photo._encode import (
    Fingerprint,
    check,
    encode_jpeg,
    encode_png,
    encode_webp,
    lossless_fingerprint,
    lossy_fingerprint,
)
from engine.photo._exact import ADVICE as EXACT_ADVICE
from engine.photo._exact import ExactJpeg, exact_jpeg
from engine.photo._jpeg import with_segments
from engine.photo._picture import Metadata
from engine.photo._profile import srgb_profile
from engine.photo._read import on_white
from engine.photo._tiff_writer import BIG, TiffWriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.photo._picture import Photo

OutputFormat = Literal["JPEG", "PNG", "TIFF", "WebP"]
FormatChoice = Literal["same", "jpeg", "png", "tiff", "webp"]
"""What a user asks for; `same` is the source's format where it can hold the colours (`natural_format`)."""

Luma = Literal["lightness", "exact"]
"""What of the photo stays: its lightness L*, or a JPEG's own luma (Y of YCbCr), bit for bit as it lies in the file."""

_CHOICES: dict[str, OutputFormat] = {"jpeg": "JPEG", "png": "PNG", "tiff": "TIFF", "webp": "WebP"}

_SUFFIXES: dict[OutputFormat, str] = {"JPEG": ".jpg", "PNG": ".png", "TIFF": ".tif", "WebP": ".webp"}
_LONGEST_SIDE: dict[str, int] = {"JPEG": 65_500, "WebP": 16_383}


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveOptions:
    """How to save a coloured photo."""

    format: OutputFormat | FormatChoice
    """The file's format."""

    quality: int = 92
    """1–100, for JPEG and WebP. JPEG keeps colour at full resolution from 90 on; with exact luma it has half of it."""

    mark: bool = True
    """Whether the file says, in XMP, that its colours are synthetic and what made them."""

    model: str = ""
    """The id of the model that made the colours, for the mark."""

    metadata: bool = True
    """Whether what the photo brought along goes with it: EXIF with its places and dates, XMP, IPTC, comments. Without,
    the file holds the resolution, and the mark, alone."""

    luma: Luma = "lightness"
    """`exact` for JPEGs made of JPEGs: the source's luma coefficients and their quantisation table stay as they are,
    the picture stays as it is stored, and its orientation a tag. The source's file is read again; where this cannot be
    is said by `exact_luma_obstacle`."""


def output_format(source_format: str, *, bit_depth: int = 8, has_alpha: bool = False) -> OutputFormat:
    """The format of the output where the user asks for the same as the source's.

    Args:
        source_format: `Photo.format`.
        bit_depth: `Photo.bit_depth`.
        has_alpha: Whether the photo has transparent parts.

    Returns:
        The source's format where it can hold the colours; else the nearest that can: BMP and GIF become PNG, RAW
        becomes TIFF, HEIC and AVIF become JPEG, or PNG where they have alpha.
    """
    same: dict[str, OutputFormat] = {"JPEG": "JPEG", "PNG": "PNG", "TIFF": "TIFF", "WebP": "WebP", "RAW": "TIFF"}
    if source_format in same:
        return same[source_format]
    if source_format in ("HEIC", "AVIF"):
        return "PNG" if has_alpha or bit_depth > 8 else "JPEG"
    return "PNG"


def natural_format(photo: Photo) -> OutputFormat:
    """The output format that a photo would have by itself."""
    return output_format(photo.format, bit_depth=photo.bit_depth, has_alpha=photo.alpha is not None)


def chosen_format(choice: OutputFormat | FormatChoice, natural: OutputFormat) -> OutputFormat:
    """The output format that a choice means.

    Args:
        choice: What was asked for.
        natural: What `same` means.
    """
    return natural if choice == "same" else _CHOICES.get(choice.lower(), natural)


def format_suffix(format: OutputFormat) -> str:
    """The suffix, with its dot, of files of an output format."""
    return _SUFFIXES[format]


def save_photo(
    destination: Path,
    colored: Iterable[NDArray[Any]],
    sources: Sequence[Photo],
    options: SaveOptions,
    *,
    replace: bool = False,
) -> tuple[str, ...]:
    """Saves a coloured photo: written beside its destination, synced, decoded again and compared, then moved there.

    Args:
        destination: The file; its folder must exist. Its suffix is not looked at.
        colored: One H×W×3 sRGB picture a page, uint8 or uint16, upright; taken one by one.
        sources: The photos that they were made of, in the same order; alpha and metadata come from them.
        options: Format, quality and mark.
        replace: Whether a file that is already there is replaced; otherwise that is an error.

    Returns:
        Remarks for the report: what was reduced or left out because the format cannot hold it.

    Raises:
        SaveError: If it could not be saved; nothing is left behind. An OSError that caused it is its `__cause__`.
    """
    natural = natural_format(sources[0]) if sources else "TIFF"
    options = dataclasses.replace(options, format=chosen_format(options.format, natural))
    if options.format != "TIFF" and len(sources) != 1:
        raise SaveError(
            destination, f"{options.format} holds one page, not {len(sources)}.", "Save it as TIFF, or page by page."
        )
    if options.luma == "exact" and options.format != "JPEG":
        cause = f"only a JPEG can keep luma exactly, and it was to become a {options.format}."
        raise SaveError(destination, cause, EXACT_ADVICE)
    fingerprints: list[Fingerprint] = []
    notes: list[str] = []
    exact: list[ExactJpeg] = []

    def check_written(path: Path, size: int) -> None:
        if path.stat().st_size != size:
            raise _not_whole(destination)
        try:
            check(path, options.format, fingerprints)
            for picture in exact:
                picture.check(path)
        except Exception as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise _not_whole(destination) from error

    with new_file(destination, check_written, replace=replace) as file:
        pages = _paired(destination, colored, sources)
        if options.luma == "exact":
            exact.append(_write_exact(file, destination, *next(pages), options, notes))
            fingerprints.append(exact[0].fingerprint)
            next(pages, None)
        elif options.format == "TIFF":
            _write_tiff(file, pages, sources, options, fingerprints, notes)
        else:
            _write_single(file, destination, *next(pages), options, fingerprints, notes)
            next(pages, None)
    return tuple(dict.fromkeys(notes))


def _not_whole(destination: Path) -> SaveError:
    """The error about a file that did not decode to what was written."""
    return SaveError(destination, "what was written could not be read back whole.", "Check the disk and try again.")


def _paired(
    destination: Path, colored: Iterable[NDArray[Any]], sources: Sequence[Photo]
) -> Iterator[tuple[NDArray[Any], Photo]]:
    """Each coloured picture with its source, as long as they belong together."""
    pictures = iter(colored)
    for source in sources:
        pixels = next(pictures, None)
        if pixels is None:
            raise SaveError(destination, "fewer pictures than pages were given.")
        if pixels.shape != (source.height, source.width, 3) or pixels.dtype.name not in ("uint8", "uint16"):
            raise SaveError(destination, "the coloured picture does not have the size or the depth of its source.")
        yield pixels, source
    if next(pictures, None) is not None:
        raise SaveError(destination, "more pictures than pages were given.")


def _write_single(
    file: IO[bytes],
    destination: Path,
    pixels: NDArray[Any],
    source: Photo,
    options: SaveOptions,
    fingerprints: list[Fingerprint],
    notes: list[str],
) -> None:
    """Writes a JPEG, PNG or WebP."""
    longest = _LONGEST_SIDE.get(options.format)
    if longest is not None and max(pixels.shape) > longest:
        cause = f"{options.format} holds {longest:,} pixels a side; this photo has {max(pixels.shape):,}."
        raise SaveError(destination, cause, "Save it as PNG or TIFF.")
    alpha = source.alpha
    if options.format != "PNG" and pixels.dtype != np.uint8:
        notes.append(f"16 bits reduced to 8: {options.format} has no more")
        pixels = to_8(pixels)
    if alpha is not None:
        alpha = _as_deep(alpha, pixels)
    if options.format == "JPEG" and alpha is not None:
        notes.append("alpha flattened onto white: JPEG has none")
        pixels, alpha = on_white(pixels, alpha), None
    metadata, left_out = _carried(source, pixels, options)
    notes += left_out
    pieces: list[bytes | memoryview]
    if options.format == "PNG":
        fingerprints.append(lossless_fingerprint(pixels, alpha))
        pieces = encode_png(pixels, alpha, metadata)
    elif options.format == "WebP":
        fingerprints.append(lossy_fingerprint(pixels))
        pieces = [encode_webp(pixels, alpha, metadata, options.quality)]
    else:
        fingerprints.append(lossy_fingerprint(pixels))
        pieces, left_out = encode_jpeg(pixels, metadata, options.quality)
        notes += left_out
    for piece in pieces:
        file.write(piece)


def _write_exact(
    file: IO[bytes], destination: Path, pixels: NDArray[Any], source: Photo, options: SaveOptions, notes: list[str]
) -> ExactJpeg:
    """Writes a JPEG with the luma of its source."""
    picture = exact_jpeg(destination, source, pixels, options.quality)
    metadata, left_out = _carried(
        source, picture.pixels, options, orientation=picture.orientation, luma=picture.planes.planes[0].digest()
    )
    pieces, also = with_segments(picture.encoded, metadata, srgb_profile())
    notes += (*left_out, *also)
    for piece in pieces:
        file.write(piece)
    return picture


def _write_tiff(
    file: IO[bytes],
    pages: Iterator[tuple[NDArray[Any], Photo]],
    sources: Sequence[Photo],
    options: SaveOptions,
    fingerprints: list[Fingerprint],
    notes: list[str],
) -> None:
    """Writes a TIFF, page by page."""
    blocks = [source.metadata.exif for source in sources if source.metadata.exif is not None]
    order = ">" if blocks and blocks[0].startswith(b"MM") else "<"
    most = sum(source.width * source.height * (3 + (source.alpha is not None)) * 2 for source in sources)
    writer = TiffWriter(file, order, big=most > BIG)
    for number, (pixels, source) in enumerate(pages):
        alpha = None if source.alpha is None else _as_deep(source.alpha, pixels)
        metadata, left_out = _carried(source, pixels, options)
        fingerprints.append(lossless_fingerprint(pixels, alpha))
        notes += left_out
        notes += writer.write_page(pixels, alpha, metadata, (number, len(sources)))


def _carried(
    source: Photo, pixels: NDArray[Any], options: SaveOptions, *, orientation: int = 1, luma: str = ""
) -> tuple[Metadata, tuple[str, ...]]:
    """The metadata of a page in the coloured file, and notes about what is left out for want of a place."""
    if not options.metadata:
        source = dataclasses.replace(source, metadata=Metadata(dpi=source.metadata.dpi))
    return carried(
        source,
        pixels,
        options.format,
        mark=options.mark,
        model=options.model,
        orientation=orientation,
        luma=luma,
    )


def _as_deep(alpha: NDArray[Any], pixels: NDArray[Any]) -> NDArray[Any]:
    """Alpha at the depth of the coloured picture."""
    if alpha.dtype == pixels.dtype:
        return alpha
    return to_8(alpha) if pixels.dtype == np.uint8 else alpha.astype(np.uint16) * np.uint16(257)
