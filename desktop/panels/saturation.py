"""The control of a look's saturation."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from desktop.panels.slider import Scale, SliderTexts, ValueSlider

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from engine import Look


class SaturationControl(ValueSlider):
    """How strong all colours are; the default comes from the model's card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            Scale(least=0.0, most=3.0, step=0.01, nudge=0.05, page=0.25, digits=2),
            SliderTexts(
                name=self.tr("Saturation"),
                spoken=self.tr("Saturation"),
                hint=self.tr("How strong the colours are: 0 is grey, 1 is what the model proposes."),
                reset=self.tr("Reset the saturation"),
            ),
            parent,
        )

    def show_look(self, look: Look, defaults: Look) -> None:
        """Shows its part of a look."""
        self.set_value(look.saturation, defaults.saturation)

    def applied_to(self, look: Look) -> Look:
        """A look with this control's part in it."""
        return dataclasses.replace(look, saturation=self.value)
