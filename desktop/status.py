"""The status bar: what is going on, how far it is, and a button that stops it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QLabel, QProgressBar, QStatusBar, QToolButton, QWidget

from desktop.icons import icon

MESSAGE_MS = 8000
STEPS = 1000


class StatusBar(QStatusBar):
    """Messages on the left, facts about the photo on the right, and progress between them while there is some.

    Signals:
        cancel_requested (): The stop button was pressed.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._doing = QLabel(self)
        self._bar = QProgressBar(self)
        self._bar.setRange(0, STEPS)
        self._bar.setMaximumWidth(180)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._stop = QToolButton(self)
        self._stop.setIcon(icon("stop"))
        self._stop.setIconSize(QSize(16, 16))
        self._stop.setAutoRaise(True)
        self._stop.setToolTip(self.tr("Stop (Esc)"))
        self._stop.setAccessibleName(self.tr("Stop what is going on"))
        self._stop.clicked.connect(self.cancel_requested)
        self._photo = QLabel(self)
        self._zoom = QLabel(self)
        self._device = QLabel(self)
        for label in (self._photo, self._zoom, self._device):
            label.setContentsMargins(8, 0, 8, 0)
        for widget in (self._doing, self._bar, self._stop, self._photo, self._zoom, self._device):
            self.addPermanentWidget(widget)
        self._works: dict[str, tuple[str, float | None]] = {}
        self._show_work()

    def say(self, text: str) -> None:
        """Shows a message for a while; a screen reader reads it."""
        self.showMessage(text, MESSAGE_MS)
        self.setAccessibleDescription(text)

    @property
    def working(self) -> bool:
        """Whether progress is shown."""
        return bool(self._works)

    def begin_work(self, key: str, doing: str) -> None:
        """Shows that something goes on that can be stopped; the newest of several is the one that is shown.

        Args:
            key: What it is, for `report_work` and `end_work`.
            doing: What is being done, for people to read.
        """
        self._works.pop(key, None)
        self._works[key] = (doing, None)
        self._show_work()

    def report_work(self, key: str, share: float) -> None:
        """Tells the share that is done, in [0, 1]."""
        if key in self._works:
            self._works[key] = (self._works[key][0], share)
            self._show_work()

    def end_work(self, key: str) -> None:
        """Takes the progress of something away."""
        self._works.pop(key, None)
        self._show_work()

    def _show_work(self) -> None:
        for widget in (self._doing, self._bar, self._stop):
            widget.setVisible(self.working)
        doing, share = next(reversed(self._works.values()), ("", 0.0))
        self._doing.setText(doing)
        self._bar.setRange(0, 0 if share is None else STEPS)
        self._bar.setValue(round((share or 0) * STEPS))

    def show_photo(self, text: str) -> None:
        """Shows size, depth and page of the photo."""
        self._photo.setText(text)

    @property
    def photo_text(self) -> str:
        """What is said of the photo."""
        return self._photo.text()

    @property
    def zoom_text(self) -> str:
        """The zoom as it is shown."""
        return self._zoom.text()

    @property
    def device_text(self) -> str:
        """The device as it is shown."""
        return self._device.text()

    def show_zoom(self, zoom: float) -> None:
        """Shows the zoom; 1 is one pixel of the photo on one of the screen. 0 shows nothing."""
        self._zoom.setText(self.tr("{percent} %").format(percent=f"{zoom * 100:.0f}") if zoom > 0 else "")

    def show_device(self, device: str) -> None:
        """Shows where the network runs."""
        self._device.setText(device.upper())
        self._device.setToolTip(self.tr("Where the colours are computed"))
