"""The control of a look's temperature."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from desktop.panels.slider import Scale, SliderTexts, ValueSlider

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from engine import Look


class TemperatureControl(ValueSlider):
    """How warm the colours are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            Scale(least=-50.0, most=50.0, step=0.5, nudge=1.0, page=5.0, digits=1),
            SliderTexts(
                name=self.tr("Temperature"),
                spoken=self.tr("Temperature"),
                hint=self.tr("Below 0 the picture is cooler and bluer, above 0 warmer and yellower."),
                reset=self.tr("Reset the temperature"),
            ),
            parent,
        )

    def show_look(self, look: Look, defaults: Look) -> None:
        """Shows its part of a look."""
        self.set_value(look.temperature, defaults.temperature)

    def applied_to(self, look: Look) -> Look:
        """A look with this control's part in it."""
        return dataclasses.replace(look, temperature=self.value)
