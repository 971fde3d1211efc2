"""F1: every act of the window with its keys, and none that has none."""

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.dialogs import KeysDialog


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    return made


def act(owner, text, *keys):
    made = QAction(text, owner)
    made.setShortcuts([QKeySequence(key) for key in keys])
    return made


@pytest.fixture
def dialog(qtbot, window):
    file, view = QMenu("&File", window), QMenu("&View", window)
    acts = [act(window, "&Open folder…", "Ctrl+O"), act(window, "Cut && paste", "Ctrl+X"), act(window, "Nothing")]
    file.addActions(acts)
    more = [act(window, "Zoom &in", "Ctrl++", "Ctrl+=")]
    view.addActions(more)
    made = KeysDialog([*acts, *more, act(window, "Next", "Right")], window, [("Hold to see the original", "Space")])
    qtbot.addWidget(made)
    made.show()
    return made


def test_every_act_with_a_key_is_listed(dialog):
    assert dialog.rows() == [
        ("Open folder", "Ctrl+O"),
        ("Cut & paste", "Ctrl+X"),
        ("Zoom in", "Ctrl++ or Ctrl+="),
        ("Next", "Right"),
        ("Hold to see the original", "Space"),
    ]


def test_they_stand_in_the_groups_of_the_menus(dialog):
    headings = [dialog.tree.topLevelItem(number).text(0) for number in range(dialog.tree.topLevelItemCount())]
    assert headings == ["File", "View", "Others"]


def test_they_are_searched_by_act_and_by_key(dialog):
    dialog.search_edit.setText("zoom")
    assert dialog.rows() == [("Zoom in", "Ctrl++ or Ctrl+=")]
    assert dialog.tree.topLevelItem(0).isHidden()
    dialog.search_edit.setText("ctrl+x")
    assert dialog.rows() == [("Cut & paste", "Ctrl+X")]
    dialog.search_edit.clear()
    assert len(dialog.rows()) == 5


def test_without_menus_it_is_a_plain_list(qtbot, window):
    dialog = KeysDialog([act(window, "Open", "Ctrl+O")], window)
    qtbot.addWidget(dialog)
    assert dialog.rows() == [("Open", "Ctrl+O")]
    assert dialog.tree.topLevelItemCount() == 1


def test_the_windows_own_acts_can_be_shown(qtbot, window):
    from desktop.actions import make_actions

    dialog = KeysDialog(make_actions(window).by_name.values(), window)
    qtbot.addWidget(dialog)
    assert ("Open folder", "Ctrl+O") in dialog.rows()


def test_f1_lists_the_keys_of_suggestions_and_of_the_crosshair(program, monkeypatch):
    shown = []
    monkeypatch.setattr(KeysDialog, "exec", lambda self: shown.extend(self.rows()))
    program.parts.actions["keys"].trigger()
    keys = dict(shown)
    own = [act.shortcut().toString() for act in program.parts.hints.suggestion_actions]
    assert keys["Take a suggested colour"] == f"{own[0]} to {own[-1]}" == "Alt+1 to Alt+9"
    about = [act for act in keys if "crosshair" in act]
    assert len(about) == 5
    assert all(keys[act] for act in about)
