"""The brush that draws hints, the eraser that takes them away, and the pick that asks for the colour of a place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPointF

from desktop.canvas.crosshair import PlacingTool, photo_size
from desktop.canvas.markers import BADGE, LEAST_RING, draw_ring, draw_sign

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from desktop.canvas.hint_tool import HintTools
    from desktop.canvas.surface import PhotoSurface
    from desktop.canvas.tool import Pointer

TOLERANCE = 0.5
"""How far a stroke that is told may be off from what was drawn, in the view's coordinates."""
PICK_RING = 11.0
_DIAGONAL = 0.7071


class BrushTool(PlacingTool):
    """Draws hints, or rubs them out; so does the eraser end of a pen.

    Args:
        tools: What it works for.
        erasing: Whether it is the eraser.
    """

    def __init__(self, tools: HintTools, *, erasing: bool = False) -> None:
        super().__init__(tools)
        self._erasing = erasing
        self._turned = False

    def press(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Begins a stroke, if it is on the photo or not further beside it than the brush reaches."""
        self._turned = pointer.eraser
        width, height = photo_size(view)
        x, y, reach = pointer.photo.x(), pointer.photo.y(), self._tools.radius
        if -reach <= x <= width + reach and -reach <= y <= height + reach:
            self._tools.begin((width, height), erasing=self._erasing or pointer.eraser)
            self.move(view, pointer)

    def move(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Draws on."""
        if not self._tools.by_keys or not self._held:
            self._tools.point_at(pointer.photo)
        self._tools.extend(pointer.photo, pointer.pressure, TOLERANCE / view.scale)

    def release(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Ends the stroke."""
        self._tools.finish()

    def cancel(self, view: PhotoSurface) -> None:
        """Gives up the stroke."""
        self._held = False
        self._tools.cancel()

    def hover(self, view: PhotoSurface, pointer: Pointer | None) -> None:
        """Takes note of which end of a pen it is."""
        if pointer is not None and pointer.eraser is not self._turned:
            self._turned = pointer.eraser
            self._tools.changed.emit()
        super().hover(view, pointer)

    def paint(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws the edge of the brush and a sign of its colour."""
        place = self._tools.place
        if place is None:
            return
        erasing = self._erasing or self._turned
        center, radius = view.point_of(place), max(self._tools.radius * view.scale, LEAST_RING)
        draw_ring(painter, center, radius, dashed=erasing)
        if not erasing and self._tools.stroke is None:  # ink tells its colour itself
            away = max(radius, PICK_RING) * _DIAGONAL + BADGE
            draw_sign(painter, center + QPointF(away, away), self._tools.color, BADGE)
        super().paint(view, painter)

    def description(self, view: PhotoSurface) -> str:
        """What it is, its size, and how its keys work."""
        translate = QCoreApplication.translate
        name = translate("HintTools", "Eraser") if self._erasing else translate("HintTools", "Brush")
        size = translate("HintTools", "{tool} with a radius of {radius} px.")
        return f"{size.format(tool=name, radius=round(self._tools.radius))} {super().description(view)}"


class PickTool(PlacingTool):
    """Asks for the colour of the place where the button is down."""

    def __init__(self, tools: HintTools) -> None:
        super().__init__(tools)
        self._down = False
        self._asked: tuple[int, int] | None = None

    def press(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Asks for the colour here."""
        self._down, self._asked = True, None
        self._ask(view, pointer)

    def move(self, view: PhotoSurface, pointer: Pointer) -> None:
        """Asks for the colour there."""
        if self._down:
            self._ask(view, pointer)

    def release(self, view: PhotoSurface, pointer: Pointer) -> None:
        """The colour is taken."""
        self._down = False
        self._tools.changed.emit()

    def cancel(self, view: PhotoSurface) -> None:
        """Asks no more."""
        self._down = self._held = False

    def wheel(self, view: PhotoSurface, turned: float) -> bool:
        """Has no size."""
        return False

    def paint(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws what was picked beside the place."""
        place = self._tools.place
        if place is not None:
            draw_sign(painter, view.point_of(place) + QPointF(PICK_RING, PICK_RING), self._tools.color, BADGE)
        super().paint(view, painter)

    def description(self, view: PhotoSurface) -> str:
        """What it is, and how its keys work."""
        name = QCoreApplication.translate("HintTools", "Picks a colour from the photo.")
        return f"{name} {super().description(view)}"

    def _ask(self, view: PhotoSurface, pointer: Pointer) -> None:
        if not self._held:
            self._tools.point_at(pointer.photo)
        (width, height), x, y = photo_size(view), int(pointer.photo.x() // 1), int(pointer.photo.y() // 1)
        if 0 <= x < width and 0 <= y < height and (x, y) != self._asked:
            self._asked = (x, y)
            self._tools.picked.emit(pointer.photo.x(), pointer.photo.y())
