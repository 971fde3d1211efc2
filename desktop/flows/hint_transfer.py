"""Hints from elsewhere: copied from another photo, or made out of a similar photo in colour."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFileDialog

from desktop.commands import PasteHints
from desktop.hint_operations import read_reference
from desktop.kept import read_kept
from desktop.operations import Operation
from desktop.window import local_paths
from engine import source_suffixes

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

    from desktop.flows.hint_colors import HintColors
    from desktop.parts import Parts
    from desktop.tasks import Task
    from engine import HintSet

MOST_SEEN = 8


class HintTransfer(QObject):
    """Copies and pastes hints, and carries colours over from a reference photo.

    Args:
        parts: The window.
        colors: Remembers the colours of hints that were pasted.
    """

    def __init__(self, parts: Parts, colors: HintColors) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._colors = colors
        self._copied: HintSet | None = None
        self._seen: dict[Path, HintSet] = {}
        self._reading: Task[HintSet] | None = None
        self._looking: Task[HintSet | None] | None = None
        actions, panel, document = parts.actions, parts.hints, parts.document
        actions["copy_hints"].triggered.connect(self.copy)
        actions["paste_hints"].triggered.connect(self.paste)
        actions["previous_hints"].triggered.connect(self.copy_previous)
        actions["reference"].triggered.connect(self.ask_for_reference)
        panel.copy_requested.connect(self.copy_previous)
        panel.reference_requested.connect(self.ask_for_reference)
        panel.setAcceptDrops(True)
        panel.installEventFilter(self)
        document.opened.connect(self.cancel)
        document.hints_changed.connect(self._on_hints)
        document.photo_changed.connect(self._enable)
        self._enable()

    # From photo to photo

    def copy(self) -> None:
        """Takes the hints of the open photo along."""
        document = self._parts.document
        if document.hints is None:
            return
        self._copied = document.hints
        self._enable()
        self._parts.window.status.say(self.tr("%n hints were copied.", "", len(document.hints)))

    def paste(self) -> None:
        """Lays the hints that were copied over those of the open photo, in its own size."""
        if self._copied is not None:
            self._lay(self._copied)

    def copy_previous(self) -> None:
        """Lays the hints of the photo before over those of the open one.

        That is the one with hints that was open last; if there was none, the one before it in the folder.
        """
        document = self._parts.document
        path = self._last_seen()
        if path is not None:
            self._lay(self._seen[path])
            return
        before = self._before_in_folder()
        if before is None or not document.takes_hints:
            self._tell_none()
            return
        ticket = self._parts.keeper.ticket(before)
        known = self._parts.book.of(before).hints
        self._looking = Operation(lambda progress: known or read_kept(ticket).edits.hints).start(
            self._parts.reading, done=self._lay_found
        )

    def _lay_found(self, hints: HintSet | None) -> None:
        if hints is None:
            self._tell_none()
        else:
            self._lay(hints)

    def _tell_none(self) -> None:
        self._parts.window.status.say(self.tr("The photo before has no hints."))

    def _lay(self, hints: HintSet, text: str | None = None) -> None:
        document = self._parts.document
        if not document.takes_hints or not hints:
            return
        document.undo_stack.push(PasteHints(document, hints, text))
        self._colors.note(*(hint.color for hint in hints))
        self._parts.window.status.say(self.tr("%n hints were added.", "", len(hints)))

    def _last_seen(self) -> Path | None:
        own = self._parts.document.path
        return next((path for path in reversed(self._seen) if path != own), None)

    def _before_in_folder(self) -> Path | None:
        photos, path = self._parts.library.photos, self._parts.document.path
        row = -1 if path is None else photos.row_of(path)
        return photos.file_at(row - 1).path if row > 0 else None

    def _on_hints(self, hints: object) -> None:
        """Remembers the hints of the photos that were open last."""
        document = self._parts.document
        if document.path is None or document.photo is None:
            return
        self._seen.pop(document.path, None)
        if hints is not None:
            self._seen[document.path] = cast("HintSet", hints)
            if len(self._seen) > MOST_SEEN:
                del self._seen[next(iter(self._seen))]
        self._enable()

    def _enable(self) -> None:
        can = self._last_seen() is not None or self._before_in_folder() is not None
        self._parts.hints.set_can_copy(can)
        self._parts.actions["paste_hints"].setEnabled(self._copied is not None and self._parts.document.takes_hints)

    # From a photo in colour

    def ask_for_reference(self) -> None:
        """Asks which photo to carry colours over from."""
        pattern = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in sorted(source_suffixes()))
        photos, everything = self.tr("Photos"), self.tr("All files")
        kinds = f"{photos} ({pattern});;{everything} (*)"
        name, _ = QFileDialog.getOpenFileName(
            self._parts.window, self.tr("Choose a similar photo in colour"), "", kinds
        )
        if name:
            self.use_reference(local_paths([name])[0])

    def use_reference(self, path: Path) -> None:
        """Carries the colours of a photo over to the open one, as hints to be edited."""
        parts, document = self._parts, self._parts.document
        if document.photo is None or not document.takes_hints:
            return
        self.cancel()
        parts.window.status.begin_work("reference", self.tr("Comparing with {name}…").format(name=path.name))
        self._reading = read_reference(path, document.photo, document.choice, parts.engine).start(
            parts.checking, done=lambda hints: self._take(hints, path), failed=self._fail
        )

    @property
    def busy(self) -> bool:
        """Whether colours are being carried over."""
        return self._reading is not None

    def cancel(self) -> None:
        """Gives up what is being looked for."""
        for task in (self._reading, self._looking):
            if task is not None:
                task.cancel()
        self._looking = None
        self._end()

    def _take(self, hints: HintSet, path: Path) -> None:
        self._end()
        if hints:
            self._lay(hints, self.tr("Colours from {name}").format(name=path.name))
        else:
            self._parts.window.status.say(self.tr("Nothing in {name} is alike enough.").format(name=path.name))

    def _fail(self, error: Exception) -> None:
        self._end()
        self._parts.messages.show_error(error)

    def _end(self) -> None:
        self._reading = None
        self._parts.window.status.end_work("reference")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Takes a photo that is dropped onto the panel of hints as a reference."""
        if event.type() == QEvent.Type.DragEnter:
            return self._on_drag(cast("QDragEnterEvent", event))
        if event.type() == QEvent.Type.Drop:
            drop = cast("QDropEvent", event)
            self.use_reference(_dropped(drop.mimeData())[0])
            drop.acceptProposedAction()
            return True
        return super().eventFilter(watched, event)

    def _on_drag(self, event: QDragEnterEvent) -> bool:
        if not self._parts.document.takes_hints or len(_dropped(event.mimeData())) != 1:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True


def _dropped(content: QMimeData) -> list[Path]:
    return local_paths([url.toLocalFile() for url in content.urls() if url.isLocalFile()])
