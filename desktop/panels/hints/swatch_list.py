"""Colours to choose from, as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.panels.hints.color_wording import choice_text
from desktop.panels.wording import as_sentence, plain_tooltip

if TYPE_CHECKING:
    from collections.abc import Sequence

SWATCH_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Swatch:
    """One colour to choose.

    Attributes:
        color: "#rrggbb", or None for "keep what is here".
        name: What a palette calls it; empty where it has no name.
        note: What is written below it.
        told: What else is said of it, in its tooltip and to a screen reader.
    """

    color: str | None
    name: str = ""
    note: str = ""
    told: str = ""


class SwatchList(QAbstractListModel):
    """Colours in a row.

    Args:
        parent: The owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._swatches: tuple[Swatch, ...] = ()

    @property
    def swatches(self) -> tuple[Swatch, ...]:
        """What there is to choose."""
        return self._swatches

    def set_swatches(self, swatches: Sequence[Swatch]) -> None:
        """Takes other colours. The same number of them keeps the place of who goes through them by keys."""
        new = tuple(swatches)
        if new == self._swatches:
            return
        if len(new) == len(self._swatches):
            self._swatches = new
            self.dataChanged.emit(self.index(0), self.index(len(new) - 1))
            return
        self.beginResetModel()
        self._swatches = new
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """How many colours there are."""
        return 0 if parent.isValid() else len(self._swatches)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a colour is called, and how it is shown."""
        swatch = self._swatches[index.row()]
        if role == SWATCH_ROLE:
            return swatch
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(_lines(swatch))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(_lines(swatch)))
        return None


def _lines(swatch: Swatch) -> list[str]:
    words = as_sentence(choice_text(swatch.color))
    return [line for line in (swatch.name, words, swatch.color or "", swatch.told) if line]
