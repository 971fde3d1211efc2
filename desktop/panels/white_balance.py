"""The control of a look's automatic white balance."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from desktop.panels.icon_button import IconButton

if TYPE_CHECKING:
    from engine import Look


class WhiteBalanceControl(QWidget):
    """Whether a cast over the whole picture is taken away.

    Signals:
        changed (bool): The user switched it.
        committed (): The same, for those who wait for the end of an act; after `changed`.
    """

    changed = Signal(bool)
    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._default = False
        self.box = QCheckBox(self.tr("Automatic white balance"))
        self.box.setAccessibleName(self.tr("Automatic white balance"))
        self.box.setToolTip(self.tr("Takes a colour cast over the whole picture away."))
        self.box.toggled.connect(self._toggled)
        self.reset_button = IconButton("reset", self.tr("Reset the white balance"))
        self.reset_button.clicked.connect(self.reset)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box, 1)
        row.addWidget(self.reset_button)

    @property
    def value(self) -> bool:
        """Whether it is on."""
        return self.box.isChecked()

    @property
    def pending(self) -> bool:
        """A switch is never half way."""
        return False

    def finish(self) -> None:
        """There is nothing to end, as there is nothing pending."""

    def show_look(self, look: Look, defaults: Look) -> None:
        """Shows its part of a look; nothing is emitted."""
        self._default = defaults.white_balance
        with QSignalBlocker(self.box):
            self.box.setChecked(look.white_balance)
        self._show_reset()

    def applied_to(self, look: Look) -> Look:
        """A look with this control's part in it."""
        return dataclasses.replace(look, white_balance=self.value)

    def reset(self) -> None:
        """Goes back to the default, as an act of the user."""
        self.box.setChecked(self._default)

    def _toggled(self, on: bool) -> None:
        self._show_reset()
        self.changed.emit(on)
        self.committed.emit()

    def _show_reset(self) -> None:
        self.reset_button.setEnabled(self.value != self._default)
