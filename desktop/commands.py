"""What the user does to the open photo: one class an act, each undone as one step.

A command keeps one kind of edits before and after, and leaves the others alone. It keeps the edits, not the look or the
model that was in force: these may be those of all photos, and be others when it is undone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.document import Document
    from desktop.edits import Edits
    from desktop.studio import Choice
    from engine import Hint, HintPoint, HintSet

translate = QCoreApplication.translate


class _Edit(QUndoCommand):
    """Changes one field of the edits of the open photo."""

    def __init__(self, text: str, document: Document, field: str, before: Any, after: Any) -> None:
        super().__init__(text)
        self._document = document
        self._field = field
        self._before = before
        self._after = after

    def redo(self) -> None:
        """Takes the new edits."""
        self._set(self._after)

    def undo(self) -> None:
        """Takes the former edits."""
        self._set(self._before)

    def _set(self, value: Any) -> None:
        self._document.set_edits(replace(self._document.edits, **{self._field: value}))


class ChangeLook(_Edit):
    """Shows the colours in another look.

    Args:
        document: The open photo, which is shown in the new look already.
        before: Its edits before the act.
    """

    def __init__(self, document: Document, before: Edits) -> None:
        text = translate("commands", "Change of look")
        super().__init__(text, document, "look", before.look, document.edits.look)


class Choose(_Edit):
    """Colours the photo with another model or variant.

    Args:
        document: The open photo.
        choice: What to colour it with; None for what all photos are coloured with.
    """

    def __init__(self, document: Document, choice: Choice | None) -> None:
        own = None if choice == document.default_choice else choice
        super().__init__(translate("commands", "Choice of colours"), document, "choice", document.edits.choice, own)


class _HintEdit(_Edit):
    """Changes the hints of the open photo."""

    def __init__(self, text: str, document: Document, after: HintSet) -> None:
        super().__init__(text, document, "hints", document.edits.hints, after or None)


class AddHint(_HintEdit):
    """Puts a hint over the others."""

    def __init__(self, document: Document, hint: Hint) -> None:
        super().__init__(translate("commands", "Painting of a hint"), document, document.hint_set.added(hint))


class MoveHint(_HintEdit):
    """Moves a hint by a distance in pixels of the photo."""

    def __init__(self, document: Document, index: int, dx: float, dy: float) -> None:
        hints = document.hint_set
        moved = hints.replaced(index, hints.hints[index].moved(dx, dy))
        super().__init__(translate("commands", "Moving of a hint"), document, moved)


class RecolorHint(_HintEdit):
    """Gives a hint another colour: "#rrggbb", or None to keep what the model says."""

    def __init__(self, document: Document, index: int, color: str | None) -> None:
        hints = document.hint_set
        recolored = hints.replaced(index, hints.hints[index].recolored(color))
        super().__init__(translate("commands", "Recolouring of a hint"), document, recolored)


class DeleteHint(_HintEdit):
    """Takes a hint away."""

    def __init__(self, document: Document, index: int) -> None:
        super().__init__(translate("commands", "Deletion of a hint"), document, document.hint_set.removed(index))


class EraseHints(_HintEdit):
    """Takes away what the eraser went over.

    Args:
        document: The open photo.
        points: Where it went, in pixels of the photo.
        radius: Of the eraser, in the same.
    """

    def __init__(self, document: Document, points: Sequence[HintPoint], radius: float) -> None:
        erased = document.hint_set.erased(points, radius)
        super().__init__(translate("commands", "Erasing of hints"), document, erased)


class ClearHints(_HintEdit):
    """Takes all hints away."""

    def __init__(self, document: Document) -> None:
        super().__init__(translate("commands", "Clearing of the hints"), document, document.hint_set.cleared())


class PasteHints(_HintEdit):
    """Lays hints of another photo over those that are there.

    Args:
        document: The open photo.
        hints: What to lay over, of a photo of any size.
        text: What the act is called; None for pasting.
    """

    def __init__(self, document: Document, hints: HintSet, text: str | None = None) -> None:
        together = document.hint_set
        for hint in hints.scaled_to(together.width, together.height):
            together = together.added(hint)
        super().__init__(text or translate("commands", "Pasting of hints"), document, together)
