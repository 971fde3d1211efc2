"""Colours by hand: the tools, the colour to paint with, and the hints that were painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.panels.hints.brush_size import BrushSize
from desktop.panels.hints.color_chooser import ColorChooser
from desktop.panels.hints.help_buttons import HelpButtons
from desktop.panels.hints.hint_view import HintView
from desktop.panels.hints.palette_bar import PaletteBar
from desktop.panels.hints.swatch import NEUTRAL
from desktop.panels.hints.swatch_list import Swatch
from desktop.panels.hints.swatch_view import COLUMNS, SwatchView
from desktop.panels.hints.tool_row import TOOLS, ToolRow
from desktop.panels.text_label import TextLabel
from desktop.panels.wording import number_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from engine import HintSet, Palette, Suggestion

MOST_RECENT = 2 * COLUMNS


class HintPanel(QWidget):
    """The panel of hints.

    There is one colour, `color`: that of the brush. Where a hint is selected it takes that hint's, and what the user
    then chooses is the hint's new colour as well.

    Args:
        parent: The owner.

    Signals:
        color_chosen (object): The user chose this colour: "#rrggbb", a grey for "no colour here", None for "keep what
            is here". At each move while it is dragged.
        tool_chosen (str): The user chose "brush", "eraser", "pick" or "select", or "" for none of them.
        radius_chosen (float): The user chose a radius of the brush, in pixels of the photo.
        hint_selected (object): The user selected the hint of this number, or None. `color` is that hint's now.
        hint_deleted (int): The user wants this hint deleted.
        hint_recoloring (int, object): The user is choosing another colour for this hint, at each move.
        hint_recolored (int, object): The user has chosen it; once for an act, and only if it is another colour.
        where_toggled (bool): Whether the user wants to see where hints would help.
        clear_requested (): The user wants all hints of the photo deleted.
        copy_requested (): The user wants the hints of the photo before.
        reference_requested (): The user wants colours carried over from a similar colour photo; no file was asked for.
        palette_load_requested (object): The user wants the palette of this `Path`; nothing was read yet.
        palette_save_requested (object): The user wants `color_palette` written to this `Path`.
        palette_edited (object): The user changed the palette; the new `Palette`.
    """

    color_chosen = Signal(object)
    tool_chosen = Signal(str)
    radius_chosen = Signal(float)
    hint_selected = Signal(object)
    hint_deleted = Signal(int)
    hint_recoloring = Signal(int, object)
    hint_recolored = Signal(int, object)
    where_toggled = Signal(bool)
    clear_requested = Signal()
    copy_requested = Signal()
    reference_requested = Signal()
    palette_load_requested = Signal(object)
    palette_save_requested = Signal(object)
    palette_edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settled: str | None = None  # the colour that the selected hint had before the act that is going on
        self._recolored: int | None = None  # the hint that this act recolours
        self._inside = QWidget()
        self.reason = TextLabel()
        self.tools = ToolRow()
        self.size_control = BrushSize()
        self.chooser = ColorChooser()
        self.suggestions = SwatchView(
            self.tr("Suggestions"), self.tr("Point at a place in the photo to see what suits it."), noted=True
        )
        self.recent = SwatchView(self.tr("Recent colours"), self.tr("Colours that you used last"))
        self.list = HintView()
        self.own_colors = PaletteBar()
        self.help = HelpButtons()
        self.suggestion_actions = self._made_actions()
        self._lay_out()
        self._connect()
        self._mark()

    @property
    def color(self) -> str | None:
        """The colour in use: "#rrggbb", a grey for "no colour here", or None for "keep what is here"."""
        return self.chooser.color

    @property
    def radius(self) -> float:
        """The radius of the brush, in pixels of the photo."""
        return self.size_control.radius

    @property
    def selected(self) -> int | None:
        """The hint that is selected."""
        return self.list.current

    @property
    def color_palette(self) -> Palette:
        """The palette as it is now, with what the user has added."""
        return self.own_colors.colors

    def bind_actions(self, actions: Mapping[str, QAction]) -> None:
        """Makes buttons those of the window's acts, so that both show the same and keys stand in the tooltips.

        The panel emits its signals whether the button or the act's key was used.

        Args:
            actions: By name: any of "brush", "eraser", "pick", "select" (which are checkable), "where" (the same),
                "neutral" and "keep". Others are passed over.
        """
        self.tools.bind({name: actions[name] for name in TOOLS if name in actions})
        for name, color, button in (
            ("neutral", NEUTRAL, self.chooser.neutral_button),
            ("keep", None, self.chooser.keep_button),
        ):
            if name in actions:
                actions[name].triggered.connect(lambda _=False, color=color: self.choose_color(color))
                button.setToolTip(actions[name].toolTip())
        if "where" in actions:
            self.help.bind_where(actions["where"])

    def set_enabled_reason(self, reason: str) -> None:
        """Says why nothing can be done here now; an empty text makes the panel work again."""
        self._inside.setEnabled(not reason)
        for action in self.suggestion_actions:
            action.setEnabled(not reason)
        self.reason.show_text(reason)

    def set_tool(self, name: str) -> None:
        """Shows the tool in use, or none; nothing is emitted."""
        self.tools.set_current(name)

    def set_color(self, color: str | None) -> None:
        """Shows the colour in use; nothing is emitted."""
        self.chooser.set_color(color)
        self._mark()

    def choose_color(self, color: str | None) -> None:
        """Chooses a colour as the user does: for the brush, and for the hint that is selected."""
        self.chooser.choose(color)

    def finish(self) -> None:
        """Ends a choice that is going on by keys: `hint_recolored` comes now. Call it before an undo or a save."""
        self.chooser.finish()

    def set_radius(self, radius: float, usual: float | None = None) -> None:
        """Shows the radius of the brush; nothing is emitted.

        Args:
            radius: In pixels of the photo.
            usual: What the reset button goes back to; None leaves that as it is.
        """
        self.size_control.set_radius(radius, usual)

    def set_lightness(self, lightness: float | None, at: str = "") -> None:
        """Shows the colours that are possible at a place.

        Args:
            lightness: L* of the photo there; None if there is no such place.
            at: Where that is, in words: "under the pointer".
        """
        self.chooser.set_lightness(lightness, at)

    def set_suggestions(self, suggestions: Sequence[Suggestion], empty: str | None = None) -> None:
        """Shows colours that may be right.

        Args:
            suggestions: The likeliest first; nine are shown.
            empty: What is said where there are none; None leaves that as it is.
        """
        if empty is not None:
            self.suggestions.set_empty(empty)
        shown = suggestions[:COLUMNS]
        self.chooser.set_suggestions(shown)
        self.suggestions.set_swatches([self._swatch(rank, suggestion) for rank, suggestion in enumerate(shown, 1)])

    def set_recent(self, colors: Sequence[str | None]) -> None:
        """Shows the colours that were used last, the latest first."""
        self.recent.set_swatches([Swatch(color=color) for color in list(dict.fromkeys(colors))[:MOST_RECENT]])

    def set_palette(self, palette: Palette) -> None:
        """Shows the colours of a palette."""
        self.own_colors.set_colors(palette)

    def set_hints(self, hints: HintSet | None) -> None:
        """Shows the hints of the photo; nothing is emitted. The hint that is selected stays so."""
        self.list.set_hints(hints)
        self._follow_selected()

    def set_selected(self, number: int | None) -> None:
        """Selects a hint, or none; nothing is emitted. `color` is that hint's now."""
        if number != self.selected:
            self.finish()  # it was about the hint before
            self.list.set_selected(number)
            self._follow_selected()

    def set_where(self, on: bool) -> None:
        """Shows whether the places are shown where hints would help; nothing is emitted."""
        self.help.set_where(on)

    def set_can_copy(self, can: bool) -> None:
        """Says whether there are hints of another photo to copy."""
        self.help.copy_button.setEnabled(can)

    def _made_actions(self) -> list[QAction]:
        """An act with a key for each place in the row of suggestions."""
        made: list[QAction] = []
        for number in range(COLUMNS):
            action = QAction(self.tr("Suggestion {number}").format(number=number + 1), self)
            action.setShortcut(QKeySequence(f"Alt+{number + 1}"))
            action.triggered.connect(lambda _=False, number=number: self.suggestions.choose(number))
            self.addAction(action)
            made.append(action)
        return made

    def _lay_out(self) -> None:
        inside = QVBoxLayout(self._inside)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(8)
        for widget in (self.tools, self.size_control, self.chooser):
            inside.addWidget(widget)
        for title, row in ((self.tr("Suggestions"), self.suggestions), (self.tr("Recent colours"), self.recent)):
            inside.addLayout(_titled(title, row))
        for widget in (self.list, self.own_colors, self.help):
            inside.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(8)
        column.addWidget(self.reason)
        column.addWidget(self._inside)
        self.reason.hide()
        self.recent.set_most_rows(MOST_RECENT // COLUMNS)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def _connect(self) -> None:
        self.tools.chosen.connect(self.tool_chosen)
        self.size_control.radius_changed.connect(self.radius_chosen)
        self.chooser.changed.connect(self._change)
        self.chooser.committed.connect(self._commit)
        for row in (self.suggestions, self.recent, self.own_colors):
            row.chosen.connect(self.chooser.choose)
        self.own_colors.add_requested.connect(self._add_to_palette)
        self.own_colors.edited.connect(self.palette_edited)
        self.own_colors.load_requested.connect(self.palette_load_requested)
        self.own_colors.save_requested.connect(self.palette_save_requested)
        self.help.where_toggled.connect(self.where_toggled)
        self.help.copy_requested.connect(self.copy_requested)
        self.help.reference_requested.connect(self.reference_requested)
        self.list.selected.connect(self._select)
        self.list.deleted.connect(self.hint_deleted)
        self.list.clear_requested.connect(self.clear_requested)

    def _swatch(self, rank: int, suggestion: Suggestion) -> Swatch:
        percent = number_text(round(100 * suggestion.probability))
        keys = self.suggestion_actions[rank - 1].shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        told = self.tr("{percent} % likely. Key: {keys}").format(percent=percent, keys=keys)
        return Swatch(color=suggestion.color, note=self.tr("{percent} %").format(percent=percent), told=told)

    def _change(self, color: str | None) -> None:
        self._mark()
        if self._recolored is None:
            self._recolored = self.selected
        self.color_chosen.emit(color)
        if self._recolored is not None:
            self.hint_recoloring.emit(self._recolored, color)

    def _commit(self) -> None:
        number, self._recolored = self._recolored, None
        if number is not None and self.color != self._settled:
            self._settled = self.color
            self.hint_recolored.emit(number, self.color)

    def _select(self, number: int | None) -> None:
        self.finish()
        self._follow_selected()
        self.hint_selected.emit(number)

    def _follow_selected(self) -> None:
        hint = self.list.current_hint
        if hint is not None and not self.chooser.pending:
            self._settled = hint.color
            self.set_color(hint.color)

    def _add_to_palette(self) -> None:
        if self.color is not None:
            self.own_colors.add([self.color])

    def _mark(self) -> None:
        """Marks the colour in use wherever it is offered."""
        for row in (self.suggestions, self.recent, self.own_colors.view):
            row.set_marked(self.color)
        self.own_colors.add_button.setEnabled(self.color is not None)


def _titled(title: str, row: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    label = QLabel(title)
    label.setBuddy(row)
    column.addWidget(label)
    column.addWidget(row)
    return column
