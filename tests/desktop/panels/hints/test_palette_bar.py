"""A palette of the user's own."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from desktop.panels.hints.palette_bar import PaletteBar
from engine import Palette
from tests.desktop.panels.hints.painted import BLUE, RED, heard

UNIFORMS = Palette("Uniforms", (RED, BLUE), ("Trousers", ""))


@pytest.fixture
def bar(qtbot):
    made = PaletteBar()
    qtbot.addWidget(made)
    made.resize(280, 80)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_a_palette_is_shown_with_its_names(bar):
    edited = heard(bar.edited)
    bar.set_colors(UNIFORMS)
    assert bar.title.text() == "Uniforms"
    assert [swatch.color for swatch in bar.view.swatches] == [RED, BLUE]
    assert bar.view.model().index(0, 0).data().startswith("Trousers, Dark red")
    assert edited == []


def test_colours_are_added_once(bar):
    edited = heard(bar.edited)
    bar.add([RED])
    bar.add([RED, BLUE])
    assert bar.colors == edited[-1] == Palette("", (RED, BLUE), ("", ""))
    bar.add([BLUE])
    assert len(edited) == 2


def test_delete_takes_a_colour_out(qtbot, bar):
    bar.set_colors(UNIFORMS)
    edited = heard(bar.edited)
    bar.view.setCurrentIndex(bar.view.model().index(0, 0))
    qtbot.keyClick(bar.view, Qt.Key.Key_Delete)
    assert edited == [Palette("Uniforms", (BLUE,), ("",))]


def test_a_file_to_open_is_asked_for_and_not_read(qtbot, bar, tmp_path):
    asked = heard(bar.load_requested)
    bar.load_button.click()
    dialog = bar.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "old.gpl"))
    dialog.close()
    assert asked == [tmp_path / "old.gpl"]
    qtbot.waitUntil(lambda: bar.findChild(QFileDialog) is None)


def test_a_place_to_save_is_asked_for_once_there_is_something_to_save(qtbot, bar, tmp_path):
    asked = heard(bar.save_requested)
    assert not bar.save_button.isEnabled()
    bar.set_colors(UNIFORMS)
    bar.save_button.click()
    dialog = bar.findChild(QFileDialog)
    assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
    assert dialog.defaultSuffix() == "gpl"
    dialog.fileSelected.emit(str(tmp_path / "new.gpl"))
    dialog.close()
    assert asked == [tmp_path / "new.gpl"]
    assert list(tmp_path.iterdir()) == []
