"""A number with a slider, a field to type it into, and a way back to its default."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QGridLayout, QLabel, QSizePolicy, QSlider, QWidget

from desktop.panels.icon_button import IconButton
from desktop.panels.wheel import WheelGuard

QUIET_MS = 500
"""A row of key presses or wheel steps is one act of the user, ended by so long a rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The numbers that a slider offers.

    Attributes:
        least: The smallest.
        most: The largest.
        step: Between one and the next.
        nudge: What an arrow key adds.
        page: What a click beside the handle, or Page Up, adds.
        digits: Digits behind the point.
    """

    least: float
    most: float
    step: float
    nudge: float
    page: float
    digits: int

    def to_ticks(self, value: float) -> int:
        """A number as a position of the slider, which knows whole numbers alone."""
        return round((min(max(value, self.least), self.most) - self.least) / self.step)

    def of_ticks(self, ticks: int) -> float:
        """The number at a position of the slider."""
        return round(self.least + ticks * self.step, self.digits)


@dataclass(frozen=True, slots=True, kw_only=True)
class SliderTexts:
    """What a slider is called.

    Attributes:
        name: Its label.
        spoken: Its accessible name.
        hint: Its tooltip.
        reset: What the reset button says.
    """

    name: str
    spoken: str
    hint: str
    reset: str


class ValueSlider(QWidget):
    """A labelled slider and spin box over one number.

    Numbers that it is given are kept as they are, though it shows them rounded and within its scale; only what the user
    chooses comes from the scale.

    Args:
        scale: The numbers that it offers.
        texts: What it is called.
        parent: The owner.

    Signals:
        changed (float): The user changed the number; while dragging, at each move.
        committed (): The user has finished changing it: the handle was let go, a number was typed, keys have rested.
    """

    changed = Signal(float)
    committed = Signal()

    def __init__(self, scale: Scale, texts: SliderTexts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = scale
        self._value = self._default = scale.least
        self._rest = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._rest.timeout.connect(self.finish)
        self.label = QLabel(texts.name, self)
        self.slider = self._made_slider(texts)
        self.field = self._made_field(texts)
        self.reset_button = IconButton("reset", texts.reset, self)
        self.reset_button.clicked.connect(self.reset)
        self.label.setBuddy(self.slider)
        self._lay_out()
        self.set_value(scale.least, scale.least)

    @property
    def value(self) -> float:
        """The number: what it was given, or what the user has made of it."""
        return self._value

    @property
    def pending(self) -> bool:
        """Whether the user is in the middle of changing it."""
        return self.slider.isSliderDown() or self._rest.isActive()

    def set_value(self, value: float, default: float) -> None:
        """Shows a number; nothing is emitted.

        Args:
            value: The number.
            default: What the reset button goes back to.
        """
        if value != self._value:
            self._rest.stop()
        self._value, self._default = value, default
        self._show()

    def reset(self) -> None:
        """Goes back to the default, as an act of the user."""
        self._take(self._default)
        self.finish()

    def finish(self) -> None:
        """Ends what the user is in the middle of: emits `committed` now rather than after a rest."""
        self._rest.stop()
        self.committed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ends a change by keys when the control is left."""
        if event.type() == QEvent.Type.FocusOut and self._rest.isActive():
            self.finish()
        return super().eventFilter(watched, event)

    def _made_slider(self, texts: SliderTexts) -> QSlider:
        slider = QSlider(Qt.Orientation.Horizontal, self)
        slider.setRange(0, self._scale.to_ticks(self._scale.most))
        slider.setSingleStep(round(self._scale.nudge / self._scale.step))
        slider.setPageStep(round(self._scale.page / self._scale.step))
        slider.setAccessibleName(texts.spoken)
        slider.setToolTip(texts.hint)
        slider.valueChanged.connect(self._slid)
        slider.sliderReleased.connect(self.finish)
        slider.installEventFilter(self)
        WheelGuard(slider)
        return slider

    def _made_field(self, texts: SliderTexts) -> QDoubleSpinBox:
        field = QDoubleSpinBox(self)
        field.setDecimals(self._scale.digits)
        field.setRange(self._scale.least, self._scale.most)
        field.setSingleStep(self._scale.nudge)
        field.setKeyboardTracking(False)
        field.setAccelerated(True)
        field.setAccessibleName(texts.spoken)
        field.setToolTip(texts.hint)
        field.valueChanged.connect(self._typed)
        field.installEventFilter(self)
        WheelGuard(field)
        return field

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        self.label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.field, 0, 1)
        grid.addWidget(self.reset_button, 0, 2)
        grid.addWidget(self.slider, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)

    def _slid(self, ticks: int) -> None:
        self._take(self._scale.of_ticks(ticks))
        if not self.slider.isSliderDown():
            self._rest.start()

    def _typed(self, value: float) -> None:
        self._take(round(value, self._scale.digits))
        self._rest.start()

    def _take(self, value: float) -> None:
        if value == self._value:
            self._show()
            return
        self._value = value
        self._show()
        self.changed.emit(value)

    def _show(self) -> None:
        with QSignalBlocker(self.slider), QSignalBlocker(self.field):
            if not self.slider.isSliderDown():
                self.slider.setValue(self._scale.to_ticks(self._value))
            self.field.setValue(self._value)
        # A slider speaks of its ticks; what they stand for is said beside.
        self.slider.setAccessibleDescription(self.field.text())
        self.reset_button.setEnabled(self._value != self._default)
