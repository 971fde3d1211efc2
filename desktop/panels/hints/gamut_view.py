"""The colours that a photo can have at one lightness: the palette from which a hint's colour is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QFocusEvent, QHelpEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from desktop.panels.focus_ring import draw_focus_ring
from desktop.panels.hints.color_wording import choice_text
from desktop.panels.hints.gamut_image import GamutImage, gamut_image
from desktop.panels.hints.swatch import NEUTRAL, faint_line, is_neutral
from desktop.panels.slider import QUIET_MS
from desktop.panels.wording import as_sentence, plain_tooltip
from engine import ab_of, color_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QPaintEvent

    from engine import Suggestion

SIDE = 160
LEAST_SIDE = 110
UNKNOWN_LIGHTNESS = 50.0
STEP = 2.0
LEAP = 10.0
"""What an arrow key moves in a* and b*, without and with Shift."""
_EDGE = 7.0
_RING = 5.5
_DOT = 2.5
_SAME = 3.0
"""A colour is rounded to 8 bits: so near to what was asked for, it was not reduced to the gamut."""
_DIRECTIONS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
_BLACK, _WHITE = QColor("#000000"), QColor("#ffffff")


class GamutView(QWidget):
    """The plane of a* (to the right) and b* (upwards). Keys: the arrows, by more with Shift; Home is grey.

    Args:
        parent: The owner.

    Signals:
        changed (str): The user is choosing this colour; while dragging, at each move.
        committed (): The user has finished: the button was let go, keys have rested.
    """

    changed = Signal(str)
    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lightness = UNKNOWN_LIGHTNESS
        self._color: str | None = NEUTRAL
        self._ab = (0.0, 0.0)
        self._suggestions: tuple[Suggestion, ...] = ()
        self._held = False
        self._rest = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._rest.timeout.connect(self.finish)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAccessibleName(self.tr("Colours at this lightness"))
        self._describe()

    @property
    def pending(self) -> bool:
        """Whether the user is in the middle of choosing."""
        return self._held or self._rest.isActive()

    @property
    def lightness(self) -> float:
        """L* of the colours shown."""
        return self._lightness

    @property
    def color(self) -> str | None:
        """The colour that is marked; None for "keep"."""
        return self._color

    def set_lightness(self, lightness: float) -> None:
        """Shows the colours of another lightness."""
        if round(lightness) != round(self._lightness):
            self.update()
        self._lightness = lightness

    def set_color(self, color: str | None) -> None:
        """Marks a colour; nothing is emitted.

        Args:
            color: "#rrggbb", of which a* and b* count, or None for "keep", which has no place here.
        """
        if color == self._color:
            return  # its place stays as it was chosen, finer than 8 bits tell
        self._color = color
        self._ab = (0.0, 0.0) if color is None else ab_of(color)
        self._describe()
        self.update()

    def set_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Shows suggestions as dots, the likely ones larger."""
        self._suggestions = tuple(suggestions)
        self.update()

    def finish(self) -> None:
        """Ends what the user is in the middle of: emits `committed` now."""
        self._rest.stop()
        self._held = False
        self.committed.emit()

    def needs_key(self, key: int, text: str) -> bool:
        """Whether it has a plain key for itself."""
        del text
        return key in _DIRECTIONS or key == Qt.Key.Key_Home

    def place_of(self, a: float, b: float) -> QPointF:
        """Where a colour is shown."""
        square, shown = self._square(), self._image()
        away = QPointF(a - shown.middle[0], shown.middle[1] - b)
        return square.center() + away * (square.width() / 2 / shown.reach)

    def sizeHint(self) -> QSize:
        """A square that leaves room beside it in a narrow panel."""
        return QSize(SIDE, SIDE)

    def minimumSizeHint(self) -> QSize:
        """What can be used still."""
        return QSize(LEAST_SIDE, LEAST_SIDE)

    def heightForWidth(self, width: int) -> int:
        """It is square."""
        return width

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Chooses the colour under the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._choose_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Goes on choosing."""
        if self._held:
            self._choose_at(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ends the choice."""
        if self._held and event.button() == Qt.MouseButton.LeftButton:
            self.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Moves the colour by the arrow keys, or to grey by Home."""
        direction = _DIRECTIONS.get(Qt.Key(event.key()))
        if direction is None and event.key() != Qt.Key.Key_Home:
            super().keyPressEvent(event)
            return
        if direction is None:
            self._choose(0, 0)
        else:
            step = LEAP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            self._choose(self._ab[0] + direction[0] * step, self._ab[1] + direction[1] * step)
        self._rest.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Ends a choice by keys."""
        if self._rest.isActive():
            self.finish()
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        """Says the colour under the pointer in a tooltip."""
        if event.type() == QEvent.Type.ToolTip:
            asked = cast("QHelpEvent", event)
            color = color_at(self._lightness, *self._ab_at(QPointF(asked.pos())))
            QToolTip.showText(asked.globalPos(), plain_tooltip(_told(color)), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the colours, the grey in the middle, the suggestions, and the colour in use."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setOpacity(1.0 if self.isEnabled() else 0.3)
        shown = self._image()
        painter.drawImage(self._square(), shown.image, shown.part)
        self._draw_grey(painter)
        if self.isEnabled():
            self._draw_suggestions(painter)
            self._draw_color(painter)
        painter.end()
        draw_focus_ring(self)

    def _draw_grey(self, painter: QPainter) -> None:
        """A fine cross through grey, by which the eye finds its way when the gamut changes."""
        painter.setPen(QPen(faint_line(self.palette()), 1))
        grey = self.place_of(0, 0)
        painter.drawLine(grey - QPointF(4, 0), grey + QPointF(4, 0))
        painter.drawLine(grey - QPointF(0, 4), grey + QPointF(0, 4))

    def _draw_suggestions(self, painter: QPainter) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for suggestion in self._suggestions:
            place, radius = self.place_of(*suggestion.ab), _DOT + 2 * suggestion.probability
            _draw_ring(painter, place, radius, QColor(suggestion.color))

    def _draw_color(self, painter: QPainter) -> None:
        if self._color is None:
            return
        shown = color_at(self._lightness, *self._ab)
        place = self.place_of(*(self._ab if self._is_possible(shown) else ab_of(shown)))
        _draw_ring(painter, place, _RING, QColor(shown), width=1.75)

    def _is_possible(self, shown: str) -> bool:
        a, b = ab_of(shown)
        return abs(a - self._ab[0]) + abs(b - self._ab[1]) < _SAME

    def _square(self) -> QRectF:
        """Where the picture is; the rings around what lies on its edge have room."""
        side = min(self.width(), self.height()) - 2 * _EDGE
        square = QRectF(0, 0, max(side, 1.0), max(side, 1.0))
        square.moveCenter(QRectF(self.rect()).center())
        return square

    def _image(self) -> GamutImage:
        return gamut_image(round(self._lightness), round(self._square().width() * self.devicePixelRatioF()))

    def _ab_at(self, place: QPointF) -> tuple[float, float]:
        square, shown = self._square(), self._image()
        away = (place - square.center()) * (shown.reach / (square.width() / 2))
        return shown.middle[0] + away.x(), shown.middle[1] - away.y()

    def _choose_at(self, place: QPointF) -> None:
        self._choose(*self._ab_at(place))

    def _choose(self, a: float, b: float) -> None:
        color = color_at(self._lightness, a, b)
        self._ab = (a, b)
        if not self._is_possible(color):
            self._ab = ab_of(color)
        self.update()
        if color != self._color:
            self._color = color
            self._describe()
            self.changed.emit(color)

    def _describe(self) -> None:
        a, b = self._ab
        text = self.tr("{color}. a* {a}, b* {b}. The arrow keys choose another colour, with Shift by larger steps.")
        color = _told(self._color)
        self.setAccessibleDescription(text.format(color=color, a=round(a), b=round(b)))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))


def _told(color: str | None) -> str:
    words = as_sentence(choice_text(color))
    return words if color is None or is_neutral(color) else f"{words}, {color}"


def _draw_ring(painter: QPainter, place: QPointF, radius: float, color: QColor, width: float = 1.0) -> None:
    """A disc of a colour in a ring of black and white, one of which is seen on any colour."""
    painter.setBrush(color)
    painter.setPen(QPen(_BLACK, width))
    painter.drawEllipse(place, radius + width, radius + width)
    painter.setPen(QPen(_WHITE, width))
    painter.drawEllipse(place, radius, radius)
