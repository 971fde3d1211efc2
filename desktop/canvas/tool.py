"""What a pointer does on a photo: a view hands its pointer to a tool, in pixels of the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPainter

    from desktop.canvas.surface import PhotoSurface

SLACK = 4
"""How far a pointer may stray in a click; little, for the photo jumps by as much when a drag begins."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where a pointer is, and what is pressed.

    Attributes:
        photo: In pixels of the upright photo; may lie beyond its edges.
        view: In the view's own coordinates.
        button: The button that went down or up; none while moving.
        modifiers: Keys held meanwhile.
        pressure: Of a pen, in (0, 1]; 1 for anything else.
    """

    photo: QPointF
    view: QPointF
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0


class Tool(Protocol):
    """What a view asks of a tool. Between `press` and `release` the pointer belongs to it."""

    def press(self, view: PhotoSurface, pointer: Pointer) -> None:
        """The pointer's main button goes down."""
        ...

    def move(self, view: PhotoSurface, pointer: Pointer) -> None:
        """The pointer moves while the button is down."""
        ...

    def release(self, view: PhotoSurface, pointer: Pointer) -> None:
        """The button goes up."""
        ...

    def hover(self, view: PhotoSurface, pointer: Pointer | None) -> None:
        """The pointer moves with no button down; None when it leaves the view."""
        ...

    def cursor(self, view: PhotoSurface, *, pressed: bool) -> Qt.CursorShape:
        """How the pointer looks over the view."""
        ...

    def paint(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws over the photo, in the view's own coordinates."""
        ...


class PanTool:
    """Moves the photo under the pointer.

    Args:
        clicked: Called when the button goes up without having moved the photo.
    """

    def __init__(self, clicked: Callable[[], object] | None = None) -> None:
        self._clicked = clicked
        self._start: QPointF | None = None
        self._last = QPointF()
        self._moving = False

    def press(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Takes hold of the photo."""
        self._start = self._last = pointer.view
        self._moving = False

    def move(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Moves it, once the pointer has gone so far that it is no click."""
        if self._start is None:
            return
        if not self._moving:
            self._moving = (pointer.view - self._start).manhattanLength() >= SLACK
        if self._moving:
            step = pointer.view - self._last
            view.pan(step.x(), step.y())
            self._last = pointer.view

    def release(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Lets it go."""
        if self._start is not None and not self._moving and self._clicked is not None:
            self._clicked()
        self._start, self._moving = None, False

    def hover(self, view: PhotoSurface, pointer: Pointer | None) -> None:
        """Does nothing."""

    def cursor(self, view: PhotoSurface, *, pressed: bool) -> Qt.CursorShape:
        """A hand where there is something to move, or to choose."""
        if not view.viewport.pannable:
            return Qt.CursorShape.ArrowCursor if self._clicked is None else Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.ClosedHandCursor if pressed else Qt.CursorShape.OpenHandCursor

    def paint(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws nothing."""
