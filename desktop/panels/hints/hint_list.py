"""The hints of a photo as rows, the latest first, for it lies over the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.panels.hints.color_wording import choice_text
from desktop.panels.wording import as_sentence, plain_tooltip

if TYPE_CHECKING:
    from engine import Hint, HintSet

HINT_ROLE = Qt.ItemDataRole.UserRole


class HintList(QAbstractListModel):
    """The hints. A change of one of them leaves the other rows alone, and the views their place.

    Args:
        parent: The owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._hints: tuple[Hint, ...] = ()

    def set_hints(self, hints: HintSet | None) -> None:
        """Shows other hints."""
        new = () if hints is None else tuple(reversed(hints.hints))
        old = self._hints
        alike_above = _alike(old, new)
        alike_below = min(_alike(old[::-1], new[::-1]), min(len(old), len(new)) - alike_above)
        removed, added = len(old) - alike_above - alike_below, len(new) - alike_above - alike_below
        if removed == added:
            self._hints = new
            if added:
                self.dataChanged.emit(self.index(alike_above), self.index(alike_above + added - 1))
        elif added == 0:
            self.beginRemoveRows(QModelIndex(), alike_above, alike_above + removed - 1)
            self._hints = new
            self.endRemoveRows()
        elif removed == 0:
            self.beginInsertRows(QModelIndex(), alike_above, alike_above + added - 1)
            self._hints = new
            self.endInsertRows()
        else:
            self.beginResetModel()
            self._hints = new
            self.endResetModel()

    def hint(self, number: int) -> Hint | None:
        """The hint of a number, as the photo counts them: the earliest is 0."""
        return self._hints[self.row_of(number)] if 0 <= number < len(self._hints) else None

    def row_of(self, number: int) -> int:
        """The row of a hint, or the hint of a row: the one is the other, counted from the other end."""
        return len(self._hints) - 1 - number

    def words(self, hint: Hint) -> str:
        """A hint in words: "Dark red, stroke of 14 points"."""
        count = len(hint.points)
        text = self.tr("{color}, stroke of %n points", "", count) if count > 1 else self.tr("{color}, one point")
        return text.format(color=as_sentence(choice_text(hint.color)))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """How many hints there are."""
        return 0 if parent.isValid() else len(self._hints)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row shows."""
        hint = self._hints[index.row()]
        if role == HINT_ROLE:
            return hint
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(hint)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip("\n".join(line for line in (self.words(hint), self._place(hint)) if line))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.words(hint)}. {self._place(hint)}"
        return None

    def _place(self, hint: Hint) -> str:
        start = hint.points[0]
        text = self.tr("{color} at {x}, {y}") if hint.color else self.tr("At {x}, {y}")
        return text.format(color=hint.color, x=round(start.x), y=round(start.y))


def _alike(some: tuple[Hint, ...], others: tuple[Hint, ...]) -> int:
    """How many are the same, from the beginning on."""
    count = 0
    for one, other in zip(some, others, strict=False):
        if one != other:
            break
        count += 1
    return count
