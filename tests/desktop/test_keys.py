"""Which keys a control has for itself, which are the window's, and Space, which is held."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from desktop.canvas import Mode
from tests.desktop.flows.acting import is_coloured, key, open_photo, wait
from tests.painting import make_photo

Key = Qt.Key
PLAIN = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
LETTERS = {Key.Key_S: "s", Key.Key_D: "d", Key.Key_R: "r", Key.Key_V: "v", Key.Key_M: "m"}
TEXTS = {**LETTERS, Key.Key_P: "p", Key.Key_Space: " ", Key.Key_5: "5", Key.Key_Minus: "-", Key.Key_Comma: ","}


@pytest.fixture
def opened(program, folder, qtbot):
    open_photo(qtbot, program, folder / "scan 2.jpg")
    wait(qtbot, lambda: program.parts.library.photos.rowCount() == 4)
    program.parts.window.queue_dock.show()
    program.parts.canvas.set_mode(Mode.SINGLE)
    program.parts.canvas.setFocus()
    return program


@pytest.fixture
def patient(qapp):
    """A name may be typed as slowly as a busy computer has it."""
    usual = QApplication.keyboardInputInterval()
    QApplication.setKeyboardInputInterval(60_000)
    yield
    QApplication.setKeyboardInputInterval(usual)


def takes(control, name):
    """Whether a control that has the focus has a key for itself, before the window's acts."""
    control.setFocus()
    assert QApplication.focusWidget() is control
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, name, PLAIN, TEXTS.get(name, ""))
    asked.ignore()
    QApplication.sendEvent(control, asked)
    return asked.isAccepted()


def taken(control, names):
    return {name for name in names if takes(control, name)}


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)
    assert QApplication.focusWidget() is widget


ARROWS = {Key.Key_Left, Key.Key_Right, Key.Key_Up, Key.Key_Down}
SCROLLING = ARROWS | {Key.Key_PageUp, Key.Key_PageDown, Key.Key_Home, Key.Key_End}
NEVER = {Key.Key_F1, Key.Key_F11, Key.Key_Escape}
ALL = SCROLLING | NEVER | set(TEXTS) | {Key.Key_F4, Key.Key_Backspace, Key.Key_Delete, Key.Key_Return}
CHOOSING = {Key.Key_Up, Key.Key_Down, Key.Key_Home, Key.Key_End, Key.Key_Space, Key.Key_F4, Key.Key_Return}
LISTING = SCROLLING | set(TEXTS) | {Key.Key_Return}
OWN = {
    "slider": (lambda parts: parts.looks.saturation.slider, SCROLLING),
    "number": (lambda parts: parts.looks.saturation.field, ALL - NEVER - set(LETTERS) - {Key.Key_P, Key.Key_Space}),
    "choice": (lambda parts: parts.models.choice, CHOOSING),
    "text": (lambda parts: parts.library.filters.text, ALL - NEVER),
    "states": (lambda parts: parts.library.filters.states, CHOOSING),
    "button": (lambda parts: parts.looks.reset_all_button, {Key.Key_Space, Key.Key_Return}),
    "variants": (lambda parts: parts.models.variants.button(None), ARROWS | {Key.Key_Space, Key.Key_Return}),
    "tree": (lambda parts: parts.library.tree, LISTING),
    "grid": (lambda parts: parts.library.grid, SCROLLING),
    "photo": (lambda parts: parts.canvas.single, set()),
}


def test_each_control_has_the_keys_that_it_needs_and_no_others(opened):
    opened.parts.looks.reset_all_button.setEnabled(True)
    opened.parts.models.variants.set_variants(2, None)
    for name, (find, own) in OWN.items():
        assert (name, taken(find(opened.parts), ALL)) == (name, own)


def test_the_batch_queue_moves_by_its_own_keys(opened, folder, qtbot):
    for _ in range(2):
        opened.parts.actions["color_folder"].trigger()
        wait(qtbot, lambda: opened.parts.queue.entries and not opened.parts.queue.busy)
    batches = opened.parts.batches
    rows = batches.list
    rows.setCurrentIndex(batches.rows.index(0))
    assert taken(rows, ALL) == LISTING, "the rest goes on to the window, or to the key that removes an entry"
    for name in (Key.Key_PageDown, Key.Key_Right, Key.Key_Space):
        key(qtbot, opened, name)
    assert opened.parts.library.current_photo() == folder / "scan 2.jpg"
    assert not opened.parts.canvas.original_held
    assert rows.currentIndex().row() == len(opened.parts.queue.entries) - 1
    failures = batches.failure_view.table
    assert taken(failures, ALL) == LISTING
    qtbot.keyPress(failures, Key.Key_Space)
    assert not opened.parts.canvas.original_held


def test_after_the_slider_was_moved_its_arrows_move_it_and_letters_change_the_view(opened, folder, qtbot):
    slider, canvas = opened.parts.looks.saturation.slider, opened.parts.canvas
    click(qtbot, slider)
    before = slider.value()
    key(qtbot, opened, Key.Key_Right)
    assert slider.value() > before
    assert opened.parts.library.current_photo() == folder / "scan 2.jpg"
    key(qtbot, opened, Key.Key_S)
    assert canvas.mode is Mode.SPLIT
    qtbot.keyPress(slider, Key.Key_Space)
    assert canvas.original_held
    qtbot.keyRelease(slider, Key.Key_Space)
    assert not canvas.original_held


def test_after_a_model_was_chosen_the_arrow_leads_to_the_next_photo(opened, folder, qtbot):
    opened.parts.models.choice.setFocus()
    key(qtbot, opened, Key.Key_Right)
    assert opened.parts.library.current_photo() == folder / "scan 10.jpg"
    wait(qtbot, lambda: is_coloured(opened, folder / "scan 10.jpg"))
    key(qtbot, opened, Key.Key_D)
    assert opened.parts.canvas.mode is Mode.SIDE_BY_SIDE
    assert opened.parts.models.choice.current_id == "tiny"


def test_a_number_is_typed_and_letters_are_the_windows(opened, qtbot):
    field = opened.parts.looks.vibrance.field
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "-s0.5")
    key(qtbot, opened, Key.Key_Return)
    assert field.value() == -0.5
    assert opened.parts.canvas.mode is Mode.SPLIT
    key(qtbot, opened, Key.Key_Up)
    assert field.value() > -0.5


def test_controls_in_a_dock_of_its_own_window_keep_their_keys(opened, qtbot):
    opened.parts.window.side_dock.setFloating(True)
    opened.parts.window.side_dock.activateWindow()
    slider = opened.parts.looks.saturation.slider
    wait(qtbot, lambda: QApplication.activeWindow() is opened.parts.window.side_dock)
    assert takes(slider, Key.Key_Left)
    qtbot.keyPress(slider, Key.Key_Space)
    assert opened.parts.canvas.original_held
    qtbot.keyRelease(slider, Key.Key_Space)
    assert not opened.parts.canvas.original_held


def test_dialogs_have_their_own_keys(opened, qtbot):
    dialog = QDialog(opened.parts.window)
    button = QPushButton("Go", dialog)
    dialog.show()
    dialog.activateWindow()
    wait(qtbot, lambda: QApplication.activeWindow() is dialog)
    button.setFocus()
    with qtbot.waitSignal(button.clicked):
        qtbot.keyClick(button, Key.Key_Space)
    assert not opened.parts.canvas.original_held
    dialog.close()
    dialog.deleteLater()


# Undo in fields


def test_undo_in_a_number_field_undoes_in_the_photo(opened, qtbot):
    document, field = opened.parts.document, opened.parts.looks.saturation.field
    before = document.look
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.50")
    key(qtbot, opened, Key.Key_Return)
    opened.parts.looks.finish()
    assert document.look.saturation == 0.5
    key(qtbot, opened, Key.Key_Z, CONTROL)
    assert document.look == before
    assert field.value() == before.saturation
    key(qtbot, opened, Key.Key_Z, CONTROL | SHIFT)
    assert document.look.saturation == 0.5


def test_undo_takes_back_first_what_is_half_typed(opened, qtbot):
    document, field = opened.parts.document, opened.parts.looks.saturation.field
    start = document.look
    opened.parts.looks.look_changed.emit(type(start)(saturation=0.25))
    opened.parts.looks.look_committed.emit(type(start)(saturation=0.25))
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "2.7")
    key(qtbot, opened, Key.Key_Z, CONTROL)
    assert document.look.saturation == 0.25
    assert field.cleanText() == "0.25"
    key(qtbot, opened, Key.Key_Z, CONTROL)
    assert document.look == start


def test_undo_in_a_text_is_the_texts(opened, qtbot):
    document, text = opened.parts.document, opened.parts.library.filters.text
    look = type(document.look)(saturation=0.25)
    opened.parts.looks.look_changed.emit(look)
    opened.parts.looks.look_committed.emit(look)
    text.setFocus()
    qtbot.keyClicks(text, "scan")
    key(qtbot, opened, Key.Key_Z, CONTROL)
    assert text.text() == ""
    assert document.look == look


# Escape


def test_escape_clears_the_filter_first_and_then_is_the_windows(opened, qtbot):
    text, full_screen = opened.parts.library.filters.text, opened.parts.actions["full_screen"]
    full_screen.trigger()
    opened.parts.window.library_dock.show()
    text.setFocus()
    qtbot.keyClicks(text, "scan 1")
    key(qtbot, opened, Key.Key_Escape)
    assert text.text() == ""
    assert full_screen.isChecked()
    key(qtbot, opened, Key.Key_Escape)
    assert not full_screen.isChecked()


# Space


def test_space_does_not_stick_when_a_field_gets_the_focus(opened, qtbot):
    canvas, text = opened.parts.canvas, opened.parts.library.filters.text
    qtbot.keyPress(canvas, Key.Key_Space)
    assert canvas.original_held
    click(qtbot, text)
    assert not canvas.original_held
    again = QKeyEvent(QEvent.Type.KeyPress, Key.Key_Space, PLAIN, " ", autorep=True)
    QApplication.sendEvent(text, again)
    qtbot.keyRelease(text, Key.Key_Space)
    assert not canvas.original_held
    assert text.text() == "", "the key that is still down types nothing"
    qtbot.keyClick(text, Key.Key_Space)
    assert text.text() == " "
    text.clear()


def test_space_stays_held_while_the_photo_is_moved_by_the_mouse(opened, qtbot):
    canvas, grid = opened.parts.canvas, opened.parts.library.grid
    grid.setFocus()
    qtbot.keyPress(grid, Key.Key_Space)
    click(qtbot, canvas.single)
    assert canvas.original_held
    qtbot.keyRelease(canvas.single, Key.Key_Space)
    assert not canvas.original_held


def test_space_is_let_go_with_other_keys_down(opened, qtbot):
    canvas = opened.parts.canvas
    qtbot.keyPress(canvas, Key.Key_Space)
    qtbot.keyRelease(canvas, Key.Key_Space, CONTROL)
    assert not canvas.original_held


def test_space_is_let_go_when_the_window_is_left(opened, qtbot):
    canvas = opened.parts.canvas
    qtbot.keyPress(canvas, Key.Key_Space)
    dialog = QDialog(opened.parts.window)
    dialog.show()
    dialog.activateWindow()
    wait(qtbot, lambda: not canvas.original_held)
    dialog.close()
    dialog.deleteLater()


def test_space_works_where_nothing_has_the_focus(opened, qtbot):
    canvas, window = opened.parts.canvas, opened.parts.window
    opened.parts.library.grid.setFocus()
    opened.parts.actions["full_screen"].trigger()
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()
    qtbot.keyPress(window, Key.Key_Space)
    assert canvas.original_held
    qtbot.keyRelease(window, Key.Key_Space)
    assert not canvas.original_held
    opened.parts.actions["full_screen"].trigger()


def test_the_original_is_shown_by_the_menu_or_by_space(opened, qtbot):
    canvas, act = opened.parts.canvas, opened.parts.actions["original"]
    act.trigger()
    assert canvas.original_held
    qtbot.keyClick(canvas, Key.Key_Space)
    assert act.isChecked()
    assert canvas.original_held, "the menu still asks for it"
    qtbot.keyPress(canvas, Key.Key_Space)
    act.trigger()
    assert not act.isChecked()
    assert canvas.original_held, "Space still asks for it"
    qtbot.keyRelease(canvas, Key.Key_Space)
    assert not canvas.original_held


# Names that are typed in the grid


def test_letters_over_the_thumbnails_are_the_windows_until_a_name_is_begun(opened, tmp_path, qtbot, patient):
    album = tmp_path / "album"
    for name in ("p 1.jpg", "ps.jpg", "s.jpg"):
        make_photo(album / name, width=60, height=40)
    open_photo(qtbot, opened, album / "p 1.jpg")
    grid, canvas, library = opened.parts.library.grid, opened.parts.canvas, opened.parts.library
    wait(qtbot, lambda: library.photos.rowCount() == 3)
    grid.setFocus()
    assert takes(grid, Key.Key_S) is False
    key(qtbot, opened, Key.Key_S)
    assert canvas.mode is Mode.SPLIT
    assert library.current_photo() == album / "p 1.jpg"
    qtbot.keyClicks(grid, "ps")
    assert library.current_photo() == album / "ps.jpg"
    wait(qtbot, lambda: is_coloured(opened, album / "ps.jpg"))
    QApplication.setKeyboardInputInterval(0)
    key(qtbot, opened, Key.Key_D)
    assert canvas.mode is Mode.SIDE_BY_SIDE, "after a rest it is a key of the window again"


def test_a_space_within_a_name_belongs_to_the_name(opened, tmp_path, qtbot, patient):
    album = tmp_path / "album"
    for name in ("p 1.jpg", "p 2.jpg"):
        make_photo(album / name, width=60, height=40)
    open_photo(qtbot, opened, album / "p 1.jpg")
    wait(qtbot, lambda: opened.parts.library.photos.rowCount() == 2)
    grid = opened.parts.library.grid
    grid.setFocus()
    for letter in "p 2":
        qtbot.keyPress(grid, letter)
        assert not opened.parts.canvas.original_held
        qtbot.keyRelease(grid, letter)
    assert opened.parts.library.current_photo() == album / "p 2.jpg"


def test_the_key_of_an_act_that_cannot_be_done_now_begins_no_name(opened, folder, qtbot):
    grid = opened.parts.library.grid
    grid.setFocus()
    opened.parts.actions["split"].setEnabled(False)
    key(qtbot, opened, Key.Key_S)
    assert not grid.typing
    assert opened.parts.library.current_photo() == folder / "scan 2.jpg"
    assert opened.parts.canvas.mode is Mode.SINGLE
