"""The settings dialog: everything the user can set, the theme to be seen at once, and a way back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QVBoxLayout, QWidget

from desktop.dialogs.settings_pages import AppearancePage, ColoringPage, FoldersPage, SavingPage
from desktop.settings.values import Settings

if TYPE_CHECKING:
    from desktop.settings.store import SettingsStore
    from desktop.settings.values import ThemeChoice
    from desktop.theme import Theme

WIDTH = 560


class SettingsDialog(QDialog):
    """Shows the settings, and gives the changed ones to the store when it is accepted.

    Args:
        store: The settings.
        theme: Changes at once with the choice, and back if the dialog is cancelled.
        parent: The window that it belongs to.
    """

    def __init__(self, store: SettingsStore, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._theme = theme
        self._before: ThemeChoice = theme.choice
        self.setWindowTitle(self.tr("Settings"))
        self.appearance = AppearancePage()
        self.coloring = ColoringPage()
        self.saving = SavingPage()
        self.folders = FoldersPage()
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName(self.tr("Topics"))
        self.tabs.addTab(self.appearance, self.tr("Appearance"))
        self.tabs.addTab(self.coloring, self.tr("Colouring"))
        self.tabs.addTab(self.saving, self.tr("Saving"))
        self.tabs.addTab(self.folders, self.tr("Folders"))
        self.buttons = self._make_buttons()
        layout = QVBoxLayout(self)
        layout.addWidget(self.tabs)
        layout.addWidget(self.buttons)
        self._show(store.settings)
        self.appearance.theme_chosen.connect(self._preview)
        self.saving.format.currentIndexChanged.connect(self._on_format)
        self.resize(max(WIDTH, self.sizeHint().width()), self.sizeHint().height())

    def accept(self) -> None:
        """Takes the settings over."""
        before = self._store.settings
        changed = replace(
            before,
            appearance=self.appearance.values(before.appearance),
            coloring=self.coloring.values(before.coloring),
            saving=self.saving.values(before.saving),
            library=self.folders.library(before.library),
            batch=self.folders.batch(before.batch),
        )
        super().accept()
        self._store.update(changed)

    def reject(self) -> None:
        """Leaves all as it was, the theme too."""
        self._theme.set_choice(self._before)
        super().reject()

    def _preview(self, choice: object) -> None:
        self._theme.set_choice(cast("ThemeChoice", choice))

    def _show(self, settings: Settings) -> None:
        self.appearance.show_values(settings.appearance)
        self.coloring.show_values(settings.coloring)
        self.saving.show_values(settings.saving)
        self.folders.show_values(settings.library, settings.batch)
        self._on_format()

    def _on_format(self) -> None:
        self.folders.allow_exact_luma(self.saving.format.value)

    def _show_defaults(self) -> None:
        """Shows what a new user gets; recent folders and the like are no matter of taste, and stay."""
        kept, new = self._store.settings, Settings()
        library = replace(new.library, recent=kept.library.recent)
        self._show(replace(new, library=library))

    def _make_buttons(self) -> QDialogButtonBox:
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel | kinds.RestoreDefaults)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        defaults = buttons.button(kinds.RestoreDefaults)
        defaults.clicked.connect(self._show_defaults)
        for kind in (kinds.Ok, kinds.Cancel, kinds.RestoreDefaults):
            button = buttons.button(kind)
            button.setAccessibleName(button.text().replace("&", ""))
        return buttons
