"""From a folder to the queue, and from the queue to the states of the thumbnails."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from desktop.library import PhotoState
from desktop.panels.batch_texts import outage_text
from desktop.window import local_paths
from engine import BatchOptions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.batches import BatchEntry
    from desktop.flows.choosing import Choosing
    from desktop.flows.opening import Opening
    from desktop.parts import Parts


class Batching(QObject):
    """Colours folders in the background.

    Args:
        parts: The window.
        choosing: Knows the looks of the models.
        opening: Shows a photo that failed.
    """

    def __init__(self, parts: Parts, choosing: Choosing, opening: Opening) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._choosing = choosing
        self._opening = opening
        parts.actions["color_folder"].triggered.connect(self._color_open_folder)
        parts.actions["color_folder"].setEnabled(False)
        parts.library.folder_opened.connect(self._on_folder)
        parts.library.failed.connect(self._on_no_folder)
        parts.library.color_requested.connect(self.color)
        parts.batches.add_requested.connect(self._ask)
        parts.batches.dropped.connect(self.color)
        parts.batches.photo_requested.connect(self._show_photo)
        parts.queue.held_up.connect(self._on_held_up)
        parts.queue.photo_done.connect(self._on_done)
        parts.queue.photo_failed.connect(self._on_failed)
        parts.queue.failed.connect(parts.messages.show_error)

    def color(self, paths: Sequence[Path]) -> None:
        """Puts folders and photos into the queue, with the model and the settings of now."""
        settings = self._parts.settings.settings
        model = settings.coloring.model
        options = BatchOptions(
            paths=tuple(paths),
            model=model,
            format=settings.saving.format,
            quality=settings.saving.quality,
            look=self._choosing.default_look(model),
            device=settings.coloring.device,
            jobs=settings.batch.jobs,
            mark=settings.saving.mark,
            metadata=settings.saving.metadata,
            luma="exact" if settings.keeps_luma else "lightness",
            salvage=settings.batch.salvage,
        )
        # The batch reads the sidecars: what was changed a moment ago must stand in them.
        self._parts.keeper.write(then=lambda: self._parts.queue.add(paths, options))
        self._show_queue()

    def _show_queue(self) -> None:
        self._parts.window.queue_dock.show()
        self._parts.window.queue_dock.raise_()

    def _show_photo(self, path: Path) -> None:
        self._opening.open_paths([path])

    def _on_held_up(self, entry: BatchEntry) -> None:
        """Tells that a batch waits for its disk, and shows where that stands."""
        if not self._parts.actions["full_screen"].isChecked():  # there the photo is alone
            self._show_queue()
        if entry.outage is not None:
            self._parts.window.status.say(outage_text(entry.outage))

    def _on_done(self, source: Path, output: Path) -> None:
        self._parts.library.set_state(source, PhotoState.COLORED, output=output)

    def _on_failed(self, source: Path, cause: str) -> None:
        self._parts.library.set_state(source, PhotoState.FAILED, cause)

    def _on_folder(self, folder: Path) -> None:
        del folder
        self._parts.actions["color_folder"].setEnabled(True)

    def _on_no_folder(self, error: object) -> None:
        del error
        self._parts.actions["color_folder"].setEnabled(self._parts.library.readable_folder is not None)

    def _color_open_folder(self) -> None:
        folder = self._parts.library.readable_folder
        if folder is not None:
            self.color([folder])

    def _ask(self) -> None:
        folder = QFileDialog.getExistingDirectory(self._parts.window, self.tr("Colour a folder of photos"))
        if folder:
            self.color(local_paths([folder]))
