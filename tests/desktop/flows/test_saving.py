"""Saving: beside the photo, elsewhere, all that was changed; never over an original or a stranger's file."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from desktop.dialogs import SaveAsDialog
from desktop.library import PhotoState
from engine import Look, read_photo
from tests.desktop.conftest import quit_program
from tests.desktop.flows.acting import is_coloured, key, open_photo, wait
from tests.painting import contents, pixels


@pytest.fixture
def opened(make_program, folder, qtbot, errors):
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    program.parts.canvas.setFocus()
    return program


def saved(qtbot, program):
    wait(qtbot, lambda: not program.saving.busy)


def save(qtbot, program):
    key(qtbot, program, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    saved(qtbot, program)


def colourful(path):
    picture = pixels(path).astype(int)
    return float(np.abs(picture.max(axis=2) - picture.min(axis=2)).mean())


def test_the_coloured_photo_lies_beside_the_original(opened, folder, qtbot):
    before = contents(folder)
    save(qtbot, opened)
    after = contents(folder)
    assert set(after) - set(before) == {"scan 2-color.jpg"}
    assert {name: after[name] for name in before} == before
    assert colourful(folder / "scan 2-color.jpg") > 5
    assert opened.parts.library.photos.state_of(folder / "scan 2.jpg").state is PhotoState.COLORED
    assert "scan 2-color.jpg" in opened.parts.window.status.currentMessage()


def test_what_is_saved_is_what_is_on_the_screen(opened, folder, qtbot):
    opened.parts.looks.look_changed.emit(Look(saturation=0.0))
    opened.parts.looks.look_committed.emit(Look(saturation=0.0))
    save(qtbot, opened)
    assert colourful(folder / "scan 2-color.jpg") < 2


def test_saving_again_replaces_our_own_file_only(opened, folder, qtbot):
    save(qtbot, opened)
    opened.parts.looks.look_changed.emit(Look(saturation=3.0))
    opened.parts.looks.look_committed.emit(Look(saturation=3.0))
    vivid_before = colourful(folder / "scan 2-color.jpg")
    save(qtbot, opened)
    assert colourful(folder / "scan 2-color.jpg") > vivid_before
    assert not (folder / "scan 2-color-2.jpg").exists()


def test_a_strangers_file_of_that_name_stays(opened, folder, qtbot):
    stranger = folder / "scan 2-color.jpg"
    shutil.copy(folder / "scan 1.jpg", stranger)
    before = stranger.read_bytes()
    save(qtbot, opened)
    assert stranger.read_bytes() == before
    assert (folder / "scan 2-color-2.jpg").exists()


def test_format_quality_and_mark_are_those_of_the_settings(opened, folder, qtbot):
    settings = opened.parts.settings.settings
    opened.parts.settings.update(replace(settings, saving=replace(settings.saving, format="png", mark=False)))
    save(qtbot, opened)
    with Image.open(folder / "scan 2-color.png") as picture:
        assert picture.format == "PNG"
    assert b"trainedAlgorithmicMedia" not in (folder / "scan 2-color.png").read_bytes()


def answer(monkeypatch, destination, replacing=False, **changes):
    """Has the user fill in the dialog."""

    def fill(dialog):
        dialog.folder_edit.setText(str(destination.parent))
        dialog.name_edit.setText(destination.name)
        if "format" in changes:
            dialog.format_combo.set_value(changes["format"])
        if "quality" in changes:
            dialog.quality.set_value(changes["quality"])
        dialog.replace = replacing
        return True

    monkeypatch.setattr(SaveAsDialog, "exec", fill)


def test_save_as_puts_it_where_the_user_says(opened, tmp_path, folder, qtbot, monkeypatch):
    answer(monkeypatch, tmp_path / "elsewhere.png", format="PNG")
    opened.parts.actions["save_as"].trigger()
    saved(qtbot, opened)
    assert colourful(tmp_path / "elsewhere.png") > 5


def test_save_as_refuses_the_original(opened, folder, qtbot, monkeypatch, errors):
    before = (folder / "scan 2.jpg").read_bytes()
    answer(monkeypatch, folder / "scan 2.jpg", replacing=True)
    opened.parts.actions["save_as"].trigger()
    saved(qtbot, opened)
    assert errors
    assert (folder / "scan 2.jpg").read_bytes() == before


def test_a_pasted_picture_asks_where_to(make_program, tmp_path, qtbot, monkeypatch, errors):
    from PySide6.QtGui import QGuiApplication

    program = make_program()
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    for x in range(60):
        for y in range(40):
            image.setPixel(x, y, 0xFF000000 + (4 * x) * 0x010101)
    QGuiApplication.clipboard().setImage(image)
    program.parts.actions["paste"].trigger()
    wait(qtbot, lambda: is_coloured(program))
    answer(monkeypatch, tmp_path / "from the clipboard.jpg", format="JPEG")
    program.parts.actions["save"].trigger()
    saved(qtbot, program)
    assert (tmp_path / "from the clipboard.jpg").exists()


def test_all_changed_photos_are_saved_each_in_its_own_look(opened, folder, qtbot):
    for name, saturation in (("scan 1.jpg", 0.0), ("scan 10.jpg", 3.0)):
        open_photo(qtbot, opened, folder / name)
        opened.parts.looks.look_changed.emit(Look(saturation=saturation))
        opened.parts.looks.look_committed.emit(Look(saturation=saturation))
    assert opened.parts.actions["save_all"].isEnabled()
    assert opened.parts.window.isWindowModified()
    opened.parts.actions["save_all"].trigger()
    saved(qtbot, opened)
    assert colourful(folder / "scan 1-color.jpg") < 2
    assert colourful(folder / "scan 10-color.jpg") > 5
    assert not (folder / "scan 2-color.jpg").exists(), "it was only looked at"
    assert not opened.parts.actions["save_all"].isEnabled()
    assert not opened.parts.window.isWindowModified()


def test_every_page_of_a_file_is_saved(make_program, tmp_path, qtbot, errors):
    file = tmp_path / "album" / "pages.tif"
    file.parent.mkdir()
    ramp = np.linspace(20, 220, 80 * 60).reshape(60, 80)
    pages = [Image.fromarray((ramp * share).astype(np.uint8)) for share in (1.0, 0.6)]
    pages[0].save(file, save_all=True, append_images=pages[1:])
    program = make_program(file)
    wait(qtbot, lambda: is_coloured(program, file))
    program.parts.actions["save"].trigger()
    saved(qtbot, program)
    assert errors == []
    assert [read_photo(file.with_name("pages-color.tif"), page=n).pixels.ndim for n in (0, 1)] == [3, 3]


def test_a_failure_is_told_and_leaves_nothing(opened, folder, qtbot, errors, monkeypatch):
    def full(*arguments, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    before = contents(folder)
    save(qtbot, opened)
    assert errors
    assert contents(folder) == before
    assert opened.parts.library.photos.state_of(folder / "scan 2.jpg").state is not PhotoState.COLORED


def test_a_look_outlives_the_program(make_program, folder, qtbot, errors):
    first = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(first, folder / "scan 2.jpg"))
    first.parts.looks.look_changed.emit(Look(saturation=0.3))
    first.parts.looks.look_committed.emit(Look(saturation=0.3))
    first.parts.actions["split"].trigger()
    quit_program(first)
    second = make_program()
    wait(qtbot, lambda: is_coloured(second, folder / "scan 2.jpg"))
    assert second.parts.document.look == Look(saturation=0.3)
    assert second.parts.canvas.mode.name == "SPLIT"
    assert second.parts.library.folder == folder
    assert second.parts.book.is_unsaved(folder / "scan 2.jpg")
