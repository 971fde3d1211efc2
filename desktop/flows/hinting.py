"""From the brush to the photo: tools, hints, the list of hints, and the commands that change them."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from desktop.actions import HINT_TOOLS
from desktop.canvas import HintToolKind
from desktop.commands import AddHint, ClearHints, DeleteHint, EraseHints, MoveHint, RecolorHint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.flows.coloring import ColoringFlow
    from desktop.parts import Parts
    from engine import Hint, HintPoint

USUAL_SHARE = 0.012
"""Radius of a new user's brush, of the photo's longer side."""
BOUND = (*HINT_TOOLS, "where", "neutral", "keep")
"""Acts that have a button in the panel."""
NEED_HINTS = ("clear_hints", "copy_hints")
ACTS = (*HINT_TOOLS, "brush_larger", "brush_smaller", "neutral", "keep", "where", "previous_hints", "reference")
"""Acts that need a photo whose hints can be changed."""


class Hinting(QObject):
    """Keeps the tools on the photo, the panel of hints and the document in agreement.

    What is still being painted, dragged or recoloured is previewed; the document changes when it is finished, by one
    command.

    Args:
        parts: The window.
        coloring: Shows previews.

    Signals:
        used (object): A hint has got this colour: "#rrggbb", or None for "keep".
    """

    used = Signal(object)

    def __init__(self, parts: Parts, coloring: ColoringFlow) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._coloring = coloring
        self._share = USUAL_SHARE
        parts.hints.bind_actions({name: parts.actions[name] for name in BOUND})
        parts.canvas.set_hint_tools(parts.tools)
        self._connect_panel()
        self._connect_tools()
        self._connect_actions()
        document = parts.document
        document.photo_changed.connect(self._on_photo)
        document.photo_changed.connect(self._enable)
        document.coloring_changed.connect(self._enable)
        document.hints_changed.connect(self._show)
        self._enable()

    def _connect_panel(self) -> None:
        panel, tools = self._parts.hints, self._parts.tools
        panel.tool_chosen.connect(self.take_tool)
        panel.radius_chosen.connect(tools.set_radius)
        panel.color_chosen.connect(tools.set_color)
        panel.hint_selected.connect(self._select)
        panel.hint_deleted.connect(self.delete)
        panel.hint_recoloring.connect(self._preview_color)
        panel.hint_recolored.connect(self._recolor)
        panel.clear_requested.connect(self.clear)

    def _connect_tools(self) -> None:
        tools = self._parts.tools
        tools.stroking.connect(self._preview_stroke)
        tools.stroked.connect(self._add)
        tools.erasing.connect(self._preview_erasing)
        tools.erased.connect(self._erase)
        tools.moving.connect(self._preview_move)
        tools.moved.connect(self._move)
        tools.given_up.connect(self._coloring.end_preview)
        tools.selected_changed.connect(self._on_selected)
        tools.delete_requested.connect(self.delete)
        tools.radius_changed.connect(self._on_radius)

    def _connect_actions(self) -> None:
        actions, tools = self._parts.actions, self._parts.tools
        actions["brush_larger"].triggered.connect(tools.enlarge)
        actions["brush_smaller"].triggered.connect(tools.reduce)
        actions["delete_hint"].triggered.connect(self._delete_selected)
        actions["clear_hints"].triggered.connect(self.clear)
        actions["show_hints"].toggled.connect(self._parts.canvas.set_hints_shown)

    def take_tool(self, name: str) -> None:
        """Takes a tool by the name of its act; an empty name puts the tool in use away."""
        parts = self._parts
        kind = HintToolKind(name) if name else None
        if kind in (HintToolKind.BRUSH, HintToolKind.PICK):
            parts.tools.set_selected(None)  # what is chosen now is the brush's, and not that hint's
        parts.tools.set_tool(kind)
        parts.hints.set_tool(name)
        if kind is not None:
            parts.actions["show_hints"].setChecked(True)
            parts.window.show_hints()

    def put_tool_away(self) -> bool:
        """Has the pointer move the photo again; False if it does so already."""
        if self._parts.tools.tool is None:
            return False
        self.take_tool("")
        return True

    def delete(self, index: int) -> None:
        """Deletes a hint."""
        document = self._parts.document
        if document.takes_hints and 0 <= index < len(document.hint_set):
            document.undo_stack.push(DeleteHint(document, index))

    def clear(self) -> None:
        """Deletes all hints."""
        document = self._parts.document
        if document.takes_hints and document.hints:
            document.undo_stack.push(ClearHints(document))

    def _delete_selected(self) -> None:
        if self._parts.tools.selected is not None:
            self.delete(self._parts.tools.selected)

    # What is finished

    def _add(self, hint: Hint) -> None:
        document = self._parts.document
        if not document.takes_hints:
            self._parts.tools.drop_ink()
            return
        document.undo_stack.push(AddHint(document, hint))
        self.used.emit(hint.color)

    def _erase(self, points: Sequence[HintPoint], radius: float) -> None:
        document = self._parts.document
        if document.takes_hints and document.hint_set.erased(points, radius) != document.hint_set:
            document.undo_stack.push(EraseHints(document, points, radius))
        else:
            self._coloring.end_preview()

    def _move(self, index: int, dx: float, dy: float) -> None:
        document = self._parts.document
        if document.takes_hints and index < len(document.hint_set):
            document.undo_stack.push(MoveHint(document, index, dx, dy))

    def _recolor(self, index: int, color: object) -> None:
        document, chosen = self._parts.document, cast("str | None", color)
        if document.takes_hints and index < len(document.hint_set):
            document.undo_stack.push(RecolorHint(document, index, chosen))
            self.used.emit(chosen)

    # What goes on

    def _preview_stroke(self, hint: Hint) -> None:
        document = self._parts.document
        if document.takes_hints:
            self._coloring.preview(document.hint_set.added(hint))

    def _preview_erasing(self, points: Sequence[HintPoint], radius: float) -> None:
        document = self._parts.document
        if document.takes_hints and document.hints:
            self._coloring.preview(document.hint_set.erased(points, radius))

    def _preview_move(self, index: int, dx: float, dy: float) -> None:
        hints = self._parts.document.hints
        if self._parts.document.takes_hints and hints is not None and index < len(hints):
            self._coloring.preview(hints.replaced(index, hints.hints[index].moved(dx, dy)))

    def _preview_color(self, index: int, color: object) -> None:
        hints = self._parts.document.hints
        if self._parts.document.takes_hints and hints is not None and index < len(hints):
            recolored = hints.hints[index].recolored(cast("str | None", color))
            self._coloring.preview(hints.replaced(index, recolored))

    # What is shown

    def _select(self, index: object) -> None:
        """The list of hints has another one selected, or none."""
        self._parts.tools.set_selected(cast("int | None", index))
        self._parts.tools.set_color(self._parts.hints.color)

    def _on_selected(self, index: object) -> None:
        """The photo has another hint selected, or none: the panel shows its colour, which is the brush's as well."""
        parts = self._parts
        parts.hints.set_selected(cast("int | None", index))
        parts.tools.set_color(parts.hints.color)
        self._enable()

    def _show(self, hints: object) -> None:
        """Shows the hints of the photo, in whatever size it has."""
        del hints
        parts, document = self._parts, self._parts.document
        shown = document.hint_set if document.photo is not None and document.page == 0 else None
        parts.hints.set_hints(shown)
        parts.tools.set_hints(shown)
        parts.hints.set_selected(parts.tools.selected)
        self._enable()

    def _on_photo(self) -> None:
        """A brush is as large on each photo, however finely it was scanned."""
        photo = self._parts.document.photo
        if photo is None:
            return
        side = max(photo.width, photo.height)
        share = self._share
        self._parts.tools.set_radius(share * side)
        self._parts.hints.set_radius(self._parts.tools.radius, usual=USUAL_SHARE * side)
        self._share = share  # a bound of the radius says nothing about the next photo

    def _on_radius(self, radius: float) -> None:
        photo = self._parts.document.photo
        if photo is not None:
            self._share = radius / max(photo.width, photo.height)
        self._parts.hints.set_radius(radius)

    def _enable(self) -> None:
        parts, document = self._parts, self._parts.document
        reason = self._reason()
        parts.hints.set_enabled_reason(reason)
        if reason:
            self.put_tool_away()
        for name in ACTS:
            parts.actions[name].setEnabled(not reason)
        parts.actions["delete_hint"].setEnabled(not reason and parts.tools.selected is not None)
        for name in NEED_HINTS:
            parts.actions[name].setEnabled(bool(document.hints) and (not reason or name == "copy_hints"))

    def _reason(self) -> str:
        """Why no hint can be painted; empty if it can, or while a photo is being read."""
        document = self._parts.document
        if not document.usable:
            return self.tr("Open a photo to say what colours it had.")
        if document.page > 0:
            return self.tr("Hints belong to the first page of a file.")
        if document.hints_locked:
            return self.tr("A newer version of Autochrome wrote the hints of this photo. They stay as they are.")
        return ""
