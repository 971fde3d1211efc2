"""The tools: brush, eraser, picking a colour, and selecting a hint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.panels.hints.choice_button import ChoiceButton

if TYPE_CHECKING:
    from collections.abc import Mapping

TOOLS = ("brush", "eraser", "pick", "select")


class ToolRow(QWidget):
    """A row of buttons of which one is down, or none.

    Each is the button of an act. It has acts of its own, until `bind` gives it those of the window, with their keys.

    Args:
        parent: The owner.

    Signals:
        chosen (str): The user chose this one of `TOOLS`, by its button or its key; empty if the tool in use was put
            away by its button.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, QAction] = {}
        self._buttons: dict[str, ChoiceButton] = {}
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        texts = {
            "brush": self.tr("Brush: paint a colour"),
            "eraser": self.tr("Eraser: take hints away"),
            "pick": self.tr("Pick a colour from the photo"),
            "select": self.tr("Select and move hints"),
        }
        for name, text in texts.items():
            button = self._buttons[name] = ChoiceButton(name, text, self)
            button.clicked.connect(lambda _=False, name=name: self._actions[name].trigger())
            row.addWidget(button)
        row.addStretch(1)
        self._own = QActionGroup(self)
        self._own.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        self.bind({name: _act(text, self._own) for name, text in texts.items()})

    def bind(self, actions: Mapping[str, QAction]) -> None:
        """Makes the buttons those of the acts of these names; which of them exclude each other is their own affair."""
        for name, action in actions.items():
            if (former := self._actions.get(name)) in self._own.actions():
                self._own.removeAction(former)
                former.deleteLater()
            self._actions[name] = action
            action.triggered.connect(self._triggered)
            action.changed.connect(self._show)  # that it was toggled, too
        self._show()

    @property
    def current(self) -> str:
        """The tool that is down; empty if none is."""
        return next((name for name, action in self._actions.items() if action.isChecked()), "")

    def button(self, name: str) -> ChoiceButton:
        """The button of a tool."""
        return self._buttons[name]

    def set_current(self, name: str) -> None:
        """Shows a tool as the one in use; an empty name for none. `chosen` is not emitted."""
        for tool, action in self._actions.items():
            if action.isChecked() != (tool == name):
                action.setChecked(tool == name)

    def _triggered(self) -> None:
        self.chosen.emit(self.current)

    def _show(self) -> None:
        for name, action in self._actions.items():
            button = self._buttons[name]
            button.setChecked(action.isChecked())
            button.setEnabled(action.isEnabled())
            button.setToolTip(action.toolTip())


def _act(text: str, group: QActionGroup) -> QAction:
    action = QAction(text, group)
    action.setCheckable(True)
    return action
