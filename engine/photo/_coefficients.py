"""A JPEG's DCT coefficients: taken out of a file and put into one without a loss, through jpeglib.

Of jpeglib only the functions in C are called. Its Python layer prints to stdout and leaves a temporary file behind when
a file cannot be read, and collects markers in variables that threads share. The functions in C believe the sizes that
they are given, so they never see the file itself: what they get is put together anew from the segments that its picture
needs, and its one frame header is the one that was looked at here.

Sources: ITU-T T.81 (JPEG), T.871 (JFIF).
"""

from __future__ import annotations

import contextlib
import ctypes
import functools
import hashlib
import os
import struct
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.photo._markers import FRAMES, SCAN, segments

if TYPE_CHECKING:
    from collections.abc import Generator

    from numpy.typing import NDArray

    from engine.photo._ifd import Read

SIDE = 8
"""Samples on a side of a block."""

LARGEST = 1023
"""Of the coefficients that 8 bits can give (T.81, F.1.2.1 and F.1.2.2)."""

_VERSION = "turbo210"
"""The youngest libjpeg in jpeglib: its twenty years of mended faults, and it knows arithmetic coding."""

_NEEDED = frozenset({0xC4, 0xCC, 0xDB, 0xDD, *FRAMES})
_GREY, _YCBCR = 1, 3
_OPTIMIZE = 1 << 6
_ALL = 0xFFFFFFFF


class CoefficientsError(ValueError):
    """The coefficients could not be read or written; the text is a cause in plain words."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a JPEG's headers say of how its picture is coded.

    Args:
        marker: The frame's marker, which is the kind of coding.
        precision: Bits a sample.
        width: In pixels, as stored.
        height: In pixels, as stored.
        sampling: Horizontal and vertical sampling factor of each component.
        rgb: Whether its three components are red, green and blue.
    """

    marker: int
    precision: int
    width: int
    height: int
    sampling: tuple[tuple[int, int], ...]
    rgb: bool


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One component's coefficients.

    Args:
        blocks: Rows × columns × 8 × 8, quantised, int16; in each block vertical frequency × horizontal frequency.
        table: 8 × 8, uint16: what to multiply them by.
    """

    blocks: NDArray[np.int16]
    table: NDArray[np.uint16]

    def equals(self, other: Plane) -> bool:
        """Whether another one is the same to the bit."""
        return np.array_equal(self.blocks, other.blocks) and np.array_equal(self.table, other.table)

    def digest(self) -> str:
        """A SHA-256 of all of it, the same on every machine."""
        total = hashlib.sha256(repr(self.blocks.shape).encode())
        total.update(np.ascontiguousarray(self.table, "<u2").data)
        total.update(np.ascontiguousarray(self.blocks, "<i2").data)
        return total.hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """A picture as coefficients.

    Args:
        width: In pixels, as stored.
        height: In pixels, as stored.
        planes: Luma alone, or luma, Cb and Cr.
    """

    width: int
    height: int
    planes: tuple[Plane, ...]


def frame_of(read: Read) -> Frame | None:
    """Reads the headers of a JPEG.

    Args:
        read: Gives the file's bytes.

    Returns:
        What they say; None where the file ends before they do.
    """
    jfif, adobe, frame = False, -1, None
    for marker, body, _ in segments(read):
        if marker == 0xE0 and body.startswith(b"JFIF\0"):
            jfif = True
        elif marker == 0xEE and body.startswith(b"Adobe") and len(body) >= 12:
            adobe = body[11]
        elif marker in FRAMES and frame is None and len(body) >= 6:
            frame = marker, body
    if frame is None:
        return None
    marker, body = frame
    precision, height, width, count = struct.unpack_from(">BHHB", body)
    parts = [body[6 + 3 * n : 9 + 3 * n] for n in range(count)]
    if not count or len(parts[-1]) < 3:
        return None
    # As libjpeg decides it: JFIF is always YCbCr; else Adobe's word counts; else the components' names.
    rgb = not jfif and (adobe == 0 if adobe >= 0 else bytes(part[0] for part in parts) == b"RGB")
    sampling = tuple((part[1] >> 4, part[1] & 15) for part in parts)
    return Frame(marker, precision, width, height, sampling, rgb and count == 3)


def has_end(content: bytes) -> bool:
    """Whether a JPEG ends as it should; one that does not was cut off."""
    scan = next((at for marker, _, at in segments(_reader(content)) if marker == SCAN), len(content))
    return content.rfind(b"\xff\xd9", scan) >= 0


def read_planes(content: bytes, *, luma_only: bool = False) -> Planes:
    """Takes the coefficients out of a JPEG of 8 bits, grey or YCbCr, whose luma has the full resolution.

    Args:
        content: The whole file, which a decoder has read to its end before.
        luma_only: Whether to leave chroma out.

    Raises:
        CoefficientsError: If they cannot be read.
    """
    frame = frame_of(_reader(content))
    if frame is None or len(frame.sampling) not in (1, 3) or not frame.width or not frame.height:
        raise CoefficientsError("it has no luma that could be read")
    widest, highest = (max(factor[axis] for factor in frame.sampling) for axis in (0, 1))
    wanted = frame.sampling[:1] if luma_only else frame.sampling
    shapes: list[tuple[int, int]] = []
    for across, down in wanted:
        if not across or not down:
            raise CoefficientsError("its sampling factors make no sense")
        shapes.append((_blocks(frame.height * down, highest), _blocks(frame.width * across, widest)))
    blocks = [np.zeros((*shape, SIDE, SIDE), np.int16) for shape in shapes]
    tables = np.zeros((4, SIDE, SIDE), np.uint16)
    places = np.zeros(4, np.int16)
    pointers = [_pointer(each) for each in blocks] + [None] * (4 - len(blocks))
    library = _library()
    with _scratch(_bare(content)) as path:
        name = _c_path(path)
        # The second function dies of headers that libjpeg refuses, the first one tells. There are no markers to read.
        sound = library.read_jpeg_markers(name, (ctypes.c_ubyte * SIDE)())
        if not sound or not library.read_jpeg_dct(name, *pointers, _pointer(tables), _pointer(places)):
            raise CoefficientsError("its coefficients could not be read")
    planes = (Plane(each, tables[place & 3].copy()) for each, place in zip(blocks, places, strict=False))
    return Planes(frame.width, frame.height, tuple(planes))


def write_planes(picture: Planes) -> bytes:
    """A JPEG without metadata: baseline (extended where a table holds more than 8 bits), with its own Huffman tables.

    Args:
        picture: Luma alone, or with chroma at half resolution both ways, whose two planes share a table.

    Raises:
        CoefficientsError: If it cannot be written, for instance because a coefficient is out of range.
    """
    planes = picture.planes
    _check_writable(picture)
    colored = len(planes) == 3
    blocks = [np.ascontiguousarray(plane.blocks, np.int16) for plane in planes]
    tables = np.ascontiguousarray([plane.table for plane in planes[:2]], np.uint16)
    places = np.array([0, 1, 1, -1] if colored else [0, -1, -1, -1], np.int16)
    with _scratch(b"") as path:
        written = _library().write_jpeg_dct(
            None,
            _c_path(path),
            *([_pointer(each) for each in blocks] + [None] * (4 - len(blocks))),
            _integers(picture.height, picture.width),
            _integers(*(number for each in blocks for number in each.shape[:2])),
            _integers(*((2, 2, 1, 1, 1, 1) if colored else (1, 1))),
            _YCBCR if colored else _GREY,
            len(planes),
            _pointer(tables),
            ctypes.c_short(-1),
            _pointer(places),
            0,
            None,
            None,
            None,
            ctypes.c_uint(_OPTIMIZE),
            ctypes.c_uint(_ALL),
        )
        content = path.read_bytes() if written else b""
    if not content.endswith(b"\xff\xd9"):
        raise CoefficientsError("its coefficients could not be written")
    return _with_usual_names(content)


def _check_writable(picture: Planes) -> None:
    """Refuses what the functions in C would write past their own memory for."""
    for plane, share in zip(picture.planes, (1, 2, 2), strict=False):
        rows, columns = _blocks(picture.height, share), _blocks(picture.width, share)
        if (
            plane.blocks.shape != (rows, columns, SIDE, SIDE)
            or plane.table.shape != (SIDE, SIDE)
            or not plane.blocks.size
        ):
            raise CoefficientsError("its luma does not have the size of the picture")
        if int(plane.blocks.min()) < -LARGEST - 1 or int(plane.blocks.max()) > LARGEST:
            raise CoefficientsError("the file is damaged")


def _blocks(size: int, most: int) -> int:
    """How many blocks a component has along an axis (T.81, A.1.1), of its factor times the picture's size."""
    return -(-size // (most * SIDE))


def _reader(content: bytes) -> Read:
    """Bytes as something to read from."""
    return lambda at, size: content[at : at + size]


def _bare(content: bytes) -> bytes:
    """The file with nothing before its first scan but what its decoding needs, end to end."""
    pieces = [b"\xff\xd8"]
    for marker, body, at in segments(_reader(content)):
        if marker == SCAN:
            return b"".join([*pieces, content[at:]])
        if marker in _NEEDED:
            pieces.append(struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body)
    raise CoefficientsError("it has no picture")


def _with_usual_names(content: bytes) -> bytes:
    """The file with its components called 1, 2, 3 as JFIF wants it; jpeglib calls them 0, 1, 2."""
    renamed = bytearray(content)
    for marker, body, at in segments(_reader(content)):
        if marker in FRAMES:
            for number in range(body[5]):
                renamed[at + 4 + 6 + 3 * number] = number + 1
        elif marker == SCAN:
            for number in range(body[0]):
                renamed[at + 4 + 1 + 2 * number] = number + 1
    return bytes(renamed)


@functools.cache
def _library() -> ctypes.CDLL:
    """The functions in C, loaded when they are first needed."""
    try:
        from jpeglib import version  # pyright: ignore[reportMissingTypeStubs]

        version.set(_VERSION)
        return version._get_lib()  # pyright: ignore[reportPrivateUsage]
    except (ImportError, OSError, RuntimeError) as error:
        raise CoefficientsError(f"the library for it, jpeglib, cannot be used here ({error})") from error


@contextlib.contextmanager
def _scratch(content: bytes) -> Generator[Path]:
    """A file that the library can open by its name.

    Its errors are never those of the system, which would be taken for errors of the disk that the output goes to.
    """
    with contextlib.ExitStack() as cleaning:
        try:
            path = _scratch_path(cleaning)
            path.write_bytes(content)
        except OSError as error:
            raise CoefficientsError(
                f"no temporary file can be written in {_usual_folder()} ({error.strerror})"
            ) from error
        yield path


def _scratch_path(cleaning: contextlib.ExitStack) -> Path:
    """A name to write to. On Linux the file lies in memory alone and cannot be left behind."""
    if sys.platform == "linux" and Path("/proc/self/fd").is_dir():
        with contextlib.suppress(OSError):  # not every sandbox allows it
            handle = os.memfd_create("autochrome")
            cleaning.callback(os.close, handle)
            return Path(f"/proc/self/fd/{handle}")
    folder = tempfile.TemporaryDirectory(prefix="autochrome-", ignore_cleanup_errors=True)
    return Path(cleaning.enter_context(folder)) / "picture.jpg"


def _usual_folder() -> str:
    """The folder of temporary files; Python finds none where none can be written to."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return "any of the usual folders"


def _c_path(path: Path) -> bytes:
    """A path as C's fopen takes it.

    Raises:
        CoefficientsError: If Windows's old encodings, which C knows alone, cannot say it.
    """
    if sys.platform != "win32":
        return os.fsencode(path)
    try:
        return str(path).encode("mbcs")
    except UnicodeEncodeError as error:
        raise CoefficientsError(f"the folder of temporary files, {path.parent}, has too rare letters in it") from error


def _pointer(array: NDArray[Any]) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def _integers(*numbers: int) -> ctypes.Array[ctypes.c_int]:
    return (ctypes.c_int * len(numbers))(*numbers)
