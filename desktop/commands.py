"""What the user does to the open photo: one class an act, each undone as one step."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from desktop.document import Document
    from desktop.studio import Choice
    from engine import Look


class ChangeLook(QUndoCommand):
    """Shows the colours in another look.

    Args:
        document: The open photo.
        before: The look before the act; while a slider is dragged the document has already left it.
        after: The look that it ends with.
    """

    def __init__(self, document: Document, before: Look, after: Look) -> None:
        super().__init__(QCoreApplication.translate("commands", "Change of look"))
        self._document = document
        self._before = before
        self._after = after

    def redo(self) -> None:
        """Takes the new look."""
        self._document.set_look(self._after)

    def undo(self) -> None:
        """Takes the former look."""
        self._document.set_look(self._before)


class Choose(QUndoCommand):
    """Colours the photo with another model or variant.

    Args:
        document: The open photo.
        choice: What to colour it with.
    """

    def __init__(self, document: Document, choice: Choice) -> None:
        super().__init__(QCoreApplication.translate("commands", "Choice of colours"))
        self._document = document
        self._before = document.choice
        self._after = choice

    def redo(self) -> None:
        """Asks for the new colours."""
        self._document.set_choice(self._after)

    def undo(self) -> None:
        """Asks for the former colours."""
        self._document.set_choice(self._before)
