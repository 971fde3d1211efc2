"""Save as: the original is never offered, a file only replaced on a clear word, and nothing lost untold."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QMessageBox, QSpinBox

from desktop.dialogs import SaveAsDialog
from desktop.settings import Saving
from engine import SaveOptions, read_photo
from tests.painting import make_photo


@pytest.fixture
def original(tmp_path):
    return make_photo(tmp_path / "photos" / "coat.jpg")


@pytest.fixture
def dialog(qtbot, original):
    made = SaveAsDialog(read_photo(original), original.parent, Saving())
    qtbot.addWidget(made)
    made.show()
    yield made
    made.close()


def settle(qtbot, dialog):
    qtbot.waitUntil(lambda: dialog._finding is not None)


def question(qtbot):
    found = []

    def asked():
        found[:] = [one for one in QApplication.topLevelWidgets() if isinstance(one, QMessageBox) and one.isVisible()]
        return len(found) == 1

    qtbot.waitUntil(asked)
    return found[0]


def test_a_name_beside_the_original_is_proposed(qtbot, dialog, original):
    assert dialog.destination == original.with_name("coat-color.jpg")
    assert dialog.name_edit.selectedText() == "coat-color"
    with qtbot.waitSignal(dialog.accepted):
        dialog.save_button.click()
    assert dialog.options == SaveOptions(format="JPEG", quality=92, mark=True, metadata=True)
    assert dialog.replace is False


def test_the_settings_are_proposed(qtbot, original):
    saving = Saving(format="webp", quality=70, mark=False, metadata=False)
    dialog = SaveAsDialog(read_photo(original), original.parent, saving)
    qtbot.addWidget(dialog)
    assert dialog.options == SaveOptions(format="WebP", quality=70, mark=False, metadata=False)
    assert dialog.destination.name == "coat-color.webp"
    dialog.reject()


@pytest.mark.parametrize("name", ["coat.jpg", "coat", "link.jpg", "hard.jpg"])
def test_the_original_is_refused_under_any_name(qtbot, dialog, original, name):
    (original.parent / "link.jpg").symlink_to(original)
    os.link(original, original.parent / "hard.jpg")
    dialog.name_edit.setText(name)
    settle(qtbot, dialog)
    assert "original" in dialog.notice.text
    assert not dialog.save_button.isEnabled()
    dialog.accept()
    assert dialog.isVisible()


def test_the_original_is_refused_through_another_folder(qtbot, dialog, original):
    other = original.parent.parent / "other"
    other.symlink_to(original.parent, target_is_directory=True)
    dialog.folder_edit.setText(str(other))
    dialog.name_edit.setText("coat.jpg")
    settle(qtbot, dialog)
    assert not dialog.save_button.isEnabled()


def test_return_does_not_save_over_the_original(qtbot, dialog):
    dialog.name_edit.setText("coat.jpg")
    qtbot.keyClick(dialog.name_edit, Qt.Key.Key_Return)
    settle(qtbot, dialog)
    assert dialog.isVisible()


@pytest.mark.parametrize("yes", [True, False])
def test_a_file_that_is_there_is_replaced_only_on_a_clear_word(qtbot, dialog, original, yes):
    (original.parent / "coat-color.jpg").write_text("mine")
    dialog.name_edit.setText("coat-color")
    settle(qtbot, dialog)
    assert "there already" in dialog.notice.text
    dialog.save_button.click()
    box = question(qtbot)
    assert box.defaultButton() is box.button(QMessageBox.StandardButton.No)
    box.button(QMessageBox.StandardButton.Yes if yes else QMessageBox.StandardButton.No).click()
    qtbot.waitUntil(lambda: dialog.isVisible() is not yes)
    assert dialog.replace is yes


def test_agreement_to_one_file_is_none_to_another(qtbot, dialog, original):
    dialog.replace = True
    dialog.name_edit.setText("another")
    assert dialog.replace is False


def test_a_folder_that_is_not_there_is_told(qtbot, dialog, tmp_path):
    dialog.folder_edit.setText(str(tmp_path / "none"))
    settle(qtbot, dialog)
    assert "no such folder" in dialog.notice.text
    assert not dialog.save_button.isEnabled()
    dialog.folder_edit.setText(str(tmp_path))
    settle(qtbot, dialog)
    assert dialog.save_button.isEnabled()


def test_a_folder_in_the_files_place_is_told(qtbot, dialog, original):
    (original.parent / "album.jpg").mkdir()
    dialog.name_edit.setText("album.jpg")
    settle(qtbot, dialog)
    assert "folder has this name" in dialog.notice.text


@pytest.mark.parametrize("name", ["", "  ", "a/b", "..", "a\\b"])
def test_what_is_no_name_is_refused(dialog, name):
    dialog.name_edit.setText(name)
    assert not dialog.save_button.isEnabled()
    assert "without slashes" in dialog.notice.text


def test_a_name_that_the_disk_refuses_is_told(qtbot, dialog):
    dialog.name_edit.setText("x" * 5000)
    qtbot.waitUntil(lambda: dialog._finding is not None or "cannot be used" in dialog.notice.text)


def test_the_suffix_follows_the_format_and_the_format_the_suffix(qtbot, dialog):
    dialog.format_combo.set_value("TIFF")
    assert dialog.destination.name == "coat-color.tif"
    assert not dialog.quality.isEnabled()
    dialog.name_edit.clear()
    qtbot.keyClicks(dialog.name_edit, "mine.png")
    assert dialog.format_combo.value == "PNG"
    assert dialog.destination.name == "mine.png"


def test_what_a_format_cannot_hold_is_told(qtbot, tmp_path):
    scan = read_photo(make_photo(tmp_path / "scan.png", mode="RGBA"))
    dialog = SaveAsDialog(scan, tmp_path, Saving())
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.losses.text == ""
    dialog.format_combo.set_value("JPEG")
    assert "transparency" in dialog.losses.text
    assert dialog.save_button.isEnabled()
    dialog.reject()


def test_several_pages_are_saved_as_tiff(qtbot, tmp_path):
    from PIL import Image

    pages = [Image.new("L", (20, 10), shade) for shade in (50, 150)]
    pages[0].save(tmp_path / "scan.tif", save_all=True, append_images=pages[1:])
    dialog = SaveAsDialog(read_photo(tmp_path / "scan.tif"), tmp_path, Saving(format="jpeg"))
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.format_combo.value == "TIFF"
    dialog.format_combo.set_value("PNG")
    assert "one page" in dialog.losses.text
    assert not dialog.save_button.isEnabled()
    dialog.reject()


@pytest.mark.skipif(os.name == "nt", reason="file names are text there")
def test_a_folder_whose_name_is_no_text_is_kept(qtbot, tmp_path):
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe"))
    original = make_photo(folder / "x.jpg")
    dialog = SaveAsDialog(read_photo(original), folder, Saving())
    qtbot.addWidget(dialog)
    dialog.show()
    settle(qtbot, dialog)
    assert dialog.destination == folder / "x-color.jpg"
    assert dialog.save_button.isEnabled()
    dialog.reject()


def test_no_thread_is_left_behind(qtbot, dialog):
    import threading

    dialog.reject()
    qtbot.waitUntil(lambda: not any(thread.name.startswith("destination") for thread in threading.enumerate()))


def test_every_control_has_a_name(dialog):
    kinds = (QComboBox, QSpinBox, QAbstractButton, QLineEdit)
    controls = [one for kind in kinds for one in dialog.findChildren(kind) if not one.objectName().startswith("qt_")]
    assert [one for one in controls if not one.accessibleName()] == []
