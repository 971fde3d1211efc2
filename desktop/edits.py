"""What a user changed about photos, kept by path while the program runs.

Nobody has to save before going to the next photo: its look, its variant and its hints wait in the `EditBook`, and
`desktop.keeping` writes them to the photo's sidecar. Which photos have changes that no coloured copy shows yet stands
in the session file (`desktop.flows.restoring`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from desktop.studio import Choice
from engine import Look

if TYPE_CHECKING:
    from collections.abc import Iterable

    from engine import HintSet

LOOK_RANGES = {
    "saturation": (0.0, 4.0),
    "vibrance": (-1.0, 1.0),
    "temperature": (-100.0, 100.0),
    "evenness": (0.0, 1.0),
}


@dataclass(frozen=True, slots=True)
class Edits:
    """What differs from automatic colours for one photo.

    Attributes:
        look: How the colours are shown; None for the model's own.
        choice: What it is coloured with; None for the model that is chosen for all photos.
        hints: What a person knows of its colours; None where there is none, so that an empty set is no edit.
    """

    look: Look | None = None
    choice: Choice | None = None
    hints: HintSet | None = None

    def __post_init__(self) -> None:
        if self.hints is not None and not self.hints:
            object.__setattr__(self, "hints", None)

    def over(self, others: Edits) -> Edits:
        """These, and of what they leave open the others."""
        return Edits(
            others.look if self.look is None else self.look,
            others.choice if self.choice is None else self.choice,
            others.hints if self.hints is None else self.hints,
        )


NO_EDITS = Edits()


class EditBook(QObject):
    """The edits of all photos of this session.

    Signals:
        changed (object): The path of a photo whose edits, or whose being saved, changed.
        edited (object): The path of a photo whose edits were changed by the user, and are to be kept.
    """

    changed = Signal(object)
    edited = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits: dict[Path, Edits] = {}
        self._saved: dict[Path, Edits] = {}
        self._expected: dict[Path, None] = {}

    def of(self, path: Path) -> Edits:
        """The edits of a photo."""
        return self._edits.get(path, NO_EDITS)

    def put(self, path: Path, edits: Edits) -> None:
        """Notes a photo's edits."""
        if edits == self.of(path):
            return
        self._set(path, edits)
        self.changed.emit(path)
        self.edited.emit(path)

    def adopt(self, path: Path, edits: Edits, *, saved: bool = True) -> None:
        """Takes over edits that were kept on the disk.

        Args:
            path: The photo.
            edits: What was kept of it.
            saved: Whether a coloured copy shows them, as far as is known. Not so for a photo that is unsaved already.
        """
        before = (self.of(path), self.is_unsaved(path))
        unsaved = not saved or before[1]
        self._expected.pop(path, None)
        self._set(path, edits)
        if unsaved:
            self._saved.pop(path, None)
        else:
            self._saved[path] = edits
        if (self.of(path), self.is_unsaved(path)) != before:
            self.changed.emit(path)

    def expect(self, paths: Iterable[Path]) -> None:
        """Names photos with edits that no saved file shows; the edits themselves come with `adopt`."""
        for path in paths:
            if path not in self._edits:
                self._expected[path] = None
                self.changed.emit(path)

    def mark_saved(self, path: Path, edits: Edits) -> None:
        """Notes that a photo was saved with these edits."""
        self._expected.pop(path, None)
        self._saved[path] = edits
        self.changed.emit(path)

    def forget(self, path: Path) -> None:
        """Drops a photo that is no longer there; what is kept of it on the disk stays."""
        for kept in (self._edits, self._saved, self._expected):
            kept.pop(path, None)
        self.changed.emit(path)

    def forget_model(self, model: str) -> None:
        """Drops the choices of a model that is no longer there; looks and hints stay."""
        for path, edits in list(self._edits.items()):
            if edits.choice is not None and edits.choice.model == model:
                self.put(path, replace(edits, choice=None))

    def is_unsaved(self, path: Path) -> bool:
        """Whether a photo has edits that no saved file shows."""
        return path in self._expected or self.of(path) != self._saved.get(path, NO_EDITS)

    def unsaved(self) -> list[Path]:
        """All photos with edits that no saved file shows, in the order of their first edit."""
        known = dict.fromkeys([*self._expected, *self._edits, *self._saved])
        return [path for path in known if self.is_unsaved(path)]

    def _set(self, path: Path, edits: Edits) -> None:
        if edits == NO_EDITS:
            self._edits.pop(path, None)
        else:
            self._edits[path] = edits


def former_edits(rows: object) -> dict[Path, tuple[Edits, bool]]:
    """The edits that a session file of an earlier version holds, and whether each is saved; damaged ones are left out.

    Args:
        rows: What stands in the file, whatever it is.
    """
    found: dict[Path, tuple[Edits, bool]] = {}
    for row in cast("list[object]", rows) if isinstance(rows, list) else []:
        if not isinstance(row, dict):
            continue
        fields = cast("dict[str, object]", row)
        path, edits = fields.get("photo"), _edits_of(fields)
        if isinstance(path, str) and edits is not None and edits != NO_EDITS:
            found[Path(path)] = (edits, fields.get("saved") is True)
    return found


def _edits_of(row: dict[str, object]) -> Edits | None:
    """The edits of one row; None where it is damaged."""
    look, choice = row.get("look"), row.get("choice")
    try:
        return Edits(
            None if look is None else _look_of(cast("dict[str, object]", look)),
            None if choice is None else _choice_of(cast("dict[str, object]", choice)),
        )
    except (TypeError, ValueError, AttributeError):
        return None


def _look_of(row: dict[str, object]) -> Look:
    numbers: dict[str, float] = {}
    for name, (low, high) in LOOK_RANGES.items():
        value = row.get(name, getattr(Look(), name))
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise ValueError(name)
        numbers[name] = float(value)
    return Look(**numbers, white_balance=row.get("white_balance") is True)


def _choice_of(row: dict[str, object]) -> Choice:
    model, variant = row.get("model"), row.get("variant")
    if not isinstance(model, str) or isinstance(variant, bool) or not isinstance(variant, int | None):
        raise TypeError("choice")
    if variant is not None and variant < 0:
        raise ValueError("variant")
    return Choice(model, variant)
