"""Thumbnails that outlive the program, shared with the desktop's file managers where they can be.

On Linux they lie where the freedesktop thumbnail specification (0.9) puts them, so that a folder that was looked at in
the file manager shows at once here, and the other way round; elsewhere in the program's own cache folder, in the same
layout. A thumbnail counts only while it names its photo and the very second of the photo's last change. A photo that
cannot be read is remembered as such, in a folder of this program and version, until it changes.

Everything here reads and writes files: it belongs on background threads, any number of them.
"""

from __future__ import annotations

import hashlib
import logging
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from platformdirs import user_cache_path
from PySide6.QtCore import QBuffer, QByteArray, QSize
from PySide6.QtGui import QColor, QImage, QImageReader, QPainter

from desktop.library.png import png_with_texts
from desktop.library.uri import file_uri
from desktop.pixels import image_of
from engine import PhotoError, read_thumbnail

if TYPE_CHECKING:
    from numpy.typing import NDArray

log = logging.getLogger(__name__)

SIZES = {"normal": 128, "large": 256, "x-large": 512, "xx-large": 1024}
"""The folders of the specification, and the longer side of what is in them, in pixels."""

_SETTLED = 2.0
"""Seconds after which a photo counts as written: within the second of its last change it could change once more, and
its thumbnail would be the old one for ever."""


@dataclass(frozen=True, slots=True)
class _Stamp:
    """A photo as it was at some moment: what a thumbnail must agree with.

    Attributes:
        uri: Its address.
        mtime_ns: When it was changed last.
        size: Its bytes.
    """

    uri: str
    mtime_ns: int
    size: int

    @property
    def name(self) -> str:
        """The name of its thumbnail's file. The digest is a name here and protects nothing."""
        return hashlib.md5(self.uri.encode("ascii"), usedforsecurity=False).hexdigest() + ".png"

    @property
    def seconds(self) -> str:
        """When it was changed last, as thumbnails tell it."""
        return str(self.mtime_ns // 1_000_000_000)

    @property
    def settled(self) -> bool:
        """Whether another change would show in `seconds`."""
        return abs(time.time() - self.mtime_ns / 1e9) > _SETTLED

    def agrees(self, thumbnail: QImage) -> bool:
        """Whether a thumbnail is of this photo in this state; the size is optional in the specification."""
        return (
            thumbnail.text("Thumb::URI") == self.uri
            and thumbnail.text("Thumb::MTime").partition(".")[0] == self.seconds
            and thumbnail.text("Thumb::Size") in ("", str(self.size))
        )

    def texts(self) -> dict[str, str]:
        """What a thumbnail of it must say."""
        return {
            "Thumb::URI": self.uri,
            "Thumb::MTime": self.seconds,
            "Thumb::Size": str(self.size),
            "Software": "Autochrome",
        }


class ThumbnailCache:
    """Small pictures of photos, read from disk where they are there and made where they are not.

    Args:
        root: The folder of all thumbnails; `default_root()` if None.
        program: Program and version, under which failures are kept; this program's if None.
    """

    def __init__(self, root: Path | None = None, program: str | None = None) -> None:
        self.root = default_root() if root is None else root
        self._failures = self.root / "fail" / (program or _program())

    def image(self, path: Path, size: int) -> QImage:
        """The thumbnail of a photo, upright, on white where the photo is transparent.

        Slow where it has to be made. A cache that cannot be read or written is no error: the thumbnail is made.

        Args:
            path: The photo.
            size: How long its longer side is needed, in pixels. The result may be longer, by less than twice up to
                1024, or shorter where the photo itself is.

        Raises:
            PhotoError: If the photo cannot be read, now or, unchanged, when it was tried last.
        """
        folder, side = _level(size)
        stamp = self._stamp(path)
        if stamp is None:
            return image_of(read_thumbnail(path, side))
        found = self._find(stamp, folder)
        if found is not None:
            return found
        self._check_failure(path, stamp)
        try:
            pixels = read_thumbnail(path, side)
        except PhotoError as error:
            if _is_for_good(error) and self._stamp(path) == stamp:
                self._keep_failure(stamp, error)
            raise
        if self._stamp(path) == stamp:
            self._keep(self.root / folder, stamp, pixels, {})
        return image_of(pixels)

    def _stamp(self, path: Path) -> _Stamp | None:
        """The photo's state; None if nothing about it may be kept: it may not be read, or is itself a thumbnail."""
        try:
            status = path.stat()
            if not os.access(path, os.R_OK) or self._holds(path):
                return None
        except OSError:
            return None
        return _Stamp(file_uri(path), status.st_mtime_ns, status.st_size)

    def _holds(self, path: Path) -> bool:
        return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(self.root))

    def _find(self, stamp: _Stamp, folder: str) -> QImage | None:
        """A valid thumbnail, of the size wanted or else the next larger: that is still less work than the photo."""
        names = list(SIZES)
        for name in names[names.index(folder) :][:2]:
            image = _read(self.root / name / stamp.name, SIZES[name])
            if image is not None and stamp.agrees(image):
                return _on_white(image)
        return None

    def _check_failure(self, path: Path, stamp: _Stamp) -> None:
        failure = _read(self._failures / stamp.name, max(SIZES.values()))
        if failure is not None and stamp.agrees(failure):
            raise PhotoError(path, failure.text("Autochrome::Cause") or "it could not be read before.")

    def _keep_failure(self, stamp: _Stamp, error: PhotoError) -> None:
        dot = np.zeros((1, 1, 4), np.uint8)
        self._keep(self._failures, stamp, dot, {"Autochrome::Cause": error.cause})

    def _keep(self, folder: Path, stamp: _Stamp, pixels: NDArray[np.uint8], texts: dict[str, str]) -> None:
        """Writes a thumbnail so that no reader ever sees a part of it, and nobody but the user sees it at all."""
        if not stamp.settled or not pixels.size:
            return
        content = png_with_texts(pixels, stamp.texts() | texts)
        try:
            _make_private(folder)
            handle, name = tempfile.mkstemp(prefix=".autochrome-", suffix=".png", dir=folder)  # its mode is 0600
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(content)
                Path(name).replace(folder / stamp.name)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as error:
            log.debug("A thumbnail was not kept in %s: %s", folder, error)


def default_root() -> Path:
    """Where thumbnails lie on this system: the desktop's shared folder on Linux, else the program's cache folder."""
    if sys.platform in ("win32", "darwin"):
        return user_cache_path("autochrome", appauthor=False) / "thumbnails"
    named = os.environ.get("XDG_CACHE_HOME", "").strip()
    # A relative path is invalid there, says the base directory specification, and is to be ignored.
    return (Path(named) if Path(named).is_absolute() else Path.home() / ".cache") / "thumbnails"


def _program() -> str:
    try:
        return f"autochrome-{version('autochrome')}"
    except PackageNotFoundError:
        return "autochrome"


def _level(size: int) -> tuple[str, int]:
    """The folder whose thumbnails are large enough, and their longer side; the largest where none is."""
    return next(((name, side) for name, side in SIZES.items() if side >= size), ("xx-large", SIZES["xx-large"]))


def _is_for_good(error: PhotoError) -> bool:
    """Whether a failure is the photo's own: neither an advice nor a disk that works again would mend it."""
    cause = error.__cause__
    return not error.advice and not (isinstance(cause, OSError) and cause.errno is not None)


def _read(path: Path, side: int) -> QImage | None:
    """A thumbnail's file; None if there is none, or it is damaged, or much larger than a thumbnail may be."""
    try:
        content = path.read_bytes()
    except OSError:
        return None
    buffer = QBuffer()
    buffer.setData(content)
    reader = QImageReader(buffer, QByteArray(b"png"))
    size = reader.size()
    image = reader.read() if size.isValid() and _fits(size, side) else QImage()
    return None if image.isNull() else image


def _fits(size: QSize, side: int) -> bool:
    return max(size.width(), size.height()) <= side


def _on_white(image: QImage) -> QImage:
    if not image.hasAlphaChannel():
        return image.convertToFormat(QImage.Format.Format_RGB32)
    opaque = QImage(image.size(), QImage.Format.Format_RGB32)
    opaque.fill(QColor("white"))
    painter = QPainter(opaque)
    painter.drawImage(0, 0, image)
    painter.end()
    return opaque


def _make_private(folder: Path) -> None:
    """Makes a folder and those above it that are missing, for the user alone."""
    for each in (*reversed(folder.parents), folder):
        if not each.exists():
            each.mkdir(mode=0o700, exist_ok=True)
