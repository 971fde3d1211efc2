"""The settings dialog: what it shows is what it gives, and Cancel takes everything back."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialogButtonBox, QSlider, QSpinBox

from desktop.dialogs import SettingsDialog
from desktop.settings import (
    Appearance,
    BatchSettings,
    Coloring,
    LibrarySettings,
    Saving,
    Settings,
    SettingsFile,
    SettingsStore,
)
from desktop.theme import Theme

OTHERS = Settings(
    appearance=Appearance(theme="dark", language="de"),
    coloring=Coloring(model="vivid", device="cpu", white_balance=True),
    saving=Saving(format="tiff", quality=80, mark=False, metadata=False),
    library=LibrarySettings(thumbnail_size=256, recent=("/a", "/b"), reopen=False, folder="/a", photo="/a/x.jpg"),
    batch=BatchSettings(jobs=2, salvage=True, exact_luma=True),
)
Kinds = QDialogButtonBox.StandardButton


@pytest.fixture
def store(qapp, tmp_path):
    return SettingsStore(SettingsFile(tmp_path / "settings.toml"))


@pytest.fixture
def theme(qapp):
    palette, style = qapp.palette(), qapp.style().name()
    yield Theme(qapp, "light")
    qapp.styleHints().setColorScheme(Qt.ColorScheme.Unknown)
    qapp.setPalette(palette)
    qapp.setStyle(style)


@pytest.fixture
def open_dialog(qtbot, store, theme):
    def made(settings=Settings()):  # noqa: B008 - it is frozen
        store.update(settings)
        dialog = SettingsDialog(store, theme)
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return made


@pytest.mark.parametrize("settings", [Settings(), OTHERS], ids=["defaults", "others"])
def test_what_is_shown_is_given_back(open_dialog, store, settings):
    open_dialog(settings).accept()
    assert store.settings == settings


def test_every_change_is_taken_over(open_dialog, store):
    dialog = open_dialog()
    dialog.appearance.theme.set_value("dark")
    dialog.appearance.language.set_value("de")
    dialog.coloring.device.set_value("cpu")
    dialog.coloring.white_balance.click()
    dialog.folders.exact_luma.click()
    dialog.saving.format.set_value("tiff")
    dialog.saving.quality.set_value(80)
    dialog.saving.metadata.click()
    dialog.saving.mark.click()
    dialog.folders.thumbnail_size.setValue(256)
    dialog.folders.reopen.click()
    dialog.folders.jobs.setValue(2)
    dialog.folders.salvage.click()
    dialog.buttons.button(Kinds.Ok).click()
    kept = LibrarySettings(thumbnail_size=256, reopen=False)
    assert store.settings == replace(OTHERS, coloring=replace(OTHERS.coloring, model="photo"), library=kept)


def test_the_theme_is_seen_at_once_and_cancel_takes_it_back(open_dialog, store, theme):
    dialog = open_dialog(replace(Settings(), appearance=Appearance(theme="light")))
    dialog.appearance.theme.set_value("dark")
    assert theme.choice == "dark"
    dialog.buttons.button(Kinds.Cancel).click()
    assert theme.choice == "light"
    assert store.settings.appearance.theme == "light"


def test_esc_takes_it_back_too(qtbot, open_dialog, theme):
    dialog = open_dialog()
    dialog.appearance.theme.set_value("dark")
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert theme.choice == "light"


def test_defaults_are_shown_but_what_is_no_taste_stays(open_dialog, store):
    dialog = open_dialog(OTHERS)
    dialog.buttons.button(Kinds.RestoreDefaults).click()
    dialog.accept()
    library = LibrarySettings(recent=("/a", "/b"), folder="/a", photo="/a/x.jpg")
    assert store.settings == Settings(coloring=Coloring(model="vivid"), library=library)


def test_recent_folders_are_forgotten_when_accepted(open_dialog, store):
    dialog = open_dialog(OTHERS)
    dialog.folders.forget.click()
    assert not dialog.folders.forget.isEnabled()
    assert store.settings.library.recent == ("/a", "/b")
    dialog.accept()
    assert store.settings.library == replace(OTHERS.library, recent=())


def test_quality_is_asked_for_where_it_applies(open_dialog):
    dialog = open_dialog()
    for value, applies in (("same", True), ("jpeg", True), ("webp", True), ("png", False), ("tiff", False)):
        dialog.saving.format.set_value(value)
        assert dialog.saving.quality.isEnabled() is applies


def test_exact_luma_is_offered_where_jpegs_are_saved_and_the_wish_is_kept(open_dialog, store):
    dialog = open_dialog(replace(Settings(), batch=BatchSettings(exact_luma=True)))
    for value, offered in (("same", True), ("jpeg", True), ("webp", False), ("png", False), ("tiff", False)):
        dialog.saving.format.set_value(value)
        assert dialog.folders.exact_luma.isEnabled() is offered
        assert dialog.folders.luma_note.isEnabled() is offered
    dialog.accept()
    assert store.settings.batch.exact_luma
    assert not store.settings.keeps_luma
    store.update(replace(store.settings, saving=Saving(format="jpeg")))
    assert store.settings.keeps_luma
    assert not open_dialog(replace(Settings(), saving=Saving(format="png"))).folders.exact_luma.isEnabled()


def test_the_slider_and_the_number_agree(open_dialog):
    dialog = open_dialog()
    quality = dialog.saving.quality
    quality.slider.setValue(50)
    assert quality.value == quality.number.value() == 50
    quality.number.setValue(70)
    assert quality.slider.value() == 70


def test_a_value_that_is_not_offered_is_kept(open_dialog, store):
    settings = replace(Settings(), coloring=Coloring(device="mps"))
    open_dialog(settings).accept()
    assert store.settings == settings


def test_every_control_has_a_name(open_dialog):
    dialog = open_dialog()
    own = (QComboBox, QSpinBox, QSlider, QAbstractButton)
    controls = [control for kind in own for control in dialog.findChildren(kind) if control.objectName() == ""]
    assert len(controls) > 12
    assert [control for control in controls if not control.accessibleName()] == []
