"""The choice of folders that were open before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.icons import icon
from desktop.library.listing import shown_name

if TYPE_CHECKING:
    from collections.abc import Sequence


class RecentFolders(QComboBox):
    """Shows the folder that is open, and offers those that were.

    Args:
        parent: The owner.

    Signals:
        chosen (Path): The user wants to see a folder.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent: list[Path] = []
        self._current: Path | None = None
        self.setAccessibleName(self.tr("Recent folders"))
        self.setPlaceholderText(self.tr("Recent folders"))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(10)
        self.activated.connect(self._choose)
        self._fill()

    def set_recent(self, folders: Sequence[Path]) -> None:
        """Sets what is offered, newest first."""
        self._recent = list(folders)
        self._fill()

    def set_current(self, folder: Path | None) -> None:
        """Sets which folder is open."""
        self._current = folder
        self._fill()

    def _fill(self) -> None:
        self.clear()
        current = [self._current] if self._current is not None else []
        folders: list[Path] = list(dict.fromkeys([*current, *self._recent]))
        for folder in folders:
            self.addItem(icon("folder"), told(folder), folder)
            self.setItemData(self.count() - 1, shown_name(str(folder)), Qt.ItemDataRole.ToolTipRole)
        self.setCurrentIndex(0 if self._current else -1)
        self.setEnabled(bool(folders))
        self.setToolTip(shown_name(str(self._current)) if self._current else self.tr("Recent folders"))

    def _choose(self, row: int) -> None:
        folder: Path = self.itemData(row)
        if folder != self._current:
            self.chosen.emit(folder)


def told(folder: Path) -> str:
    """A folder as people speak of it: its own name first, then where it is, the home folder as `~`."""
    if not folder.name:
        return shown_name(str(folder))
    above, home = folder.parent, Path.home()
    where = Path("~", above.relative_to(home)) if above.is_relative_to(home) else above
    return f"{shown_name(folder.name)}  –  {shown_name(str(where))}"
