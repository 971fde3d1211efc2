"""A picture file as it lies on disk: opened without blocking, and recognised by its first bytes.

The content decides what a file is, never its name. Only formats of `Format` reach a decoder; everything else is refused
here, by name where it is known, so that no decoder (let alone Ghostscript) is ever started on it.
"""

from __future__ import annotations

import errno
import functools
import os
import re
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from engine.errors import EngineError, PhotoTooLargeError, UnreadablePhotoError, UnsupportedPhotoError
from engine.photo._limits import BYTES_PER_PIXEL, default_pixel_limit, too_large

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

_SUFFIXES = {
    "JPEG": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "PNG": (".png", ".apng"),
    "TIFF": (".tif", ".tiff"),
    "WebP": (".webp",),
    "BMP": (".bmp", ".dib"),
    "AVIF": (".avif",),
    "GIF": (".gif",),
    "HEIC": (".heic", ".heif"),
    "RAW": (".dng", ".nef", ".nrw", ".cr2", ".cr3", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw", ".3fr", ".iiq"),
}

_MAGIC = (
    (rb"\xff\xd8\xff", "JPEG"),
    (rb"\x89PNG\r\n\x1a\n", "PNG"),
    (rb"RIFF....WEBP", "WebP"),
    (rb"BM", "BMP"),
    (rb"GIF8[79]a", "GIF"),
    (rb"....ftyp(avif|avis)", "AVIF"),
    (rb"....ftypcrx ", "RAW"),
    (rb"....ftyp(heic|heix|heim|heis|hevc|hevx|mif1|msf1)", "HEIC"),
    (rb"FUJIFILMCCD-RAW|IIU\x00|IIR[OS]|FOVb", "RAW"),
)

_KNOWN_BUT_NOT_READ = (
    (rb"8BPS", "a Photoshop document (PSD)"),
    (rb"%!PS|\xc5\xd0\xd3\xc6", "PostScript (EPS)"),
    (rb"%PDF", "a PDF document"),
    (rb"SIMPLE  =", "a FITS file"),
    (rb"\xff\x0a|\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (rb"\x00\x00\x00\x0cjP  |\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (rb"\x00\x00\x01\x00", "an icon"),
    (rb"gimp xcf", "a GIMP document"),
    (rb"P[1-7]\s", "a PNM picture"),
    (rb"AT&TFORM", "a DjVu document"),
)

_NOT_PICTURES = (
    (rb"PK\x03\x04", "it is not a picture but a ZIP archive."),
    (rb"MZ|\x7fELF", "it is not a picture but a program."),
    (rb"(?i)\s*<(!doctype html|html|head|body)", "it is not a picture but a web page."),
    (rb"(?i)\s*(<\?xml.*)?<svg", "it is a drawing (SVG), not a photo."),
)


@dataclass(frozen=True, slots=True)
class Source:
    """An open picture file whose format is known.

    Args:
        path: Where it lies.
        file: Open for reading, seekable.
        size: Its length in bytes.
        format: One of Photo.format's names.
    """

    path: Path
    file: IO[bytes]
    size: int
    format: str

    def at(self, offset: int, size: int) -> bytes:
        """The `size` bytes from `offset`; fewer where the file ends."""
        if offset < 0 or offset >= self.size:
            return b""
        self.file.seek(offset)
        return self.file.read(min(size, self.size - offset))

    def content(self) -> bytes:
        """The whole file.

        Raises:
            PhotoTooLargeError: If the file alone would fill the memory.
        """
        if self.size > default_pixel_limit() * BYTES_PER_PIXEL // 2:
            raise PhotoTooLargeError(self.path, f"the file has {self.size / 1e9:,.1f} GB, more than fits into memory.")
        return self.at(0, self.size)


@functools.cache
def source_suffixes() -> frozenset[str]:
    """The suffixes, lower case with their dot, of files that are worth looking at in a folder."""
    return frozenset(suffix for suffixes in _SUFFIXES.values() for suffix in suffixes)


@contextmanager
def open_source(path: Path) -> Generator[Source]:
    """Opens and recognises a picture file; whatever goes wrong while it is used becomes an error about this photo.

    Decoders raise nearly every exception there is on odd input. All of them mean the same to the user.

    Raises:
        UnreadablePhotoError: If the file is missing, empty, damaged, no picture, or no regular file.
        UnsupportedPhotoError: If it is a picture of a format that is not read.
        PhotoTooLargeError: If it does not fit into memory.
    """
    try:
        with _open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            yield Source(path, file, size, _recognise(path, file.read(512), size))
    except EngineError:
        raise
    except MemoryError as error:
        raise PhotoTooLargeError(path, "there is not enough memory to read it.", "Close other programs.") from error
    except Exception as error:
        raise _explain(path, error) from error


def note_of_name(source: Source) -> tuple[str, ...]:
    """A remark where the file's name promises another format than its content is."""
    suffix = source.path.suffix.lower()
    if suffix in source_suffixes() and suffix not in _SUFFIXES[source.format]:
        return (f"named {suffix} but is a {source.format}",)
    return ()


def cut_off(path: Path, cause: str = "the file is cut off") -> UnreadablePhotoError:
    """The error about a file whose end is missing, with the way to use what is there."""
    return UnreadablePhotoError(path, f"{cause}.", "Use --salvage to colour what is left of it.")


def _open_regular(path: Path) -> IO[bytes]:
    """Opens a regular file only, and never waits: a FIFO or a device would block, or do something, when opened."""
    _check_regular(path, path.stat())
    file = open(path, "rb", opener=_open_without_waiting)  # noqa: SIM115 - the caller closes it
    try:
        # Between the look and the opening, the name may have come to mean something else.
        _check_regular(path, os.fstat(file.fileno()))
    except BaseException:
        file.close()
        raise
    return file


def _open_without_waiting(path: str, flags: int) -> int:
    """Opens a file so that not even a FIFO without a writer blocks."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _check_regular(path: Path, status: os.stat_result) -> None:
    """Refuses what is no regular file."""
    if not stat.S_ISREG(status.st_mode):
        raise UnreadablePhotoError(path, "it is not a file but a folder, a pipe or a device.")


def _recognise(path: Path, head: bytes, size: int) -> str:
    """The format that the first bytes say."""
    if size == 0:
        raise UnreadablePhotoError(path, "the file is empty.")
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        # Most cameras' raw files are TIFF inside; only then does the name have a say.
        return "RAW" if path.suffix.lower() in _SUFFIXES["RAW"] or head[8:10] == b"CR" else "TIFF"
    for pattern, name in _MAGIC:
        if re.match(pattern, head, re.DOTALL):
            return name
    for pattern, name in _KNOWN_BUT_NOT_READ:
        if re.match(pattern, head, re.DOTALL):
            raise UnsupportedPhotoError(
                path, f"it is {name}, which is not read.", "Save it as TIFF, PNG or JPEG first."
            )
    for pattern, cause in _NOT_PICTURES:
        if re.match(pattern, head, re.DOTALL):
            raise UnreadablePhotoError(path, cause)
    raise UnreadablePhotoError(path, "it is not a picture, or its beginning is damaged.")


def _explain(path: Path, error: Exception) -> EngineError:
    """The error about this photo that stands for whatever a library or the system raised."""
    if isinstance(error, OSError) and error.errno is not None:
        causes = {
            errno.ENOENT: "there is no such file.",
            errno.EACCES: "it may not be opened: permission denied.",
            errno.ENAMETOOLONG: "its name is too long for this system.",
            errno.ENXIO: "it is not a file but a folder, a pipe or a device.",
        }
        return UnreadablePhotoError(path, causes.get(error.errno, f"the disk says: {error.strerror}."))
    if type(error).__name__ == "DecompressionBombError":
        pixels = re.search(r"\((\d+) pixels\)", str(error))
        return too_large(path, int(pixels.group(1)) if pixels else 0)
    if "truncated" in str(error).lower():
        return cut_off(path)
    return UnreadablePhotoError(path, "the file is damaged.")
