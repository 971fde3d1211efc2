"""While nobody asks for anything, the photos beside the open one are encoded, so that leafing shows colours at once."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from desktop.hint_operations import read_neighbour
from desktop.tasks import Tasks

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.parts import Parts
    from desktop.tasks import Task
    from engine import Photo

IDLE_MS = 1200
"""Whoever leafs on within this time is not slowed down."""
REMEMBERED = 64
"""So many photos are known to be encoded; older ones may have been let go."""


class EncodingAhead(QObject):
    """Encodes the next photo and the one before, one at a time, and gives it up as soon as anything is asked for.

    Args:
        parts: The window.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._tasks = Tasks("ahead", 1, self)
        self._task: Task[Photo | None] | None = None
        self._done: deque[tuple[Path, str]] = deque(maxlen=REMEMBERED)
        self._later = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._later.timeout.connect(self._begin)
        parts.engine.busy_changed.connect(self._put_off)
        parts.engine.encoded_ahead.connect(self._on_encoded)
        parts.document.opened.connect(self._put_off)
        parts.document.coloring_changed.connect(self._put_off)
        parts.tools.stroking.connect(self._put_off)

    def stop(self, seconds: float = 2.0) -> bool:
        """Ends its thread; whether it has ended in that time."""
        self._later.stop()
        return self._tasks.stop(seconds)

    def _put_off(self, *_: object) -> None:
        """Something is asked for, or has just come: what is going on here is given up, and begins again later."""
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._parts.engine.give_idle_up()
        document = self._parts.document
        if document.coloring is not None and document.photo is not None:
            self._note(document.photo.path, document.coloring.choice.model)  # its encoding stays for a while
        self._later.start()

    def _begin(self) -> None:
        document = self._parts.document
        if not document.is_current or self._parts.engine.busy or self._parts.queue.active is not None:
            return
        path = next((path for path in self._neighbours() if (path, self._model_of(path)) not in self._done), None)
        if path is not None:
            self._task = read_neighbour(path).start(
                self._tasks, done=lambda photo: self._encode(path, photo), failed=lambda error: self._skip(path)
            )

    def _encode(self, path: Path, photo: Photo | None) -> None:
        self._task = None
        if photo is None:
            self._skip(path)
        else:
            self._parts.engine.encode_ahead(photo, self._model_of(path))

    def _skip(self, path: Path) -> None:
        """Leaves a photo out that cannot be read, or is too large: when it is opened, that is told."""
        self._task = None
        self._on_encoded(path, self._model_of(path))

    def _on_encoded(self, path: Path, model: str) -> None:
        self._note(path, model)
        self._begin()

    def _note(self, path: Path, model: str) -> None:
        if (path, model) not in self._done:
            self._done.append((path, model))

    def _neighbours(self) -> list[Path]:
        """The next photo, and the one before."""
        photos, path = self._parts.library.photos, self._parts.document.path
        row = -1 if path is None else photos.row_of(path)
        if row < 0:
            return []
        return [photos.file_at(near).path for near in (row + 1, row - 1) if 0 <= near < photos.rowCount()]

    def _model_of(self, path: Path) -> str:
        choice = self._parts.book.of(path).choice or self._parts.document.default_choice
        return choice.model
