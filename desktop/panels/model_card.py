"""The card of the chosen model, and what is wrong with those that cannot be chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop.panels.model_facts import Fact, facts_of
from desktop.panels.text_label import TextLabel
from desktop.panels.wording import plain_tooltip, shortened

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine import BrokenModel, InstalledModel

MOST_CHARACTERS = 400
MOST_BROKEN = 20
"""Broken models that are told of; a folder of other things could hold any number."""


class ModelCardView(QWidget):
    """The facts about a model, which can be folded away.

    Args:
        parent: The owner.

    Signals:
        folded (bool): The user folded the facts away (True), or opened them.
    """

    folded = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[Fact] = []
        self._opened = True
        self.fold_button = QToolButton()
        self.fold_button.setText(self.tr("About this model"))
        self.fold_button.setAutoRaise(True)
        self.fold_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.fold_button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.fold_button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.fold_button.clicked.connect(self._fold)
        self._table = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        self._column.addWidget(self.fold_button)
        self._column.addWidget(self._table)
        self.set_opened(True)

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What is told."""
        return tuple(self._shown)

    @property
    def opened(self) -> bool:
        """Whether the facts are shown."""
        return self._opened

    def set_opened(self, opened: bool) -> None:
        """Shows the facts, or folds them away."""
        self._opened = opened
        self._table.setVisible(opened)
        self.fold_button.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.fold_button.setAccessibleName(
            self.tr("About this model, shown") if opened else self.tr("About this model, folded away")
        )

    def show_model(self, model: InstalledModel | None, size: int | None, broken: Sequence[BrokenModel]) -> None:
        """Shows a model.

        Args:
            model: The model; None if none is chosen.
            size: Bytes of its weight file, where they are known.
            broken: What lies in the model folders and cannot be used.
        """
        facts = [] if model is None else facts_of(model, size)
        facts += [self._complaint(bad) for bad in broken[:MOST_BROKEN]]
        if facts == self._shown:
            return
        self._shown = facts
        former, self._table = self._table, _table(facts)
        self._column.replaceWidget(former, self._table)
        former.hide()
        former.deleteLater()
        self.set_opened(self._opened)

    def _complaint(self, bad: BrokenModel) -> Fact:
        text = f"{bad.id or bad.path.name}: {bad.error.sentence} {bad.error.advice}".strip()
        return Fact(self.tr("Cannot be used"), text, str(bad.path))

    def _fold(self) -> None:
        self.set_opened(not self._opened)
        self.folded.emit(not self._opened)


def _table(facts: Sequence[Fact]) -> QWidget:
    """Names on the left, facts on the right."""
    table = QWidget()
    grid = QGridLayout(table)
    grid.setContentsMargins(4, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    grid.setColumnStretch(1, 1)
    grid.setRowStretch(len(facts), 1)
    for row, fact in enumerate(facts):
        name, text = QLabel(fact.name), TextLabel(shortened(fact.text, MOST_CHARACTERS))
        name.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        name.setBuddy(text)
        text.setAccessibleName(f"{fact.name}: {fact.text}")
        text.setAccessibleDescription(fact.hint)
        for column, label in enumerate((name, text)):
            label.setToolTip(plain_tooltip(fact.hint))
            grid.addWidget(label, row, column)
    return table
