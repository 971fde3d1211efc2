"""The button that compares models, with a menu of which ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QSizePolicy, QToolButton, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST = 4
"""Colourings that can be looked at side by side."""


class CompareButton(QToolButton):
    """Compares two to four models; its menu chooses them where more are installed.

    Args:
        parent: The owner.

    Signals:
        requested (): The user wants to see the photo in the colours of `chosen_models`.
    """

    requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._current = ""
        self._actions: dict[str, QAction] = {}
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self.setText(self.tr("Compare models"))
        self.setAccessibleName(self.tr("Compare models"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(lambda: self.requested.emit())
        self._update()

    @property
    def chosen_models(self) -> list[str]:
        """The models to compare, two to four of them, the one in use first; empty if there is but one."""
        ticked = [name for name, action in self._actions.items() if action.isChecked()]
        ticked.sort(key=lambda name: name != self._current)
        return ticked if len(ticked) > 1 else []

    def set_models(self, names: Sequence[str], current: str) -> None:
        """Takes the models that there are. What the user chose to compare stays chosen, and new ones are too.

        Args:
            names: The installed models.
            current: The one in use; it is always among those compared.
        """
        if list(names) == list(self._actions) and current == self._current:
            return
        known = self._actions
        ticked = [name for name in names if name not in known or known[name].isChecked()]
        if current in names:
            ticked = [current, *(name for name in ticked if name != current)]
        self._current = current
        self._menu.clear()
        self._actions = {name: self._action(name, on=name in ticked[:MOST]) for name in names}
        self._update()

    def _action(self, name: str, *, on: bool) -> QAction:
        action = QAction(name.replace("&", "&&"), self._menu)
        action.setCheckable(True)
        action.setChecked(on)
        action.toggled.connect(self._update)
        self._menu.addAction(action)
        return action

    def _update(self) -> None:
        count = sum(action.isChecked() for action in self._actions.values())
        for name, action in self._actions.items():
            action.setEnabled(name != self._current and (action.isChecked() or count < MOST))
        self.setEnabled(len(self._actions) > 1)
        several = len(self._actions) > 2
        self.setMenu(self._menu if several else cast("QMenu", None))
        self.setPopupMode(
            QToolButton.ToolButtonPopupMode.MenuButtonPopup if several else QToolButton.ToolButtonPopupMode.DelayedPopup
        )
        if len(self._actions) < 2:
            self.setToolTip(self.tr("There is only one model to look at. Add another to compare them."))
        elif self.chosen_models:
            self.setToolTip(
                self.tr("Shows the photo in the colours of {models}").format(models=", ".join(self.chosen_models))
            )
        else:
            self.setToolTip(self.tr("Choose a second model in the menu"))
