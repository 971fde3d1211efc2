"""The photo that is open: its pixels, its newest colours, what it is coloured with, and how that is shown.

A `Document` knows no widget and starts no work. It is told what has been read and coloured, and tells who listens.
What the user changes goes through `desktop.commands`, so that it can be undone; the document only keeps it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from desktop.edits import Edits
from desktop.studio import Choice
from engine import HintSet, Look, Painting

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.studio import Coloring
    from engine import Photo, Pyramid


class Document(QObject):
    """One open photo, or none.

    Attributes:
        undo_stack: What the user did to this photo; cleared when another one is opened.

    Signals:
        opened (): A path was set; its pixels are still to be read.
        photo_changed (): The pixels are there, or there is no photo any more.
        painting_changed (): There are other colours to show, or another look.
        look_changed (object): The `Look` that is in force.
        choice_changed (object): The `Choice` that the photo shall be coloured with; its colours are still to come.
        hints_changed (object): The hints that it shall be coloured with, a `HintSet`, or None for none; as above.
        coloring_changed (): New colours are there (or none any more).
        edited (): The edits of the photo changed; `edits` has them.
    """

    opened = Signal()
    photo_changed = Signal()
    painting_changed = Signal()
    look_changed = Signal(object)
    choice_changed = Signal(object)
    hints_changed = Signal(object)
    coloring_changed = Signal()
    edited = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._path: Path | None = None
        self._borrowed = False
        self._page = 0
        self._unreadable = False
        self._hints_locked = False
        self._stamp: tuple[int, int] | None = None
        self._photo: Photo | None = None
        self._pyramid: Pyramid | None = None
        self._coloring: Coloring | None = None
        self._painting: Painting | None = None
        self._default_choice = Choice("photo")
        self._default_look = Look()
        self._edits = Edits()

    @property
    def path(self) -> Path | None:
        """The file that is open."""
        return self._path

    @property
    def borrowed(self) -> bool:
        """Whether the file is not the user's own (pasted, a sample): its colours are not saved beside it."""
        return self._borrowed

    @property
    def page(self) -> int:
        """Which page of the file is shown, from 0."""
        return self._page

    @property
    def photo(self) -> Photo | None:
        """Its pixels and metadata, once they are read."""
        return self._photo

    @property
    def pyramid(self) -> Pyramid | None:
        """Its pixels for the screen, once they are read."""
        return self._pyramid

    @property
    def stamp(self) -> tuple[int, int] | None:
        """Size and time of change of the file that the pixels were read from."""
        return self._stamp

    @property
    def usable(self) -> bool:
        """Whether there is a photo to act on: one that is open or still being read, and not one that is damaged."""
        return self._path is not None and not self._unreadable

    @property
    def coloring(self) -> Coloring | None:
        """Its newest colours."""
        return self._coloring

    @property
    def painting(self) -> Painting | None:
        """Its newest colours under the look in force, ready to be drawn."""
        return self._painting

    @property
    def edits(self) -> Edits:
        """What the user changed."""
        return self._edits

    @property
    def look(self) -> Look:
        """The look in force: the user's, or else the model's own."""
        return self._default_look if self._edits.look is None else self._edits.look

    @property
    def default_look(self) -> Look:
        """The look of the model's card and of the settings."""
        return self._default_look

    @property
    def choice(self) -> Choice:
        """What the photo is coloured with: chosen for it, or else for all photos."""
        return self._default_choice if self._edits.choice is None else self._edits.choice

    @property
    def default_choice(self) -> Choice:
        """What photos are coloured with that nobody chose something else for."""
        return self._default_choice

    @property
    def hints(self) -> HintSet | None:
        """The hints that the page is coloured with; None where there are none. The first page has those of its file."""
        return self._edits.hints if self._page == 0 else None

    @property
    def hint_set(self) -> HintSet:
        """The hints, perhaps none, in pixels of the photo that is open.

        Raises:
            ValueError: If no photo is open, or its pixels are still to be read.
        """
        if self._photo is None:
            raise ValueError("without a photo there are no hints")
        return self.hints or HintSet(self._photo.width, self._photo.height)

    @property
    def takes_hints(self) -> bool:
        """Whether hints can be painted: there is a photo, it is the first page, and its hints are not locked."""
        return self._photo is not None and self._page == 0 and not self._hints_locked

    @property
    def hints_locked(self) -> bool:
        """Whether a newer version of the program wrote the hints: they are shown, and not changed."""
        return self._hints_locked

    @property
    def is_current(self) -> bool:
        """Whether the newest colours are those that were asked for last."""
        coloring = self._coloring
        return coloring is not None and coloring.choice == self.choice and coloring.hints == self.hints

    def open(self, path: Path, edits: Edits, *, page: int = 0, borrowed: bool = False) -> None:
        """Takes another photo; its pixels come with `set_photo`.

        Args:
            path: The file.
            edits: What the user changed about it before.
            page: Which page of the file.
            borrowed: Whether it is a file that nothing is to be saved beside.
        """
        self._clear()
        self._path, self._page, self._borrowed, self._edits = path, page, borrowed, edits
        self.opened.emit()
        self.photo_changed.emit()
        self.coloring_changed.emit()
        self.look_changed.emit(self.look)
        self.choice_changed.emit(self.choice)
        self.hints_changed.emit(None)

    def close(self) -> None:
        """Lets the photo go."""
        self._clear()
        self._path, self._page, self._borrowed, self._edits = None, 0, False, Edits()
        self.photo_changed.emit()
        self.coloring_changed.emit()
        self.hints_changed.emit(None)

    def set_photo(self, photo: Photo, pyramid: Pyramid, stamp: tuple[int, int] | None = None) -> None:
        """Takes the pixels that were read; hints of another scan of the photo are brought to its size.

        Args:
            photo: The photo.
            pyramid: Its sizes for the screen.
            stamp: Size and time of change of the file that they were read from.
        """
        self._photo, self._pyramid, self._stamp = photo, pyramid, stamp
        if self.hints is not None:
            self._edits = replace(self._edits, hints=self.hints.scaled_to(photo.width, photo.height))
        self.photo_changed.emit()
        self.hints_changed.emit(self.hints)

    def set_unreadable(self) -> None:
        """Notes that the photo could not be read; nothing can be done with it."""
        self._unreadable = True
        self.photo_changed.emit()
        self.coloring_changed.emit()

    def set_coloring(self, coloring: Coloring) -> None:
        """Takes new colours."""
        self._coloring = coloring
        self._painting = Painting(coloring.colors, self.look)
        self.coloring_changed.emit()
        self.painting_changed.emit()

    def preview(self, coloring: Coloring | None) -> None:
        """Shows colours of an act that is still going on, such as a stroke; None goes back to the newest colours."""
        shown = coloring or self._coloring
        if shown is not None:
            self._painting = Painting(shown.colors, self.look)
            self.painting_changed.emit()

    def lock_hints(self) -> None:
        """Has the hints stay as they are; until another photo is opened."""
        self._hints_locked = True
        self.hints_changed.emit(self.hints)

    def set_default_choice(self, choice: Choice) -> None:
        """What photos are coloured with that nobody chose something else for."""
        before = self.choice
        self._default_choice = choice
        if self.choice != before:
            self.choice_changed.emit(self.choice)

    def set_default_look(self, look: Look) -> None:
        """The look of photos that nobody chose another one for."""
        before = self.look
        self._default_look = look
        if self.look != before:
            self._look_has_changed()

    def set_look(self, look: Look) -> None:
        """Shows the colours in another look; the network does not run."""
        self.set_edits(replace(self._edits, look=None if look == self._default_look else look))

    def set_choice(self, choice: Choice) -> None:
        """Chooses what to colour with; whoever listens asks for new colours."""
        chosen = None if choice == self._default_choice else choice
        self.set_edits(replace(self._edits, choice=chosen))

    def set_edits(self, edits: Edits) -> None:
        """Takes edits as they are, what is None in them too: the look or the choice of all photos is in force then."""
        look, choice, hints = self.look, self.choice, self.hints
        if edits == self._edits:
            return
        self._edits = edits
        if self.look != look:
            self._look_has_changed()
        if self.choice != choice:
            self.choice_changed.emit(self.choice)
        if self.hints != hints:
            self.hints_changed.emit(self.hints)
        self.edited.emit()

    def _look_has_changed(self) -> None:
        self.look_changed.emit(self.look)
        if self._painting is not None:
            self._painting = self._painting.with_look(self.look)
            self.painting_changed.emit()

    def _clear(self) -> None:
        self.undo_stack.clear()
        self._unreadable = self._hints_locked = False
        self._stamp = None
        self._photo = self._pyramid = self._coloring = self._painting = None
