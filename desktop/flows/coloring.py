"""From a photo to its colours, and from colours to the canvas."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from desktop.canvas import Mode
from engine import EngineError

if TYPE_CHECKING:
    from desktop.parts import Parts
    from desktop.studio import Choice, Coloring
    from engine import HintSet

    Wish = tuple[Choice, HintSet | None]

log = logging.getLogger(__name__)

MODES = {"single": Mode.SINGLE, "split": Mode.SPLIT, "side_by_side": Mode.SIDE_BY_SIDE}


class ColoringFlow(QObject):
    """Asks for the colours of the open photo whenever it, its model, its variant or its hints change; shows the newest.

    Args:
        parts: The window.

    Signals:
        model_failed (str, object): A model could not be used; its name, and the exception.
    """

    model_failed = Signal(str, object)

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._asked: Wish | None = None
        self._preview: int | None = None  # the number of the request, while one is on its way
        self._next: HintSet | None = None  # what to preview after it
        self._previewed: Coloring | None = None
        self._told: set[str] = set()
        self._complained: str = ""
        document, engine, canvas = parts.document, parts.engine, parts.canvas
        document.opened.connect(self._on_opened)
        document.photo_changed.connect(self._on_photo)
        document.choice_changed.connect(self._on_choice)
        document.hints_changed.connect(self._on_hints)
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
        self._request(anew=anew)

    @property
    def waiting(self) -> bool:
        """Whether the photo waits for colours, and not only for those of one more hint."""
        return self._parts.engine.busy and not self._is_of_choice(self._parts.document.coloring)

    def preview(self, hints: HintSet) -> None:
        """Shows the photo with hints that are still being painted, soon; one at a time, and the newest next."""
        document = self._parts.document
        if document.photo is None or not self._is_of_choice(document.coloring):
            return  # nobody knows yet how it looks without
        if self._preview is not None:
            self._next = hints
        else:
            self._preview = self._parts.engine.color(document.photo, document.choice, hints)

    def end_preview(self) -> None:
        """Goes back to the colours of the hints that the photo has: what was being painted was given up."""
        if self._preview is not None or self._previewed is not None:
            self._request()
            self._parts.document.preview(None)

    def _on_opened(self) -> None:
        self._forget_preview()
        self._asked = None
        self._parts.actions["original"].setChecked(False)
        self._describe()

    def _on_photo(self) -> None:
        self._describe()
        self._request()

    def _on_choice(self, choice: object) -> None:
        del choice
        self._request()

    def _on_hints(self, hints: object) -> None:
        del hints
        if not (self._parts.engine.busy and self._preview is None and self._asked == self._wish()):
            self._request()

    def _wish(self) -> Wish:
        return self._parts.document.choice, self._parts.document.hints

    def _is_of_choice(self, coloring: Coloring | None) -> bool:
        return coloring is not None and coloring.choice == self._parts.document.choice

    def _request(self, *, anew: bool = False) -> None:
        document, engine = self._parts.document, self._parts.engine
        previewed = self._previewed
        self._forget_preview()
        if document.photo is None:
            return
        known = document.coloring if document.is_current else None
        if previewed is not None and (previewed.choice, previewed.hints) == self._wish():
            known = previewed
        if known is not None and not anew:
            # They are there; whatever else was asked for is no longer wanted.
            engine.cancel()
            self._parts.canvas.set_status("")
            document.set_coloring(known)
            return
        self._asked = self._wish()
        # One more hint takes less than a moment; a word about it would only flicker.
        self._parts.canvas.set_status("" if self._is_of_choice(document.coloring) else self.tr("Colouring…"))
        engine.color(document.photo, *self._asked)

    def _forget_preview(self) -> None:
        self._preview = self._next = self._previewed = None

    def _on_colored(self, number: int, answer: object) -> None:
        coloring = cast("Coloring", answer)
        if number == self._preview:
            self._show_preview(coloring)
            return
        self._complained = ""
        self._parts.canvas.set_status("")
        self._parts.document.set_coloring(coloring)
        self._parts.window.status.show_device(coloring.device)
        for note in coloring.notes:
            if note not in self._told:
                self._told.add(note)
                self._parts.window.status.say(note)

    def _show_preview(self, coloring: Coloring) -> None:
        following, self._next, self._preview = self._next, None, None
        self._previewed = coloring
        self._parts.document.preview(coloring)
        if following is not None and following != coloring.hints:
            self.preview(following)

    def _on_failed(self, number: int, error: object) -> None:
        parts, asked = self._parts, self._asked
        failure = cast("Exception", error)
        if number == self._preview:
            self._forget_preview()
            log.warning("A preview failed.", exc_info=failure)  # the full colours will tell why
            return
        words = f"{failure.title}: {failure}" if isinstance(failure, EngineError) else self.tr("Colouring failed")
        parts.canvas.set_status(words)
        if words != self._complained:  # whoever leafs on does not want the same dialog for each photo
            self._complained = words
            parts.messages.show_error(failure)
        if asked is not None:
            self.model_failed.emit(asked[0].model, failure)

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
