"""Brings thumbnails from the background to the window: what is on the screen first, and no more than memory allows."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage

from engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from desktop.library.cache import ThumbnailCache
    from desktop.library.contents import PhotoFile
    from desktop.tasks import Task, Tasks
    from engine import Progress

log = logging.getLogger(__name__)

MEMORY = 96 * 2**20
AT_ONCE = 2

_Version = tuple[int, int, int]  # mtime_ns, bytes, pixels: what a thumbnail was made of and how large


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """What there is to show for a photo.

    Attributes:
        image: The picture; None if it cannot be read.
        cause: Why it cannot be read; else empty.
        version: What it was made of.
    """

    image: QImage | None
    cause: str
    version: _Version

    @property
    def size(self) -> int:
        """Its bytes."""
        return 256 if self.image is None else self.image.sizeInBytes()


class ThumbnailLoader(QObject):
    """Loads what is wanted now, in the order it is wanted, and forgets what was wanted before.

    A photo that has changed keeps its old thumbnail until the new one is there.

    Args:
        tasks: Where thumbnails are made.
        cache: Makes them.
        memory: The most bytes of pictures to keep; those seen last stay.
        at_once: How many are made at a time.
        parent: The owner.

    Signals:
        loaded (Path): There is something new to show for a photo.
        failed (Exception): Something went wrong that is no fault of a photo.
    """

    loaded = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        tasks: Tasks,
        cache: ThumbnailCache,
        *,
        memory: int = MEMORY,
        at_once: int = AT_ONCE,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._cache = cache
        self._memory = memory
        self._at_once = at_once
        self._pixels = 256
        self._kept: OrderedDict[Path, Thumbnail] = OrderedDict()
        self._kept_bytes = 0
        self._wanted: OrderedDict[Path, PhotoFile] = OrderedDict()
        self._running: dict[Path, Task[QImage]] = {}

    @property
    def bytes_kept(self) -> int:
        """How much memory the thumbnails take."""
        return self._kept_bytes

    @property
    def idle(self) -> bool:
        """Whether all that is wanted is there."""
        return not self._running and not self._wanted

    def set_pixels(self, pixels: int) -> None:
        """Sets the longer side of thumbnails, in pixels of the screen; from the next `want` on."""
        self._pixels = pixels

    def thumbnail(self, path: Path) -> Thumbnail | None:
        """What there is to show for a photo now; None if nothing is yet."""
        kept = self._kept.get(path)
        if kept is not None:
            self._kept.move_to_end(path)
        return kept

    def want(self, files: Iterable[PhotoFile]) -> None:
        """Sets what is wanted, most urgent first. What was wanted before and has not been begun is dropped."""
        self._wanted = OrderedDict((file.path, file) for file in files if not self._is_current(file))
        self._start()

    def clear(self) -> None:
        """Forgets everything, for another folder."""
        for task in self._running.values():
            task.cancel()
        self._running.clear()
        self._wanted.clear()
        self._kept.clear()
        self._kept_bytes = 0

    def _is_current(self, file: PhotoFile) -> bool:
        kept = self._kept.get(file.path)
        return kept is not None and kept.version == self._version(file)

    def _version(self, file: PhotoFile) -> _Version:
        return file.mtime_ns, file.size, self._pixels

    def _start(self) -> None:
        for path, file in list(self._wanted.items()):
            if len(self._running) >= self._at_once:
                return
            if path not in self._running:  # else it is made as it was before it changed; then it is its turn again
                del self._wanted[path]
                self._running[path] = self._run(file, self._version(file))

    def _run(self, file: PhotoFile, version: _Version) -> Task[QImage]:
        cache, pixels = self._cache, self._pixels

        def work(progress: Progress) -> QImage:
            progress.check()
            return _fitted(cache.image(file.path, pixels), pixels)

        return self._tasks.run(
            work,
            done=lambda image: self._keep(file.path, Thumbnail(image, "", version)),
            failed=lambda error: self._keep_failure(file.path, error, version),
        )

    def _keep_failure(self, path: Path, error: Exception, version: _Version) -> None:
        cause = getattr(error, "cause", "") or str(error)
        if not isinstance(error, EngineError):
            log.error("No thumbnail of %s", path, exc_info=error)
            self.failed.emit(error)
        self._keep(path, Thumbnail(None, cause, version))

    def _keep(self, path: Path, thumbnail: Thumbnail) -> None:
        self._running.pop(path, None)
        before = self._kept.pop(path, None)
        self._kept[path] = thumbnail
        self._kept_bytes += thumbnail.size - (before.size if before is not None else 0)
        while self._kept_bytes > self._memory and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_bytes -= oldest.size
        self._start()
        self.loaded.emit(path)


def _fitted(image: QImage, pixels: int) -> QImage:
    """A thumbnail at the size it is drawn at, so that drawing is copying."""
    if max(image.width(), image.height()) <= pixels:
        return image
    side = QSize(pixels, pixels)
    small = image.scaled(side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    return small.convertToFormat(QImage.Format.Format_RGB32)
