"""Selecting hints on the photo, and moving them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF, Qt

from desktop.canvas.crosshair import ARROWS, ENTER, photo_size, reveal, step_of
from desktop.canvas.tool import SLACK, PanTool, Pointer, Tool

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop.canvas.hint_tool import HintTools
    from desktop.canvas.markers import Sign
    from desktop.canvas.surface import PhotoSurface

NEAR, NEAR_MARKER = 4.0, 12.0
"""How far from a stroke, and from the middle of a marker, it still can be taken, in the view's coordinates."""
DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class SelectTool(Tool):
    """A click selects a hint, a drag moves it; beside hints a drag moves the photo.

    Arrow keys move the selected hint, until they are released; Enter selects the next one, Shift and Enter the one
    before; Delete asks for its end; Esc lets it go.

    Args:
        tools: What it works for.
    """

    draws = True

    def __init__(self, tools: HintTools) -> None:
        self._tools = tools
        self._pan = PanTool()
        self._start: Pointer | None = None
        self._over = False

    def press(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Selects what is there, and takes hold of it; or of the photo."""
        self._tools.drop()
        found = self._find(view, pointer)
        self._tools.set_selected(found)
        self._start = None if found is None else pointer
        if found is None:
            self._pan.press(view, pointer)

    def move(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Moves the hint, once the pointer has gone so far that it is no click; or the photo."""
        if self._start is None:
            self._pan.move(view, pointer)
        elif self._tools.dragging or (pointer.view - self._start.view).manhattanLength() >= SLACK:
            self._drag(view, pointer.photo - self._start.photo)

    def release(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Leaves the hint there."""
        if self._start is None:
            self._pan.release(view, pointer)
        else:
            self._start = None
            self._tools.drop()

    def cancel(self, view: PhotoSurface) -> None:
        """Leaves the hint where it was."""
        self._start = None
        self._pan.cancel(view)
        self._tools.cancel()

    def hover(self, view: PhotoSurface, pointer: Pointer | None) -> None:
        """Takes note of whether a click would select something."""
        self._tools.point_at(None if pointer is None else pointer.photo)
        self._over = pointer is not None and self._find(view, pointer) is not None

    def needs_key(self, view: PhotoSurface, key: int) -> bool:
        """Those for the selected hint, and Enter if there is any hint."""
        if key in ENTER:
            return bool(self._tools.hints)
        return self._selected is not None and (key in ARROWS or key in DELETE or key == Qt.Key.Key_Escape)

    def key_press(self, view: PhotoSurface, event: QKeyEvent) -> None:
        """Selects, moves or lets go of a hint, or asks for its end."""
        if event.key() in ENTER:
            self._select_next(view, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() in ARROWS:
            self._drag(view, self._tools.shift + step_of(view, event))
            if self._selected is not None:
                reveal(view, self._selected.center + self._tools.shift)
        elif event.key() == Qt.Key.Key_Escape:
            self._start = None
            if not self._tools.cancel():
                self._tools.set_selected(None)
        elif self._tools.selected is not None and not event.isAutoRepeat():
            self._tools.cancel()
            self._tools.delete_requested.emit(self._tools.selected)

    def key_release(self, view: PhotoSurface, event: QKeyEvent) -> None:
        """What arrow keys have moved is moved for good."""
        if event.key() in ARROWS and not event.isAutoRepeat():
            self.leave_keys(view)

    def leave_keys(self, view: PhotoSurface) -> None:
        """What arrow keys have moved is moved for good."""
        if self._start is None:
            self._tools.drop()

    def cursor(self, view: PhotoSurface, *, pressed: bool) -> Qt.CursorShape:
        """A pointing hand over a hint, four arrows while it moves; else as for moving the photo."""
        if self._start is not None:
            return Qt.CursorShape.SizeAllCursor
        return Qt.CursorShape.PointingHandCursor if self._over else self._pan.cursor(view, pressed=pressed)

    def description(self, view: PhotoSurface) -> str:
        """Which hint is selected, and how the keys work."""
        translate = QCoreApplication.translate
        selected, count = self._tools.selected, len(self._tools.hints or ())
        if self._selected is None or selected is None:
            return translate("HintTools", "Selects hints. Enter selects the first one.") if count else ""
        place = self._selected.center + self._tools.shift
        words = translate("HintTools", "Hint {number} of {count} is selected, at {x}, {y}.").format(
            number=selected + 1, count=count, x=int(place.x()), y=int(place.y())
        )
        keys = translate("HintTools", "The arrow keys move it, Delete deletes it, Enter selects the next one.")
        return f"{words} {keys}"

    @property
    def _selected(self) -> Sign | None:
        selected = self._tools.selected
        return None if selected is None else self._tools.signs[selected]

    def _find(self, view: PhotoSurface, pointer: Pointer) -> int | None:
        """The hint whose marker is there, or else whose ink."""
        place = view.transform
        near = [
            (away, -index)
            for index, sign in enumerate(self._tools.signs)
            if (away := _length(place.map(sign.center) - pointer.view)) <= NEAR_MARKER
        ]
        return -min(near)[1] if near else self._tools.hint_at(pointer.photo, NEAR / view.scale)

    def _drag(self, view: PhotoSurface, shift: QPointF) -> None:
        """Moves the selected hint, but its marker not beyond the photo."""
        if self._selected is None:
            return
        place, (width, height) = self._selected.center, photo_size(view)
        x = min(max(place.x() + shift.x(), min(place.x(), 0.0)), max(place.x(), width - 1.0))
        y = min(max(place.y() + shift.y(), min(place.y(), 0.0)), max(place.y(), height - 1.0))
        self._tools.drag(QPointF(x, y) - place)

    def _select_next(self, view: PhotoSurface, step: int) -> None:
        count, selected = len(self._tools.hints or ()), self._tools.selected
        if count:
            self._tools.drop()
            first = 0 if step > 0 else count - 1
            self._tools.set_selected(first if selected is None else (selected + step) % count)
            if self._selected is not None:
                reveal(view, self._selected.center)


def _length(way: QPointF) -> float:
    return QPointF.dotProduct(way, way) ** 0.5
