"""The control of a look's evenness."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from desktop.panels.slider import Scale, SliderTexts, ValueSlider

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from engine import Look


class EvennessControl(ValueSlider):
    """How far each region between lines takes one colour; the default comes from the model's card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            Scale(least=0.0, most=1.0, step=0.01, nudge=0.05, page=0.25, digits=2),
            SliderTexts(
                name=self.tr("Evenness"),
                spoken=self.tr("Evenness"),
                hint=self.tr("For cartoons and line art: how far each area between lines takes one colour."),
                reset=self.tr("Reset the evenness"),
            ),
            parent,
        )

    def show_look(self, look: Look, defaults: Look) -> None:
        """Shows its part of a look."""
        self.set_value(look.evenness, defaults.evenness)

    def applied_to(self, look: Look) -> Look:
        """A look with this control's part in it."""
        return dataclasses.replace(look, evenness=self.value)
