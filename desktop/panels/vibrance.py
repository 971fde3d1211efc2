"""The control of a look's vibrance."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from desktop.panels.slider import Scale, SliderTexts, ValueSlider

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from engine import Look


class VibranceControl(ValueSlider):
    """How much stronger muted colours become, while vivid ones stay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(
            Scale(least=-1.0, most=1.0, step=0.01, nudge=0.05, page=0.1, digits=2),
            SliderTexts(
                name=self.tr("Vibrance"),
                spoken=self.tr("Vibrance"),
                hint=self.tr("Makes muted colours stronger, or weaker, and leaves vivid ones alone."),
                reset=self.tr("Reset the vibrance"),
            ),
            parent,
        )

    def show_look(self, look: Look, defaults: Look) -> None:
        """Shows its part of a look."""
        self.set_value(look.vibrance, defaults.vibrance)

    def applied_to(self, look: Look) -> Look:
        """A look with this control's part in it."""
        return dataclasses.replace(look, vibrance=self.value)
