"""The window itself: full screen and back, its title, and what may be dropped onto it."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QToolBar

from tests.desktop.conftest import quit_program
from tests.desktop.flows.acting import drop, key, wait


def places(window):
    """What is to be seen around the middle."""
    parts = {
        "library": window.library_dock,
        "side": window.side_dock,
        "queue": window.queue_dock,
        "status": window.status,
        "tools": window.findChild(QToolBar, "toolbar"),
    }
    return {name for name, part in parts.items() if not part.isHidden()}


ALL = {"library", "side", "status", "tools"}


def test_full_screen_and_back_leaves_a_maximised_window_maximised(program, qtbot):
    window = program.parts.window
    window.showMaximized()
    wait(qtbot, window.isMaximized)
    key(qtbot, program, Qt.Key.Key_F11)
    assert window.isFullScreen()
    assert places(window) == set()
    key(qtbot, program, Qt.Key.Key_F11)
    assert not window.isFullScreen()
    assert window.isMaximized()
    assert places(window) == ALL
    window.showNormal()
    key(qtbot, program, Qt.Key.Key_F11)
    key(qtbot, program, Qt.Key.Key_F11)
    assert not window.isMaximized()


def test_what_was_hidden_stays_so_and_what_was_shown_meanwhile_stays_shown(program, qtbot):
    window = program.parts.window
    window.side_dock.hide()
    key(qtbot, program, Qt.Key.Key_F11)
    window.queue_dock.show()
    key(qtbot, program, Qt.Key.Key_F11)
    assert places(window) == {"library", "queue", "status", "tools"}


@pytest.mark.parametrize("maximised", [False, True])
def test_after_quitting_in_full_screen_the_next_start_is_as_before(program, make_program, qtbot, maximised):
    window = program.parts.window
    window.resize(780, 640)  # the screen of the offscreen platform is small
    if maximised:
        window.showMaximized()
        wait(qtbot, window.isMaximized)
    size = window.size()
    key(qtbot, program, Qt.Key.Key_F11)
    quit_program(program)
    window = make_program().parts.window
    assert not window.isFullScreen()
    assert window.isMaximized() == maximised
    assert window.size() == size
    assert places(window) == ALL


def test_full_screen_is_left_once(program, qtbot):
    window, act = program.parts.window, program.parts.actions["full_screen"]
    window.resize(1000, 700)
    window.leave_full_screen()
    assert window.size().toTuple() == (1000, 700)
    act.trigger()
    for _ in range(2):
        window.leave_full_screen()
        assert not window.isFullScreen()
        assert not act.isChecked()
        assert places(window) == ALL
        assert window.size().toTuple() == (1000, 700)


@pytest.mark.parametrize("name", ["scan [*].jpg", "[*][*]", "[*]"])
def test_the_title_names_the_photo_as_it_is(program, name):
    window = program.parts.window
    for unsaved, mark in ((False, ""), (True, "*")):
        window.title_photo(name, unsaved=unsaved)
        assert window.windowHandle().title() == f"{name}{mark} – Autochrome"
    window.title_photo("", unsaved=False)
    assert window.windowHandle().title() == "Autochrome"


def test_files_of_this_computer_are_taken_and_nothing_else(program, folder):
    window = program.parts.window
    dropped = []
    window.files_dropped.connect(dropped.append)
    page = QMimeData()
    page.setUrls([QUrl("https://example.org/scan.jpg")])
    text = QMimeData()
    text.setText("scan.jpg")
    for content in (page, text):
        assert not takes(window, content)
    assert dropped == []
    drop(window, folder / "scan 1.jpg", folder / "scan 2.jpg")
    assert dropped == [[folder / "scan 1.jpg", folder / "scan 2.jpg"]]


def takes(window, content):
    """Whether a thing may be dropped onto the window; it is dropped all the same."""
    place, action = QPointF(window.rect().center()), Qt.DropAction.CopyAction
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    entering = QDragEnterEvent(place.toPoint(), action, content, buttons, keys)
    entering.ignore()
    QApplication.sendEvent(window, entering)
    dropping = QDropEvent(place, action, content, buttons, keys)
    dropping.ignore()
    QApplication.sendEvent(window, dropping)
    assert dropping.isAccepted() == entering.isAccepted()
    return entering.isAccepted()
