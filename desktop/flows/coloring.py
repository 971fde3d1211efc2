"""From a photo to its colours, and from colours to the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from desktop.canvas import Mode
from engine import EngineError

if TYPE_CHECKING:
    from desktop.parts import Parts
    from desktop.studio import Choice, Coloring

MODES = {"single": Mode.SINGLE, "split": Mode.SPLIT, "side_by_side": Mode.SIDE_BY_SIDE}


class ColoringFlow(QObject):
    """Asks for the colours of the open photo whenever it, its model or its variant changes, and shows the newest.

    Args:
        parts: The window.

    Signals:
        model_failed (str, object): A model could not be used; its name, and the exception.
    """

    model_failed = Signal(str, object)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._asked: Choice | None = None
        self._told: set[str] = set()
        self._complained: str = ""
        document, engine, canvas = parts.document, parts.engine, parts.canvas
        document.opened.connect(self._on_opened)
        document.photo_changed.connect(self._on_photo)
        document.choice_changed.connect(self._ask)
        document.painting_changed.connect(self._show)
        engine.colored.connect(self._on_colored)
        engine.failed.connect(self._on_failed)
        canvas.zoom_changed.connect(parts.window.status.show_zoom)
        canvas.mode_changed.connect(self._on_mode)
        actions = parts.actions
        for name, mode in MODES.items():
            actions[name].triggered.connect(lambda _=False, mode=mode: self._set_mode(mode))
        actions["fit"].triggered.connect(canvas.fit)
        actions["actual_size"].triggered.connect(canvas.actual_size)
        actions["zoom_in"].triggered.connect(canvas.zoom_in)
        actions["zoom_out"].triggered.connect(canvas.zoom_out)

    def ask_again(self, *, anew: bool = False) -> None:
        """Asks for the colours once more, after something else had the engine's attention.

        Args:
            anew: Whether colours that are there do not count, for they would be others now: on another device.
        """
        self._request(self._parts.document.choice, anew=anew)

    def _on_opened(self) -> None:
        self._asked = None
        self._parts.actions["original"].setChecked(False)
        self._describe()

    def _on_photo(self) -> None:
        document = self._parts.document
        self._describe()
        if document.photo is not None:
            self._ask(document.choice)

    def _ask(self, choice: object) -> None:
        self._request(cast("Choice", choice))

    def _request(self, choice: Choice, *, anew: bool = False) -> None:
        photo, coloring = self._parts.document.photo, self._parts.document.coloring
        if photo is None:
            return
        if coloring is not None and coloring.choice == choice and not anew:
            # They are there; whatever else was asked for is no longer wanted.
            self._parts.engine.cancel()
            self._parts.canvas.set_status("")
            self._parts.document.set_coloring(coloring)
            return
        self._asked = choice
        self._parts.canvas.set_status(self.tr("Colouring…"))
        self._parts.engine.color(photo, self._asked)

    def _on_colored(self, number: int, answer: object) -> None:
        del number
        coloring = cast("Coloring", answer)
        self._complained = ""
        self._parts.canvas.set_status("")
        self._parts.document.set_coloring(coloring)
        self._parts.window.status.show_device(coloring.device)
        for note in coloring.notes:
            if note not in self._told:
                self._told.add(note)
                self._parts.window.status.say(note)

    def _on_failed(self, number: int, error: object) -> None:
        del number
        parts, asked = self._parts, self._asked
        failure = cast("Exception", error)
        words = f"{failure.title}: {failure}" if isinstance(failure, EngineError) else self.tr("Colouring failed")
        parts.canvas.set_status(words)
        if words != self._complained:  # whoever leafs on does not want the same dialog for each photo
            self._complained = words
            parts.messages.show_error(failure)
        if asked is not None:
            self.model_failed.emit(asked.model, failure)

    def _show(self) -> None:
        painting = self._parts.document.painting
        if painting is not None and self._parts.canvas.mode is not Mode.COMPARE:
            self._parts.canvas.show_painting(painting)

    def _set_mode(self, mode: Mode) -> None:
        self._parts.window.show_canvas()
        self._parts.canvas.set_mode(mode)

    def _on_mode(self, mode: object) -> None:
        for name, own in MODES.items():
            if own is mode:
                self._parts.actions[name].setChecked(True)

    def _describe(self) -> None:
        photo = self._parts.document.photo
        if photo is None:
            self._parts.window.status.show_photo("")
            return
        words = [
            self.tr("{width} × {height}").format(width=photo.width, height=photo.height),
            self.tr("{bits} bit").format(bits=photo.bit_depth),
            photo.format,
        ]
        if photo.page_count > 1:
            words.append(self.tr("page {page} of {count}").format(page=photo.page + 1, count=photo.page_count))
        words += photo.notes
        self._parts.window.status.show_photo("  ·  ".join(dict.fromkeys(words)))
