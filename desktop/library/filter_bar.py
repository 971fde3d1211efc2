"""The line above the grid that says which photos are shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from desktop.library.contents import PhotoFilter, StateFilter


class FilterBar(QWidget):
    """A text for the name and a choice of states.

    Args:
        parent: The owner.

    Signals:
        changed (PhotoFilter): The user wants to see other photos.
        left (): The user is done typing and wants to go on to the photos.
    """

    changed = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = _FilterLine(self)
        self.text.setPlaceholderText(self.tr("Filter by name"))
        self.text.setAccessibleName(self.tr("Filter by name"))
        self.text.setToolTip(self.tr("Shows the photos whose names have all these words"))
        self.states = QComboBox(self)
        self.states.setAccessibleName(self.tr("Filter by state"))
        self.states.setToolTip(self.tr("Shows the photos of which this is true"))
        for name, state in (
            (self.tr("All"), StateFilter.ALL),
            (self.tr("Not coloured yet"), StateFilter.NEW),
            (self.tr("Coloured"), StateFilter.COLORED),
            (self.tr("Failed"), StateFilter.FAILED),
            (self.tr("With hints"), StateFilter.HINTS),
            (self.tr("Unsaved changes"), StateFilter.EDITED),
            (self.tr("Coloured copies"), StateFilter.COPIES),
        ):
            self.states.addItem(name, state)
        self.states.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.states.setMinimumContentsLength(8)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.text, 3)
        layout.addWidget(self.states, 2)
        self.text.textChanged.connect(self._tell)
        self.text.left.connect(self.left)
        self.states.currentIndexChanged.connect(self._tell)

    @property
    def filter(self) -> PhotoFilter:
        """What is chosen now."""
        return PhotoFilter.of(self.text.text(), self.states.currentData())

    def clear(self) -> None:
        """Shows all photos again."""
        self.text.clear()
        self.states.setCurrentIndex(0)

    def _tell(self) -> None:
        self.changed.emit(self.filter)


class _FilterLine(QLineEdit):
    """A line whose text Escape clears, and which the arrow down or Enter leaves."""

    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setClearButtonEnabled(True)
        self.setAcceptDrops(False)  # photos that are dropped here are meant for the window

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._clears(event):
            event.accept()  # while there is no text, Escape is the window's
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._clears(event):
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _clears(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and self.text() != ""
