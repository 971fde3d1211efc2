"""From a click, a drop, a paste or a command line to a photo on the screen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog

from desktop.dialogs import SAMPLE
from desktop.library import PhotoState
from desktop.operations import Draft, Opened, Operation, read_draft, read_for_screen, save_pasted, stamp_of
from desktop.window import local_paths
from engine import EngineError, PhotoError, source_suffixes, state_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtCore import QMimeData

    from desktop.operations import Stamp
    from desktop.parts import Parts
    from desktop.tasks import Task
    from engine import Progress

STALE_MS = 150
"""So long the photo before may stay on the screen while the next one is read; most are there sooner."""
WEIGHTS = (".safetensors", ".pth", ".pt", ".ckpt")


@dataclass(frozen=True, slots=True)
class _Found:
    """What paths turned out to be."""

    folders: tuple[Path, ...]
    photos: tuple[Path, ...]
    weights: tuple[Path, ...]
    missing: tuple[Path, ...]


class Opening(QObject):
    """Opens folders and photos.

    Args:
        parts: The window.

    Signals:
        weights_given (object): The path of a weight file that was dropped or named.
    """

    weights_given = Signal(object)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._tasks: list[Task[Any]] = []
        self._looking: Task[Any] | None = None
        self._clear_later = QTimer(self, singleShot=True, interval=STALE_MS)
        self._clear_later.timeout.connect(self._clear_stale)
        actions = parts.actions
        actions["open_folder"].triggered.connect(self.ask_for_folder)
        actions["open_photo"].triggered.connect(self.ask_for_photo)
        actions["paste"].triggered.connect(self.paste)
        actions["previous"].triggered.connect(lambda: parts.library.step(-1))
        actions["next"].triggered.connect(lambda: parts.library.step(1))
        actions["previous_page"].triggered.connect(lambda: self._turn_page(-1))
        actions["next_page"].triggered.connect(lambda: self._turn_page(1))
        actions["welcome"].triggered.connect(parts.window.show_welcome)
        parts.window.files_dropped.connect(self.open_paths)
        parts.library.photo_activated.connect(self.open_photo)
        parts.library.photo_changed.connect(self._on_changed)
        parts.keeper.completed.connect(self._on_completed)
        parts.library.files_dropped.connect(self.open_paths)
        parts.library.failed.connect(parts.messages.show_error)
        parts.library.folder_opened.connect(self._leave_welcome)
        parts.welcome.open_folder_requested.connect(self.ask_for_folder)
        parts.welcome.open_photo_requested.connect(self.ask_for_photo)
        parts.welcome.folder_chosen.connect(parts.library.open_folder)
        parts.welcome.sample_chosen.connect(self.open_sample)

    def ask_for_folder(self) -> None:
        """Asks which folder to open."""
        folder = QFileDialog.getExistingDirectory(self._parts.window, self.tr("Open a folder of photos"))
        if folder:
            self.open_paths(local_paths([folder]))

    def ask_for_photo(self) -> None:
        """Asks which photo to open."""
        pattern = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in sorted(source_suffixes()))
        photos, everything = self.tr("Photos"), self.tr("All files")  # lupdate does not look into f-strings
        kinds = f"{photos} ({pattern});;{everything} (*)"
        name, _ = QFileDialog.getOpenFileName(self._parts.window, self.tr("Open a photo"), "", kinds)
        if name:
            self.open_paths(local_paths([name]))

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Opens what was dropped, pasted, or named on the command line.

        The first folder is opened; without one, the folder of the first photo, with that photo chosen. Weight files
        are offered for installation.
        """
        self._look_at(paths, self._open_found)

    def reopen(self, folder: Path, photo: Path | None) -> None:
        """Opens what was open last; what is no longer there is passed over in silence."""

        def open_found(found: _Found) -> None:
            self._open_found(replace(found, missing=()), quiet=True)

        self._look_at([folder] if photo is None else [folder, photo], open_found)

    def _look_at(self, paths: Sequence[Path], done: Callable[[_Found], None]) -> None:
        """Finds out what paths are; an earlier look that is still going on must not win over what came later."""
        self._stop_looking()
        self._looking = Operation(lambda progress: _sorted_out(paths, progress)).start(self._parts.reading, done=done)

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def open_photo(self, path: Path, page: int = 0) -> None:
        """Reads a photo and shows it; what was still being read is given up."""
        document = self._parts.document
        self._stop_looking()
        if path == document.path and page == document.page and (document.photo is not None or self.busy):
            self._parts.window.show_canvas()
            return
        self._read(path, page)

    def _read(self, path: Path, page: int) -> None:
        parts = self._parts
        self.cancel()
        parts.finish_acts()  # what was being changed belongs to the photo before
        parts.engine.close_photo(parts.document.photo)
        parts.canvas.set_status(self.tr("Reading…"))
        parts.window.show_canvas()
        parts.document.open(path, parts.book.of(path), page=page, borrowed=is_borrowed(path))
        self._clear_later.start()
        self._tasks = [
            read_draft(path, page).start(parts.reading, done=self._show_draft, failed=_ignored, priority=2),
            read_for_screen(parts.keeper.ticket(path), page).start(
                parts.reading, done=self._show, failed=self._show_failure, priority=1
            ),
        ]

    def _on_changed(self, path: Path) -> None:
        """The file of the open photo, or its sidecar, was written."""
        if path == self._parts.document.path and not self.busy:
            look = Operation(lambda progress: stamp_of(path))
            look.start(self._parts.reading, done=lambda stamp: self._read_again(path, stamp))

    def _read_again(self, path: Path, stamp: Stamp) -> None:
        """Reads the open photo anew if it has other content now: what is shown, and would be saved, must be that."""
        document = self._parts.document
        if path == document.path and stamp != document.stamp and not self.busy:
            self._read(path, document.page)

    def _on_completed(self, path: Path) -> None:
        """More edits of a photo were found; if it is the open one they are in force."""
        document = self._parts.document
        if path == document.path:
            document.set_edits(self._parts.book.of(path))

    def open_sample(self, path: Path) -> None:
        """Opens a photo that came with the program; its colours are not saved beside it."""
        self.open_photo(path)

    def paste(self) -> None:
        """Opens what is on the clipboard: files, or a picture, which then becomes a file of its own."""
        # Qt's stubs do not know it, but there is no content where nothing was ever copied.
        content = cast("QMimeData | None", QGuiApplication.clipboard().mimeData())
        urls = [] if content is None else content.urls()
        paths = local_paths([url.toLocalFile() for url in urls if url.isLocalFile()])
        if paths:
            self.open_paths(paths)
            return
        image = QGuiApplication.clipboard().image()
        if image.isNull():
            self._parts.window.status.say(self.tr("There is no picture on the clipboard."))
            return
        self._keep_pasted(image)

    def _keep_pasted(self, image: QImage) -> None:
        self._stop_looking()
        self._looking = save_pasted(image, pasted_folder()).start(self._parts.reading, done=self._open_pasted)

    def _open_pasted(self, file: Path) -> None:
        # Its folder too: earlier ones are found there again.
        self._parts.library.open_folder(file.parent, select=file)
        self.open_photo(file)

    def _open_found(self, found: _Found, *, quiet: bool = False) -> None:
        parts = self._parts
        for path in found.missing:
            error = EngineError(
                self.tr("There is no file or folder {path}.").format(path=path), self.tr("Look whether it was moved.")
            )
            parts.messages.show_error(error)
        for path in found.weights:
            self.weights_given.emit(path)
        photo = next(iter(found.photos), None)
        if found.folders:
            within = photo if photo is not None and photo.parent == found.folders[0] else None
            parts.library.open_folder(found.folders[0], select=within)
            photo = within
        elif photo is not None:
            parts.library.open_folder(photo.parent, select=photo)
        if photo is not None:
            self.open_photo(photo)
        opened = len(found.folders) + len(found.photos)
        if opened > 1 and not quiet:
            parts.window.status.say(self.tr("%n things were given; the first one is open.", "", opened))

    def _leave_welcome(self, folder: Path) -> None:
        del folder
        self._parts.window.show_canvas()

    @property
    def busy(self) -> bool:
        """Whether a photo is being read."""
        return any(not task.cancelled and not task.ended for task in self._tasks)

    def _turn_page(self, by: int) -> None:
        document = self._parts.document
        page, photo = document.page + by, document.photo
        # Back from a damaged page there is always a way; whether there is a next one, only a page that was read tells.
        if document.path is None or page < 0 or (by > 0 and (photo is None or page >= photo.page_count)):
            return
        self.open_photo(document.path, page)

    def _show_draft(self, draft: Draft | None) -> None:
        if draft is None or self._parts.document.photo is not None:
            return
        self._clear_later.stop()
        self._parts.canvas.show_draft(draft.image, draft.header.width, draft.header.height)

    def _show(self, opened: Opened) -> None:
        parts = self._parts
        self._clear_later.stop()
        parts.canvas.show_photo(opened.pyramid)
        parts.document.set_edits(parts.keeper.take(opened.ticket, opened.kept))
        parts.document.set_photo(opened.photo, opened.pyramid, opened.stamp)
        if opened.kept.locked:
            parts.document.lock_hints()
            parts.window.status.say(self.tr("A newer version of Autochrome wrote the hints of this photo. They stay."))
        library, path = parts.library, opened.photo.path
        if library.photos.state_of(path).state is PhotoState.FAILED:
            library.set_state(path, PhotoState.NEW)  # it was mended

    def _show_failure(self, error: Exception) -> None:
        parts = self._parts
        self._clear_later.stop()
        parts.canvas.clear()
        parts.document.set_unreadable()
        if not isinstance(error, PhotoError):
            parts.canvas.set_status("")
            parts.messages.show_error(error)
            return
        # One line in the place of the photo: whoever leafs through a folder does not want a dialog for each bad file.
        parts.canvas.set_status(f"{error.title}: {error.cause} {error.advice}".strip())
        parts.library.set_state(error.path, PhotoState.FAILED, error.cause)

    def _clear_stale(self) -> None:
        if self._parts.document.photo is None:
            self._parts.canvas.clear()
            self._parts.canvas.set_status(self.tr("Reading…"))

    def cancel(self) -> None:
        """Gives up what is being read."""
        for task in self._tasks:
            task.cancel()
        self._tasks = []


def pasted_folder() -> Path:
    """Where pasted pictures are kept."""
    return state_folder() / "pasted"


def is_borrowed(path: Path) -> bool:
    """Whether a photo lies in a folder of the program's own (pasted, a sample), where no colours are saved."""
    return path.parent in (pasted_folder(), SAMPLE.parent)


def _ignored(error: Exception) -> None:
    """A draft is a courtesy: the full reading, which runs beside it, tells what is wrong with the photo."""
    del error


def _sorted_out(paths: Sequence[Path], progress: Progress) -> _Found:
    kinds: dict[str, list[Path]] = {"folders": [], "photos": [], "weights": [], "missing": []}
    for path in paths:
        progress.check()
        if path.is_dir():
            kind = "folders"
        elif not path.exists():
            kind = "missing"
        else:
            kind = "weights" if path.suffix.lower() in WEIGHTS else "photos"
        kinds[kind].append(path)
    return _Found(**{kind: tuple(found) for kind, found in kinds.items()})
