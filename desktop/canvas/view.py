"""A photo that is zoomed and moved with wheel, fingers, mouse and keys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QPainter, QPen
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from desktop.canvas.surface import PhotoSurface
from desktop.canvas.tool import PanTool, Pointer
from desktop.canvas.viewport import STEP
from desktop.theme import theme_colors

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QFocusEvent, QHideEvent, QKeyEvent, QWheelEvent

    from desktop.canvas.tiles import TileStore
    from desktop.canvas.tool import Tool
    from desktop.canvas.viewport import Viewport

WHEEL_DOUBLES = 360.0
"""Eighths of a degree of the wheel that double the zoom: three notches."""
PAN_STEP = 80
"""What one press of a key pans by, in the view's coordinates."""
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class PhotoView(PhotoSurface):
    """Shows one photo, and lets the user move about in it.

    Args:
        store: Its tiles.
        viewport: What part of it is seen; views of one viewport move together.
        parent: The owner.
    """

    def __init__(self, store: TileStore, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(store, viewport, parent)
        self._tool: Tool = PanTool()
        self._pressed = False
        self._panned_from: QPointF | None = None
        self._pointer: QPointF | None = None
        self._ringed = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self.setAccessibleName(self.tr("Photo"))

    # Zoom and pan

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Multiplies the zoom.

        Args:
            factor: By what.
            about: The point that keeps its place; None for the pointer's, or the middle where there is no pointer.
        """
        self.viewport.zoom_by(factor, self._offset(self._pointer if about is None else about))

    def zoom_to(self, zoom: float, about: QPointF | None = None) -> None:
        """Changes the zoom. `about` as in `zoom_by`."""
        self.viewport.zoom_to(zoom, self._offset(self._pointer if about is None else about))

    def toggle_actual_size(self, about: QPointF | None = None) -> None:
        """Goes from the whole photo to 100 % and back. `about` as in `zoom_by`."""
        if self.viewport.fitting and not math.isclose(self.viewport.zoom, 1.0):
            self.zoom_to(1.0, about)
        else:
            self.viewport.fit()

    @property
    def pointed_at(self) -> bool:
        """Whether the pointer is over this view."""
        return self._pointer is not None

    def _offset(self, about: QPointF | None) -> QPointF:
        if about is None:
            return QPointF()
        return (about - QRectF(self.rect()).center()) * self.devicePixelRatioF()

    # Pointers

    @property
    def tool(self) -> Tool:
        """What the pointer does here."""
        return self._tool

    def set_tool(self, tool: Tool) -> None:
        """Takes a tool."""
        self._tool = tool
        self._announce_cursor()
        self.update()

    def pointer(self, event: QMouseEvent) -> Pointer:
        """A mouse event as a tool sees it."""
        point = event.position()
        return Pointer(self.photo_at(point), point, event.button(), event.modifiers())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The main button goes to the tool, the middle one moves the photo."""
        if event.button() == MIDDLE:
            self._panned_from = event.position()
        elif event.button() == LEFT and self._picture is not None:
            self._pressed = True
            self._tool.press(self, self.pointer(event))
        else:
            super().mousePressEvent(event)
            return
        self._announce_cursor()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes to the tool, unless the middle button moves the photo."""
        self._pointer = event.position()
        if self._panned_from is not None:
            step = event.position() - self._panned_from
            self._panned_from = event.position()
            self.pan(step.x(), step.y())
        elif self._pressed:
            self._tool.move(self, self.pointer(event))
        else:
            self._tool.hover(self, self.pointer(event))
            self._announce_cursor()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends what the press began."""
        if event.button() == MIDDLE:
            self._panned_from = None
        elif event.button() == LEFT and self._pressed:
            self._pressed = False
            self._tool.release(self, self.pointer(event))
        else:
            super().mouseReleaseEvent(event)
            return
        self._announce_cursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Goes from the whole photo to 100 % at the pointer, and back."""
        if event.button() == LEFT and self._picture is not None:
            self.toggle_actual_size(event.position())
        else:
            super().mouseDoubleClickEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Forgets the pointer."""
        self._pointer = None
        self._tool.hover(self, None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Knows the pointer again."""
        self._pointer = event.position()
        super().enterEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms to the pointer; two fingers on a touchpad move the photo, and zoom with Ctrl."""
        event.accept()
        if self._picture is None:
            return
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if fingers and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(event.pixelDelta().x(), event.pixelDelta().y())
            return
        turned = event.angleDelta().y() or event.angleDelta().x()
        if turned:
            self.zoom_by(2 ** (turned / WHEEL_DOUBLES), event.position())

    def event(self, event: QEvent) -> bool:
        """Pinches, on a touchpad or a screen, zoom."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                middle = QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint()))
                self.zoom_by(pinch.scaleFactor() or 1.0, middle)
                event.accept(pinch)
                return True
        return super().event(event)

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """+ and - zoom to the pointer, Ctrl and arrows move the photo, Ctrl+0 fits it, Ctrl+1 shows it at 100 %."""
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        key = event.key()
        steps = {
            Qt.Key.Key_Left: (PAN_STEP, 0),
            Qt.Key.Key_Right: (-PAN_STEP, 0),
            Qt.Key.Key_Up: (0, PAN_STEP),
            Qt.Key.Key_Down: (0, -PAN_STEP),
        }
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(STEP)
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_by(1 / STEP)
        elif control and not shift and key in steps:
            self.pan(*steps[Qt.Key(key)])
        elif control and key == Qt.Key.Key_0:
            self.viewport.fit()
        elif control and key == Qt.Key.Key_1:
            self.zoom_to(1.0)
        else:
            super().keyPressEvent(event)

    # Coming and going

    def hideEvent(self, event: QHideEvent) -> None:
        """Lets go of what the pointer had begun."""
        super().hideEvent(event)
        self._pressed, self._panned_from, self._pointer = False, None, None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows that it has the keyboard, to those who came by keyboard."""
        super().focusInEvent(event)
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shows it no more."""
        super().focusOutEvent(event)
        self._ringed = False
        self.update()

    def draw_over(self, painter: QPainter) -> None:
        """Draws labels over the photo, what the tool draws, and the ring of the focus."""
        super().draw_over(painter)
        self._tool.paint(self, painter)
        if self._ringed:
            painter.setPen(QPen(theme_colors(self.palette()).focus, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def changed(self) -> None:
        """The pointer may be over something else now."""
        super().changed()
        self._announce_cursor()

    def _announce_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._panned_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._picture is not None:
            shape = self._tool.cursor(self, pressed=self._pressed)
        if self.cursor().shape() != shape:
            self.setCursor(shape)
