"""A palette of the user's own: colours that belong together, kept in a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.panels.hints.swatch_list import Swatch
from desktop.panels.hints.swatch_view import SwatchView
from desktop.panels.icon_button import IconButton
from desktop.panels.wording import plain_tooltip
from engine import Palette

if TYPE_CHECKING:
    from collections.abc import Sequence

SUFFIX = ".gpl"
ROWS = 3


class PaletteBar(QWidget):
    """A palette's name and colours. It is opened, saved and added to; Delete takes a colour out.

    Args:
        parent: The owner.

    Signals:
        chosen (object): The user chose this colour of it.
        edited (object): The user changed it; the new `Palette`.
        add_requested (): The user wants the colour in use to be in it: call `add`.
        load_requested (object): The user wants the palette of this file, a `Path`; nothing was read yet.
        save_requested (object): The user wants `colors` to be written to this `Path`, and has agreed to replace it.
    """

    chosen = Signal(object)
    edited = Signal(object)
    add_requested = Signal()
    load_requested = Signal(object)
    save_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colors = Palette("", (), ())
        self.title = QLabel()
        self.add_button = IconButton("add", self.tr("Add the colour in use to the palette"))
        self.load_button = IconButton("open-folder", self.tr("Open a palette…"))
        self.save_button = IconButton("save-as", self.tr("Save the palette…"))
        self.view = SwatchView(
            self.tr("Colours of the palette"),
            self.tr("Colours to use again: open a palette, or add some."),
        )
        self.view.set_most_rows(ROWS)
        self._lay_out()
        self.view.chosen.connect(self.chosen)
        self.view.removal_requested.connect(self.remove)
        self.add_button.clicked.connect(self.add_requested)
        self.load_button.clicked.connect(self._ask_for_file)
        self.save_button.clicked.connect(self._ask_where)
        self._show()

    @property
    def colors(self) -> Palette:
        """The palette as it is now."""
        return self._colors

    def set_colors(self, colors: Palette) -> None:
        """Shows a palette; nothing is emitted."""
        self._colors = colors
        self._show()

    def add(self, colors: Sequence[str]) -> None:
        """Adds those that are not in it yet, as an act of the user."""
        new = [color for color in dict.fromkeys(colors) if color not in self._colors.colors]
        if new:
            now = self._colors
            self._change(Palette(now.name, (*now.colors, *new), (*now.names, *("" for _ in new))))

    def remove(self, row: int) -> None:
        """Takes a colour out, as an act of the user."""
        now = self._colors
        kept = [number for number in range(len(now.colors)) if number != row]
        colors, names = (tuple(values[number] for number in kept) for values in (now.colors, now.names))
        self._change(Palette(now.name, colors, names))

    def _lay_out(self) -> None:
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.title.setTextFormat(Qt.TextFormat.PlainText)
        head = QHBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title, 1)
        for button in (self.add_button, self.load_button, self.save_button):
            head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.view)

    def _change(self, colors: Palette) -> None:
        self._colors = colors
        self._show()
        self.edited.emit(colors)

    def _show(self) -> None:
        colors = self._colors
        name = colors.name or self.tr("Palette")
        self.title.setText(name)
        self.title.setToolTip(plain_tooltip(name))
        named = zip(colors.colors, colors.names, strict=True)
        self.view.set_swatches([Swatch(color=color, name=name) for color, name in named])
        self.save_button.setEnabled(bool(colors.colors))

    def _ask_for_file(self) -> None:
        dialog = self._dialog(self.tr("Open a palette"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self._file_chosen)
        dialog.open()

    def _ask_where(self) -> None:
        dialog = self._dialog(self.tr("Save the palette"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(SUFFIX)
        dialog.fileSelected.connect(self._place_chosen)
        dialog.open()

    def _file_chosen(self, file: str) -> None:
        self.load_requested.emit(Path(file))

    def _place_chosen(self, file: str) -> None:
        self.save_requested.emit(Path(file))

    def _dialog(self, title: str) -> QFileDialog:
        dialog = QFileDialog(self, title)
        dialog.setNameFilter(self.tr("Palettes") + f" (*{SUFFIX})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog
