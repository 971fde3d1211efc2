"""What a batch and the processes that decode for it say to each other.

A message is a header in JSON, and behind it the raw bytes that the header counts: pixels, alpha, EXIF and the like.
**Nothing is unpickled on either side.** A process that decodes hostile pictures may be taken over by one; what it
answers then can be a wrong picture or nonsense, but never code that runs here. Every count is checked against what the
request allows before memory is taken for it, and every value against what a `Photo` may hold.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from engine.errors import PhotoError, PhotoTooLargeError, UnreadablePhotoError, UnsupportedPhotoError
from engine.photo import BYTES_PER_PIXEL, Metadata, Photo, SourceKind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from io import RawIOBase
    from pathlib import Path

    from numpy.typing import NDArray

_LENGTH = struct.Struct(">I")
_LONGEST_HEADER = 16 << 20
_ROOM_FOR_METADATA = 256 << 20
_ERRORS = {error.__name__: error for error in (UnreadablePhotoError, UnsupportedPhotoError, PhotoTooLargeError)}
_METADATA = ("exif", "xmp", "iptc", "comment")
_DTYPES = ("uint8", "uint16")


class SenselessMessageError(Exception):
    """A message that does not keep to the form, or says what cannot be."""


@dataclass(frozen=True, slots=True)
class Message:
    """A header and the bytes behind it.

    Attributes:
        header: Plain values.
        blobs: Bytes, one array for each.
    """

    header: dict[str, Any]
    blobs: Sequence[NDArray[np.uint8]] = field(default=())


def most_bytes(pixels: int) -> int:
    """The most bytes behind the header of a photo that may have so many pixels."""
    return pixels * BYTES_PER_PIXEL + _ROOM_FOR_METADATA


def send(file: RawIOBase, message: Message) -> None:
    """Writes a message to a pipe.

    Raises:
        OSError: If nobody reads there any more.
    """
    header = json.dumps(message.header | {"blobs": [blob.nbytes for blob in message.blobs]}).encode("ascii")
    _write(file, memoryview(_LENGTH.pack(len(header)) + header))
    for blob in message.blobs:
        _write(file, blob.data)


def receive(file: RawIOBase, most: Callable[[], int]) -> Message:
    """Reads a message from a pipe.

    Args:
        file: The pipe.
        most: Tells, once there is a header, how many bytes may follow it at most.

    Raises:
        EOFError: If the pipe ends.
        SenselessMessageError: If it is none.
    """
    (size,) = _LENGTH.unpack(_read(file, _LENGTH.size).tobytes())
    if size > _LONGEST_HEADER:
        raise SenselessMessageError
    try:
        header: Any = json.loads(_read(file, size).tobytes())
        sizes = [int(each) for each in header["blobs"]]
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise SenselessMessageError from error
    if any(each < 0 for each in sizes) or sum(sizes) > most():
        raise SenselessMessageError
    return Message(header, [_read(file, each) for each in sizes])


def of_error(error: PhotoError) -> Message:
    """An error as an answer."""
    kind = type(error).__name__
    known = kind if kind in _ERRORS else UnreadablePhotoError.__name__
    return Message({"error": known, "cause": error.cause, "advice": error.advice})


def of_photo(photo: Photo) -> Message:
    """A photo as an answer."""
    metadata = photo.metadata
    named = {name: value for name in _METADATA if (value := getattr(metadata, name)) is not None}
    chunks = [part for chunk in metadata.png_chunks for part in chunk]
    planes = [photo.pixels] if photo.alpha is None else [photo.pixels, photo.alpha]
    header = {
        "page": photo.page,
        "page_count": photo.page_count,
        "format": photo.format,
        "bit_depth": photo.bit_depth,
        "source_kind": photo.source_kind.value,
        "notes": photo.notes,
        "dpi": metadata.dpi,
        "metadata": list(named),
        "dtype": photo.pixels.dtype.name,
        "shape": photo.pixels.shape,
        "alpha": photo.alpha is not None,
    }
    planes = [np.ascontiguousarray(plane).reshape(-1).view(np.uint8) for plane in planes]
    return Message(header, [*planes, *(np.frombuffer(each, np.uint8) for each in (*named.values(), *chunks))])


def photo_of(message: Message, path: Path, page: int, pixel_limit: int) -> Photo:
    """The photo of an answer.

    Args:
        message: The answer.
        path: The file that was asked for.
        page: The page that was asked for.
        pixel_limit: The most pixels that it was allowed.

    Raises:
        PhotoError: If the answer is one.
        SenselessMessageError: If it is neither.
    """
    try:
        if "error" in message.header:
            raise _error_of(message.header, path)
        photo = _photo_of(message, path)
    except PhotoError:
        raise
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, AttributeError) as error:
        raise SenselessMessageError from error
    if photo.page != page or page >= photo.page_count or not 0 < photo.width * photo.height <= pixel_limit:
        raise SenselessMessageError
    return photo


def _error_of(header: dict[str, Any], path: Path) -> PhotoError:
    return _ERRORS[header["error"]](path, _plain(header["cause"]), _plain(header["advice"]))


def _photo_of(message: Message, path: Path) -> Photo:
    header, blobs = message.header, iter(message.blobs)
    dtype, shape = np.dtype(_DTYPES[_DTYPES.index(header["dtype"])]), tuple(int(each) for each in header["shape"])
    if len(shape) not in (2, 3) or shape[2:] not in ((), (3,)) or min(shape) < 1:
        raise SenselessMessageError
    return Photo(
        path=path,
        pixels=_plane(next(blobs, None), dtype, shape),
        alpha=_plane(next(blobs, None), dtype, shape[:2]) if header["alpha"] else None,
        page=int(header["page"]),
        page_count=int(header["page_count"]),
        format=_plain(header["format"]),
        bit_depth=int(header["bit_depth"]),
        source_kind=SourceKind(header["source_kind"]),
        notes=tuple(_plain(note) for note in header["notes"]),
        metadata=_metadata_of(header, [blob.tobytes() for blob in blobs]),
    )


def _metadata_of(header: dict[str, Any], blobs: list[bytes]) -> Metadata:
    names = [_METADATA[_METADATA.index(name)] for name in header["metadata"]]
    chunks = blobs[len(names) :]
    dpi = header["dpi"]
    return Metadata(
        **cast("dict[str, Any]", dict(zip(names, blobs, strict=False))),
        dpi=None if dpi is None else (float(dpi[0]), float(dpi[1])),
        png_chunks=tuple(zip(chunks[::2], chunks[1::2], strict=True)),
    )


def _plane(blob: NDArray[np.uint8] | None, dtype: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    if blob is None:
        raise SenselessMessageError
    return blob.view(dtype).reshape(shape)


def _plain(text: Any) -> str:
    """A text that may stand in a report or on a terminal."""
    if not isinstance(text, str):
        raise SenselessMessageError
    return "".join(each if each.isprintable() else "?" for each in text)


def _write(file: RawIOBase, view: memoryview) -> None:
    """Writes everything; a pipe takes it in pieces."""
    while view.nbytes:
        view = view[file.write(view) or 0 :]


def _read(file: RawIOBase, size: int) -> NDArray[np.uint8]:
    """Reads exactly so many bytes, straight to where they stay."""
    block = np.empty(size, np.uint8)
    view = block.data
    while view.nbytes:
        count = file.readinto(view)
        if not count:
            raise EOFError
        view = view[count:]
    return block
