"""The field for colours by name and number."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from desktop.panels.hints.color_entry import ColorEntry
from tests.desktop.panels.hints.painted import RED, heard


@pytest.fixture
def entry(qtbot):
    made = ColorEntry()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def type_in(qtbot, entry, text):
    entry.selectAll()
    qtbot.keyClicks(entry, text)
    qtbot.keyClick(entry, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("text", "color"),
    [
        ("#7d2a2f", RED),
        ("7D2A2F", RED),
        ("darkred", "#8b0000"),
        ("Dark Red", "#8b0000"),
        ("rgb(125, 42, 47)", RED),
        ("#abc", "#aabbcc"),
    ],
)
def test_what_is_a_colour_is_entered(qtbot, entry, text, color):
    entered = heard(entry.entered)
    type_in(qtbot, entry, text)
    assert entered == [color]
    assert entry.text() == color
    assert entry.problem == ""


def test_what_is_no_colour_is_marked_said_and_left_to_be_mended(qtbot, entry):
    entered, problems = heard(entry.entered), heard(entry.problem_changed)
    type_in(qtbot, entry, "darkrod")
    assert entered == []
    assert entry.text() == "darkrod"
    assert "darkrod" in entry.problem
    assert entry.accessibleDescription() == entry.problem
    assert [action.toolTip() for action in entry.actions()] == [entry.problem]
    entry.setCursorPosition(6)
    qtbot.keyClick(entry, Qt.Key.Key_Backspace)
    assert entry.text() == "darkrd"
    assert entry.problem != ""
    qtbot.keyClicks(entry, "e")
    assert entry.text() == "darkred"
    assert entry.problem == ""
    assert entry.actions() == []
    assert len(problems) == 2


def test_nothing_is_complained_about_while_typing(qtbot, entry):
    problems = heard(entry.problem_changed)
    qtbot.keyClicks(entry, "#7d")
    assert problems == []


def test_an_emptied_field_shows_the_colour_again(qtbot, entry):
    entered = heard(entry.entered)
    entry.set_color(RED)
    entry.selectAll()
    qtbot.keyClick(entry, Qt.Key.Key_Delete)
    qtbot.keyClick(entry, Qt.Key.Key_Return)
    assert entry.text() == RED
    assert entered == []


def test_a_colour_that_is_set_takes_a_complaint_away(qtbot, entry):
    type_in(qtbot, entry, "nonsense")
    entry.set_color(RED)
    assert entry.problem == ""
    assert entry.text() == RED


def test_what_was_typed_counts_when_the_field_is_left(qtbot, entry):
    entered = heard(entry.entered)
    qtbot.keyClicks(entry, "teal")
    entry.editingFinished.emit()
    entry.editingFinished.emit()
    assert entered == ["#008080"]


def test_names_are_completed_from_any_part_of_them_each_with_its_colour(qtbot, entry):
    completer = entry.completer()
    completer.setCompletionPrefix("OLIVE")
    offered = completer.completionModel()
    names = [offered.index(row, 0).data() for row in range(offered.rowCount())]
    assert names == ["dark olive green", "olive", "olive drab"]
    assert offered.index(1, 0).data(Qt.ItemDataRole.DecorationRole) == QColor("#808000")


def test_a_completion_is_entered_at_once(qtbot, entry):
    entered = heard(entry.entered)
    entry.setFocus()
    qtbot.keyClicks(entry, "crims")
    popup = entry.completer().popup()
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Down)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: entry.text() == "#dc143c")
    assert entered == ["#dc143c"]
