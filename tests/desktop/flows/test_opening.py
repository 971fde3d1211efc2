"""Opening: folders, photos, drops, pastes, command lines; what is broken is told."""

import numpy as np
from PIL import Image
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QImage

from desktop.library import PhotoState
from tests.desktop.flows.acting import drop, is_coloured, key, open_photo, wait
from tests.painting import contents, make_photo


def test_a_photo_of_the_command_line_is_shown_in_colour(make_program, folder, qtbot):
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    assert program.parts.library.current_photo() == folder / "scan 2.jpg"
    assert not program.parts.window.shows_welcome
    assert "scan 2.jpg" in program.parts.window.windowTitle()


def test_a_folder_of_the_command_line_is_listed(make_program, folder, qtbot):
    program = make_program(folder)
    wait(qtbot, lambda: program.parts.library.photos.rowCount() == 4)
    wait(qtbot, lambda: program.parts.document.path is not None)
    assert program.parts.document.path == program.parts.library.photos.paths[0], "the first photo is open"


def test_a_dropped_folder_is_listed_and_a_dropped_photo_opened(program, folder, qtbot):
    drop(program.parts.window, folder)
    wait(qtbot, lambda: program.parts.library.photos.rowCount() == 4)
    drop(program.parts.window, folder / "scan 10.jpg", folder / "scan 1.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 10.jpg"))
    assert "2" in program.parts.window.status.currentMessage()


def test_what_is_named_and_not_there_is_told(program, tmp_path, errors, qtbot):
    program.opening.open_paths([tmp_path / "nowhere.jpg"])
    wait(qtbot, lambda: errors)
    assert "nowhere.jpg" in errors[0].sentence


def test_arrow_keys_go_through_the_folder_in_natural_order(program, folder, qtbot):
    open_photo(qtbot, program, folder / "scan 1.jpg")
    program.parts.canvas.setFocus()
    seen = []
    for _ in range(2):
        key(qtbot, program, Qt.Key.Key_Right)
        wait(qtbot, lambda: program.parts.document.path not in (None, *seen, folder / "scan 1.jpg"))
        seen.append(program.parts.document.path)
        wait(qtbot, lambda: is_coloured(program))
    assert [path.name for path in seen] == ["scan 2.jpg", "scan 10.jpg"]
    key(qtbot, program, Qt.Key.Key_Left)
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))


def test_only_the_last_of_many_quick_steps_is_read_and_shown(program, folder, qtbot):
    open_photo(qtbot, program, folder / "scan 1.jpg")
    shown = []
    document = program.parts.document
    document.photo_changed.connect(lambda: shown.append(document.path) if document.photo is not None else None)
    for name in ("scan 2.jpg", "scan 10.jpg", "scan 2.jpg", "scan 1.jpg", "scan 10.jpg"):
        program.opening.open_photo(folder / name)
    wait(qtbot, lambda: is_coloured(program, folder / "scan 10.jpg"))
    assert shown == [folder / "scan 10.jpg"]


def test_a_broken_photo_is_told_in_its_place_and_the_next_one_opens(program, folder, qtbot, errors):
    program.opening.open_paths([folder / "broken.jpg"])
    library = program.parts.library
    wait(qtbot, lambda: library.photos.state_of(folder / "broken.jpg").state is PhotoState.FAILED)
    assert "damaged" in program.parts.canvas.status_text or "cut off" in program.parts.canvas.status_text
    assert errors == [], "no dialog stands in the way of leafing on"
    open_photo(qtbot, program, folder / "scan 1.jpg")
    assert program.parts.canvas.status_text == ""


def test_no_source_is_touched(program, folder, qtbot):
    before = contents(folder)
    for name in ("scan 1.jpg", "scan 2.jpg"):
        open_photo(qtbot, program, folder / name)
    assert contents(folder) == before


def test_pasting_a_picture_keeps_it_as_a_photo(program, qtbot):
    image = QImage(90, 60, QImage.Format.Format_RGB32)
    image.fill(0x808080)
    image.setPixel(3, 3, 0xFFFFFFFF)
    QGuiApplication.clipboard().setImage(image)
    program.parts.actions["paste"].trigger()
    wait(qtbot, lambda: is_coloured(program))
    document = program.parts.document
    assert document.borrowed
    assert document.path.exists()
    assert (document.photo.width, document.photo.height) == (90, 60)


def test_pasting_a_file_opens_it_where_it_is(program, folder, qtbot):
    content = QMimeData()
    content.setUrls([QUrl.fromLocalFile(str(folder / "scan 2.jpg"))])
    QGuiApplication.clipboard().setMimeData(content)
    program.parts.actions["paste"].trigger()
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))


def test_an_empty_clipboard_is_said(program, qtbot):
    QGuiApplication.clipboard().clear()
    program.parts.actions["paste"].trigger()
    assert "clipboard" in program.parts.window.status.currentMessage()


def test_a_file_of_several_pages_is_leafed_through(program, tmp_path, qtbot):
    file = tmp_path / "album" / "pages.tif"
    file.parent.mkdir()
    ramp = np.linspace(20, 220, 80 * 60).reshape(60, 80)
    pages = [Image.fromarray((ramp * share).astype(np.uint8)) for share in (1.0, 0.7, 0.4)]
    pages[0].save(file, save_all=True, append_images=pages[1:])
    open_photo(qtbot, program, file)
    actions = program.parts.actions
    assert not actions["previous_page"].isEnabled()
    actions["next_page"].trigger()
    wait(qtbot, lambda: is_coloured(program) and program.parts.document.page == 1)
    assert program.parts.document.photo.page == 1
    actions["next_page"].trigger()
    wait(qtbot, lambda: is_coloured(program) and program.parts.document.page == 2)
    assert not actions["next_page"].isEnabled()
    assert actions["previous_page"].isEnabled()


def test_two_clicks_from_the_start_to_the_first_colours(program, qtbot):
    window = program.parts.window
    assert window.shows_welcome
    program.parts.welcome.sample_button.click()
    wait(qtbot, lambda: is_coloured(program))
    assert not window.shows_welcome
    assert program.parts.document.borrowed, "nothing is saved into the program's own folder"


def test_a_large_photo_is_first_shown_as_a_draft(program, tmp_path, qtbot, monkeypatch):
    monkeypatch.setattr("desktop.operations.DRAFT_PIXELS", 1000)
    drafts = []
    canvas = program.parts.canvas
    draw = canvas.show_draft
    monkeypatch.setattr(
        canvas, "show_draft", lambda image, width, height: (drafts.append((width, height)), draw(image, width, height))
    )
    path = make_photo(tmp_path / "photos" / "large.jpg", width=1200, height=900)
    open_photo(qtbot, program, path)
    assert drafts in ([], [(1200, 900)]), "the photo itself may be there sooner"
    assert program.parts.document.photo.width == 1200
