"""What the user does to the open photo: one class an act, each undone as one step.

A command keeps the edits before and after, not the look or the model that was in force: these may be those of all
photos, and be others when it is undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from desktop.document import Document
    from desktop.edits import Edits
    from desktop.studio import Choice


class _Edit(QUndoCommand):
    """Changes the edits of the open photo."""

    def __init__(self, text: str, document: Document, before: Edits, after: Edits) -> None:
        super().__init__(text)
        self._document = document
        self._before = before
        self._after = after

    def redo(self) -> None:
        """Takes the new edits."""
        self._document.set_edits(self._after)

    def undo(self) -> None:
        """Takes the former edits."""
        self._document.set_edits(self._before)


class ChangeLook(_Edit):
    """Shows the colours in another look.

    Args:
        document: The open photo, which is shown in the new look already.
        before: Its edits before the act.
    """

    def __init__(self, document: Document, before: Edits) -> None:
        after = replace(before, look=document.edits.look)
        super().__init__(QCoreApplication.translate("commands", "Change of look"), document, before, after)


class Choose(_Edit):
    """Colours the photo with another model or variant.

    Args:
        document: The open photo.
        choice: What to colour it with; None for what all photos are coloured with.
    """

    def __init__(self, document: Document, choice: Choice | None) -> None:
        before = document.edits
        after = replace(before, choice=None if choice == document.default_choice else choice)
        super().__init__(QCoreApplication.translate("commands", "Choice of colours"), document, before, after)
