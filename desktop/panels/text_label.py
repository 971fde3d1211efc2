"""A label for texts that come from anywhere: cards, file names, errors."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class TextLabel(QLabel):
    """Shows a text of any length as it is: it wraps, takes no markup, may be narrow, and can be copied.

    Args:
        text: The text.
        parent: The owner.
    """

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setText(text)

    def show_text(self, text: str) -> None:
        """Sets a text only where it is another one, for each setting is a new layout; hidden where there is none."""
        if self.text() != text:
            self.setText(text)
        self.setVisible(bool(text))
