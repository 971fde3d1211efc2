"""A photo that is zoomed and moved with wheel, fingers, mouse and keys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QInputDevice,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPen,
    QPointingDevice,
    QTabletEvent,
)
from PySide6.QtWidgets import QGestureEvent, QPinchGesture, QWidget

from desktop.canvas.hint_layer import HintLayer
from desktop.canvas.surface import PhotoSurface
from desktop.canvas.tool import PanTool, Pointer
from desktop.canvas.viewport import STEP
from desktop.theme import theme_colors

if TYPE_CHECKING:
    from PySide6.QtGui import QEnterEvent, QFocusEvent, QHideEvent, QWheelEvent

    from desktop.canvas.tiles import TileStore
    from desktop.canvas.tool import Tool
    from desktop.canvas.viewport import Viewport

WHEEL_DOUBLES = 360.0
"""Eighths of a degree of the wheel that double the zoom: three notches."""
PAN_STEP = 80
"""What one press of a key pans by, in the view's coordinates."""
LEFT, MIDDLE, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


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
        self._pen_down = False
        self._ringed = False
        self.hint_layer = HintLayer()
        self.setMouseTracking(True)
        self.setTabletTracking(True)
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
        """Takes a tool; what the one before had begun is given up."""
        if tool is not self._tool:
            self.give_up()
            self._tool = tool
        self._announce_cursor()
        self.describe()
        self.update()

    def give_up(self) -> None:
        """Lets go of what the pointer or a key had begun."""
        self._pressed, self._pen_down, self._panned_from = False, False, None
        self._tool.cancel(self)

    def pointer(self, event: QMouseEvent | QTabletEvent) -> Pointer:
        """An event of a mouse or a pen as a tool sees it."""
        point = event.position()
        eraser, pressure = event.pointerType() == QPointingDevice.PointerType.Eraser, 1.0
        if isinstance(event, QTabletEvent) and event.device().hasCapability(QInputDevice.Capability.Pressure):
            pressure = event.pressure()
        return Pointer(self.photo_at(point), point, event.button(), event.modifiers(), pressure, eraser)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The main button goes to the tool, the middle one moves the photo; one at a time."""
        if event.button() in (LEFT, MIDDLE) and self._busy:
            return
        if event.button() == MIDDLE:
            self._panned_from = event.position()
            self._announce_cursor()
        elif event.button() == LEFT and self._picture is not None:
            self._press(self.pointer(event))
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes to the tool, unless the middle button moves the photo."""
        if self._pen_down:
            return  # what some systems make of a pen, beside its own events
        self._pointer = event.position()
        if self._panned_from is not None:
            step = event.position() - self._panned_from
            self._panned_from = event.position()
            self.pan(step.x(), step.y())
        else:
            self._go(self.pointer(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends what the press began."""
        if event.button() == MIDDLE and self._panned_from is not None:
            self._panned_from = None
            self._announce_cursor()
        elif event.button() == LEFT and self._pressed and not self._pen_down:
            self._release(self.pointer(event))
        elif event.button() not in (LEFT, MIDDLE):
            super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Goes from the whole photo to 100 % at the pointer, and back; for a tool that draws, it is a second press."""
        if self._tool.draws:
            self.mousePressEvent(event)
        elif event.button() == LEFT and self._picture is not None:
            self.toggle_actual_size(event.position())
        else:
            super().mouseDoubleClickEvent(event)

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen is for tools that draw. What is ignored here comes again as a mouse's."""
        kind, tip = event.type(), event.button() == LEFT
        # A pen that was taken away from the tablet comes back without its tip down.
        lifted = kind == QEvent.Type.TabletMove and not event.buttons() & LEFT
        event.accept()
        if self._pen_down and (lifted or (kind == QEvent.Type.TabletRelease and tip)):
            self._pen_down = False
            if self._pressed:
                self._release(self.pointer(event))
        elif self._pen_down or (lifted and self._hovers(event)):
            self._pointer = event.position()
            if kind == QEvent.Type.TabletMove:
                self._go(self.pointer(event))
        elif kind == QEvent.Type.TabletPress and tip and not self._busy and self._draws_at(event.position()):
            self._pen_down = True
            self._pointer = event.position()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._press(self.pointer(event))
        else:
            event.ignore()

    @property
    def _busy(self) -> bool:
        return self._pressed or self._pen_down or self._panned_from is not None

    def _hovers(self, event: QTabletEvent) -> bool:
        return not self._pressed and event.buttons() == NO_BUTTON and self._draws_at(event.position())

    def _draws_at(self, point: QPointF) -> bool:
        """Whether a pen draws at a point of the view."""
        return self._tool.draws and self._picture is not None

    def _press(self, pointer: Pointer) -> None:
        self._pressed = True
        self._tool.press(self, pointer)
        self._announce_cursor()

    def _go(self, pointer: Pointer) -> None:
        if self._pressed:
            self._tool.move(self, pointer)
        else:
            self._tool.hover(self, pointer)
            self._announce_cursor()

    def _release(self, pointer: Pointer) -> None:
        self._pressed = False
        self._tool.release(self, pointer)
        self._announce_cursor()

    def leaveEvent(self, event: QEvent) -> None:
        """Forgets the pointer."""
        self._pointer = None
        if not self._pressed:
            self._tool.hover(self, None)
        super().leaveEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Knows the pointer again."""
        self._pointer = event.position()
        super().enterEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """A wheel zooms to the pointer, with Shift it sizes a brush; two fingers move the photo, with Ctrl zoom."""
        event.accept()
        turned = event.angleDelta().y() or event.angleDelta().x()
        if self._picture is None:
            return
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and turned and self._tool.wheel(self, turned):
            return
        fingers = event.phase() != Qt.ScrollPhase.NoScrollPhase and not event.pixelDelta().isNull()
        if fingers and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.pan(event.pixelDelta().x(), event.pixelDelta().y())
            return
        if turned:
            self.zoom_by(2 ** (turned / WHEEL_DOUBLES), event.position())

    def event(self, event: QEvent) -> bool:
        """Pinches, on a touchpad or a screen, zoom. Keys that the tool needs are no shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_tool_s(event):
            event.accept()
            return True
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            self.zoom_by(1 + event.value(), event.position())
            return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                if self._pressed:
                    self.give_up()  # the first of two fingers was taken for a mouse
                middle = QPointF(self.mapFromGlobal(pinch.centerPoint().toPoint()))
                self.zoom_by(pinch.scaleFactor() or 1.0, middle)
                event.accept(pinch)
                return True
        return super().event(event)

    # Keys

    def needs_key(self, key: int, text: str) -> bool:
        """Whether a key without Ctrl or Alt means something here now, whatever it is to the window.

        Args:
            key: The key, a `Qt.Key`.
            text: What it types.
        """
        return self._tool.needs_key(self, key)

    def _is_tool_s(self, event: QKeyEvent) -> bool:
        return not event.modifiers() & COMMAND and self._tool.needs_key(self, event.key())

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Goes to the tool."""
        self._tool.key_release(self, event)
        super().keyReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The tool's keys; + and - zoom, Ctrl and arrows move the photo, Ctrl+0 fits it, Ctrl+1 shows it at 100 %."""
        if self._is_tool_s(event):
            self._tool.key_press(self, event)
            return
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
        self._pointer = None
        self.give_up()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Shows that it has the keyboard, to those who came by keyboard."""
        super().focusInEvent(event)
        self._ringed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shows it no more."""
        super().focusOutEvent(event)
        self._tool.leave_keys(self)
        self._ringed = False
        self.update()

    def draw_over(self, painter: QPainter) -> None:
        """Draws labels over the photo, what the tool draws, and the ring of the focus."""
        self.hint_layer.paint(self, painter)
        super().draw_over(painter)
        if self._picture is not None:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._tool.paint(self, painter)
            painter.restore()
        if self._ringed:
            painter.setPen(QPen(theme_colors(self.palette()).focus, 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))

    def changed(self) -> None:
        """The pointer may be over something else now."""
        super().changed()
        if self._pointer is not None and not self._pressed and self._panned_from is None:
            self._tool.hover(self, Pointer(self.photo_at(self._pointer), self._pointer))
        self._announce_cursor()

    def describe(self) -> None:
        """Says in the accessible description what the tool has to say."""
        text = " ".join(words for words in (self._own_description(), self._tool.description(self)) if words)
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _own_description(self) -> str:
        return ""

    def _announce_cursor(self) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if self._panned_from is not None:
            shape = Qt.CursorShape.ClosedHandCursor
        elif self._picture is not None:
            shape = self._tool.cursor(self, pressed=self._pressed)
        if self.cursor().shape() != shape:
            self.setCursor(shape)
