"""A combo box whose entries stand for values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, cast

from PySide6.QtWidgets import QComboBox, QWidget

if TYPE_CHECKING:
    from collections.abc import Mapping

T = TypeVar("T", bound=str)


class Choice(QComboBox, Generic[T]):
    """One of a few values, each with the text that the user reads.

    Args:
        texts: The text of each value, in order.
        name: The accessible name.
        parent: The owner.
    """

    def __init__(self, texts: Mapping[T, str], name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        for value, text in texts.items():
            self.addItem(text, value)

    @property
    def value(self) -> T:
        """What is chosen."""
        return cast("T", self.currentData())

    def set_value(self, value: T) -> None:
        """Chooses a value; one that is not offered is added, as itself, so that nothing is changed silently."""
        index = self.findData(value)
        if index < 0:
            self.addItem(value, value)
            index = self.count() - 1
        self.setCurrentIndex(index)
