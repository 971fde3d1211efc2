"""The recent folders of the welcome page, each a button with its name and where it lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.icons import icon

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QResizeEvent

SHOWN = 6
_BESIDE_TEXT = 44
"""Pixels of a button that its icon and its margins take."""


class RecentFolders(QWidget):
    """A short list of folders.

    Args:
        parent: The owner.

    Signals:
        chosen (Path): The user wants this folder.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.buttons: list[FolderButton] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        heading = QLabel(self.tr("Recent folders"))
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        self._layout.addWidget(heading)
        self.hide()

    def set_folders(self, folders: Sequence[Path]) -> None:
        """Shows the first few of these; nothing at all where there are none."""
        for button in self.buttons:
            self._layout.removeWidget(button)
            button.deleteLater()
        self.buttons = [self._button(folder) for folder in folders[:SHOWN]]
        self.setVisible(bool(self.buttons))

    def refresh_icons(self) -> None:
        """The palette has changed."""
        for button in self.buttons:
            button.setIcon(icon("open-folder"))

    def _button(self, folder: Path) -> FolderButton:
        button = FolderButton(folder)
        button.setAccessibleName(self.tr("Open the folder {folder}").format(folder=folder))
        button.clicked.connect(lambda: self.chosen.emit(folder))
        self._layout.addWidget(button)
        return button


class FolderButton(QPushButton):
    """A flat button with a folder's name, shortened where it must be; the tooltip tells all of it."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(icon("open-folder"), "", parent)
        self._whole = f"{folder.name}  ·  {folder.parent}" if folder.name else str(folder)
        self.setToolTip(str(folder))
        self.setFlat(True)
        self.setStyleSheet("text-align: left; padding: 4px 6px;")
        self.setIconSize(QSize(20, 20))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._shorten()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, another text."""
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        room = max(0, self.width() - _BESIDE_TEXT)
        shown = self.fontMetrics().elidedText(self._whole, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
