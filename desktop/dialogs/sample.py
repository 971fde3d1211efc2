"""The sample photo of the welcome page: a picture that is a button."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.theme import theme_colors

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

SAMPLES = Path(__file__).parent.parent.parent / "resources" / "samples"
SAMPLE = SAMPLES / "water-lilies-1892.jpg"
WIDTH, HEIGHT = 400, 300
RADIUS = 10.0
RING = 3.0


class SampleButton(QAbstractButton):
    """A photo to click on, with a caption below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setText(self.tr("Try it with this photo"))
        self.setToolTip(self.tr("A family on giant water lilies, 1892; photographer unknown, in the public domain"))
        self.setAccessibleName(self.text())
        self.setAccessibleDescription(self.toolTip())
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def has_picture(self) -> bool:
        """Whether the photo is there yet."""
        return self._image is not None

    def set_image(self, image: QImage) -> None:
        """Shows the photo."""
        self._image = image
        self.update()

    def sizeHint(self) -> QSize:
        """As large as the page likes it."""
        return QSize(WIDTH, self.heightForWidth(WIDTH))

    def minimumSizeHint(self) -> QSize:
        """Half of that."""
        return QSize(WIDTH // 2, self.heightForWidth(WIDTH // 2))

    def heightForWidth(self, width: int) -> int:
        """The photo's height, and a line for the caption."""
        return round(width * HEIGHT / WIDTH) + self._caption_height()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Drawn otherwise under the mouse."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """And as before when it has gone."""
        super().leaveEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The photo in round corners, a ring where it has the focus or the mouse, and the caption."""
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        frame = QRectF(self.rect()).adjusted(RING, RING, -RING, -self._caption_height())
        outline = QPainterPath()
        outline.addRoundedRect(frame, RADIUS, RADIUS)
        painter.fillPath(outline, self.palette().brush(QPalette.ColorRole.Button))
        if self._image is not None:
            painter.save()
            painter.setClipPath(outline)
            painter.drawImage(frame, self._image, self._visible_part(frame))
            painter.restore()
        marked = self.hasFocus() or self.underMouse() or self.isDown()
        colors = theme_colors(self.palette())
        painter.setPen(QPen(colors.focus if marked else colors.border, RING if marked else 1.0))
        painter.drawPath(outline)
        self._draw_caption(painter)
        painter.end()

    def _draw_caption(self, painter: QPainter) -> None:
        font = self.font()
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        height = self._caption_height()
        line = QRectF(0, self.height() - height, self.width(), height)
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)

    def _visible_part(self, frame: QRectF) -> QRectF:
        """The middle of the photo, in the proportions of the frame."""
        if self._image is None:
            return QRectF()
        whole = QRectF(self._image.rect())
        scale = min(whole.width() / frame.width(), whole.height() / frame.height())
        part = QRectF(0, 0, frame.width() * scale, frame.height() * scale)
        part.moveCenter(whole.center())
        return part

    def _caption_height(self) -> int:
        return round(self.fontMetrics().height() * 2.2)
