"""A button that shows plainly that it is down: in the colours of what is selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QSizePolicy, QStyle, QStyleOptionToolButton, QStylePainter

from desktop.panels.focus_ring import draw_focus_ring
from desktop.panels.icon_button import IconButton

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget


class ChoiceButton(IconButton):
    """A button that stays down, with an icon and, where there is room, words.

    Args:
        icon_name: A name of `desktop.icons`.
        text: What it does: its tooltip and its accessible name, and its words.
        parent: The owner.
        worded: Whether the words are shown beside the icon.
    """

    def __init__(self, icon_name: str, text: str, parent: QWidget | None = None, *, worded: bool = False) -> None:
        super().__init__(icon_name, text, parent)
        self.setCheckable(True)
        if worded:
            show_words(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws it."""
        if not (self.isChecked() and self.isEnabled()):
            super().paintEvent(event)
            return
        painter = QStylePainter(self)
        painter.setRenderHint(QStylePainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().highlight())
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 2.5, 2.5)
        label = QStyleOptionToolButton()
        self.initStyleOption(label)
        chosen = self.palette().highlightedText().color()
        label.palette.setColor(QPalette.ColorRole.ButtonText, chosen)  # pyright: ignore[reportAttributeAccessIssue]
        label.icon = QIcon(  # pyright: ignore[reportAttributeAccessIssue]
            self.icon().pixmap(self.iconSize(), self.devicePixelRatioF(), QIcon.Mode.Selected)
        )
        painter.drawControl(QStyle.ControlElement.CE_ToolButtonLabel, label)
        painter.end()
        draw_focus_ring(self, chosen)


def show_words(button: IconButton) -> None:
    """Has a button show its words beside its icon, and take the room that there is."""
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setAutoRaise(False)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
