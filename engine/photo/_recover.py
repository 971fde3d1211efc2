"""The grey original, taken out of a coloured JPEG whose luma was kept exactly."""

from __future__ import annotations

import itertools
import os
import re
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import SaveError, UnreadablePhotoError, UnsupportedPhotoError
from engine.photo._atomic import new_file
from engine.photo._carry import uncarried
from engine.photo._coefficients import CoefficientsError, Planes, frame_of, has_end, read_planes, write_planes
from engine.photo._encode import CheckError
from engine.photo._exact import luma_of
from engine.photo._jpeg import JpegReader, with_segments
from engine.photo._limits import check_size
from engine.photo._source import cut_off, open_source
from engine.photo._xmp import exact_lumas

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.photo._source import Source

_COLOR_NAME = re.compile(r"(.+?)-color(-\d+)?")


def recover_photo(path: Path, folder: Path) -> Path:
    """Writes the grey JPEG that a picture was made of, beside nothing it could overwrite.

    It has exactly the luma coefficients and the quantisation table of the original, so it decodes to the same pixels;
    EXIF with the orientation, IPTC and the comment are those of the coloured file, XMP is so without the mark. It has
    no colour profile: its greys are those of sRGB.

    Args:
        path: A JPEG saved with exact luma and the mark.
        folder: Where to; must exist. `x.jpg` and `x-color.jpg` become `x.jpg`, or the next free `x-2.jpg`.

    Returns:
        The file that was written.

    Raises:
        PhotoError: If it is no such picture, was changed since, or cannot be read.
        SaveError: If the original could not be written; nothing is left behind.
    """
    with open_source(path) as source:
        planes, luma, pieces = _taken_out(source)

    def check(written: Path, size: int) -> None:
        content = written.read_bytes()
        whole = len(content) == size and read_planes(content).planes[0].equals(planes.planes[0])
        if not whole or not np.array_equal(luma_of(content), luma):
            raise CheckError("what was written could not be read back whole")

    for destination in _names(path, folder):
        if os.path.lexists(destination):
            continue
        try:
            with new_file(destination, check, replace=False) as file:
                for piece in pieces:
                    file.write(piece)
        except SaveError as error:
            if isinstance(error.__cause__, FileExistsError):
                continue  # it came to be just now
            raise
        return destination
    raise AssertionError("the names never end")


def _taken_out(source: Source) -> tuple[Planes, NDArray[np.uint8], list[bytes | memoryview]]:
    """The luma of an open file, as coefficients, as pixels, and as the pieces of a grey file."""
    path = source.path
    reader = JpegReader(source) if source.format == "JPEG" else None
    digests = exact_lumas(reader.header.metadata.xmp) if reader is not None else ()
    if reader is None or not digests:
        raise UnsupportedPhotoError(
            path, "it does not say that Autochrome made it with exact luma.", "Only such pictures hold their original."
        )
    header = reader.header
    check_size(path, header.width, header.height, None)
    frame = frame_of(source.at)
    content = source.content()
    if not has_end(content):
        raise cut_off(path)
    if frame is None or frame.precision != 8 or len(frame.sampling) != 3 or frame.rgb:
        raise _changed(path)
    reader.check_scans(content)
    luma = luma_of(content)
    try:
        plane = read_planes(content, luma_only=True).planes[0]
        if plane.digest() not in digests:
            raise _changed(path)
        planes = Planes(header.width, header.height, (plane,))
        encoded = write_planes(planes)
    except CoefficientsError as error:
        raise UnreadablePhotoError(path, f"its original cannot be taken out: {error}.") from error
    metadata = uncarried(header.metadata, luma, header.orientation)
    # The profile is one of colours; the greys are sRGB's, which is what a file without one means.
    pieces, _ = with_segments(encoded, metadata, b"")
    return planes, luma, pieces


def _changed(path: Path) -> UnsupportedPhotoError:
    """The error about a picture that another program saved again."""
    return UnsupportedPhotoError(
        path,
        "another program has saved it again since, so that it no longer holds the original exactly.",
        "Use the file that Autochrome wrote, if there is still a copy of it.",
    )


def _names(path: Path, folder: Path) -> Iterator[Path]:
    """The names to try, the best first; endless."""
    match = _COLOR_NAME.fullmatch(path.stem)
    stem = match.group(1) if match else path.stem
    yield folder / f"{stem}.jpg"
    for number in itertools.count(2):
        yield folder / f"{stem}-{number}.jpg"
