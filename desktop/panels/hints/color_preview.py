"""The colour in use, as it was chosen and as it looks at the lightness of the place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.panels.hints.color_wording import choice_text
from desktop.panels.hints.swatch import NEUTRAL, ROUNDING, draw_swatch, faint_line, is_neutral
from desktop.panels.wording import as_sentence, plain_tooltip
from engine import fitted

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent

HEIGHT = 34


class ColorPreview(QWidget):
    """A broad swatch. Where the place is lighter or darker than the colour, its right half shows what comes of it.

    Args:
        parent: The owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color: str | None = NEUTRAL
        self._there: str | None = NEUTRAL
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Colour in use"))

    def sizeHint(self) -> QSize:
        """Broader than high."""
        return QSize(2 * HEIGHT, HEIGHT)

    def show_color(self, color: str | None, lightness: float) -> None:
        """Shows a colour.

        Args:
            color: "#rrggbb", or None for "keep".
            lightness: L* of the place.
        """
        there = color if color is None or is_neutral(color) else fitted(color, lightness)
        if (color, there) == (self._color, self._there):
            return
        self._color, self._there = color, there
        lines = [as_sentence(choice_text(color))]
        if color is not None and there is not None and color != there:
            lines = [
                self.tr("Left: as chosen, {color}").format(color=color),
                self.tr("Right: at the lightness of this place, {color}").format(color=there),
            ]
        self.setToolTip(plain_tooltip("\n".join(lines)))
        self.setAccessibleDescription(". ".join(lines))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        del event
        painter = QPainter(self)
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        area = QRectF(self.rect())
        draw_swatch(painter, area, self._color, self.palette())
        if self._there is not None and self._there != self._color:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            outline = QPainterPath()
            outline.addRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), ROUNDING, ROUNDING)
            half = QPainterPath()
            half.addRect(area.adjusted(area.width() / 2, 0, 0, 0))
            painter.fillPath(outline.intersected(half), QColor(self._there))
            painter.setPen(QPen(faint_line(self.palette()), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(outline)
