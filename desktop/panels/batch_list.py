"""The entries of a batch queue as rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from desktop.panels.batch_texts import entry_paths, entry_progress, entry_spoken, entry_title
from desktop.panels.wording import plain_tooltip

if TYPE_CHECKING:
    from desktop.batches import BatchEntry, BatchQueue

ENTRY_ROLE = Qt.ItemDataRole.UserRole


class BatchList(QAbstractListModel):
    """Follows a queue.

    Args:
        queue: The queue.
        parent: The owner.
    """

    def __init__(self, queue: BatchQueue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[BatchEntry] = list(queue.entries)
        queue.entry_added.connect(self._add)
        queue.entry_changed.connect(self._change)
        queue.entry_removed.connect(self._remove)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:  # noqa: B008 - Qt's own
        """How many entries there are."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row shows."""
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry_title(entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tooltip(f"{entry_paths(entry)}\n{entry_progress(entry)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry_spoken(entry)
        return None

    def entry(self, row: int) -> BatchEntry | None:
        """The entry of a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def _add(self, entry: BatchEntry) -> None:
        row = len(self._entries)
        self.beginInsertRows(QModelIndex(), row, row)
        self._entries.append(entry)
        self.endInsertRows()

    def _change(self, entry: BatchEntry) -> None:
        index = self.index(self._entries.index(entry))
        self.dataChanged.emit(index, index)

    def _remove(self, entry: BatchEntry) -> None:
        row = self._entries.index(entry)
        self.beginRemoveRows(QModelIndex(), row, row)
        self._entries.pop(row)
        self.endRemoveRows()
