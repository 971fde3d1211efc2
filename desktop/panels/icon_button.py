"""A button that shows an icon, and says its name to those who do not see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QToolButton

from desktop.icons import icon
from desktop.panels.focus_ring import draw_focus_ring

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QWidget

SIDE = 20


class IconButton(QToolButton):
    """A flat tool button that the keyboard reaches, and whose icon follows the palette.

    Args:
        icon_name: A name of `desktop.icons`.
        text: What it does: its tooltip and its accessible name.
        parent: The owner.
    """

    def __init__(self, icon_name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon_name = icon_name
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIconSize(QSize(SIDE, SIDE))
        self.set_face(icon_name, text)

    def set_face(self, icon_name: str, text: str) -> None:
        """Takes another icon and another name, if it has not got them already."""
        if (icon_name, text) == (self._icon_name, self.text()):
            return
        self._icon_name = icon_name
        self.setIcon(icon(icon_name))
        self.setText(text)
        self.setToolTip(text)
        self.setAccessibleName(text)

    def changeEvent(self, event: QEvent) -> None:
        """Draws the icon in the new text colour when the palette changes."""
        if event.type() == QEvent.Type.PaletteChange:
            self.setIcon(icon(self._icon_name))
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws the button, and a ring around it while it has the keyboard."""
        super().paintEvent(event)
        draw_focus_ring(self)
