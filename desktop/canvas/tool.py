"""What a pointer does on a photo: a view hands its pointer to a tool, in pixels of the photo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent, QPainter

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
        pressure: Of a pen, in [0, 1]; 1 for anything else.
        eraser: Whether it is the eraser end of a pen.
    """

    photo: QPointF
    view: QPointF
    button: Qt.MouseButton = Qt.MouseButton.NoButton
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
    pressure: float = 1.0
    eraser: bool = False


class Tool:
    """What a view asks of a tool. Between `press` and `release` the pointer belongs to it.

    What a tool does not define does nothing.
    """

    draws = False
    """Whether it acts where the pointer is, so that a pen's pressure and both halves of a double click are for it."""

    def press(self, view: PhotoSurface, pointer: Pointer) -> None:
        """The pointer's main button goes down."""

    def move(self, view: PhotoSurface, pointer: Pointer) -> None:
        """The pointer moves while the button is down."""

    def release(self, view: PhotoSurface, pointer: Pointer) -> None:
        """The button goes up."""

    def cancel(self, view: PhotoSurface) -> None:
        """What a press began is given up; moves and the release may still come."""

    def hover(self, view: PhotoSurface, pointer: Pointer | None) -> None:
        """The pointer moves with no button down; None when it leaves the view."""

    def wheel(self, view: PhotoSurface, turned: float) -> bool:
        """The wheel turns while Shift is held.

        Args:
            view: Where.
            turned: Eighths of a degree.

        Returns:
            Whether it meant something; if not, it zooms.
        """
        return False

    def needs_key(self, view: PhotoSurface, key: int) -> bool:
        """Whether a key without Ctrl, Alt and Meta means something here now, whatever it is to the window."""
        return False

    def key_press(self, view: PhotoSurface, event: QKeyEvent) -> None:
        """A key that the tool needs goes down."""

    def key_release(self, view: PhotoSurface, event: QKeyEvent) -> None:
        """A key goes up that went down here."""

    def leave_keys(self, view: PhotoSurface) -> None:
        """The keyboard goes elsewhere: the release of keys will not come."""

    def cursor(self, view: PhotoSurface, *, pressed: bool) -> Qt.CursorShape:
        """How the pointer looks over the view."""
        return Qt.CursorShape.ArrowCursor

    def paint(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws over the photo, in the view's own coordinates."""

    def description(self, view: PhotoSurface) -> str:
        """What it is and how its keys work, for those who do not see it; empty where there is nothing to say."""
        return ""


class PanTool(Tool):
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

    def cancel(self, view: PhotoSurface) -> None:
        """Lets it go, and it is no click."""
        self._start, self._moving = None, False

    def cursor(self, view: PhotoSurface, *, pressed: bool) -> Qt.CursorShape:
        """A hand where there is something to move, or to choose."""
        if not view.viewport.pannable:
            return Qt.CursorShape.ArrowCursor if self._clicked is None else Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.ClosedHandCursor if pressed else Qt.CursorShape.OpenHandCursor
