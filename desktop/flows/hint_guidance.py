"""Where a hint would help most: a map over the photo, and the best places by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, QPointF, QTimer
from PySide6.QtGui import QPalette

from desktop.canvas import heat_image

if TYPE_CHECKING:
    from desktop.parts import Parts
    from desktop.studio import Advice


PAUSE_MS = 400
"""The map is made when nobody has painted for so long: it takes a while, and colours must not wait for it."""


class Guidance(QObject):
    """Shows the map while it is wanted, and makes it anew when there are other colours.

    Args:
        parts: The window.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._on = self._said = False
        self._later = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._later.timeout.connect(self._ask)
        parts.hints.where_toggled.connect(self.set_on)
        parts.document.coloring_changed.connect(self._ask_later)
        for going_on in (parts.tools.stroking, parts.tools.erasing, parts.tools.moving, parts.hints.hint_recoloring):
            going_on.connect(self._ask_later)
        parts.engine.advised.connect(self._show)

    @property
    def on(self) -> bool:
        """Whether the map is wanted."""
        return self._on

    def set_on(self, on: bool) -> None:
        """Shows the map, or takes it away."""
        self._on, self._said = on, False
        self._parts.hints.set_where(on)
        if on:
            self._ask()
        else:
            self._clear()

    def _ask_later(self, *_: object) -> None:
        if self._on:
            self._later.start()

    def _ask(self) -> None:
        document = self._parts.document
        if self._parts.tools.stroke is not None or self._parts.tools.dragging:
            self._later.start()
        elif self._on and document.photo is not None and document.takes_hints and document.is_current:
            self._parts.engine.advise(document.photo, document.choice, document.hints)

    def _show(self, answer: object) -> None:
        if not self._on:
            return
        advice = cast("Advice", answer)
        canvas = self._parts.canvas
        canvas.set_overlay(heat_image(advice.need, canvas.palette().color(QPalette.ColorRole.Highlight)))
        canvas.set_places([QPointF(x, y) for x, y in advice.places])
        if not self._said:
            self._said = True
            self._say(len(advice.places))

    def _say(self, count: int) -> None:
        if count:
            words = self.tr("%n places are numbered where a hint would help most.", "", count)
        else:
            words = self.tr("A hint would help nowhere in particular.")
        self._parts.window.status.say(words)

    def _clear(self) -> None:
        self._parts.canvas.set_overlay(None)
        self._parts.canvas.set_places([])
