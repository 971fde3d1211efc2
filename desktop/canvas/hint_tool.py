"""The tools that put hints on a photo: what they work with, and what they tell."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QTimer, Signal

from desktop.canvas.markers import Sign, sign_of
from desktop.canvas.stroke import Stroke
from engine import Hint

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from engine import HintPoint, HintSet

LEAST_RADIUS, LARGEST_RADIUS = 1.0, 2000.0
"""In pixels of the photo."""
FIRST_RADIUS = 24.0
SIZE_STEP = 1.25
"""What one press of a key sizes the brush by."""
TELL_MS = 33
"""A stroke that grows is told no more often than this."""
LINGER_MS = 3000
"""Ink of a finished stroke is taken away after this, should no colours come to replace it."""


class HintToolKind(Enum):
    """What the pointer does."""

    BRUSH = "brush"
    """Draws hints."""
    ERASER = "eraser"
    """Takes away what it touches of them."""
    PICK = "pick"
    """Asks for the colour of a place."""
    SELECT = "select"
    """Selects hints, and moves them."""


class HintTools(QObject):
    """Brush, eraser, pick and select: one state for all views of a photo; `Canvas.set_hint_tools` puts it to work.

    Places and distances are in pixels of the photo. The hints are only shown here: whoever listens changes them and
    gives them back by `set_hints`.

    Args:
        parent: The owner.

    Signals:
        stroking (Hint): While the brush draws, the hint so far; a few dozen times a second at most.
        stroked (Hint): The brush has drawn a hint.
        erasing (tuple[HintPoint, ...], float): While the eraser goes: where, and its radius.
        erased (tuple[HintPoint, ...], float): Where the eraser went, and its radius.
        moving (int, float, float): While a hint is dragged: which, and how far from its place. It is shown there
            without further help.
        moved (int, float, float): A hint is to be moved: which, and how far.
        given_up (): What was told by `stroking`, `erasing` or `moving` is not to be.
        selected_changed (int | None): Another hint is selected, or none.
        picked (float, float): The colour of this place is wanted: x, y.
        hovered (QPointF | None): The pointer, or the crosshair, is over this place of the photo, or over none.
        radius_changed (float): The brush has another size.
        color_changed (str | None): It has another colour.
        tool_changed (HintToolKind | None): The pointer does something else.
        delete_requested (int): A hint is to be deleted.
        touched (QRectF): What is shown of a part of the photo has changed.
        changed (): What is shown has changed, anywhere.
    """

    stroking = Signal(object)
    stroked = Signal(object)
    erasing = Signal(object, float)
    erased = Signal(object, float)
    moving = Signal(int, float, float)
    moved = Signal(int, float, float)
    given_up = Signal()
    selected_changed = Signal(object)
    picked = Signal(float, float)
    hovered = Signal(object)
    radius_changed = Signal(float)
    color_changed = Signal(object)
    tool_changed = Signal(object)
    delete_requested = Signal(int)
    touched = Signal(QRectF)
    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tool: HintToolKind | None = None
        self._radius = FIRST_RADIUS
        self._color: str | None = None
        self._hints: HintSet | None = None
        self._signs: list[Sign] = []
        self._selected: int | None = None
        self._places: tuple[QPointF, ...] = ()
        self._place: QPointF | None = None
        self._by_keys = False
        self._stroke: Stroke | None = None
        self._lingering: dict[tuple[HintPoint, ...], Stroke] = {}
        self._drag: tuple[int, Hint] | None = None
        self._shift = QPointF()
        self._untold = False
        self._telling = QTimer(self, singleShot=True, interval=TELL_MS)
        self._telling.timeout.connect(self._tell_more)
        self._fading = QTimer(self, singleShot=True, interval=LINGER_MS)
        self._fading.timeout.connect(self.drop_ink)

    # State

    @property
    def tool(self) -> HintToolKind | None:
        """What the pointer does; None when it has nothing to do with hints, and moves the photo."""
        return self._tool

    def set_tool(self, tool: HintToolKind | None) -> None:
        """Takes a tool; what the one before had begun is given up."""
        if tool is not self._tool:
            self.cancel()
            self.point_at(None)
            self._tool = tool
            self.tool_changed.emit(tool)
            self.changed.emit()

    @property
    def radius(self) -> float:
        """Of brush and eraser."""
        return self._radius

    def set_radius(self, radius: float) -> None:
        """Sizes brush and eraser, within `LEAST_RADIUS` and `LARGEST_RADIUS`."""
        radius = min(max(radius, LEAST_RADIUS), LARGEST_RADIUS)
        if radius != self._radius:
            self._radius = radius
            self.radius_changed.emit(radius)
            self.changed.emit()

    def enlarge(self) -> None:
        """Makes the brush a step larger."""
        self.set_radius(self._radius * SIZE_STEP)

    def reduce(self) -> None:
        """Makes the brush a step smaller."""
        self.set_radius(self._radius / SIZE_STEP)

    @property
    def color(self) -> str | None:
        """What the brush draws with: "#rrggbb", a grey for "no colour here", None for "keep"."""
        return self._color

    def set_color(self, color: str | None) -> None:
        """Takes a colour; a stroke under way keeps its own."""
        if color != self._color:
            self._color = color
            self.color_changed.emit(color)
            self.changed.emit()

    @property
    def hints(self) -> HintSet | None:
        """What is shown on the photo; None before there is one."""
        return self._hints

    def set_hints(self, hints: HintSet | None) -> None:
        """Shows other hints. The ink of strokes that are not among them is taken away."""
        if hints is self._hints:
            return
        before = () if self._hints is None else self._hints.hints
        self._hints = hints
        shown = () if hints is None else hints.hints
        self._signs = [sign_of(hint) for hint in shown]
        if self._drag is not None and (self._drag[0] >= len(shown) or shown[self._drag[0]] != self._drag[1]):
            self._end_drag()
            self.given_up.emit()
        if self._lingering:
            kept = {hint.points for hint in shown}
            self._lingering = {points: stroke for points, stroke in self._lingering.items() if points in kept}
        if self._selected is not None:
            self.set_selected(_followed(self._selected, before, shown))
        self.changed.emit()

    @property
    def signs(self) -> list[Sign]:
        """How they are shown."""
        return self._signs

    def hint_at(self, place: QPointF, slack: float) -> int | None:
        """The topmost hint whose ink is at a place, or no further from it than `slack`."""
        hints = () if self._hints is None else self._hints.hints
        for index in reversed(range(len(hints))):
            near = self._signs[index].area.adjusted(-slack, -slack, slack, slack).contains(place)
            if near and hints[index].distance(place.x(), place.y()) <= slack:
                return index
        return None

    @property
    def selected(self) -> int | None:
        """The number of the selected hint, from 0."""
        return self._selected

    def set_selected(self, selected: int | None) -> None:
        """Selects a hint, or none; one that is not there is none."""
        if selected is not None and not 0 <= selected < len(self._hints or ()):
            selected = None
        if selected != self._selected:
            self._selected = selected
            self.selected_changed.emit(selected)
            self.changed.emit()

    @property
    def places(self) -> tuple[QPointF, ...]:
        """Numbered places, where a hint would help most; digits take the crosshair there."""
        return self._places

    def set_places(self, places: Sequence[QPointF]) -> None:
        """Takes places; `Canvas.set_places` calls it."""
        self._places = tuple(places)

    # The pointer, for the tools

    @property
    def place(self) -> QPointF | None:
        """Where the pointer or the crosshair is; may lie beside the photo."""
        return self._place

    @property
    def by_keys(self) -> bool:
        """Whether `place` is that of the crosshair, which keys move."""
        return self._by_keys

    def point_at(self, place: QPointF | None, *, by_keys: bool = False) -> None:
        """The pointer is here now, or nowhere."""
        before, on_photo = self._place, self._on_photo(self._place)
        if place == before and by_keys is self._by_keys:
            return
        moded = by_keys is not self._by_keys
        self._place, self._by_keys = place, by_keys
        for spot in (before, place):
            if spot is not None:
                self.touched.emit(self._around(spot))
        if moded:
            self.changed.emit()
        if self._on_photo(place) or on_photo:
            self.hovered.emit(place if self._on_photo(place) else None)

    def _around(self, place: QPointF) -> QRectF:
        reach = self._radius
        return QRectF(place, place).adjusted(-reach, -reach, reach, reach)

    def _on_photo(self, place: QPointF | None) -> bool:
        hints = self._hints
        if place is None or hints is None:
            return place is not None
        return 0 <= place.x() < hints.width and 0 <= place.y() < hints.height

    # Strokes, for the tools

    @property
    def strokes(self) -> list[Stroke]:
        """What is seen as ink: finished strokes whose colours are still to come, and the one that is drawn."""
        finished = list(self._lingering.values())
        return finished if self._stroke is None else [*finished, self._stroke]

    @property
    def stroke(self) -> Stroke | None:
        """The stroke that is being drawn."""
        return self._stroke

    def begin(self, size: tuple[int, int], *, erasing: bool) -> None:
        """Begins a stroke, as yet without a point. `size`: of the photo."""
        self.cancel()
        self._stroke = Stroke(self._radius, self._color, size, erasing=erasing)

    def extend(self, place: QPointF, pressure: float, tolerance: float) -> None:
        """Draws the stroke on; arguments as in `Stroke.add`."""
        area = None if self._stroke is None else self._stroke.add(place, pressure, tolerance)
        if area is not None:
            self.touched.emit(area)
            self._tell()

    def finish(self) -> None:
        """Ends the stroke, and tells it."""
        stroke, self._stroke = self._stroke, None
        self._quieten()
        if stroke is None or not stroke.points:
            return
        points = stroke.simplest
        if stroke.erasing:
            self.erased.emit(points, stroke.radius)
            self.changed.emit()
        else:
            self._lingering[points] = stroke
            self._fading.start()
            self.stroked.emit(Hint(points, stroke.radius, stroke.color))

    @property
    def finished_ink(self) -> frozenset[tuple[HintPoint, ...]]:
        """The strokes that are finished, but whose colours are still to come."""
        return frozenset(self._lingering)

    def drop_ink(self, finished: Collection[tuple[HintPoint, ...]] | None = None) -> None:
        """Takes away the ink of finished strokes: their colours are on the screen.

        Args:
            finished: Those of `finished_ink` that are meant; None for all.
        """
        left = {
            points: stroke
            for points, stroke in self._lingering.items()
            if finished is not None and points not in finished
        }
        if len(left) < len(self._lingering):
            self._lingering = left
            self.changed.emit()

    def reset(self) -> None:
        """Forgets all that belongs to a photo but its hints: another one is shown."""
        self.cancel()
        self.drop_ink()
        self.set_selected(None)
        self.point_at(None)

    def cancel(self) -> bool:
        """Gives up a stroke or a move that is under way; False if there is none."""
        if self._stroke is None and self._drag is None:
            return False
        self._stroke = None
        self._end_drag()
        self._quieten()
        self.given_up.emit()
        self.changed.emit()
        return True

    def _tell(self) -> None:
        self._untold = self._telling.isActive()
        stroke = self._stroke
        if self._untold or stroke is None:
            return
        self._telling.start()
        if stroke.erasing:
            self.erasing.emit(stroke.simple, stroke.radius)
        else:
            self.stroking.emit(Hint(stroke.simple, stroke.radius, stroke.color))

    def _tell_more(self) -> None:
        if self._untold:
            self._tell()

    def _quieten(self) -> None:
        self._telling.stop()
        self._untold = False

    # Moves, for the tools

    @property
    def shift(self) -> QPointF:
        """How far from its place the selected hint is shown."""
        return QPointF(self._shift)

    @property
    def dragging(self) -> bool:
        """Whether the selected hint is on its way."""
        return self._drag is not None

    def drag(self, shift: QPointF) -> None:
        """Shows the selected hint elsewhere, so far."""
        if self._selected is None or self._hints is None:
            return
        if self._drag is None:
            self._drag = (self._selected, self._hints.hints[self._selected])
        if shift != self._shift:
            before, self._shift = self._shift, QPointF(shift)
            area = self._signs[self._drag[0]].area
            self.touched.emit(area.translated(before))
            self.touched.emit(area.translated(shift))
            self.moving.emit(self._drag[0], shift.x(), shift.y())

    def drop(self) -> None:
        """Tells where the selected hint has been dragged."""
        drag, shift = self._drag, self._shift
        self._end_drag()
        if drag is None:
            return
        if shift.isNull():
            self.given_up.emit()
        else:
            self.moved.emit(drag[0], shift.x(), shift.y())
        self.changed.emit()

    def _end_drag(self) -> None:
        self._drag, self._shift = None, QPointF()


def _followed(selected: int, before: Sequence[Hint], after: Sequence[Hint]) -> int | None:
    """The number of a hint when others have come or gone; one that is changed itself keeps its own."""
    hint = before[selected]
    if len(before) == len(after) or after[selected : selected + 1] == (hint,):
        return selected
    return next((index for index, other in enumerate(after) if other == hint), None)
