"""About: true versions, every library's licence, every model's."""

import threading

import pytest

from desktop.details import program_version
from desktop.dialogs import AboutDialog
from desktop.dialogs.licences import installed_libraries, licence_text
from engine import list_models


@pytest.fixture
def dialog(qtbot):
    made = AboutDialog(list_models())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def test_the_libraries_are_those_that_the_program_needs():
    libraries = {library.name.lower().replace("_", "-"): library for library in installed_libraries()}
    assert {"torch", "numpy", "pyside6-essentials", "shiboken6", "pillow", "platformdirs"} <= set(libraries)
    assert "pytest" not in libraries
    assert "autochrome" not in libraries
    assert all(library.version for library in libraries.values())
    assert libraries["torch"].licence
    assert "MIT" in libraries["platformdirs"].licence


def test_licences_are_there_in_full():
    assert "Apache License" in licence_text(None)
    assert "Permission is hereby granted" in licence_text("platformdirs")
    assert licence_text("no-such-library") == ""


def test_libraries_are_listed_and_their_texts_shown(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog.libraries.topLevelItemCount() > 10)
    first = dialog.libraries.topLevelItem(0)
    assert [first.text(column) for column in range(3)] == ["Autochrome", program_version(), "Apache-2.0"]
    qtbot.waitUntil(lambda: "Apache License" in dialog.licence.toPlainText())
    count = dialog.libraries.topLevelItemCount()
    rows = [dialog.libraries.topLevelItem(number) for number in range(count)]
    dialog.libraries.setCurrentItem(next(row for row in rows if row.text(0) == "platformdirs"))
    qtbot.waitUntil(lambda: "Permission is hereby granted" in dialog.licence.toPlainText())


def test_models_are_listed_with_their_licences(dialog):
    rows = [dialog.models.topLevelItem(number) for number in range(dialog.models.topLevelItemCount())]
    assert [(row.text(0), row.text(1)) for row in rows] == [(model.id, model.card.licence) for model in list_models()]
    assert rows


def test_an_installation_that_cannot_be_read_is_told(qtbot, monkeypatch):
    def broken():
        raise OSError("the disk is gone")

    monkeypatch.setattr("desktop.dialogs.about.installed_libraries", broken)
    dialog = AboutDialog([])
    qtbot.addWidget(dialog)
    qtbot.waitUntil(lambda: "the disk is gone" in dialog.licence.toPlainText())
    dialog.reject()


def test_no_thread_is_left_behind(qtbot, dialog):
    dialog.reject()
    qtbot.waitUntil(lambda: not any(thread.name.startswith("about") for thread in threading.enumerate()))
