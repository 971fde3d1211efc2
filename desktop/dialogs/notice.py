"""A line or two in a dialog about what was chosen: an icon for its weight, and the words."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.icons import icon
from desktop.theme import theme_colors

Kind = Literal["info", "warning", "error"]

ICON_SIDE = 16


class Notice(QWidget):
    """Hidden while it has nothing to say.

    Args:
        parent: The owner.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sign = QLabel()
        self._words = QLabel()
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)
        self.hide()

    @property
    def text(self) -> str:
        """What it says; empty for nothing."""
        return self._words.text()

    def tell(self, kind: Kind, text: str) -> None:
        """Says something, or nothing any more where the text is empty."""
        colors = theme_colors(self.palette())
        color = {"info": colors.muted, "warning": colors.warning, "error": colors.failed}[kind]
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, color)
        self._words.setPalette(palette)
        self._words.setText(text)
        self._sign.setPixmap(icon(kind).pixmap(ICON_SIDE, ICON_SIDE))
        self.setAccessibleName(text)
        self.setVisible(bool(text))
