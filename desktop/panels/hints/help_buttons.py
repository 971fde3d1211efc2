"""Where hints come from besides the brush, and where they would help most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.panels.hints.choice_button import ChoiceButton, show_words
from desktop.panels.icon_button import IconButton

if TYPE_CHECKING:
    from PySide6.QtGui import QAction


class HelpButtons(QWidget):
    """Shows where a hint would help, copies hints from the photo before, takes colours from a colour photo.

    Args:
        parent: The owner.

    Signals:
        where_toggled (bool): Whether the user wants to see where a hint would help.
        copy_requested (): The user wants the hints of the photo before.
        reference_requested (): The user wants colours from a similar colour photo.
    """

    where_toggled = Signal(bool)
    copy_requested = Signal()
    reference_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._where: QAction | None = None
        self.where_button = ChoiceButton("where-to-hint", self.tr("Show where to hint"), worded=True)
        self.copy_button = IconButton("copy", self.tr("Copy hints from previous photo"))
        self.reference_button = IconButton("reference", self.tr("From a reference photo…"))
        self.where_button.setToolTip(self.tr("Marks the places where the model is least sure of its colours"))
        self.copy_button.setToolTip(self.tr("Puts the hints of the photo before onto this one"))
        self.reference_button.setToolTip(self.tr("Carries colours over from a similar colour photo, as hints to edit"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for button in (self.where_button, self.copy_button, self.reference_button):
            show_words(button)
            column.addWidget(button)
        self.where_button.clicked.connect(self._toggle)
        self.copy_button.clicked.connect(self.copy_requested)
        self.reference_button.clicked.connect(self.reference_requested)

    def bind_where(self, action: QAction) -> None:
        """Makes the button for "where to hint" that of an act, which is checkable."""
        self._where = action
        self.where_button.setToolTip(action.toolTip())
        action.triggered.connect(self.where_toggled)
        action.changed.connect(lambda: self._follow(action))  # that it was toggled, too
        self._follow(action)

    def set_where(self, on: bool) -> None:
        """Shows whether the places are shown; nothing is emitted."""
        self.where_button.setChecked(on)
        if self._where is not None:
            self._where.setChecked(on)

    def _toggle(self, on: bool) -> None:
        if self._where is None:
            self.where_toggled.emit(on)
        else:
            self._where.trigger()

    def _follow(self, action: QAction) -> None:
        self.where_button.setChecked(action.isChecked())
        self.where_button.setEnabled(action.isEnabled())
