"""What the disk has of a photo's edits: a sidecar beside the photo, or one in a store of the program's own.

Where nothing can be written beside a photo (its folder is not writable, the file there is damaged or of a newer
version, or the photo is not the user's own), its edits go to the private store. Of two that can be read the newer one
counts. Everything here looks at the disk: call it in the background.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from desktop.edits import NO_EDITS, Edits
from desktop.studio import Choice
from engine import Sidecar, SidecarError, read_header, read_sidecar, sidecar_path, state_folder, write_sidecar

if TYPE_CHECKING:
    from pathlib import Path

    from engine import EngineError

translate = QCoreApplication.translate

CLEARED = {"cleared": True}
"""What an empty sidecar in the private store says, where one beside the photo cannot be removed."""

Size = tuple[int, int]
Stamp = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the disk has of a photo's edits.

    Attributes:
        edits: The edits; hints in pixels of the photo as it is now.
        stamp: Which content of the sidecars that is.
        locked: Whether its hints are of a newer version of the program, and stay as they are.
        problem: Why a sidecar could not be used; None where all is well.
    """

    edits: Edits = NO_EDITS
    stamp: Stamp = (None, None)
    locked: bool = False
    problem: SidecarError | None = None


@dataclass(frozen=True, slots=True)
class Ticket:
    """Asks for what is kept of a photo; made by `Keeper.ticket`, for `read_kept` on any thread.

    Attributes:
        path: The photo.
        borrowed: Whether nothing is looked for beside it.
        version: How often its edits were changed by then.
    """

    path: Path
    borrowed: bool
    version: int


def private_sidecar(photo: Path) -> Path:
    """Where the private store keeps the edits of a photo."""
    name = hashlib.sha256(os.fsencode(os.path.abspath(photo))).hexdigest()
    return sidecar_path(photo.with_name(name), state_folder() / "sidecars")


def read_kept(ticket: Ticket, size: Size | None = None) -> Kept:
    """Reads what is kept of a photo's edits. Never raises for a sidecar that cannot be used: see `Kept.problem`.

    Args:
        ticket: Which photo.
        size: Its width and height; None looks into its file if need be.
    """
    photo = ticket.path
    beside = None if ticket.borrowed else sidecar_path(photo)
    own, stamp = private_sidecar(photo), stamp_of_sidecars(photo, borrowed=ticket.borrowed)
    problem: SidecarError | None = None
    found: list[Sidecar] = []
    for file in sorted((place for place in (own, beside) if place is not None), key=_changed, reverse=True):
        try:
            sidecar = read_sidecar(file)
        except SidecarError as error:
            problem = problem or error
            continue
        if sidecar is not None:
            found.append(sidecar)
    if not found:
        return Kept(stamp=stamp, problem=problem)
    locked = next((sidecar for sidecar in found if sidecar.read_only), None)
    edits = _edits_of(found[0], photo, size)
    if locked is not None:
        edits = replace(edits, hints=_edits_of(locked, photo, size).hints)
    return Kept(edits, stamp, locked is not None, problem)


def write_kept(photo: Path, edits: Edits, *, borrowed: bool) -> EngineError | None:
    """Writes a photo's edits, or takes them away where there are none.

    Args:
        photo: The photo.
        edits: All of its edits.
        borrowed: Whether nothing is written beside it.

    Returns:
        Why they are in the private store; None where they are beside the photo, or belong into the store.

    Raises:
        SidecarError: If they could not be written anywhere.
    """
    sidecar, own = sidecar_of(edits), private_sidecar(photo)
    problem: EngineError | None = None
    if not borrowed:
        try:
            _write_beside(photo, sidecar)
        except SidecarError as error:
            problem = error
        else:
            with contextlib.suppress(OSError):  # where it stays it is the older one, and does not count
                own.unlink(missing_ok=True)
            return None
        if sidecar.is_empty and os.path.lexists(sidecar_path(photo)):
            sidecar = replace(sidecar, unknown=CLEARED)
    _write_private(own, sidecar)
    return problem


def _write_beside(photo: Path, sidecar: Sidecar) -> None:
    if not os.path.lexists(photo):  # on a disk that was pulled out, say; its folder must not be made anew
        raise SidecarError(sidecar_path(photo), translate("Keeping", "its photo is not there."))
    write_sidecar(sidecar_path(photo), sidecar)


def _write_private(file: Path, sidecar: Sidecar) -> None:
    """Writes into the private store; what is damaged there is put aside, for nobody would mend it."""
    try:
        read_sidecar(file)
    except SidecarError:
        with contextlib.suppress(OSError):  # then writing tells what is wrong
            file.replace(file.with_name(f"{file.name}.bad"))
    write_sidecar(file, sidecar)


def sidecar_of(edits: Edits) -> Sidecar:
    """What a sidecar says of a photo with these edits."""
    hints, choice = edits.hints, edits.choice
    return Sidecar(
        width=None if hints is None else hints.width,
        height=None if hints is None else hints.height,
        model=None if choice is None else choice.model,
        variant=None if choice is None else choice.variant,
        look=edits.look,
        hints=() if hints is None else hints.hints,
    )


def _edits_of(sidecar: Sidecar, photo: Path, size: Size | None) -> Edits:
    choice = None if sidecar.model is None else Choice(sidecar.model, sidecar.variant)
    hints = None
    if sidecar.hints:
        hints = sidecar.hint_set(*(size or _size_of(sidecar, photo)))
    return Edits(sidecar.look, choice, hints)


def _size_of(sidecar: Sidecar, photo: Path) -> Size:
    if sidecar.width is not None and sidecar.height is not None:
        return sidecar.width, sidecar.height
    header = read_header(photo)
    return header.width, header.height


def _changed(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return -1


def stamp_of_sidecars(photo: Path, *, borrowed: bool) -> Stamp:
    """Which content the sidecars of a photo have."""
    beside = None if borrowed else sidecar_path(photo)
    return (None if beside is None else _changed(beside)), _changed(private_sidecar(photo))
