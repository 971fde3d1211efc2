"""What of a photo's metadata goes into the coloured file, made true for it, and what its format cannot hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import cv2
import imagecodecs

from engine.photo._depth import to_8
from engine.photo._exif import ORIENTATION, build
from engine.photo._exif import renewed as renewed_exif
from engine.photo._ifd import SHORT, Layout, new_entry
from engine.photo._iptc import renewed as renewed_iptc
from engine.photo._jpeg import LONGEST_XMP
from engine.photo._upright import turns_sideways
from engine.photo._xmp import XMP_LEFT_OUT, XmpError, unmarked
from engine.photo._xmp import renewed as renewed_xmp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from engine.photo._picture import Metadata, Photo

_THUMBNAIL_SIDE = 160


def carried(
    photo: Photo,
    pixels: NDArray[Any],
    format_name: str,
    *,
    mark: bool,
    model: str,
    orientation: int = 1,
    luma: str = "",
) -> tuple[Metadata, tuple[str, ...]]:
    """Metadata for a coloured file.

    Args:
        photo: The source.
        pixels: H×W×3, its coloured picture as it will lie in the file; the new thumbnail is made of it.
        format_name: The file's format.
        mark: Whether the file says that its colours are synthetic.
        model: The id of the model that coloured it.
        orientation: How that picture is to be turned, 1–8; 1 is upright.
        luma: The digest of the photo's luma, where it is kept exactly.

    Returns:
        The metadata, and notes about what is left out.
    """
    old = photo.metadata
    height, width = pixels.shape[:2]
    notes: list[str] = []

    def xmp_of(packet: bytes | None) -> bytes | None:
        return renewed_xmp(
            packet, width=width, height=height, mark=mark, model=model, orientation=orientation, luma=luma
        )

    try:
        xmp = xmp_of(old.xmp)
    except XmpError:
        notes.append(XMP_LEFT_OUT)
        xmp = xmp_of(None)
    if format_name == "JPEG" and old.xmp is not None and xmp is not None and len(xmp) > LONGEST_XMP:
        notes.append("the photo's own XMP data are too long for a JPEG and left out")
        xmp = xmp_of(None)
    iptc = None if old.iptc is None else renewed_iptc(old.iptc) or None
    dpi = old.dpi
    if dpi is not None and turns_sideways(orientation):
        dpi = dpi[1], dpi[0]
    new = replace(old, exif=_renewed_exif(old.exif, pixels, orientation), xmp=xmp, iptc=iptc, dpi=dpi)
    return _fitting(new, format_name, notes)


def uncarried(metadata: Metadata, pixels: NDArray[Any], orientation: int) -> Metadata:
    """Metadata for the grey original that is taken out of a coloured file again: without the mark, with its thumbnail.

    Args:
        metadata: What the coloured file carries.
        pixels: H×W, the grey picture as it will lie in the file.
        orientation: How it is to be turned, 1–8.
    """
    xmp = None if metadata.xmp is None else unmarked(metadata.xmp)
    return replace(metadata, exif=_renewed_exif(metadata.exif, pixels, orientation), xmp=xmp)


def _renewed_exif(exif: bytes | None, pixels: NDArray[Any], orientation: int) -> bytes | None:
    """An EXIF block as it holds for a picture that is stored turned; made where there is none to say so."""
    height, width = pixels.shape[:2]
    if exif is not None:
        return renewed_exif(exif, width, height, _thumbnails(pixels), orientation)
    if orientation == 1:
        return None
    layout = Layout("<")
    return build(layout, [new_entry(layout, ORIENTATION, SHORT, orientation)], [], [])


def _fitting(metadata: Metadata, format_name: str, notes: list[str]) -> tuple[Metadata, tuple[str, ...]]:
    """Leaves out what a format has no place for, and says so."""
    texts = [kind for kind, _ in metadata.png_chunks if kind != b"tIME"]
    if format_name != "PNG" and metadata.png_chunks:
        metadata = replace(metadata, png_chunks=())
        if texts:
            notes.append(f"{len(texts)} text entries of the PNG are left out: {format_name} has no place for them")
    if format_name in ("TIFF", "WebP") and metadata.comment is not None:
        metadata = replace(metadata, comment=None)
        notes.append(f"the comment is left out: {format_name} has no place for it")
    if format_name == "WebP" and metadata.iptc is not None:
        metadata = replace(metadata, iptc=None)
        notes.append("the IPTC data are left out: WebP has no place for them")
    if format_name == "WebP" and metadata.dpi is not None and metadata.exif is None:
        notes.append("the resolution is left out: WebP has no place for it")
    return metadata, tuple(notes)


def _thumbnails(pixels: NDArray[Any]) -> Iterator[bytes]:
    """JPEG thumbnails, each smaller in bytes than the one before."""
    for side, quality in ((_THUMBNAIL_SIDE, 88), (_THUMBNAIL_SIDE, 75), (_THUMBNAIL_SIDE, 55), (96, 50), (64, 40)):
        height, width = pixels.shape[:2]
        scale = min(side / max(height, width), 1.0)
        size = max(round(width * scale), 1), max(round(height * scale), 1)
        small = to_8(cast("NDArray[Any]", cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)))
        yield bytes(imagecodecs.jpeg8_encode(small, quality, optimize=True))
