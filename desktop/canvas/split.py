"""Before and after in one view: the original left of a divider, the coloured photo right of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF

from desktop.canvas.labels import GROUND_ALPHA, MARGIN, chip_size, draw_chip
from desktop.canvas.layer import Layer
from desktop.canvas.surface import Part
from desktop.canvas.view import LEFT, PhotoView
from desktop.theme import theme_colors

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent, QMouseEvent
    from PySide6.QtWidgets import QWidget

    from desktop.canvas.picture import Picture, Source
    from desktop.canvas.tiles import TileStore
    from desktop.canvas.viewport import Viewport

GRIP = 16.0
"""Half of the handle's size."""
REACH = 7.0
"""How far from the divider the pointer still takes hold of it."""
STEP, LEAP = 0.01, 0.1
"""How far one press of a key moves the divider."""


class SplitView(PhotoView):
    """Shows a photo as it is and in colour, with a divider between.

    The divider stands at a share of what is seen of the photo, so it stays on the screen while the photo is moved.

    Args:
        store: Tiles.
        viewport: What part of the photo is seen.
        parent: The owner.

    Signals:
        split_changed (float): The divider was moved; its new place, from 0 (all coloured) to 1 (all original).
    """

    split_changed = Signal(float)

    def __init__(self, store: TileStore, viewport: Viewport, parent: QWidget | None = None) -> None:
        self._before = Layer()
        self._split = 0.5
        self._held_at: float | None = None
        super().__init__(store, viewport, parent)
        self.setAccessibleName(self.tr("Before and after"))
        self.describe()

    @property
    def split(self) -> float:
        """Where the divider stands, in [0, 1] of what is seen of the photo."""
        return self._split

    def set_split(self, split: float) -> None:
        """Moves the divider."""
        split = min(max(split, 0.0), 1.0)
        if split == self._split:
            return
        self._split = split
        self.describe()
        self.changed()
        self.split_changed.emit(split)

    @property
    def divided(self) -> bool:
        """Whether there is something to compare: a photo in colour, not just its original."""
        return self._picture is not None and self._picture.painting is not None and not self._original_held

    def divider(self) -> float:
        """Where the divider stands, in the view's coordinates from its left edge."""
        return self._divider_at() / self.devicePixelRatioF()

    def set_picture(self, picture: Picture | None) -> None:
        """Shows a picture; see `PhotoSurface.set_picture`."""
        self._before.show(None if picture is None else picture.original)
        super().set_picture(picture)

    def parts(self) -> list[Part]:
        """The original left of the divider, the coloured photo right of it."""
        view, divider = self.device_rect, self._divider_at()
        if not self.divided:
            return [Part(self._layer, view)]
        left = QRect(view.left(), view.top(), divider - view.left(), view.height())
        right = QRect(divider, view.top(), view.right() + 1 - divider, view.height())
        return [Part(self._before, left), Part(self._layer, right)]

    def _divider_at(self) -> int:
        seen = self.placement().rect & self.device_rect
        return seen.left() + round(self._split * seen.width())

    def _sources(self) -> set[Source]:
        return super()._sources() | self._layer.sources

    def draw_over(self, painter: QPainter) -> None:
        """Draws the divider and what stands on each side of it."""
        super().draw_over(painter)
        if not self.divided:
            return
        self._draw_sides(painter)
        self._draw_divider(painter)

    def _draw_sides(self, painter: QPainter) -> None:
        divider, seen = self.divider(), self.seen().toRect()
        top, left, right = seen.top() + MARGIN, self.tr("Original"), self.tr("Coloured")
        size, at = chip_size(self.fontMetrics(), left), seen.left() + MARGIN
        if at + size.width() < divider - REACH:
            draw_chip(painter, QRect(QPoint(at, top), size), left, self.palette())
        size = chip_size(self.fontMetrics(), right)
        at = seen.right() - MARGIN - size.width()
        if at > divider + REACH:
            draw_chip(painter, QRect(QPoint(at, top), size), right, self.palette())

    def _draw_divider(self, painter: QPainter) -> None:
        seen, at = self.seen(), self.divider()
        light, dark = self._line_colors()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # A light line with dark edges is seen on any photo.
        painter.fillRect(QRectF(at - 2, seen.top(), 4, seen.height()), dark)
        painter.fillRect(QRectF(at - 1, seen.top(), 2, seen.height()), light)
        middle = QPointF(at, seen.center().y())
        held = self._held_at is not None or self._near(self._pointer)
        ring = theme_colors(self.palette()).focus if self.hasFocus() or held else dark
        painter.setPen(QPen(ring, 2.0 if self.hasFocus() or held else 1.0))
        painter.setBrush(light)
        painter.drawEllipse(middle, GRIP, GRIP)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dark)
        for side in (-1, 1):
            tip = [QPointF(side * 10, 0), QPointF(side * 4, -5), QPointF(side * 4, 5)]
            painter.drawPolygon(QPolygonF([middle + point for point in tip]))
        painter.restore()

    def _line_colors(self) -> tuple[QColor, QColor]:
        """The lighter and the darker of the palette's window colours; the darker one lets a little through."""
        roles = (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText)
        dark, light = sorted((self.palette().color(role) for role in roles), key=QColor.lightness)
        dark.setAlpha(GROUND_ALPHA)
        return light, dark

    # Moving the divider

    def _near(self, point: QPointF | None) -> bool:
        if point is None or not self.divided:
            return False
        seen = self.seen()
        if not seen.top() <= point.y() <= seen.bottom():
            return False
        middle = QPointF(self.divider(), seen.center().y())
        on_grip = QPointF.dotProduct(point - middle, point - middle) <= GRIP * GRIP
        return on_grip or abs(point.x() - middle.x()) <= REACH

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Takes hold of the divider, where it is; else as in `PhotoView`."""
        if event.button() == LEFT and not self._pressed and not self._pen_down and self._near(event.position()):
            self._held_at = event.position().x() - self.divider()
            self.update()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Moves the divider while it is held."""
        if self._held_at is None:
            near = self._near(self._pointer)
            super().mouseMoveEvent(event)
            if near != self._near(self._pointer):
                self.update()
            return
        self._pointer = event.position()
        seen = self.seen()
        self.set_split((event.position().x() - self._held_at - seen.left()) / max(seen.width(), 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Lets go of the divider."""
        if event.button() == LEFT and self._held_at is not None:
            self._held_at = None
            self._announce_cursor()
            self.update()
        else:
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """On the divider: puts it into the middle. Elsewhere as in `PhotoView`."""
        if event.button() == LEFT and self._near(event.position()):
            self.set_split(0.5)
        else:
            super().mouseDoubleClickEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Shift with left and right moves the divider, by more with Ctrl too; else as in `PhotoView`."""
        directions = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self._is_tool_s(event):
            super().keyPressEvent(event)
        elif event.key() in directions and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            leap = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            self.set_split(self._split + directions[Qt.Key(event.key())] * (LEAP if leap else STEP))
        else:
            super().keyPressEvent(event)

    def _announce_cursor(self) -> None:
        if self._held_at is not None or (not self._pressed and self._near(self._pointer)):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        else:
            super()._announce_cursor()

    def _own_description(self) -> str:
        text = self.tr("The divider stands at {percent} %. Shift and the arrow keys move it.")
        return text.format(percent=round(100 * self._split))

    def _draws_at(self, point: QPointF) -> bool:
        return super()._draws_at(point) and not self._near(point)
