"""A paragraph of text that can be selected, and that a long path cannot make wider than its window."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPalette, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget


class Prose(QTextEdit):
    """A read-only paragraph, as high as its text; lines break anywhere if they must.

    Args:
        text: Plain text.
        parent: The owner.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.viewport().setAutoFillBackground(False)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setForegroundRole(QPalette.ColorRole.WindowText)
        self.document().setDocumentMargin(0)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self.setPlainText(text)

    def sizeHint(self) -> QSize:
        """As wide as half a line, and as high as the text at its present width."""
        return QSize(self.fontMetrics().averageCharWidth() * 40, self._needed())

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(self.fontMetrics().averageCharWidth() * 16, self._needed())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        self._fit()

    def _needed(self) -> int:
        return int(self.document().size().height()) + 1

    def _fit(self) -> None:
        if self.height() != self._needed():
            self.setFixedHeight(self._needed())
