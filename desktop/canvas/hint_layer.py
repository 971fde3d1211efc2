"""What a view shows of hints: overlay, ink, the ways of strokes, markers and numbered places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from desktop.canvas.hint_tool import HintToolKind
from desktop.canvas.ink import Ink, InkLayer
from desktop.canvas.markers import REACH, draw_line, draw_marker, draw_number
from desktop.theme import theme_colors

if TYPE_CHECKING:
    from desktop.canvas.hint_tool import HintTools
    from desktop.canvas.overlay import Overlay
    from desktop.canvas.surface import PhotoSurface
    from engine import Hint

_WITH_WAYS = (HintToolKind.ERASER, HintToolKind.SELECT)


class HintLayer:
    """The hints of one view, which knows its layer and not the other way round."""

    def __init__(self) -> None:
        self.tools: HintTools | None = None
        """Whose hints are shown."""
        self.overlay: Overlay | None = None
        """What lies over the photo."""
        self.shown = True
        """Whether markers are shown; ink is always, while it is drawn."""
        self._ink = InkLayer()
        self._selected_ink = InkLayer()

    def paint(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws what is exposed of a view. `painter`: in the view's coordinates."""
        if view.picture is None or view.original_held:
            return
        painter.save()
        view.to_device(painter)
        if self.overlay is not None:
            self.overlay.draw(painter, view)
        self._paint_ink(view, painter)
        painter.restore()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.shown:
            self._paint_ways(view, painter)
            self._paint_markers(view, painter)
        self._paint_places(view, painter)
        painter.restore()

    def _paint_ink(self, view: PhotoSurface, painter: QPainter) -> None:
        tools = self.tools
        if tools is None:
            return
        chosen = self._chosen() if self.shown else None
        if chosen is None:
            self._selected_ink.clear()
        else:
            shift = view.point_of(tools.shift) - view.point_of(QPointF())
            ink = Ink(chosen.points, chosen.radius, chosen.color)
            self._selected_ink.draw(painter, view, [ink], shift * view.devicePixelRatioF())
        inks = [Ink(stroke.points, stroke.radius, stroke.color, erasing=stroke.erasing) for stroke in tools.strokes]
        if inks:
            self._ink.draw(painter, view, inks)
        else:
            self._ink.clear()

    def _chosen(self) -> Hint | None:
        """The selected hint, where its ink is to be seen."""
        tools = self.tools
        if tools is None or tools.tool is not HintToolKind.SELECT or tools.selected is None or tools.hints is None:
            return None
        return tools.hints.hints[tools.selected]

    def _paint_ways(self, view: PhotoSurface, painter: QPainter) -> None:
        """Draws the ways of strokes, while the pointer is there to take hold of them or to rub them out."""
        tools, place = self.tools, view.transform
        if tools is None or tools.tool not in _WITH_WAYS:
            return
        exposed = QRectF(view.exposed).adjusted(-REACH, -REACH, REACH, REACH)
        for index, sign in enumerate(tools.signs):
            way = place.map(sign.way.translated(self._shift(index)))
            # A level line's bounds have no height: they would meet nothing.
            if way.size() > 1 and exposed.intersects(way.boundingRect().adjusted(-1, -1, 1, 1)):
                draw_line(painter, way)

    def _paint_markers(self, view: PhotoSurface, painter: QPainter) -> None:
        tools = self.tools
        if tools is None:
            return
        exposed = QRectF(view.exposed).adjusted(-REACH, -REACH, REACH, REACH)
        ring, place = theme_colors(view.palette()).focus, view.transform
        order = list(range(len(tools.signs)))
        if tools.selected is not None:
            order.append(order.pop(tools.selected))  # on top
        for index in order:
            sign = tools.signs[index]
            center = place.map(sign.center + self._shift(index))
            if exposed.contains(center):
                draw_marker(painter, center, sign.color, selected=ring if index == tools.selected else None)

    def _paint_places(self, view: PhotoSurface, painter: QPainter) -> None:
        if self.overlay is not None:
            for number, place in enumerate(self.overlay.places, 1):
                draw_number(painter, view.point_of(place), number, view.font())

    def _shift(self, index: int) -> QPointF:
        tools = self.tools
        return tools.shift if tools is not None and tools.dragging and index == tools.selected else QPointF()
