"""Exact luma: a JPEG made of a JPEG whose brightness is not compressed a second time.

The source's luma coefficients and their quantisation table are put into the new file bit for bit; only Cb and Cr are
new, at half resolution. So the grey original can be taken out of the coloured file again (`recover_photo`). Blocks
cannot be turned without a loss where a picture's sides are no multiples of theirs, so the picture stays as it is
stored, and the orientation stays a tag. The file is baseline and has no restart markers, whatever the source had: these
are ways to pack the same coefficients.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import cv2
import imagecodecs
import numpy as np

from engine.errors import SaveError
from engine.photo._chroma import chroma_of, chroma_table, coefficients, seen
from engine.photo._coefficients import CoefficientsError, Planes, frame_of, has_end, read_planes, write_planes
from engine.photo._depth import to_8
from engine.photo._encode import CheckError, Fingerprint
from engine.photo._jpeg import JpegReader
from engine.photo._profile import to_srgb
from engine.photo._samples import Space
from engine.photo._source import open_source
from engine.photo._upright import upright

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.photo._picture import Photo
    from engine.photo._source import Source

ADVICE = "Its lightness can be kept instead, with --luma lightness."

_HUFFMAN = frozenset({0xC0, 0xC1, 0xC2})
_ARITHMETIC = frozenset({0xC9, 0xCA})
_CLOSE_ENOUGH = 1
"""Levels by which a profile may move a grey, or a pixel differ from the same file decoded earlier."""
_REDUCTION, _SMALL = 8, 256


@dataclass(frozen=True, slots=True, eq=False)
class ExactJpeg:
    """A JPEG with another's luma.

    Args:
        encoded: The file without metadata.
        planes: Its coefficients.
        pixels: The coloured picture as stored, H×W×3.
        orientation: The tag that turns it upright, 1–8.
        fingerprint: What the file must look like.
    """

    encoded: bytes
    planes: Planes
    pixels: NDArray[np.uint8]
    orientation: int
    fingerprint: Fingerprint

    def check(self, path: Path) -> None:
        """Reads the coefficients of the written file back.

        Raises:
            CheckError: If they are not as they must be.
            CoefficientsError: If they cannot be read.
        """
        found = read_planes(path.read_bytes()).planes
        if len(found) != 3 or not all(one.equals(other) for one, other in zip(found, self.planes.planes, strict=True)):
            raise CheckError("the coefficients are wrong")


def exact_luma_obstacle(path: Path) -> str:
    """Why the luma of a file cannot be kept exactly, from its header alone; empty where nothing speaks against it.

    Raises:
        PhotoError: As `read_header`.
    """
    with open_source(path) as source:
        return _obstacle(source)


def luma_of(content: bytes) -> NDArray[np.uint8]:
    """The luma of a grey or YCbCr JPEG, H×W as stored."""
    decoded = cast("NDArray[np.uint8]", imagecodecs.jpeg8_decode(content, outcolorspace="gray"))
    return decoded.reshape(decoded.shape[:2])


def exact_jpeg(destination: Path, source: Photo, colored: NDArray[Any], quality: int) -> ExactJpeg:
    """Gives a photo's own luma new chroma.

    Args:
        destination: The new file, for errors.
        source: The photo, whose file is read again.
        colored: H×W×3 sRGB, upright, uint8 or uint16.
        quality: Of the new chroma, 1–100.

    Raises:
        SaveError: If the luma of this file cannot be kept.
        PhotoError: If the file can no longer be read.
    """
    with open_source(source.path) as file:
        obstacle = _obstacle(file)
        if obstacle:
            raise SaveError(destination, obstacle, ADVICE)
        orientation = JpegReader(file).header.orientation
        content = file.content()
        if not has_end(content):
            raise SaveError(destination, "its file is cut off, so that there is no whole luma to keep.", ADVICE)
        luma = luma_of(content)
    _check_same(destination, source, luma, orientation)
    pixels = stored(to_8(colored), orientation)
    chroma = chroma_of(luma, pixels)
    table = chroma_table(quality)
    height, width = luma.shape
    try:
        kept = read_planes(content, luma_only=True).planes
        planes = Planes(width, height, (*kept, *(coefficients(plane, table) for plane in chroma)))
        encoded = write_planes(planes)
    except CoefficientsError as error:
        raise SaveError(destination, f"its luma cannot be kept exactly: {error}.", ADVICE) from error
    if not np.array_equal(luma_of(encoded), luma):
        # Decoders fill in what is missing, and the same coefficients without the damage look different.
        raise SaveError(destination, "its luma cannot be kept exactly: the file is damaged.", ADVICE)
    # Of small pictures a reduced decoding shows too much of what fills the blocks at their edges.
    reduction = _REDUCTION if min(width, height) >= _SMALL else 1
    small = seen(luma, chroma, (-(-width // reduction), -(-height // reduction)))
    return ExactJpeg(encoded, planes, pixels, orientation, Fingerprint(width, height, small=small))


def stored(pixels: NDArray[Any], orientation: int) -> NDArray[Any]:
    """An upright picture turned back to how it is stored: quarter turns undo one another, all else undoes itself."""
    return upright(pixels, {6: 8, 8: 6}.get(orientation, orientation))


def _obstacle(source: Source) -> str:
    """Why the luma of an open file cannot be kept."""
    if source.format != "JPEG":
        return f"only a JPEG has luma that can be kept exactly, and it is a {source.format}."
    frame = frame_of(source.at)
    if frame is None:
        return "its headers are damaged."
    if frame.marker not in _HUFFMAN | _ARITHMETIC:
        return "it is a JPEG of a rare kind (lossless or hierarchical), whose luma cannot be kept exactly."
    if frame.precision != 8:
        return f"it is a JPEG of {frame.precision} bits, whose luma cannot be kept exactly."
    if len(frame.sampling) not in (1, 3) or frame.rgb:
        return f"its colours are {'RGB' if frame.rgb else 'inks (CMYK)'}, so that it has no luma to keep."
    if frame.sampling[0] != tuple(map(max, *frame.sampling, (0, 0))):
        return "its luma is stored at less than full resolution."
    ramp = np.arange(256, dtype=np.uint8)[None]
    shown, _ = to_srgb(ramp, Space.GREY, JpegReader(source).header.icc)
    if int(cv2.absdiff(shown, ramp).max()) > _CLOSE_ENOUGH:
        return "its colour profile gives greys another brightness than sRGB, which the coloured file will have."
    return ""


def _check_same(destination: Path, source: Photo, luma: NDArray[np.uint8], orientation: int) -> None:
    """Refuses a file that was changed since the photo was read from it: colours of one, luma of the other."""
    known = stored(source.pixels, orientation)
    same = known.shape[:2] == luma.shape and known.dtype == np.uint8
    if same and known.ndim == 2:
        same = int(cv2.absdiff(known, luma).max()) <= _CLOSE_ENOUGH
    elif same:
        # Colours may have gone through a profile, and clipping in them moves their luma.
        grey = cv2.cvtColor(known, cv2.COLOR_RGB2GRAY)
        same = float(np.mean(cv2.absdiff(grey, luma))) <= 16 * _CLOSE_ENOUGH
    if not same:
        raise SaveError(destination, "its source was changed while it was worked on.", "Run the same command again.")
