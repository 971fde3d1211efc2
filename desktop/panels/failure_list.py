"""The photos of a batch that failed, as a table of any length."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.panels.wording import as_sentence, path_text, plain_tooltip

if TYPE_CHECKING:
    from desktop.batch_events import Failure
    from desktop.batches import BatchEntry

PHOTO, CAUSE, ADVICE = range(3)


class FailureList(QAbstractTableModel):
    """The failures of one entry; the entry's list is read, not copied.

    Args:
        parent: The owner.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._failures: list[Failure] = []
        self._count = 0

    def show_entry(self, entry: BatchEntry | None) -> None:
        """Shows the failures of an entry, or what has been added to them since."""
        failures = entry.failures if entry is not None else []
        if failures is not self._failures:
            self.beginResetModel()
            self._failures, self._count = failures, len(failures)
            self.endResetModel()
        elif len(failures) > self._count:
            self.beginInsertRows(QModelIndex(), self._count, len(failures) - 1)
            self._count = len(failures)
            self.endInsertRows()

    def failure(self, row: int) -> Failure | None:
        """The failure of a row."""
        return self._failures[row] if 0 <= row < self._count else None

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """How many photos failed, as far as the views were told."""
        return 0 if parent.isValid() else self._count

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """Photo, cause and advice."""
        return 0 if parent.isValid() else 3

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows."""
        failure = self._failures[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (path_text(failure.path.name), as_sentence(failure.cause), failure.advice)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(in_words(failure))
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' names."""
        if orientation != Qt.Orientation.Horizontal or role != Qt.ItemDataRole.DisplayRole:
            return None
        return (self.tr("Photo"), self.tr("Why"), self.tr("What to do"))[section]


def in_words(failure: Failure) -> str:
    """A failure in full: the path, the cause, and the advice."""
    lines = (path_text(failure.path), f"{as_sentence(failure.cause)} {failure.advice}".strip())
    return "\n".join(lines)
