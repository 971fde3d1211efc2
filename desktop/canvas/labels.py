"""Small texts over a photo: legible on any photo, for they bring their own ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QFontMetrics, QPaintEvent
    from PySide6.QtWidgets import QWidget

MARGIN = 10
PADDING_X = 9
PADDING_Y = 4
ROUND = 5
WIDEST = 1 << 14
GROUND_ALPHA = 232
"""Little enough is seen through the ground that text on it keeps its contrast on any photo."""


def chip_size(metrics: QFontMetrics, text: str, widest: int = WIDEST) -> QSize:
    """How large a text is with its ground.

    Args:
        metrics: Of its font.
        text: What it says.
        widest: Where it is longer than this, it goes on in the next line.
    """
    room = QRect(0, 0, max(widest - 2 * PADDING_X, 1), WIDEST)
    bounds = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, text)
    return QSize(bounds.width() + 2 * PADDING_X + 1, bounds.height() + 2 * PADDING_Y)


def draw_chip(painter: QPainter, rect: QRect, text: str, palette: QPalette) -> None:
    """Draws a text on its ground.

    Args:
        painter: To draw with.
        rect: Where, as large as `chip_size` says.
        text: What it says.
        palette: Whose window colours it takes.
    """
    ground = QColor(palette.color(QPalette.ColorRole.Window))
    ground.setAlpha(GROUND_ALPHA)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(QRectF(rect), ROUND, ROUND)
    painter.setPen(palette.color(QPalette.ColorRole.WindowText))
    inner = rect.adjusted(PADDING_X, PADDING_Y, -PADDING_X, -PADDING_Y)
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
    painter.restore()


class StatusLabel(QLabel):
    """Says over its parent what is being done; hidden when it has nothing to say."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._central = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.hide()
        parent.installEventFilter(self)

    def say(self, text: str) -> None:
        """Shows a text; an empty one hides it."""
        self.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._place()
        self.raise_()

    def set_central(self, central: bool) -> None:
        """Whether it stands in the parent's middle rather than at its lower edge."""
        self._central = central
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keeps its place when the parent changes its size."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the text on its ground."""
        painter = QPainter(self)
        draw_chip(painter, self.rect(), self.text(), self.palette())

    def _place(self) -> None:
        around = self._over.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        size = chip_size(self.fontMetrics(), self.text(), around.width())
        upper = around.center().y() - size.height() // 2 if self._central else around.bottom() + 1 - size.height()
        self.setGeometry(QRect(QPoint(around.center().x() - size.width() // 2, upper), size))
