"""From colours to files: beside the photo, somewhere else, or for all photos that were changed."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths

from desktop.dialogs import SaveAsDialog
from desktop.flows.opening import is_borrowed
from desktop.kept import sidecar_of
from desktop.library import PhotoState
from desktop.operations import MissingPhotoError, SaveRequest, save_colored
from engine import SaveOptions

if TYPE_CHECKING:
    from desktop.edits import Edits
    from desktop.flows.choosing import Choosing
    from desktop.parts import Parts
    from desktop.tasks import Task
    from engine import Saved


class SavingFlow(QObject):
    """Saves, one photo after the other, in the background.

    Args:
        parts: The window.
        choosing: Knows the looks of the models.
    """

    def __init__(self, parts: Parts, choosing: Choosing) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._choosing = choosing
        self._waiting: deque[tuple[SaveRequest, Edits]] = deque()
        self._task: Task[Saved] | None = None
        self._preparing = False
        self._total = 0
        self._saved = 0
        actions = parts.actions
        actions["save"].triggered.connect(self.save)
        actions["save_as"].triggered.connect(self.save_as)
        actions["save_all"].triggered.connect(self.save_all)
        parts.book.changed.connect(self._on_book)
        actions["save_all"].setEnabled(bool(self._to_save()))

    @property
    def busy(self) -> bool:
        """Whether something is being saved."""
        return self._task is not None or bool(self._waiting)

    def save(self) -> None:
        """Saves the open photo in colour, beside the original."""
        self._parts.finish_acts()
        if self._parts.document.borrowed:
            self.save_as()
            return
        request = self._request_of_open(self._options())
        if request is not None:
            self._queue([(request, self._parts.document.edits)])

    def save_as(self) -> None:
        """Asks where to save the open photo, and how."""
        self._parts.finish_acts()
        parts = self._parts
        document = parts.document
        request, edits = self._request_of_open(self._options()), document.edits
        if document.path is None or document.photo is None or request is None:
            return
        folder = self._pictures_folder() if document.borrowed else document.path.parent
        dialog = SaveAsDialog(document.photo, folder, parts.settings.settings.saving, parts.window)
        accepted = dialog.exec()
        dialog.deleteLater()
        if not accepted:
            return
        # Of the photo that the dialog was opened for, whatever has been opened meanwhile.
        chosen = {"options": dialog.options, "destination": dialog.destination, "replace": dialog.replace}
        self._queue([(replace(request, **chosen), edits)])

    def save_all(self) -> None:
        """Saves every photo whose colours were changed and not saved since, each beside its original."""
        self._parts.finish_acts()
        book, document = self._parts.book, self._parts.document
        jobs: list[tuple[SaveRequest, Edits]] = []
        for path in self._to_save():
            edits = book.of(path)
            if path == document.path and document.coloring is not None:
                request = self._request_of_open(self._options())
            else:
                request = self._request_of(path, edits)
            if request is not None:
                jobs.append((request, edits))
        if jobs:
            self._queue(jobs)
        else:
            self._parts.window.status.say(self.tr("Every change is saved."))

    def _to_save(self) -> list[Path]:
        """The changed photos that have a place of their own: not pasted ones, whose place the user must say."""
        return [path for path in self._parts.book.unsaved() if not is_borrowed(path)]

    def cancel(self) -> None:
        """Gives up what is being saved; nothing partial is left."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None
            self._parts.window.status.say(self.tr("Saving was stopped."))
        self._end()

    def _options(self) -> SaveOptions:
        saving = self._parts.settings.settings.saving
        return SaveOptions(format=saving.format, quality=saving.quality, mark=saving.mark, metadata=saving.metadata)

    def _request_of_open(self, options: SaveOptions) -> SaveRequest | None:
        """How the open photo is saved; None, and a word to the user, where it has no colours yet."""
        document = self._parts.document
        if document.path is None or document.photo is None or document.coloring is None:
            self._parts.window.status.say(self.tr("There are no colours to save yet."))
            return None
        return SaveRequest(
            path=document.path,
            choice=document.choice,
            look=document.look,
            options=options,
            hints=document.edits.hints,
            known=(document.photo, document.coloring) if document.is_current else None,
            stamp=document.stamp,
            sidecar=sidecar_of(document.edits),
        )

    def _request_of(self, path: Path, edits: Edits) -> SaveRequest:
        choice = edits.choice or self._parts.document.default_choice
        look = edits.look or self._choosing.default_look(choice.model)
        return SaveRequest(
            path=path,
            choice=choice,
            look=look,
            options=self._options(),
            hints=edits.hints,
            sidecar=sidecar_of(edits),
        )

    def _queue(self, jobs: list[tuple[SaveRequest, Edits]]) -> None:
        if not self.busy:
            self._total = self._saved = 0
        self._total += len(jobs)
        self._waiting.extend(jobs)
        if self._task is None and not self._preparing:
            # First the sidecars, which say what the saved photos show: a batch compares both.
            self._preparing = True
            self._parts.keeper.write(then=self._begin)

    def _begin(self) -> None:
        self._preparing = False
        self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._end()
            return
        request, edits = self._waiting.popleft()
        status = self._parts.window.status
        status.begin_work("saving", self.tr("Saving {name}…").format(name=request.path.name))
        if self._total > 1:
            status.report_work("saving", self._saved / self._total)
        if self._parts.keeper.is_apart(request.path):
            request = replace(request, sidecar=None)
        self._task = save_colored(request, self._parts.engine).start(
            self._parts.saving,
            done=lambda saved: self._on_saved(request, edits, saved),
            failed=lambda error: self._on_failed(request, error),
        )

    def _on_saved(self, request: SaveRequest, edits: Edits, saved: Saved) -> None:
        self._saved += 1
        self._task = None
        if request.destination is None:
            self._parts.library.set_state(request.path, PhotoState.COLORED, output=saved.path)
        else:
            self._parts.library.note_output(saved.path)
        self._parts.book.mark_saved(request.path, edits)
        words = [self.tr("Saved as {name}.").format(name=saved.path), *saved.notes]
        self._parts.window.status.say(" ".join(words))
        self._next()

    def _on_failed(self, request: SaveRequest, error: Exception) -> None:
        self._saved += 1
        self._task = None
        self._parts.messages.show_error(error)
        if isinstance(error, MissingPhotoError):
            self._parts.book.forget(request.path)
        self._next()

    def _end(self) -> None:
        self._parts.window.status.end_work("saving")

    def _on_book(self, path: object) -> None:
        book = self._parts.book
        if isinstance(path, Path):
            self._parts.library.set_edited(path, book.is_unsaved(path))
        self._parts.actions["save_all"].setEnabled(bool(self._to_save()))

    def _pictures_folder(self) -> Path:
        place = QStandardPaths.StandardLocation.PicturesLocation
        return Path(QStandardPaths.writableLocation(place) or Path.home())
