"""The colour in use: recent ones, palettes, colours picked from the photo, and what suits the place pointed at."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QPointF, QTimer

from desktop.canvas import HintToolKind
from desktop.hint_operations import GREYS, pick_color, read_palette_file, write_palette_file
from engine import Palette, parse_color

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.flows.hinting import Hinting
    from desktop.flows.restoring import Restoring
    from desktop.parts import Parts
    from desktop.studio import Sight
    from desktop.tasks import Task

FIRST_COLOR = "#a5462f"
"""A new user's brush: a warm red that is seen at once."""
MOST_RECENT = 18
LOOK_MS = 60
"""Between two looks at where the pointer is."""
PAUSE_MS = 300
"""After other colours came: what suits a place is asked anew, which takes a moment, and another stroke may begin."""
REST_MS = 600
"""A pointer that stays so long means the place: its colours stay in the panel when the pointer goes there."""
POINTED = (HintToolKind.BRUSH, HintToolKind.PICK)


class HintColors(QObject):
    """Offers colours, and remembers those that were used.

    Args:
        parts: The window.
        hinting: Tells which colours were used.
        restoring: Keeps them over the end of the program.
    """

    def __init__(self, parts: Parts, hinting: Hinting, restoring: Restoring) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._restoring = restoring
        self._recent: list[str] = []
        self._looking = False
        self._wanted: QPointF | None = None
        self._pointed: QPointF | None = None
        self._meant: QPointF | None = None
        self._picking: Task[str] | None = None
        self._look_later = _timer(self, LOOK_MS, self._look)
        self._rest = _timer(self, REST_MS, self._mean)
        tools, panel, document = parts.tools, parts.hints, parts.document
        hinting.used.connect(self.note)
        restoring.restored.connect(self._begin)
        tools.hovered.connect(self._on_hover)
        tools.stroked.connect(self._on_stroked)
        tools.picked.connect(self.pick)
        tools.selected_changed.connect(self._on_selected)
        panel.palette_load_requested.connect(self._load_palette)
        panel.palette_save_requested.connect(self._save_palette)
        panel.palette_edited.connect(self._keep_palette)
        parts.engine.seen.connect(self._show_sight)
        document.coloring_changed.connect(self._pause)
        document.opened.connect(self._on_opened)

    @property
    def recent(self) -> tuple[str, ...]:
        """The colours that were used last, the newest first."""
        return tuple(self._recent)

    @property
    def meant(self) -> QPointF | None:
        """The place whose colours the panel shows while the pointer is not on the photo."""
        return self._meant

    def note(self, *colors: object) -> None:
        """Puts colours to the recent ones; "keep" and "no colour" have buttons of their own."""
        for color in colors:
            if isinstance(color, str) and not _is_grey(color):
                self._recent = [color, *(other for other in self._recent if other != color)][:MOST_RECENT]
        self._parts.hints.set_recent(self._recent)
        self._restoring.note("colors", self._recent)

    def pick(self, x: float, y: float) -> None:
        """Takes the colour of a place as it is shown: while the original is shown that one's, if it has any."""
        document = self._parts.document
        photo, pyramid = document.photo, document.pyramid
        if photo is None or pyramid is None:
            return
        original = self._parts.canvas.original_held and photo.source_kind not in GREYS
        painting = None if original else document.painting
        if self._picking is not None:
            self._picking.cancel()
        self._picking = pick_color(pyramid, painting, x, y).start(
            self._parts.drawing, done=self._take_picked, priority=9
        )
        self._mean_place(QPointF(x, y))

    def _take_picked(self, color: str) -> None:
        self._parts.hints.choose_color(color)

    def _begin(self) -> None:
        """What was used the last time."""
        noted = self._restoring.noted("colors")
        known = [color for color in cast("list[object]", noted if isinstance(noted, list) else []) if _is_color(color)]
        self._recent = cast("list[str]", known)[:MOST_RECENT]
        panel = self._parts.hints
        panel.set_recent(self._recent)
        first = self._recent[0] if self._recent else FIRST_COLOR
        panel.set_color(first)
        self._parts.tools.set_color(first)
        palette = _palette_of(self._restoring.noted("palette"))
        if palette is not None:
            panel.set_palette(palette)

    # What is at a place

    def _on_hover(self, place: object) -> None:
        tools = self._parts.tools
        if tools.tool not in POINTED or tools.stroke is not None:
            return
        self._pointed = cast("QPointF | None", place)
        if self._pointed is None:
            self._rest.stop()
            self._wanted = self._meant  # on the way to the panel the pointer passed places that nobody meant
        else:
            self._wanted = self._pointed
            self._rest.start()
        if not self._look_later.isActive():
            self._look_later.start(LOOK_MS)

    def _pause(self) -> None:
        self._look_later.start(PAUSE_MS)

    def _on_stroked(self, hint: Any) -> None:
        first = hint.points[0]
        self._mean_place(QPointF(first.x, first.y))

    def _on_selected(self, index: object) -> None:
        hints = self._parts.document.hints
        if index is not None and hints is not None:
            first = hints.hints[cast("int", index)].points[0]
            self._mean_place(QPointF(first.x, first.y))

    def _mean_place(self, place: QPointF) -> None:
        self._meant = self._wanted = place
        self._look_later.start(LOOK_MS)

    def _mean(self) -> None:
        self._meant = self._pointed

    def _look(self) -> None:
        """Asks about the place that is wanted, if nobody waits for an answer and no colours are on their way."""
        document, engine = self._parts.document, self._parts.engine
        place = self._wanted
        if place is None or document.photo is None or document.coloring is None:
            return
        if self._looking or engine.busy:
            self._look_later.start(LOOK_MS)
            return
        self._looking = True
        self._wanted = None
        engine.look_at(document.photo, document.coloring.choice, document.hints, (place.x(), place.y()))

    def _show_sight(self, answer: object) -> None:
        sight = cast("Sight", answer)
        self._looking = False
        at = self.tr("at the place that you chose") if self._pointed is None else self.tr("under the pointer")
        self._parts.hints.set_lightness(sight.lightness, at)
        self._parts.hints.set_suggestions(sight.suggestions, self.tr("This model has no suggestions."))
        if self._wanted is not None and not self._look_later.isActive():
            self._look_later.start(LOOK_MS)

    def _on_opened(self) -> None:
        self._wanted = self._pointed = self._meant = None
        self._looking = False
        for timer in (self._look_later, self._rest):
            timer.stop()
        self._parts.hints.set_lightness(None)
        self._parts.hints.set_suggestions([], self.tr("Point at a place in the photo to see what suits it."))

    # Palettes

    def _load_palette(self, path: object) -> None:
        read_palette_file(cast("Path", path)).start(
            self._parts.reading, done=self._take_palette, failed=self._parts.messages.show_error
        )

    def _take_palette(self, palette: Palette) -> None:
        self._parts.hints.set_palette(palette)
        self._keep_palette(palette)

    def _save_palette(self, path: object) -> None:
        file = cast("Path", path)

        def done(_: None) -> None:
            self._parts.window.status.say(self.tr("Saved as {name}.").format(name=file))

        write_palette_file(file, self._parts.hints.color_palette).start(
            self._parts.writing, done=done, failed=self._parts.messages.show_error
        )

    def _keep_palette(self, palette: object) -> None:
        self._restoring.note("palette", asdict(cast("Palette", palette)))


def _is_color(value: object) -> bool:
    return isinstance(value, str) and parse_color(value) == value


def _is_grey(color: str) -> bool:
    return color[1:3] == color[3:5] == color[5:7]


def _palette_of(noted: object) -> Palette | None:
    """A palette as it was noted; None where there is none, or it is damaged."""
    if not isinstance(noted, dict):
        return None
    fields = cast("dict[str, Any]", noted)
    try:
        return Palette(str(fields["name"]), tuple(fields["colors"]), tuple(fields["names"]))
    except (KeyError, TypeError, ValueError):
        return None


def _timer(owner: QObject, milliseconds: int, then: Any) -> QTimer:
    timer = QTimer(owner, singleShot=True, interval=milliseconds)
    timer.timeout.connect(then)
    return timer
