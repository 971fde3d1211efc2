"""The colour of the brush, or of the hint that is selected: chosen by eye, by name, by number, or none at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.panels.hints.choice_button import ChoiceButton
from desktop.panels.hints.color_entry import ColorEntry
from desktop.panels.hints.color_preview import ColorPreview
from desktop.panels.hints.color_wording import choice_text
from desktop.panels.hints.gamut_view import UNKNOWN_LIGHTNESS, GamutView
from desktop.panels.hints.swatch import NEUTRAL, is_neutral
from desktop.panels.text_label import TextLabel
from desktop.panels.wording import as_sentence, number_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine import Suggestion


class ColorChooser(QWidget):
    """All ways to a colour but the rows of swatches.

    Args:
        parent: The owner.

    Signals:
        changed (object): The user is choosing this colour: "#rrggbb", a grey for "no colour here", None for "keep".
        committed (): The user has finished choosing.
    """

    changed = Signal(object)
    committed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._color: str | None = NEUTRAL
        self._lightness = UNKNOWN_LIGHTNESS
        self.gamut = GamutView()
        self.preview = ColorPreview()
        self.words = QLabel()
        self.entry = ColorEntry()
        self.place = QLabel()
        self.problem = TextLabel()
        self.neutral_button = ChoiceButton("neutral", self.tr("No colour"), worded=True)
        self.keep_button = ChoiceButton("keep", self.tr("Keep"), worded=True)
        self._name_buttons()
        self._lay_out()
        self._connect()
        self.set_lightness(None)
        self._show()

    @property
    def color(self) -> str | None:
        """The colour that is shown: "#rrggbb", a grey for "no colour here", or None for "keep what is here"."""
        return self._color

    @property
    def pending(self) -> bool:
        """Whether the user is in the middle of choosing."""
        return self.gamut.pending

    def finish(self) -> None:
        """Ends a choice that is still going on by keys: `committed` comes now."""
        if self.pending:
            self.gamut.finish()

    def set_color(self, color: str | None) -> None:
        """Shows a colour; nothing is emitted."""
        self._color = color
        self._show()

    def choose(self, color: str | None) -> None:
        """Chooses a colour, as one act of the user."""
        self.finish()
        self._take(color)
        self.committed.emit()

    def set_lightness(self, lightness: float | None, at: str = "") -> None:
        """Shows the colours that are possible at a place.

        Args:
            lightness: L* there; None if there is no such place.
            at: Where that is, in words: "under the pointer".
        """
        self._lightness = UNKNOWN_LIGHTNESS if lightness is None else lightness
        self.gamut.set_lightness(self._lightness)
        self.preview.show_color(self._color, self._lightness)
        shown = self.tr("Lightness {lightness}").format(lightness=number_text(round(self._lightness)))
        self.place.setText(f"{shown}\n{at}" if at else shown)

    def set_suggestions(self, suggestions: Sequence[Suggestion]) -> None:
        """Shows suggestions among the colours."""
        self.gamut.set_suggestions(suggestions)

    def _name_buttons(self) -> None:
        told = (
            (
                self.neutral_button,
                self.tr("No colour here"),
                self.tr("No colour here: what was grey in life stays grey"),
            ),
            (
                self.keep_button,
                self.tr("Keep what is here"),
                self.tr("Keep what the model says here, and let no other hint spill in"),
            ),
        )
        for button, name, tip in told:
            button.setAccessibleName(name)
            button.setToolTip(tip)

    def _lay_out(self) -> None:
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.words.setMinimumHeight(2 * self.fontMetrics().lineSpacing())  # else all below would move about
        self.place.setTextFormat(Qt.TextFormat.PlainText)
        self.place.setWordWrap(True)
        self.place.setMinimumHeight(3 * self.fontMetrics().lineSpacing())
        for label in (self.words, self.place):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        beside = QVBoxLayout()
        beside.setSpacing(4)
        for widget in (self.preview, self.words, self.entry):
            beside.addWidget(widget)
        beside.addStretch(1)
        beside.addWidget(self.place)
        upper = QHBoxLayout()
        upper.setSpacing(8)
        upper.addWidget(self.gamut, 5)
        upper.addLayout(beside, 4)
        lower = QHBoxLayout()
        lower.setSpacing(4)
        lower.addWidget(self.neutral_button)
        lower.addWidget(self.keep_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(upper)
        column.addWidget(self.problem)
        column.addLayout(lower)
        self.problem.hide()

    def _connect(self) -> None:
        self.gamut.changed.connect(self._take)
        self.gamut.committed.connect(self.committed)
        self.entry.entered.connect(self.choose)
        self.entry.problem_changed.connect(self.problem.show_text)
        self.neutral_button.clicked.connect(lambda: self.choose(NEUTRAL))
        self.keep_button.clicked.connect(lambda: self.choose(None))

    def _take(self, color: str | None) -> None:
        self._color = color
        self._show()
        self.changed.emit(color)

    def _show(self) -> None:
        color = self._color
        plain = color is None or is_neutral(color)
        self.gamut.set_color(color)
        self.preview.show_color(color, self._lightness)
        self.words.setText(as_sentence(choice_text(color)))
        self.entry.set_color("" if color is None or plain else color)
        self.keep_button.setChecked(color is None)
        self.neutral_button.setChecked(plain and color is not None)
