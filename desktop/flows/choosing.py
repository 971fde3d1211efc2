"""Models, variants and looks: which are there, which is chosen, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QMessageBox

from desktop.commands import ChangeLook, Choose
from desktop.operations import Models, install_model, read_models, uninstall_model
from desktop.studio import Choice
from engine import Look, ModelExistsError

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.edits import Edits
    from desktop.flows.coloring import ColoringFlow
    from desktop.parts import Parts
    from desktop.settings import Settings
    from desktop.tasks import Task
    from engine import InstalledModel


USUAL = "photo"


class Choosing(QObject):
    """Keeps the panels of models and looks, the settings and the open photo in agreement.

    Args:
        parts: The window.
        coloring: Asks for colours.
    """

    def __init__(self, parts: Parts, coloring: ColoringFlow) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._coloring = coloring
        self._installed: dict[str, InstalledModel] = {}
        self._last_good: str | None = None
        self._before: Edits | None = None
        self._adding: Task[InstalledModel] | None = None
        self._device = parts.settings.settings.coloring.device
        document, models, looks = parts.document, parts.models, parts.looks
        models.model_chosen.connect(self.choose_model)
        models.variant_chosen.connect(self._choose_variant)
        models.add_requested.connect(self.add_model)
        models.remove_requested.connect(self._remove_model)
        looks.look_changed.connect(self._preview_look)
        looks.look_committed.connect(self._commit_look)
        document.opened.connect(self._on_opened)
        document.photo_changed.connect(self._on_photo)
        document.choice_changed.connect(self._on_choice)
        document.look_changed.connect(self._show_look)
        document.coloring_changed.connect(self._on_coloring)
        document.edited.connect(self._note_edits)
        parts.settings.changed.connect(self._on_settings)
        document.set_default_choice(Choice(parts.settings.settings.coloring.model))
        looks.set_look(document.look, document.default_look)
        self._enable_comparisons()
        self._on_photo()
        self.refresh()

    @property
    def installed(self) -> list[InstalledModel]:
        """The models that can be used, as they were last looked at."""
        return list(self._installed.values())

    def refresh(self) -> None:
        """Looks again which models are installed."""
        read_models().start(self._parts.reading, done=self._show_models)

    def choose_model(self, model: str) -> None:
        """Colours with another model from now on, this photo and all that are opened later."""
        parts = self._parts
        settings = parts.settings.settings
        parts.settings.update(replace(settings, coloring=replace(settings.coloring, model=model)))
        parts.document.set_default_choice(Choice(model))
        if parts.document.edits.choice is not None:
            parts.document.undo_stack.push(Choose(parts.document, None))
        self._coloring.ask_again()

    def go_back(self) -> None:
        """Goes back to what the colours on the screen were made with: what was chosen since did not come about."""
        document = self._parts.document
        coloring = document.coloring
        wanted = coloring.choice if coloring is not None else document.default_choice
        if document.choice == wanted:
            return
        if document.edits.choice is not None:
            document.set_choice(wanted)
        elif wanted.variant is None:
            self.choose_model(wanted.model)

    def model_failed(self, model: str, error: object) -> None:
        """Goes back to what worked before; the photo keeps its colours."""
        del error
        document = self._parts.document
        if document.coloring is not None:
            self.go_back()
        elif document.edits.choice is not None:
            document.set_choice(document.default_choice)  # this photo's own model is gone; the one of all others is not
        elif self._last_good not in (None, model) and self._last_good in self._installed:
            self.choose_model(str(self._last_good))
        self._parts.models.set_current(document.choice.model)

    def add_model(self, file: object) -> None:
        """Checks a weight file in full and installs it; a bad one changes nothing."""
        self._add(cast("Path", file), replacing=False)

    def cancel(self) -> None:
        """Gives up the checking of a model."""
        if self._adding is not None:
            self._adding.cancel()
            self._adding = None
            self._end_adding()

    @property
    def busy(self) -> bool:
        """Whether a model is being checked."""
        return self._adding is not None

    def _add(self, file: Path, *, replacing: bool) -> None:
        parts = self._parts
        self.cancel()
        parts.models.set_busy(True)
        parts.window.status.begin_work("model", self.tr("Checking {name}…").format(name=file.name))

        def done(model: InstalledModel) -> None:
            self._end_adding()
            parts.engine.forget(model.id)
            parts.window.status.say(self.tr("The model {name} is installed.").format(name=model.id))
            self._installed[model.id] = model
            self.refresh()
            self.choose_model(model.id)

        def failed(error: Exception) -> None:
            self._end_adding()
            if isinstance(error, ModelExistsError):
                self._ask_to_replace(file, error)
            else:
                parts.messages.show_error(error)

        self._adding = install_model(file, replacing=replacing).start(parts.checking, done=done, failed=failed)

    def _end_adding(self) -> None:
        self._adding = None
        self._parts.models.set_busy(False)
        self._parts.window.status.end_work("model")

    def _ask_to_replace(self, file: Path, error: ModelExistsError) -> None:
        question = QMessageBox(self._parts.window)
        question.setIcon(QMessageBox.Icon.Question)
        question.setWindowTitle(self.tr("Replace a model"))
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setText(error.sentence)
        question.setInformativeText(self.tr("Replace it by {name}?").format(name=file.name))
        replacing = question.addButton(self.tr("Replace"), QMessageBox.ButtonRole.AcceptRole)
        question.addButton(QMessageBox.StandardButton.Cancel)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        replacing.clicked.connect(lambda: self._add(file, replacing=True))
        question.open()

    def _remove_model(self, model: str) -> None:
        parts = self._parts
        self._installed.pop(model, None)
        parts.book.forget_model(model)
        own = parts.document.edits.choice
        if own is not None and own.model == model:
            parts.document.set_edits(replace(parts.document.edits, choice=None))
        if parts.document.default_choice.model == model:
            self._choose_another()
        parts.document.undo_stack.clear()  # an undo could ask for it
        parts.engine.forget(model)
        uninstall_model(model).start(parts.checking, done=self._refresh_after, failed=parts.messages.show_error)

    def _refresh_after(self, _: None) -> None:
        self.refresh()

    def _choose_another(self) -> None:
        """Chooses a model that is there in place of one that is not."""
        if self._installed:
            self.choose_model(USUAL if USUAL in self._installed else next(iter(self._installed)))

    def _show_models(self, models: Models) -> None:
        self._installed = {model.id: model for model in models.usable}
        missing = self._parts.document.default_choice.model
        if missing not in self._installed and self._installed:
            self._choose_another()
            words = self.tr("The model {name} is not installed any more; another one is used.")
            self._parts.window.status.say(words.format(name=missing))
        self._parts.models.set_models(models.usable, models.broken, models.sizes)
        self._parts.models.set_current(self._parts.document.choice.model)
        self._refresh_default_look()
        self._enable_comparisons()

    def _show_look(self, look: Look) -> None:
        self._parts.looks.set_look(look, self._parts.document.default_look)

    def _on_choice(self, choice: object) -> None:
        self._parts.models.set_current(cast("Choice", choice).model)
        self._refresh_default_look()

    def _on_coloring(self) -> None:
        document = self._parts.document
        coloring = document.coloring
        if coloring is None and document.usable:
            return  # they are on their way; until then the panel stays as it is, or it would flicker with each photo
        if coloring is None:
            self._parts.models.set_variants(0, None)
        else:
            self._last_good = coloring.choice.model
            self._parts.models.set_variants(coloring.variants, coloring.choice.variant)
        self._enable_comparisons()

    def _enable_comparisons(self) -> None:
        coloring = self._parts.document.coloring
        self._parts.actions["compare_variants"].setEnabled(coloring is not None and coloring.variants > 0)
        self._parts.actions["compare_models"].setEnabled(coloring is not None and len(self._installed) > 1)

    def _choose_variant(self, variant: object) -> None:
        document = self._parts.document
        if document.photo is None:
            return
        chosen = Choice(document.choice.model, cast("int | None", variant))
        if chosen != document.choice:
            document.undo_stack.push(Choose(document, chosen))
        else:
            self._coloring.ask_again()

    def _preview_look(self, look: object) -> None:
        document = self._parts.document
        if self._before is None:
            self._before = document.edits
        document.set_look(cast("Look", look))

    def _commit_look(self, look: object) -> None:
        document = self._parts.document
        before, self._before = self._before or document.edits, None
        document.set_look(cast("Look", look))
        if document.edits.look != before.look:
            document.undo_stack.push(ChangeLook(document, before))

    def _on_opened(self) -> None:
        self._before = None

    def _on_photo(self) -> None:
        self._parts.looks.setEnabled(self._parts.document.usable)

    def _note_edits(self) -> None:
        document = self._parts.document
        if document.path is not None:
            self._parts.book.put(document.path, document.edits)

    def _on_settings(self, settings: object) -> None:
        changed = cast("Settings", settings)
        self._refresh_default_look()
        if changed.coloring.device != self._device:
            self._device = changed.coloring.device
            self._parts.engine.set_device(self._device)
            self._coloring.ask_again(anew=True)

    def default_look(self, model: str) -> Look:
        """The look of a model's card, and of the settings."""
        balanced = self._parts.settings.settings.coloring.white_balance
        found = self._installed.get(model)
        if found is None:
            return Look(white_balance=balanced)
        return Look(saturation=found.card.saturation, evenness=found.card.evenness, white_balance=balanced)

    def _refresh_default_look(self) -> None:
        document = self._parts.document
        document.set_default_look(self.default_look(document.choice.model))
        self._parts.looks.set_look(document.look, document.default_look)
