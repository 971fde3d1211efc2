"""A tool that acts at a place: where the pointer is, or the crosshair, which keys move instead of a pointer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt

from desktop.canvas.markers import draw_crosshair
from desktop.canvas.tool import SLACK, Pointer, Tool

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QPainter

    from desktop.canvas.hint_tool import HintTools
    from desktop.canvas.surface import PhotoSurface

STEP, FINE_STEP = 10.0, 1.0
"""How far an arrow key leads, in the view's coordinates; the latter with Shift."""
SIGHT = 32.0
"""What is moved by keys stays this far inside of the view."""
ARROWS = {
    Qt.Key.Key_Left: QPointF(-1, 0),
    Qt.Key.Key_Right: QPointF(1, 0),
    Qt.Key.Key_Up: QPointF(0, -1),
    Qt.Key.Key_Down: QPointF(0, 1),
}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def photo_size(view: PhotoSurface) -> tuple[int, int]:
    """Width and height of the photo in a view; (0, 0) where there is none."""
    return (0, 0) if view.picture is None else (view.picture.width, view.picture.height)


def step_of(view: PhotoSurface, event: QKeyEvent) -> QPointF:
    """How far an arrow key leads, in pixels of the photo."""
    fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return ARROWS[Qt.Key(event.key())] * ((FINE_STEP if fine else STEP) / view.scale)


def reveal(view: PhotoSurface, place: QPointF) -> None:
    """Moves the photo so far that a place is well in sight."""
    point, room = view.point_of(place), QRectF(view.rect()).adjusted(SIGHT, SIGHT, -SIGHT, -SIGHT)
    across = max(room.left() - point.x(), 0.0) + min(room.right() - point.x(), 0.0)
    down = max(room.top() - point.y(), 0.0) + min(room.bottom() - point.y(), 0.0)
    if across or down:
        view.pan(across, down)


class PlacingTool(Tool):
    """Acts at a place.

    Enter shows the crosshair, arrow keys move it, and Enter then is the pointer's button: held, it draws while arrow
    keys move the crosshair. Digits take it to the numbered places. Esc gives up what is under way, or else puts the
    crosshair away, and so does a pointer that moves.

    Args:
        tools: What it works for.
    """

    draws = True

    def __init__(self, tools: HintTools) -> None:
        self._tools = tools
        self._held = False
        self._hovered: QPointF | None = None

    def hover(self, view: PhotoSurface, pointer: Pointer | None) -> None:
        """Follows the pointer, unless the crosshair is there and the pointer hardly moves."""
        before, self._hovered = self._hovered, None if pointer is None else pointer.view
        if not self._tools.by_keys:
            self._tools.point_at(None if pointer is None else pointer.photo)
        elif pointer is not None and before is not None and not self._held:
            if (pointer.view - before).manhattanLength() < SLACK:
                self._hovered = before  # many small moves are a large one
            else:
                self._tools.point_at(pointer.photo)

    def wheel(self, view: PhotoSurface, turned: float) -> bool:
        """Sizes the brush."""
        self._tools.set_radius(self._tools.radius * 2 ** (turned / 480))
        return True

    def needs_key(self, view: PhotoSurface, key: int) -> bool:
        """Enter; and more while the crosshair is shown."""
        if view.picture is None:
            return False
        if key == Qt.Key.Key_Escape:
            return self._tools.by_keys or self._tools.stroke is not None
        return key in ENTER or (self._tools.by_keys and key in ARROWS) or self._numbered(key) is not None

    def key_press(self, view: PhotoSurface, event: QKeyEvent) -> None:
        """Shows, moves, uses and puts away the crosshair."""
        numbered = self._numbered(event.key())
        if event.key() == Qt.Key.Key_Escape:
            self._escape()
        elif event.key() in ENTER:
            if not event.isAutoRepeat():
                self._enter(view)
        elif numbered is not None:
            self._go(view, numbered)
        elif self._tools.place is not None:
            self._go(view, self._tools.place + step_of(view, event))

    def key_release(self, view: PhotoSurface, event: QKeyEvent) -> None:
        """Enter ends what it began."""
        if event.key() in ENTER and not event.isAutoRepeat():
            self.leave_keys(view)

    def leave_keys(self, view: PhotoSurface) -> None:
        """Ends what Enter began."""
        if self._held:
            self._held = False
            self.release(view, self._pointer(view))

    def cursor(self, view: PhotoSurface, *, pressed: bool) -> Qt.CursorShape:
        """A small cross: the pointer's own place is seen."""
        return Qt.CursorShape.CrossCursor

    def paint(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws the crosshair."""
        if self._tools.place is not None and self._tools.by_keys:
            draw_crosshair(painter, view.point_of(self._tools.place))

    def description(self, view: PhotoSurface) -> str:
        """How the crosshair is used, or where it stands."""
        translate = QCoreApplication.translate
        if not self._tools.by_keys or self._tools.place is None:
            return translate("HintTools", "Enter shows a crosshair.")
        place = translate("HintTools", "The crosshair stands at {x}, {y} of {width} × {height}.")
        width, height = photo_size(view)
        words = place.format(x=int(self._tools.place.x()), y=int(self._tools.place.y()), width=width, height=height)
        keys = translate("HintTools", "The arrow keys move it, Enter uses it, Esc puts it away.")
        return f"{words} {keys}"

    def _escape(self) -> None:
        self._held = False
        if not self._tools.cancel():
            self._tools.point_at(None)

    def _enter(self, view: PhotoSurface) -> None:
        if self._tools.by_keys and self._tools.place is not None:
            self._held = True
            self.press(view, self._pointer(view))
        else:
            place = self._tools.place
            visible = place is not None and view.seen().contains(view.point_of(place))
            self._go(view, place if visible and place is not None else view.photo_at(view.seen().center()))

    def _go(self, view: PhotoSurface, place: QPointF) -> None:
        width, height = photo_size(view)
        inside = QPointF(min(max(place.x(), 0.0), width - 1e-3), min(max(place.y(), 0.0), height - 1e-3))
        self._tools.point_at(inside, by_keys=True)
        reveal(view, inside)
        if self._held:
            self.move(view, self._pointer(view))

    def _pointer(self, view: PhotoSurface) -> Pointer:
        place = self._tools.place or QPointF()
        return Pointer(place, view.point_of(place))

    def _numbered(self, key: int) -> QPointF | None:
        number = key - Qt.Key.Key_1
        return self._tools.places[number] if 0 <= number < min(len(self._tools.places), 9) else None
