"""Models, variants and looks: which are there, which is chosen, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from desktop.commands import ChangeLook, Choose
from desktop.operations import Models, install_model, read_models, uninstall_model
from desktop.studio import Choice
from engine import Look

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.parts import Parts
    from desktop.settings import Settings
    from engine import InstalledModel


class Choosing(QObject):
    """Keeps the panels of models and looks, the settings and the open photo in agreement.

    Args:
        parts: The window.
    """

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._installed: dict[str, InstalledModel] = {}
        self._last_good: str | None = None
        self._look_before: Look | None = None
        document, models, looks = parts.document, parts.models, parts.looks
        models.model_chosen.connect(self.choose_model)
        models.variant_chosen.connect(self._choose_variant)
        models.add_requested.connect(self.add_model)
        models.remove_requested.connect(self._remove_model)
        looks.look_changed.connect(self._preview_look)
        looks.look_committed.connect(self._commit_look)
        document.choice_changed.connect(self._on_choice)
        document.look_changed.connect(self._show_look)
        document.coloring_changed.connect(self._on_coloring)
        document.edited.connect(self._note_edits)
        parts.settings.changed.connect(self._on_settings)
        document.set_default_choice(Choice(parts.settings.settings.coloring.model))
        looks.set_look(document.look, document.default_look)
        self._enable_comparisons()
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
        if parts.document.choice.model != model:
            parts.document.undo_stack.push(Choose(parts.document, Choice(model)))

    def model_failed(self, model: str, error: object) -> None:
        """Goes back to the model that worked before; the photo keeps its colours."""
        del error
        if self._last_good is not None and self._last_good != model:
            self.choose_model(self._last_good)
        self._parts.models.set_current(self._parts.document.choice.model)

    def add_model(self, file: object) -> None:
        """Checks a weight file in full and installs it; a bad one changes nothing."""
        self._add(cast("Path", file), replacing=False)

    def _add(self, file: Path, *, replacing: bool) -> None:
        parts = self._parts
        parts.models.set_busy(True)
        parts.window.status.begin_work(self.tr("Checking {name}…").format(name=file.name))

        def ended() -> None:
            parts.models.set_busy(False)
            parts.window.status.end_work()

        def done(model: InstalledModel) -> None:
            ended()
            parts.engine.forget(model.id)
            parts.window.status.say(self.tr("The model {name} is installed.").format(name=model.id))
            self._installed[model.id] = model
            self.refresh()
            self.choose_model(model.id)

        def failed(error: Exception) -> None:
            ended()
            parts.messages.show_error(error)

        install_model(file, replacing=replacing).start(parts.saving, done=done, failed=failed)

    def _remove_model(self, model: str) -> None:
        if self._parts.document.choice.model == model:
            others = [name for name in self._installed if name != model]
            self.choose_model(others[0] if others else "photo")
        self._parts.engine.forget(model)
        uninstall_model(model).start(
            self._parts.saving, done=lambda _: self.refresh(), failed=self._parts.messages.show_error
        )

    def _show_models(self, models: Models) -> None:
        self._installed = {model.id: model for model in models.usable}
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
        coloring = self._parts.document.coloring
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
        if document.photo is not None:
            chosen = Choice(document.choice.model, cast("int | None", variant))
            document.undo_stack.push(Choose(document, chosen))

    def _preview_look(self, look: object) -> None:
        document = self._parts.document
        if self._look_before is None:
            self._look_before = document.look
        document.set_look(cast("Look", look))

    def _commit_look(self, look: object) -> None:
        document = self._parts.document
        before, self._look_before = self._look_before or document.look, None
        after = cast("Look", look)
        if before != after:
            document.undo_stack.push(ChangeLook(document, before, after))

    def _note_edits(self) -> None:
        document = self._parts.document
        if document.path is not None and not document.borrowed:
            self._parts.book.put(document.path, document.edits)

    def _on_settings(self, settings: object) -> None:
        changed = cast("Settings", settings)
        self._parts.engine.set_device(changed.coloring.device)
        self._refresh_default_look()

    def default_look(self, model: str) -> Look:
        """The look of a model's card, and of the settings."""
        found = self._installed.get(model)
        saturation = found.card.saturation if found is not None else 1.0
        return Look(saturation=saturation, white_balance=self._parts.settings.settings.coloring.white_balance)

    def _refresh_default_look(self) -> None:
        document = self._parts.document
        document.set_default_look(self.default_look(document.choice.model))
        self._parts.looks.set_look(document.look, document.default_look)
