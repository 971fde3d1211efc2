"""The line below the grid that says how many photos there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

if TYPE_CHECKING:
    from desktop.library.photo_list import PhotoList


class PhotoCount(QLabel):
    """Counts photos to colour, or coloured copies, never both together."""

    def tell(self, photos: PhotoList, *, opened: bool, copies: bool) -> None:
        """Counts.

        Args:
            photos: What is counted.
            opened: Whether a folder is open.
            copies: Whether coloured copies are counted.
        """
        shown = photos.copies_shown if copies else photos.rowCount() - photos.copies_shown
        total = photos.copy_count if copies else photos.total
        self.setText(self._words(shown, total, copies=copies) if opened or shown != total else "")

    def _words(self, shown: int, total: int, *, copies: bool) -> str:
        if shown == total:
            return self.tr("%n coloured copies", "", total) if copies else self.tr("%n photos", "", total)
        words = (
            self.tr("{shown} of %n coloured copies", "", total)
            if copies
            else self.tr("{shown} of %n photos", "", total)
        )
        return words.format(shown=shown)
