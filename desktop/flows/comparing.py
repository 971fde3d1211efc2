"""Several colourings of one photo beside each other: variants of a model, or models; one click takes one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from desktop.canvas import Candidate, Mode
from desktop.commands import Choose
from desktop.purposes import translated_purpose
from desktop.studio import Choice, Coloring
from engine import EngineError, Painting

if TYPE_CHECKING:
    from desktop.flows.choosing import Choosing
    from desktop.flows.coloring import ColoringFlow
    from desktop.parts import Parts
    from engine import Look

MOST = 4


class Comparing(QObject):
    """Shows candidates, and takes one.

    Args:
        parts: The window.
        choosing: Knows the models.
        coloring: Shows the photo again when the comparison is over.
    """

    def __init__(self, parts: Parts, choosing: Choosing, coloring: ColoringFlow) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._choosing = choosing
        self._coloring = coloring
        self._choices: list[Choice] = []
        self._candidates: list[Candidate] = []
        self._mode_before = Mode.SPLIT
        parts.actions["compare_variants"].triggered.connect(self.compare_variants)
        parts.actions["compare_models"].triggered.connect(self.compare_models)
        parts.models.compare_variants_requested.connect(self.compare_variants)
        parts.models.compare_models_requested.connect(self.compare_models)
        parts.engine.candidate.connect(self._on_candidate)
        parts.canvas.candidate_taken.connect(self._take)
        parts.document.opened.connect(self.leave)
        parts.document.choice_changed.connect(self._on_change)
        parts.document.hints_changed.connect(self._on_change)
        parts.document.look_changed.connect(self._on_look)
        parts.canvas.mode_changed.connect(self._on_mode)

    @property
    def active(self) -> bool:
        """Whether candidates are shown."""
        return bool(self._choices)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What is shown to choose from."""
        return tuple(self._candidates)

    def compare_variants(self) -> None:
        """The automatic colours beside the likeliest variants."""
        coloring = self._parts.document.coloring
        if coloring is None or coloring.variants == 0:
            return
        model = self._parts.document.choice.model
        variants: list[int | None] = [None, *range(min(coloring.variants, MOST - 1))]
        self._begin([Choice(model, variant) for variant in variants])

    def compare_models(self) -> None:
        """The models that the panel has chosen for it, the one in use first."""
        models = self._parts.models.compared_models
        if len(models) > 1:
            self._begin([Choice(model) for model in models[:MOST]])

    def leave(self) -> None:
        """Goes back to the photo as it was; nothing is taken."""
        if not self.active:
            return
        self._choices, self._candidates = [], []
        self._parts.canvas.set_mode(self._mode_before)
        self._parts.engine.cancel()
        self._coloring.ask_again()

    def _begin(self, choices: list[Choice]) -> None:
        photo = self._parts.document.photo
        if photo is None:
            return
        if not self.active:
            self._mode_before = self._parts.canvas.mode
        self._parts.window.show_canvas()
        self._choices = choices
        self._candidates = [Candidate(title=self._title(choice), detail=self._detail(choice)) for choice in choices]
        self._parts.canvas.show_candidates(self._candidates)
        self._parts.engine.color_candidates(photo, choices, self._parts.document.hints)

    def _on_candidate(self, number: int, index: int, result: object) -> None:
        del number
        if not self.active:
            return
        candidate = self._candidates[index]
        if isinstance(result, Coloring):
            look = self._parts.document.look
            if self._parts.document.edits.look is None:
                look = self._choosing.default_look(result.choice.model)
            self._candidates[index] = replace(candidate, painting=Painting(result.colors, look))
        else:
            error = cast("Exception", result)
            text = error.sentence if isinstance(error, EngineError) else str(error)
            self._candidates[index] = replace(candidate, error=text)
        self._parts.canvas.show_candidates(self._candidates)

    def _on_change(self, change: object) -> None:
        """The photo is to be coloured otherwise than the candidates were."""
        del change
        self.leave()

    def _on_look(self, look: Look) -> None:
        """The candidates are shown as they would be once taken."""
        if not self.active or self._parts.document.edits.look is None:
            return
        self._candidates = [
            candidate if candidate.painting is None else replace(candidate, painting=candidate.painting.with_look(look))
            for candidate in self._candidates
        ]
        self._parts.canvas.show_candidates(self._candidates)

    def _take(self, index: int) -> None:
        if not self.active or self._candidates[index].painting is None:
            return
        choice = self._choices[index]
        self._choices, self._candidates = [], []
        self._parts.canvas.set_mode(self._mode_before)
        self._parts.engine.cancel()
        document = self._parts.document
        if choice == document.choice:
            self._coloring.ask_again()
        else:
            document.undo_stack.push(Choose(document, choice))
        self._parts.window.status.say(self.tr("{choice} was taken.").format(choice=self._title(choice)))

    def _on_mode(self, mode: object) -> None:
        if mode is not Mode.COMPARE and self.active:
            self._mode_before = cast("Mode", mode)
            self.leave()

    def _title(self, choice: Choice) -> str:
        if len({other.model for other in self._choices}) > 1:
            return choice.model
        if choice.variant is None:
            return self.tr("Automatic colours")
        return self.tr("Variant {number}").format(number=choice.variant + 1)

    def _detail(self, choice: Choice) -> str:
        if len({other.model for other in self._choices}) == 1:
            return ""
        known = {model.id: translated_purpose(model.card.purpose) for model in self._choosing.installed}
        return known.get(choice.model, "")
