"""What the views of a canvas share of hints: the tools and their pointers, what lies over the photo, and ink's end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.canvas.brush import BrushTool, PickTool
from desktop.canvas.hint_tool import HintToolKind
from desktop.canvas.overlay import Overlay
from desktop.canvas.selecting import SelectTool
from desktop.canvas.tool import PanTool

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPointF, QRectF, SignalInstance

    from desktop.canvas.hint_tool import HintTools
    from desktop.canvas.tool import Tool
    from desktop.canvas.view import PhotoView
    from engine import HintPoint

MARGIN = 24.0
"""What may be drawn around a touched part of the photo, in the view's coordinates: edges, rings, the crosshair."""


class HintStage(QObject):
    """Hints in several views of one photo.

    Args:
        views: Where.
        parent: The owner.
    """

    def __init__(self, views: Sequence[PhotoView], parent: QObject) -> None:
        super().__init__(parent)
        self.overlay = Overlay(self)
        self._views = views
        self._tool: Tool = PanTool()
        self._tools: HintTools | None = None
        self._pointers: dict[HintToolKind, Tool] = {}
        self._shown = True
        self._awaited: frozenset[tuple[HintPoint, ...]] = frozenset()
        self.overlay.changed.connect(self._update)
        for view in views:
            view.hint_layer.overlay = self.overlay

    @property
    def tools(self) -> HintTools | None:
        """What draws and shows hints."""
        return self._tools

    def set_tools(self, tools: HintTools | None) -> None:
        """Takes other tools for hints, or none."""
        if self._tools is not None:
            self._tools.cancel()
            for signal, slot in self._slots(self._tools):
                signal.disconnect(slot)
        self._tools, self._pointers = tools, {}
        if tools is not None:
            self._pointers = _pointers(tools)
            tools.set_places(self.overlay.places)
            for signal, slot in self._slots(tools):
                signal.connect(slot)
        for view in self._views:
            view.hint_layer.tools = tools
        self._take_tool()
        self._update()

    def _slots(self, tools: HintTools) -> list[tuple[SignalInstance, Callable[..., None]]]:
        return [
            (tools.tool_changed, self._take_tool),
            (tools.changed, self._update),
            (tools.touched, self._update_part),
            (tools.changed, self._describe),
            (tools.hovered, self._describe),
            (tools.moving, self._describe),
        ]

    def set_tool(self, tool: Tool) -> None:
        """Takes what the pointer does while no tool for hints is chosen."""
        self._tool = tool
        self._take_tool()

    @property
    def shown(self) -> bool:
        """Whether markers are shown."""
        return self._shown

    def set_shown(self, shown: bool) -> None:
        """Shows or hides markers."""
        self._shown = shown
        for view in self._views:
            view.hint_layer.shown = shown
        self._update()

    def set_places(self, places: Sequence[QPointF]) -> None:
        """Shows numbered places, in pixels of the photo."""
        self.overlay.set_places(places)
        if self._tools is not None:
            self._tools.set_places(places)

    def leave_photo(self) -> None:
        """Another photo comes: nothing that belongs to the one before is shown on it."""
        self.overlay.set_image(None)
        self.set_places(())
        if self._tools is not None:
            self._tools.reset()

    def note_colors(self) -> None:
        """Other colours are on their way to the screen: those that finished ink waits for."""
        self._awaited = frozenset() if self._tools is None else self._tools.finished_ink

    def note_drawn(self) -> None:
        """The colours are there; what was drawn meanwhile waits for the next ones."""
        awaited, self._awaited = self._awaited, frozenset()
        if awaited and self._tools is not None:
            self._tools.drop_ink(awaited)

    def _update(self) -> None:
        for view in self._views:
            view.update()

    def _update_part(self, area: QRectF) -> None:
        for view in self._views:
            if view.isVisible():
                view.update_place(area, MARGIN)

    def _take_tool(self) -> None:
        kind = None if self._tools is None else self._tools.tool
        for view in self._views:
            view.set_tool(self._tool if kind is None else self._pointers[kind])

    def _describe(self) -> None:
        for view in self._views:
            view.describe()


def _pointers(tools: HintTools) -> dict[HintToolKind, Tool]:
    """What the pointer does, for each kind."""
    return {
        HintToolKind.BRUSH: BrushTool(tools),
        HintToolKind.ERASER: BrushTool(tools, erasing=True),
        HintToolKind.PICK: PickTool(tools),
        HintToolKind.SELECT: SelectTool(tools),
    }
