"""The quality of JPEG and WebP: a slider and a number that always agree."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

LOWEST, HIGHEST = 1, 100


class QualityControl(QWidget):
    """1 to 100.

    Args:
        parent: The owner.

    Signals:
        changed (int): The new quality.
    """

    changed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(LOWEST, HIGHEST)
        self.slider.setPageStep(5)
        self.slider.setMinimumWidth(140)
        self.slider.setAccessibleName(self.tr("Quality"))
        self.number = QSpinBox()
        self.number.setRange(LOWEST, HIGHEST)
        self.number.setAccessibleName(self.tr("Quality"))
        self.setFocusProxy(self.number)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.slider, 1)
        row.addWidget(self.number)
        self.slider.valueChanged.connect(self.number.setValue)
        self.number.valueChanged.connect(self.slider.setValue)
        self.number.valueChanged.connect(self.changed)

    @property
    def value(self) -> int:
        """The quality."""
        return self.number.value()

    def set_value(self, value: int) -> None:
        """Sets the quality."""
        self.number.setValue(value)
