"""A field for colours by name or by number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCompleter, QLineEdit

from desktop.icons import icon
from desktop.panels.hints.name_list import NameList
from engine import parse_color

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

MOST_NAMES = 12


class ColorEntry(QLineEdit):
    """Takes "#7d2a2f", "7d2a2f", "dark red", "rgb(125, 42, 47)". What is no colour is marked, and stays to be mended.

    Args:
        parent: The owner.

    Signals:
        entered (str): The user entered this colour, "#rrggbb".
        problem_changed (str): What is wrong with what was entered, in a sentence; empty if nothing is.
    """

    entered = Signal(str)
    problem_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color = ""
        self._judged = ""  # the text that was taken, or found to be no colour
        self._problem = ""
        self._sign = QAction(icon("warning"), "", self)
        self.setPlaceholderText(self.tr("e.g. dark red"))
        self.setAccessibleName(self.tr("Colour by name or number"))
        self.setToolTip(self.tr("A name such as dark red, or a number such as #7d2a2f or rgb(125, 42, 47)"))
        self.setMaxLength(64)
        self._complete_names()
        self.textEdited.connect(self._edited)
        self.editingFinished.connect(self._finish)
        self._describe()

    @property
    def problem(self) -> str:
        """What is wrong with what was entered; empty if nothing is."""
        return self._problem

    def set_color(self, color: str) -> None:
        """Shows a colour, unless the user is typing one; nothing is emitted.

        Args:
            color: "#rrggbb", or nothing.
        """
        if color != self._color:
            self._color = color
            self._show(color)
            self._tell("")

    def changeEvent(self, event: QEvent) -> None:
        """Follows the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._sign.setIcon(icon("warning"))
        super().changeEvent(event)

    def _complete_names(self) -> None:
        completer = QCompleter(NameList(self), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(MOST_NAMES)
        cast("Any", completer).activated[str].connect(  # the stubs know no overloads
            self._finish,
            Qt.ConnectionType.QueuedConnection,  # the field shows the name first
        )
        self.setCompleter(completer)

    def _edited(self, text: str) -> None:
        """A sign that came from an earlier text goes as soon as the text is a colour, or gone."""
        if self._problem and (not text.strip() or parse_color(text)):
            self._tell("")

    def _finish(self) -> None:
        if self.text() != self._judged:
            self._take()

    def _take(self) -> None:
        text = self.text().strip()
        if not text:
            self._show(self._color)
            self._tell("")
            return
        color = parse_color(text)
        if color is None:
            self._judged = self.text()
            self._tell(self.tr("“{text}” is no colour. Try a name such as dark red, or #7d2a2f.").format(text=text))
            return
        self._tell("")
        self._show(color)
        if color != self._color:  # a name that was completed is told of twice
            self._color = color
            self.entered.emit(color)

    def _show(self, text: str) -> None:
        self._judged = text
        self.setText(text)

    def _tell(self, problem: str) -> None:
        if problem == self._problem:
            return
        self._problem = problem
        self._sign.setToolTip(problem)
        if problem:
            self.addAction(self._sign, QLineEdit.ActionPosition.TrailingPosition)
        else:
            self.removeAction(self._sign)
        self._describe()
        self.problem_changed.emit(problem)

    def _describe(self) -> None:
        self.setAccessibleDescription(self._problem or self.toolTip())
