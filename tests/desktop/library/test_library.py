import os
import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAccessible, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu

from desktop.library import Library, PhotoState
from desktop.library.listing import FolderError
from desktop.library.photo_list import PhotoRole
from desktop.settings.values import LibrarySettings
from tests.desktop.library.conftest import old_photo
from tests.painting import make_photo, run


def names(library):
    return [path.name for path in library.photos.paths]


def open_folder(qtbot, library, folder, **options):
    with qtbot.waitSignal(library._reader.finished):
        library.open_folder(folder, **options)
    qtbot.waitUntil(lambda: library._records._task is None)


def click(qtbot, library, row, modifiers=Qt.KeyboardModifier.NoModifier):
    place = library.grid.visualRect(library.photos.index(row)).center()
    qtbot.mouseClick(library.grid.viewport(), Qt.MouseButton.LeftButton, modifiers, place)


def emitted(signal):
    seen = []
    signal.connect(seen.append)
    return seen


def menu_of(library):
    return next(menu for menu in library.findChildren(QMenu) if menu.isVisible())


@pytest.fixture
def opened(qtbot, library, album):
    open_folder(qtbot, library, album)
    return library


def test_a_folder_shows_its_photos_in_natural_order_with_thumbnails(qtbot, library, album):
    with qtbot.waitSignal(library.folder_opened) as caught:
        library.open_folder(album)
    assert caught.args == [album]
    qtbot.waitUntil(lambda: names(library) == [f"p{number}.jpg" for number in range(1, 13)])
    qtbot.waitUntil(lambda: library.photos.data(library.photos.index(0), PhotoRole.THUMBNAIL) is not None)
    assert library.count.text() == "12 photos"
    assert library.current_photo() is None


def test_the_tree_and_the_recent_folders_follow(qtbot, opened, album):
    qtbot.waitUntil(lambda: opened.tree.currentIndex().isValid())
    assert opened.recent.currentData() == album


def test_a_click_goes_to_a_photo(qtbot, opened, album):
    went = emitted(opened.photo_activated)
    click(qtbot, opened, 2)
    assert went == [album / "p3.jpg"]
    assert opened.current_photo() == album / "p3.jpg"


def test_keys_lead_through_the_photos(qtbot, opened):
    went = emitted(opened.photo_activated)
    click(qtbot, opened, 0)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Left, Qt.Key.Key_Home, Qt.Key.Key_Return):
        qtbot.keyClick(opened.grid, key)
    assert [path.name for path in went] == ["p1.jpg", "p2.jpg", "p12.jpg", "p11.jpg", "p1.jpg", "p1.jpg"]


def test_typing_goes_to_a_name_even_with_letters_that_are_shortcuts(qtbot, opened):
    opened.grid.setFocus()
    qtbot.keyClicks(opened.grid, "p7")
    assert opened.current_photo().name == "p7.jpg"
    override = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_S, Qt.KeyboardModifier.NoModifier, "s")
    override.ignore()
    QApplication.sendEvent(opened.grid, override)
    assert override.isAccepted()


@pytest.mark.parametrize(
    ("key", "taken"), [(Qt.Key.Key_Left, True), (Qt.Key.Key_PageDown, True), (Qt.Key.Key_S, False)]
)
def test_the_grid_takes_its_own_keys_from_the_window(opened, key, taken):
    override = QKeyEvent(QEvent.Type.ShortcutOverride, key, Qt.KeyboardModifier.NoModifier, "")
    override.ignore()
    QApplication.sendEvent(opened.grid, override)
    assert override.isAccepted() == taken


def test_steps_go_through_the_order_that_is_shown_and_stop_at_the_ends(opened):
    went = emitted(opened.photo_activated)
    for by in (1, 1, -1, -1, 100, 1):
        opened.step(by)
    assert [path.name for path in went] == ["p1.jpg", "p2.jpg", "p1.jpg", "p12.jpg"]


def test_a_step_back_without_a_photo_begins_at_the_end(opened, album):
    opened.step(-1)
    assert opened.current_photo() == album / "p12.jpg"


def test_a_photo_is_selected_without_being_announced(qtbot, library, album):
    went = emitted(library.photo_activated)
    open_folder(qtbot, library, album, select=album / "p5.jpg")
    assert library.current_photo() == album / "p5.jpg"
    assert library.grid.selected_paths == [album / "p5.jpg"]
    assert went == []


def test_the_filter_shows_what_has_all_words(qtbot, opened):
    qtbot.keyClicks(opened.filters.text, "P1")
    assert names(opened) == ["p1.jpg", "p10.jpg", "p11.jpg", "p12.jpg"]
    assert opened.count.text() == "4 of 12 photos"
    qtbot.keyClick(opened.filters.text, Qt.Key.Key_Down)
    assert opened.current_photo().name == "p1.jpg"
    qtbot.keyClick(opened.filters.text, Qt.Key.Key_Escape)
    assert len(names(opened)) == 12
    assert opened.current_photo().name == "p1.jpg"


def test_the_current_photo_and_the_selection_survive_a_filter(qtbot, opened, album):
    went = emitted(opened.photo_activated)
    click(qtbot, opened, 9)
    click(qtbot, opened, 11, Qt.KeyboardModifier.ShiftModifier)
    del went[:]
    opened.filters.text.setText("p1")
    assert opened.grid.selected_paths == [album / f"p{number}.jpg" for number in (10, 11, 12)]
    assert (opened.current_photo(), went) == (album / "p12.jpg", [])


def test_a_photo_that_a_filter_hides_is_current_again_afterwards(qtbot, opened, album):
    click(qtbot, opened, 4)
    went = emitted(opened.photo_activated)
    opened.filters.text.setText("p7")
    assert names(opened) == ["p7.jpg"]
    assert (opened.current_photo(), opened.grid.current_path) == (album / "p5.jpg", None)
    opened.filters.text.clear()
    assert opened.grid.current_path == album / "p5.jpg"
    opened.filters.text.setText("p1")
    opened.step(1)
    assert went == [album / "p10.jpg"]


def test_states_come_from_the_records_and_from_the_window(qtbot, library, album):
    (album / "p2.jpg").write_bytes(b"no picture")
    run(album / "p1.jpg", album / "p2.jpg")
    open_folder(qtbot, library, album)
    states = [library.photos.state_of(album / f"p{number}.jpg").state for number in (1, 2, 3)]
    assert states == [PhotoState.COLORED, PhotoState.FAILED, PhotoState.NEW]
    library.set_state(album / "p3.jpg", PhotoState.FAILED, "no memory.")
    assert library.photos.state_of(album / "p3.jpg").cause == "no memory."


def test_what_the_window_says_is_newer_than_what_is_being_read(qtbot, library, album):
    library.open_folder(album)
    library.set_state(album / "p3.jpg", PhotoState.COLORED)
    qtbot.waitUntil(lambda: library.photos.total == 12 and library._records._task is None)
    assert library.photos.state_of(album / "p3.jpg").state is PhotoState.COLORED


def test_what_is_told_before_the_photo_is_listed_holds(qtbot, library, album):
    held = []
    library._reader.listed.disconnect(library._append)
    library._reader.listed.connect(held.append)
    open_folder(qtbot, library, album)
    library.set_state(album / "p3.jpg", PhotoState.FAILED, "it is damaged.")
    for files in held:
        library._append(files)
    assert library.photos.state_of(album / "p3.jpg").cause == "it is damaged."


def test_what_the_window_says_holds_until_the_records_know_something_newer(qtbot, opened, album):
    def read_again():
        opened._records.start(album)
        qtbot.waitUntil(lambda: not opened._records.busy)
        return opened.photos.state_of(album / "p3.jpg").state

    opened.set_state(album / "p3.jpg", PhotoState.FAILED, "no memory.")
    assert [read_again(), read_again()] == [PhotoState.FAILED] * 2
    open_folder(qtbot, opened, album)
    assert read_again() is PhotoState.FAILED
    opened.set_state(album / "p3.jpg", PhotoState.NEW)
    assert read_again() is PhotoState.NEW
    opened.set_state(album / "p3.jpg", PhotoState.FAILED, "no memory.")
    run(album / "p3.jpg")
    assert read_again() is PhotoState.COLORED


def test_coloured_copies_are_known_from_the_records(qtbot, library, album):
    run(album / "p1.jpg", album / "p2.jpg")
    shown = []
    library.photos.rowsInserted.connect(lambda: shown.extend(names(library)))
    open_folder(qtbot, library, album)
    library.filters.states.setCurrentIndex(0)
    assert names(library) == [f"p{number}.jpg" for number in range(1, 13)]
    assert "p1-color.jpg" not in shown, "it does not come only to go at once"
    assert library.count.text() == "12 photos"
    library.step(1)
    library.step(1)
    assert library.current_photo() == album / "p2.jpg"
    library.filters.states.setCurrentText("Coloured copies")
    assert names(library) == ["p1-color.jpg", "p2-color.jpg"]
    assert library.count.text() == "2 coloured copies"
    library.filters.text.setText("p2")
    assert library.count.text() == "1 of 2 coloured copies"
    library.filters.text.setText("p3")
    assert "of this name" in library.grid.accessibleDescription()


def test_a_copy_that_is_opened_is_shown_and_not_counted(qtbot, library, album):
    run(album / "p1.jpg")
    copy = album / "p1-color.jpg"
    open_folder(qtbot, library, album, select=copy)
    assert library.current_photo() == copy
    assert names(library)[:2] == ["p1-color.jpg", "p1.jpg"]
    assert library.count.text() == "12 photos"
    library.step(1)
    assert library.current_photo() == album / "p1.jpg"


@pytest.mark.parametrize("tell", ["state", "output"])
@pytest.mark.parametrize("first", ["file", "word"])
def test_a_copy_is_recognised_right_after_saving(qtbot, opened, album, tell, first):
    click(qtbot, opened, 0)
    copy = album / "p1-color.jpg"
    shown = []
    opened.photos.rowsInserted.connect(lambda: shown.extend(names(opened)))

    def say():
        if tell == "state":
            opened.set_state(album / "p1.jpg", PhotoState.COLORED, output=copy)
        else:
            opened.note_output(copy)

    if first == "word":
        say()
    make_photo(copy)
    qtbot.waitUntil(lambda: opened.photos.contains(copy))
    if first == "file":
        assert copy in opened.photos.paths
        say()
    assert copy not in opened.photos.paths
    assert (copy.name in shown) == (first == "file")
    assert opened.count.text() == "12 photos"
    open_folder(qtbot, opened, album)
    assert copy not in opened.photos.paths, "it stays known when the folder is opened again"
    copy.unlink()
    opened.refresh()
    qtbot.waitUntil(lambda: not opened.photos.contains(copy))
    make_photo(copy)
    opened.refresh()
    qtbot.waitUntil(lambda: copy in opened.photos.paths)


def test_copies_in_a_folder_of_their_own_are_shown_there(qtbot, library, album, tmp_path):
    copy = old_photo(tmp_path / "album-color" / "p1.jpg")
    open_folder(qtbot, library, copy.parent)
    library.set_state(album / "p1.jpg", PhotoState.COLORED, output=copy)
    assert names(library) == ["p1.jpg"]


def test_a_folder_with_nothing_but_copies_says_so(qtbot, library, album):
    open_folder(qtbot, library, album)
    for path in library.photos.paths:
        library.note_output(path)
    assert library.count.text() == "0 photos"
    assert library.grid.accessibleDescription() == "There are only coloured copies in this folder."
    library.filters.states.setCurrentText("Coloured copies")
    assert len(names(library)) == 12


def test_a_folder_without_copies_says_so(opened):
    opened.filters.states.setCurrentText("Coloured copies")
    assert names(opened) == []
    assert "no coloured copies" in opened.grid.accessibleDescription()


def test_photos_do_not_wait_for_records_for_ever(qtbot, library, album, monkeypatch):
    reading = threading.Event()

    def read(folder, outputs):
        reading.wait(20)
        return {}

    monkeypatch.setattr("desktop.library.records.folder_records", read)
    library.open_folder(album)
    qtbot.waitUntil(lambda: len(names(library)) == 12)
    assert library._records.busy
    reading.set()
    qtbot.waitUntil(lambda: not library._records.busy)


def test_records_that_cannot_be_read_are_told_once(qtbot, library, album, monkeypatch):
    error = FolderError(album, PermissionError(13, "no"))

    def refuse(folder, outputs):
        raise error

    monkeypatch.setattr("desktop.library.records.folder_records", refuse)
    failed = emitted(library.failed)
    open_folder(qtbot, library, album)
    library._records.start(album)
    qtbot.waitUntil(lambda: library._records._task is None)
    assert failed == [error]


def test_the_state_filter_hides_what_is_done_but_not_the_photo_one_looks_at(qtbot, opened, album):
    opened.filters.states.setCurrentIndex(1)
    click(qtbot, opened, 0)
    for name in ("p1.jpg", "p2.jpg"):
        opened.set_state(album / name, PhotoState.COLORED)
    assert names(opened)[:2] == ["p1.jpg", "p3.jpg"]
    opened.step(1)
    assert opened.current_photo() == album / "p3.jpg"


def test_changes_on_disk_are_followed_and_the_place_is_kept(qtbot, opened, album):
    click(qtbot, opened, 4)
    went = emitted(opened.photo_activated)
    (album / "p2.jpg").unlink()
    old_photo(album / "p13.jpg")
    (album / "p6.jpg.autochrome.json").touch()
    qtbot.waitUntil(lambda: names(opened)[-1] == "p13.jpg" and "p2.jpg" not in names(opened))
    assert opened.current_photo() == album / "p5.jpg"
    assert opened.grid.current_path == album / "p5.jpg"
    assert opened.photos.data(opened.photos.index(4), PhotoRole.HINTS)
    assert went == []


def test_a_sidecar_is_no_change_of_its_photo(qtbot, opened, album):
    changed = emitted(opened.photo_changed)
    sidecar = album / "p6.jpg.autochrome.json"
    sidecar.touch()
    qtbot.waitUntil(lambda: bool(opened.photos.data(opened.photos.index(5), PhotoRole.HINTS)))
    sidecar.unlink()
    qtbot.waitUntil(lambda: not opened.photos.data(opened.photos.index(5), PhotoRole.HINTS))
    old_photo(album / "p1.jpg", width=20, height=60)
    qtbot.waitUntil(lambda: album / "p1.jpg" in changed)
    assert album / "p6.jpg" not in changed


def test_a_photo_that_is_written_anew_gets_a_new_thumbnail(qtbot, opened, album):
    qtbot.waitUntil(lambda: opened._watch._watcher.files() != [])
    qtbot.waitUntil(lambda: opened._loader.idle and opened._loader.thumbnail(album / "p1.jpg") is not None)
    old_photo(album / "p1.jpg", width=20, height=60)
    qtbot.waitUntil(lambda: opened._loader.thumbnail(album / "p1.jpg").image.height() == 60)


def test_when_the_current_photo_vanishes_steps_go_on_from_its_place(qtbot, opened, album):
    click(qtbot, opened, 4)
    went = emitted(opened.photo_activated)
    (album / "p5.jpg").unlink()
    qtbot.waitUntil(lambda: "p5.jpg" not in names(opened))
    assert went == []
    assert opened.grid.current_path is None
    opened.step(1)
    assert went == [album / "p6.jpg"]


def test_a_folder_that_vanishes_is_told_once_and_comes_back(qtbot, opened, album, tmp_path):
    failed = emitted(opened.failed)
    shutil.move(album, tmp_path / "away")
    qtbot.waitUntil(lambda: len(failed) == 1)
    assert failed[0].is_gone
    assert names(opened) == []
    assert "is not there" in opened.grid.accessibleDescription()
    shutil.move(tmp_path / "away", album)
    opened.refresh()
    qtbot.waitUntil(lambda: len(names(opened)) == 12)
    assert len(failed) == 1


def test_a_folder_that_is_not_there_is_told(qtbot, library, tmp_path):
    with qtbot.waitSignal(library.failed) as caught:
        library.open_folder(tmp_path / "gone")
    assert caught.args[0].folder == tmp_path / "gone"
    assert library.grid.accessibleDescription() == caught.args[0].sentence


def test_the_last_folder_asked_for_is_the_one_that_opens(qtbot, library, album, tmp_path):
    old_photo(tmp_path / "other" / "x.jpg")
    opened = emitted(library.folder_opened)
    library.open_folder(album)
    open_folder(qtbot, library, tmp_path / "other")
    assert names(library) == ["x.jpg"]
    assert opened == [tmp_path / "other"]


def test_an_empty_folder_says_that_it_is_empty(qtbot, library, tmp_path):
    (tmp_path / "empty").mkdir()
    open_folder(qtbot, library, tmp_path / "empty")
    assert library.grid.accessibleDescription() == "There are no photos in this folder."
    library.step(1)
    assert library.current_photo() is None


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_folders_and_photos_whose_names_are_no_text_are_shown(qtbot, library, tmp_path):
    folder = tmp_path / os.fsdecode(b"album \xff")
    photo = old_photo(folder / os.fsdecode(b"p\xfe.jpg"))
    went = emitted(library.photo_activated)
    open_folder(qtbot, library, folder)
    qtbot.waitUntil(lambda: library._loader.thumbnail(photo) is not None)
    library.step(1)
    assert went == [photo]
    assert library._loader.thumbnail(photo).image is not None


def test_selected_photos_are_coloured_from_the_menu(qtbot, opened, album):
    asked = emitted(opened.color_requested)
    click(qtbot, opened, 0)
    click(qtbot, opened, 1, Qt.KeyboardModifier.ControlModifier)
    opened.grid.menu_asked.emit(QPoint(10, 10))
    menu = menu_of(opened)
    next(act for act in menu.actions() if "2" in act.text()).trigger()
    next(act for act in menu.actions() if "whole" in act.text()).trigger()
    assert asked == [[album / "p1.jpg", album / "p2.jpg"], [album]]
    menu.close()


def test_a_folder_of_the_tree_is_coloured_from_its_menu(qtbot, opened, tmp_path):
    asked = emitted(opened.color_requested)
    opened.tree.menu_asked.emit(tmp_path, QPoint(10, 10))
    menu = menu_of(opened)
    next(act for act in menu.actions() if "olour" in act.text()).trigger()
    assert asked == [[tmp_path]]
    menu.close()


def test_what_is_dropped_is_handed_on(library, tmp_path):
    dropped = emitted(library.files_dropped)
    carried = QMimeData()
    carried.setUrls([QUrl.fromLocalFile(str(tmp_path / "a b.jpg")), QUrl("https://example.org/")])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, carried, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    library.dropEvent(event)
    assert dropped == [[tmp_path / "a b.jpg"]]


def test_recent_folders_are_offered_and_opened(qtbot, opened, album, tmp_path):
    old_photo(tmp_path / "other" / "x.jpg")
    opened.set_recent([album, tmp_path / "other"])
    assert [opened.recent.itemData(row) for row in range(2)] == [album, tmp_path / "other"]
    assert opened.recent.itemText(1) == "other  –  ~"
    with qtbot.waitSignal(opened.folder_opened):
        opened.recent.activated.emit(1)
    assert opened.folder == tmp_path / "other"


def test_every_control_has_a_name_for_those_who_cannot_see_it(library):
    for widget in (library.recent, library.tree, library.filters.text, library.filters.states, library.grid):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_assistive_technology_sees_a_list_of_photos_in_words(qtbot, opened):
    photos = QAccessible.queryAccessibleInterface(opened.grid)
    assert photos.role() == QAccessible.Role.List
    assert photos.childCount() == 12
    assert photos.child(1).text(QAccessible.Text.Name) == "p2.jpg, not coloured yet"
    assert photos.child(1).rect().size() == opened.grid.visualRect(opened.photos.index(1)).size()


def test_larger_thumbnails_are_loaded_larger(qtbot, opened, album):
    old_photo(album / "p0.jpg", width=500, height=400)
    qtbot.waitUntil(lambda: names(opened)[0] == "p0.jpg")
    opened.set_thumbnail_size(250)
    qtbot.waitUntil(lambda: (t := opened._loader.thumbnail(album / "p0.jpg")) and t.image.width() == 250)


def test_every_state_can_be_drawn(qtbot, opened, album):
    (album / "p12.jpg").write_bytes(b"no picture")
    (album / "p3.jpg.autochrome.json").touch()
    qtbot.waitUntil(lambda: opened.photos.data(opened.photos.index(2), PhotoRole.HINTS))
    opened.set_state(album / "p1.jpg", PhotoState.COLORED)
    opened.set_state(album / "p2.jpg", PhotoState.FAILED, "why")
    opened.set_edited(album / "p4.jpg", True)
    click(qtbot, opened, 0)
    opened.grid.scrollToBottom()
    qtbot.waitUntil(lambda: opened._loader.idle)
    without = opened.grid.grab().toImage()
    opened.set_edited(album / "p12.jpg", True)
    assert opened.grid.grab().toImage() != without


def test_two_columns_fit_into_the_dock_at_its_first_width(qtbot, opened):
    opened.set_thumbnail_size(LibrarySettings().thumbnail_size)
    opened.resize(350, 700)
    qtbot.waitUntil(lambda: opened.width() == 350)
    assert opened.grid.cells.columns == 2


def test_the_layout_is_kept(opened):
    opened._splitter.setSizes([100, 500])
    saved = opened.save_layout()
    opened._splitter.setSizes([300, 300])
    opened.restore_layout(saved)
    assert opened.save_layout() == saved


def test_nothing_happens_after_the_stop(qtbot, opened, album, tasks):
    opened.stop()
    old_photo(album / "p20.jpg")
    opened.refresh()
    qtbot.waitUntil(lambda: tasks.idle)
    assert names(opened) == []
    assert opened.folder is None


def test_a_library_knows_nothing_at_first(library: Library):
    assert library.folder is None
    assert library.current_photo() is None
    library.step(1)
    library.set_state(Path("/nowhere.jpg"), PhotoState.COLORED)
    assert library.count.text() == ""
