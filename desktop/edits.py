"""What a user changed about photos, kept by path while the program runs, and over its end.

Nobody has to save before going to the next photo: its look and its variant wait in the `EditBook`, which the session
file keeps (`desktop.restoring`). Nothing here is written beside the photos.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from PySide6.QtCore import QObject, Signal

from desktop.studio import Choice
from engine import Look

LOOK_RANGES = {"saturation": (0.0, 4.0), "vibrance": (-1.0, 1.0), "temperature": (-100.0, 100.0)}


@dataclass(frozen=True, slots=True)
class Edits:
    """What differs from automatic colours for one photo.

    Attributes:
        look: How the colours are shown; None for the model's own.
        choice: What it is coloured with; None for the model that is chosen for all photos.
    """

    look: Look | None = None
    choice: Choice | None = None


NO_EDITS = Edits()


class EditBook(QObject):
    """The edits of all photos of this session.

    Signals:
        changed (object): The path of a photo whose edits, or whose being saved, changed.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._edits: dict[Path, Edits] = {}
        self._saved: dict[Path, Edits] = {}

    def of(self, path: Path) -> Edits:
        """The edits of a photo."""
        return self._edits.get(path, NO_EDITS)

    def put(self, path: Path, edits: Edits) -> None:
        """Notes a photo's edits."""
        if edits == self.of(path):
            return
        if edits == NO_EDITS:
            self._edits.pop(path, None)
        else:
            self._edits[path] = edits
        self.changed.emit(path)

    def mark_saved(self, path: Path, edits: Edits) -> None:
        """Notes that a photo was saved with these edits."""
        self._saved[path] = edits
        self.changed.emit(path)

    def forget(self, path: Path) -> None:
        """Drops a photo that is no longer there."""
        self._edits.pop(path, None)
        self._saved.pop(path, None)
        self.changed.emit(path)

    def forget_model(self, model: str) -> None:
        """Drops the choices of a model that is no longer there; the looks stay."""
        for path, edits in list(self._edits.items()):
            if edits.choice is not None and edits.choice.model == model:
                self.put(path, replace(edits, choice=None))

    def is_unsaved(self, path: Path) -> bool:
        """Whether a photo has edits that no saved file shows."""
        edits = self.of(path)
        return edits != self._saved.get(path, NO_EDITS)

    def unsaved(self) -> list[Path]:
        """All photos with edits that no saved file shows, in the order of their first edit."""
        return [path for path in dict.fromkeys([*self._edits, *self._saved]) if self.is_unsaved(path)]

    def to_json(self) -> list[dict[str, Any]]:
        """The edits as plain values, for the session file."""
        return [self.row(path) for path in self._edits]

    def row(self, path: Path) -> dict[str, Any]:
        """The edits of one photo as plain values."""
        return {"photo": str(path), "saved": not self.is_unsaved(path), **_plain(self.of(path))}

    def read_json(self, rows: object) -> None:
        """Takes over edits from a session file; what is damaged in it is left out."""
        for row in cast("list[object]", rows) if isinstance(rows, list) else []:
            if not isinstance(row, dict):
                continue
            fields = cast("dict[str, object]", row)
            path, edits = fields.get("photo"), _edits_of(fields)
            if not isinstance(path, str) or edits is None or edits == NO_EDITS:
                continue
            self._edits[Path(path)] = edits
            if fields.get("saved") is True:
                self._saved[Path(path)] = edits
            self.changed.emit(Path(path))


def _plain(edits: Edits) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    if edits.look is not None:
        look = edits.look
        plain["look"] = {
            "saturation": look.saturation,
            "vibrance": look.vibrance,
            "temperature": look.temperature,
            "white_balance": look.white_balance,
        }
    if edits.choice is not None:
        plain["choice"] = {"model": edits.choice.model, "variant": edits.choice.variant}
    return plain


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
