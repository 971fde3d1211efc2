"""The page in the middle of the window while no photo is open: two ways in, the recent folders, and a photo to try."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPalette, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.dialogs.recent import RecentFolders
from desktop.dialogs.sample import HEIGHT, SAMPLE, WIDTH, SampleButton
from desktop.icons import FOLDER as ICONS
from desktop.icons import icon
from desktop.pixels import image_of
from desktop.theme import theme_colors
from engine import read_thumbnail

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtGui import QImage

    from desktop.tasks import Tasks

NARROW = 600
"""Below this width the photo stands under the buttons."""
APP_ICON_SIDE = 72
BUTTON_HEIGHT = 44

log = logging.getLogger(__name__)


class WelcomePage(QScrollArea):
    """Says what the program is for, and how to begin.

    Args:
        tasks: Threads to read the sample photo on.
        parent: The owner.
        sample: The photo to try.

    Signals:
        open_folder_requested (): The user wants to choose a folder.
        open_photo_requested (): The user wants to choose a photo.
        folder_chosen (Path): The user wants this recent folder.
        sample_chosen (Path): The user wants to try this photo.
    """

    open_folder_requested = Signal()
    open_photo_requested = Signal()
    folder_chosen = Signal(object)
    sample_chosen = Signal(object)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None, *, sample: Path = SAMPLE) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Welcome"))
        self.folder_button = _large_button("open-folder", self.tr("Open a f&older…"))
        self.photo_button = _large_button("open-photo", self.tr("Open a &photo…"))
        self.recent = RecentFolders()
        self.sample_button = SampleButton()
        self._hint = QLabel(self.tr("You can also drop photos and folders here, or paste a picture."))
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._arrange()
        self._color_hint()
        self.folder_button.clicked.connect(self.open_folder_requested)
        self.photo_button.clicked.connect(self.open_photo_requested)
        self.recent.chosen.connect(self.folder_chosen)
        self.sample_button.clicked.connect(lambda: self.sample_chosen.emit(sample))
        side = 2 * max(WIDTH, HEIGHT)  # for screens of twice the density
        tasks.run(lambda _: image_of(read_thumbnail(sample, side)), done=self._show_sample, failed=self._hide_sample)

    def set_recent(self, folders: Sequence[Path]) -> None:
        """Offers these folders, the newest first."""
        self.recent.set_folders(folders)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the photo beside the buttons, or under them."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW
        direction = QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        if self._columns.direction() != direction:
            self._columns.setDirection(direction)

    def changeEvent(self, event: QEvent) -> None:
        """Draws the icons in the colours of a new theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.folder_button.setIcon(icon("open-folder"))
            self.photo_button.setIcon(icon("open-photo"))
            self.recent.refresh_icons()
            self._color_hint()

    def _arrange(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(_heading("Autochrome", self.tr("Colour for black-and-white photographs")))
        left.addSpacing(8)
        left.addWidget(self.folder_button)
        left.addWidget(self.photo_button)
        self._hint.setWordWrap(True)
        left.addWidget(self._hint)
        left.addSpacing(8)
        left.addWidget(self.recent)
        self._columns.setSpacing(40)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self.sample_button, 1, Qt.AlignmentFlag.AlignVCenter)
        block = QWidget()
        block.setLayout(self._columns)
        block.setMaximumWidth(940)
        block.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        page = QWidget()
        across = QBoxLayout(QBoxLayout.Direction.LeftToRight, page)
        across.setContentsMargins(32, 32, 32, 32)
        across.addStretch(1)
        across.addWidget(block, 100)
        across.addStretch(1)
        self.setWidget(page)

    def _color_hint(self) -> None:
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, theme_colors(palette).muted)
        self._hint.setPalette(palette)

    def _show_sample(self, image: QImage) -> None:
        self.sample_button.set_image(image)

    def _hide_sample(self, error: Exception) -> None:
        """An installation without its sample is no reason to bother the user."""
        log.warning("The sample photo is not there: %s", error)
        self.sample_button.hide()


def _large_button(name: str, text: str) -> QPushButton:
    button = QPushButton(icon(name), text)
    button.setIconSize(QSize(24, 24))
    button.setMinimumHeight(BUTTON_HEIGHT)
    button.setAccessibleName(text.replace("&", "").rstrip("…"))
    return button


def _heading(title: str, subtitle: str) -> QBoxLayout:
    sign = QLabel()
    sign.setPixmap(QIcon(str(ICONS / "autochrome.svg")).pixmap(QSize(APP_ICON_SIDE, APP_ICON_SIDE)))
    name = QLabel(title)
    font = name.font()
    font.setPointSizeF(font.pointSizeF() * 2.2)
    font.setBold(True)
    name.setFont(font)
    purpose = QLabel(subtitle)
    purpose.setWordWrap(True)
    font = purpose.font()
    font.setPointSizeF(font.pointSizeF() * 1.15)
    purpose.setFont(font)
    words = QVBoxLayout()
    words.setSpacing(2)
    words.addStretch(1)
    words.addWidget(name)
    words.addWidget(purpose)
    words.addStretch(1)
    row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
    row.setSpacing(16)
    row.addWidget(sign)
    row.addLayout(words, 1)
    return row
