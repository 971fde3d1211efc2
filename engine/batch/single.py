"""Saving one photo at a time, as a window does: beside the photo, or where the user says; never over a photo itself.

A photo that is saved beside itself goes the way of `autochrome colorize x.jpg`: the same name, the same record in the
user's state folder. So both know each other's outputs, and each replaces only what one of them made and nobody changed.
Where the record cannot be had, because another run holds it or its disk refuses, the photo is saved all the same, under
a name that is free.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import os
import stat
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.batch.journal import BY_HAND, JournalError, Row, time_of_change
from engine.batch.naming import Names, Wish, folded
from engine.batch.options import BatchOptions
from engine.batch.place import Place, Shelf, fingerprint, opened, state_folder
from engine.batch.plan import kept_name, suffix_for
from engine.batch.remarks import remarks_on
from engine.batch.sidecars import digest_of
from engine.errors import EngineError, SaveError
from engine.lock import InUseError
from engine.models.store import find_model
from engine.photo import chosen_format, natural_format, save_photo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from engine.photo import FormatChoice, OutputFormat, Photo, SaveOptions
    from engine.render import Look
    from engine.sidecar import Sidecar

_one_at_a_time = threading.Lock()
"""The record is open to one at a time; the threads of one program take turns instead of refusing each other."""


@dataclass(frozen=True, slots=True)
class Saved:
    """A coloured photo that was saved.

    Attributes:
        path: The file.
        notes: Remarks for the user: what the format cannot hold, or that the record could not be had.
        replaced: Whether it took the place of a former one.
    """

    path: Path
    notes: tuple[str, ...] = ()
    replaced: bool = False


def save_beside(
    pictures: Iterable[NDArray[Any]],
    photos: Sequence[Photo],
    options: SaveOptions,
    *,
    look: Look | None = None,
    sidecar: Sidecar | None = None,
) -> Saved:
    """Saves a coloured photo beside its source: `x.jpg` as `x-color.jpg`, or under the next name that is free.

    A former output of this photo is replaced if nobody changed it; no other file ever is.

    Args:
        pictures: One H×W×3 sRGB picture a page; taken one by one, the first before anything is locked.
        photos: Every page of the photo, in order.
        options: Format (`same` as in a batch), quality, mark, metadata, and the model's id.
        look: The look, where the picture is exactly what a batch makes with this model and look, so that a batch has
            nothing to do for it. None where a person chose something for this photo: a batch then leaves it alone.
        sidecar: What a person chose, where `look` is None and the photo's sidecar says all of it: a batch leaves the
            result alone until the sidecar says something else. None where no sidecar tells: then no batch replaces it.

    Raises:
        SaveError: If it could not be saved; what was there is as it was.
        Exception: What `pictures` raises (from the second page on as the cause of a SaveError, unless an EngineError).
    """
    begun = time.monotonic()
    source = Path(os.path.abspath(photos[0].path))
    waiting = iter(pictures)
    ready = list(itertools.islice(waiting, 1))  # the slow part: whoever needs the record shall not wait for it
    with _one_at_a_time, contextlib.ExitStack() as held:
        saving = _Saving(source, photos, options, begun)
        saving.note_settings(look, sidecar)
        saving.open_record(held)
        return saving.save(itertools.chain(ready, waiting))


def save_as(
    destination: Path,
    pictures: Iterable[NDArray[Any]],
    photos: Sequence[Photo],
    options: SaveOptions,
    *,
    replace: bool = False,
) -> Saved:
    """Saves a coloured photo where the user says.

    Args:
        destination: The file; its suffix is not looked at.
        pictures: One H×W×3 sRGB picture a page; taken one by one.
        photos: Every page of the photo, in order.
        options: As of `save_photo`.
        replace: Whether the user agreed to replace a file that is there. The photo itself is never replaced.

    Raises:
        SaveError: If the destination is the photo itself, by whatever path, or if it could not be saved.
        Exception: What `pictures` raises (as the cause of a SaveError, if it is no EngineError).
    """
    destination = Path(os.path.abspath(destination))
    for photo in photos:
        if _is_same(destination, photo.path):
            raise SaveError(
                destination, "this is the photo itself, which is never written over.", "Choose another name."
            )
    there = os.path.lexists(destination)
    if there and not _is_replaceable(destination):
        raise SaveError(destination, "what has this name is no file.", "Choose another name.")
    notes = save_photo(destination, pictures, photos, options, replace=replace)
    return Saved(destination, notes, replaced=there)


def _is_same(destination: Path, photo: Path) -> bool:
    """Whether a path leads to a photo: through links, or on a disk that does not tell upper from lower case."""
    photo = Path(os.path.abspath(photo))
    if folded(destination) == folded(photo):
        return True
    with contextlib.suppress(OSError):
        if os.path.samefile(destination, photo):
            return True
    with contextlib.suppress(OSError):
        return destination.name.casefold() == photo.name.casefold() and os.path.samefile(
            destination.parent, photo.parent
        )
    return False


def _is_replaceable(file: Path) -> bool:
    """Whether a path is a file or a link to one, and not a folder, a pipe or a device."""
    try:
        return stat.S_ISREG(file.stat().st_mode)
    except OSError:
        return file.is_symlink()  # that leads nowhere


class _Saving:
    """One photo on its way to the file beside it."""

    def __init__(self, source: Path, photos: Sequence[Photo], options: SaveOptions, begun: float) -> None:
        self._source = source
        self._photos = photos
        self._natural = natural_format(photos[0])
        self._format: OutputFormat = chosen_format(options.format, self._natural)
        self._options = dataclasses.replace(options, format=self._format)
        self._settings = BY_HAND
        self._begun = begun
        self._place = Place(None, state_folder())
        self._shelf: Shelf | None = None
        self._notes: list[str] = []

    def note_settings(self, look: Look | None, sidecar: Sidecar | None) -> None:
        """Says what was chosen for the photo, as of `save_beside`."""
        if look is not None:
            self._settings = _settings(self._source, self._options, self._format, look)
        elif digest_of(sidecar):
            self._settings = f"{BY_HAND}:{digest_of(sidecar)}"

    def open_record(self, held: contextlib.ExitStack) -> None:
        """Opens the record for as long as `held` is; goes on without where that cannot be."""
        try:
            self._shelf = held.enter_context(opened(self._place))
        except InUseError:
            self._go_without("the record of saved photos is in use by another run")
        except (EngineError, OSError):
            self._go_without(f"the record of saved photos in {self._place.records} cannot be written")
        else:
            self._notes += self._shelf.notes

    def save(self, pictures: Iterable[NDArray[Any]]) -> Saved:
        """Saves it, and takes it down before and after."""
        output = self._settled()
        row = self._row(output)
        if self._shelf is not None:
            try:
                self._shelf.journal.store(row)
            except JournalError:
                self._go_without(f"the record of saved photos in {self._place.records} cannot be written")
                output = self._settled()
        replace = self._shelf is not None and self._shelf.is_untouched(output)
        remarks = save_photo(output, pictures, self._photos, self._options, replace=replace)
        if self._shelf is not None:
            self._take_down(self._shelf, row, output, remarks)
        return Saved(output, (*remarks, *self._notes), replace)

    def _settled(self) -> Path:
        """The output's name."""
        row, shelf = None, self._shelf
        suffix = suffix_for(self._source, self._format)
        kept = None
        if shelf is not None:
            row = shelf.journal.row(self._place.key(self._source))
            kept = kept_name(row, shelf, suffix)
            if kept is not None and os.path.lexists(kept) and not self._is_own(kept):
                kept = None
        wish = Wish(
            source=self._source,
            folder=self._source.parent,
            suffix=suffix,
            beside=True,
            kept=kept,
            usable=self._is_own,
        )
        return Names([self._source]).settle([wish])[0]

    def _is_own(self, output: Path) -> bool:
        """Whether a file is a former output of this photo that nobody changed."""
        if self._shelf is None:
            return False
        made = self._shelf.journal.made(self._place.key(output))
        return made is not None and made.source == self._place.key(self._source) and self._shelf.is_untouched(output)

    def _row(self, output: Path) -> Row:
        first = self._photos[0]
        try:
            status = self._source.stat()
            size, mtime_ns = status.st_size, time_of_change(status)
        except OSError:
            size, mtime_ns = -1, 0  # gone; never equal to a photo that is there
        return Row(
            source=self._place.key(self._source),
            size=size,
            mtime_ns=mtime_ns,
            settings=self._settings,
            model=_hash_of(self._options.model),
            natural=self._natural,
            marked=self._options.mark,
            output=self._place.key(output),
            state="saving",
            kind=first.source_kind.value,
            bits=first.bit_depth,
            pages=first.page_count,
        )

    def _take_down(self, shelf: Shelf, row: Row, output: Path, remarks: tuple[str, ...]) -> None:
        notes = remarks_on(self._photos) + remarks
        done = dataclasses.replace(row, state="done", notes=notes, seconds=time.monotonic() - self._begun)
        try:
            shelf.journal.store(done, fingerprint(output, row.source))
        except JournalError as error:
            # The output is there; the next time it is taken for another's, and left alone.
            self._notes.append(str(error))

    def _go_without(self, why: str) -> None:
        self._shelf = None
        self._notes.append(f"{why}: this photo has a new name, and a later save will not replace it")


def _settings(source: Path, options: SaveOptions, format: OutputFormat, look: Look) -> str:
    """The batch's hash of the settings."""
    choices: dict[OutputFormat, FormatChoice] = {"JPEG": "jpeg", "PNG": "png", "TIFF": "tiff", "WebP": "webp"}
    batch = BatchOptions(
        paths=(source,),
        format=choices[format],
        quality=options.quality,
        look=look,
        mark=options.mark,
        metadata=options.metadata,
    )
    return batch.settings(format)


def _hash_of(model: str) -> str:
    """The sha256 of an installed model's weights; empty for a model that is no longer there."""
    try:
        return find_model(model).card.sha256 if model else ""
    except EngineError:
        return ""
