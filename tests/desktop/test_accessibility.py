"""Every control has a name, an order, and a key; nothing can be reached by the mouse alone."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QScrollBar,
    QWidget,
)

from tests.desktop.flows.acting import is_coloured, wait

CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView)
INNER = (
    "qt_menubar_ext_button",
    "qt_spinbox_lineedit",
    "qt_toolbar_ext_button",
    "qt_dockwidget_closebutton",
    "qt_dockwidget_floatbutton",
)


@pytest.fixture
def opened(make_program, folder, qtbot):
    program = make_program(folder / "scan 2.jpg")
    wait(qtbot, lambda: is_coloured(program, folder / "scan 2.jpg"))
    program.parts.window.queue_dock.show()
    return program


def controls(window):
    """What a user can act on, without the parts that Qt makes inside its own controls."""
    return [
        widget
        for widget in window.findChildren(QWidget)
        if isinstance(widget, CONTROLS)
        and not isinstance(widget, (QScrollBar, QHeaderView))
        and widget.objectName() not in INNER
        and not isinstance(widget.parent(), (QComboBox, QAbstractSpinBox, QLineEdit))
        and widget.metaObject().className() != "QTableCornerButton"
        and widget.parent().metaObject().className() != "QComboBoxPrivateContainer"
    ]


def test_every_control_has_a_name(opened):
    nameless = [
        f"{type(widget).__name__} in {type(widget.parent()).__name__}"
        for widget in controls(opened.parts.window)
        if not (widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip())
    ]
    assert nameless == []


def test_every_control_can_be_reached_by_keys(opened):
    # The buttons of the tool bar are acts, which menus and keys have too.
    toolbar = [opened.parts.window.widget_of(name) for name in ("save", "fit", "split")]
    unreachable = [
        f"{type(widget).__name__} {widget.accessibleName() or widget.toolTip()}"
        for widget in controls(opened.parts.window)
        if widget.isVisible()
        and widget.isEnabled()
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and type(widget.parent()).__name__ not in ("QToolBar", "StatusBar", "QMenuBar", "QDockWidget")
    ]
    assert all(toolbar)
    assert unreachable == []


def test_the_tab_key_goes_round_through_photos_canvas_and_panels(opened):
    window = opened.parts.window
    start = current = opened.parts.library.filters.text
    seen = []
    for _ in range(500):
        current = current.nextInFocusChain()
        if current is start:
            break
        if current.isVisible() and current.isEnabled() and current.focusPolicy() & Qt.FocusPolicy.TabFocus:
            seen.append(current)
    assert current is start
    places = [
        next((name for name, part in parts_of(opened).items() if part.isAncestorOf(widget)), "") for widget in seen
    ]
    order = list(dict.fromkeys(place for place in places if place))
    assert set(order) == {"library", "canvas", "models", "looks", "batches"}
    assert window.isVisible()


def parts_of(program):
    parts = program.parts
    return {
        "library": parts.library,
        "canvas": parts.canvas,
        "models": parts.models,
        "looks": parts.looks,
        "batches": parts.batches,
    }


def test_no_two_acts_have_one_key(opened):
    keys = {}
    for name, action in opened.parts.actions.by_name.items():
        for key in action.shortcuts():
            keys.setdefault(key.toString(), []).append(name)
    assert {key: names for key, names in keys.items() if len(names) > 1} == {}


def test_the_keys_of_the_design(opened):
    expected = {
        "open_folder": "Ctrl+O",
        "open_photo": "Ctrl+Shift+O",
        "previous": "Left",
        "next": "Right",
        "original": "Space",
        "split": "S",
        "side_by_side": "D",
        "undo": "Ctrl+Z",
        "redo": "Ctrl+Shift+Z",
        "save": "Ctrl+S",
        "color_folder": "Ctrl+B",
        "fit": "Ctrl+0",
        "actual_size": "Ctrl+1",
        "full_screen": "F11",
        "keys": "F1",
    }
    assert {name: opened.parts.actions[name].shortcut().toString() for name in expected} == expected


def test_every_act_stands_in_a_menu(opened):
    in_menus = {
        action.objectName() for menu in opened.parts.window.menuBar().actions() for action in menu.menu().actions()
    }
    assert set(opened.parts.actions.by_name) <= in_menus
