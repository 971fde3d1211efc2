"""The list of hints."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester

from desktop.panels.hints.hint_list import HintList
from desktop.panels.hints.hint_view import HintView
from tests.desktop.panels.hints.painted import BLUE, GREY, RED, dab, heard, painted, stroke

HINTS = [dab(RED, x) for x in range(4)]


@pytest.fixture
def view(qtbot):
    made = HintView()
    qtbot.addWidget(made)
    made.resize(280, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def texts(view):
    return [view.hints.index(row).data() for row in range(view.hints.rowCount())]


def click(qtbot, view, row):
    place = view.rows.visualRect(view.hints.index(row)).center()
    qtbot.mouseClick(view.rows.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_hints_are_listed_in_words_the_latest_first(view):
    view.set_hints(painted(stroke(RED), dab(BLUE), dab(None), dab(GREY)))
    assert texts(view) == [
        "No colour, one point",
        "Keep what is here, one point",
        "Dark strong blue, one point",
        "Dark red, stroke of 14 points",
    ]
    assert view.heading.text() == "4 hints"
    spoken = view.hints.index(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == f"Dark strong blue, one point. {BLUE} at 10, 20"


def test_without_hints_it_says_what_to_do(view):
    empty = view.rows.grab().toImage()
    assert not view.delete_button.isEnabled()
    assert not view.clear_button.isEnabled()
    view.set_hints(painted(dab()))
    assert view.rows.grab().toImage() != empty
    view.set_hints(None)
    assert view.rows.grab().toImage() == empty


def test_a_click_selects_by_the_number_of_the_photo(qtbot, view):
    view.set_hints(painted(dab(RED), dab(BLUE), dab(GREY)))
    selected = heard(view.selected)
    click(qtbot, view, 0)
    click(qtbot, view, 2)
    assert selected == [2, 0]
    assert view.current == 0
    assert view.current_hint.color == RED


def test_a_click_below_the_rows_selects_none(qtbot, view):
    view.set_hints(painted(dab()))
    view.set_selected(0)
    selected = heard(view.selected)
    below = view.rows.viewport().rect().bottomLeft()
    qtbot.mouseClick(view.rows.viewport(), Qt.MouseButton.LeftButton, pos=below)
    assert selected == [None]


def test_keys_select_and_delete(qtbot, view):
    view.set_hints(painted(dab(RED), dab(BLUE)))
    selected, deleted = heard(view.selected), heard(view.deleted)
    view.rows.setCurrentIndex(view.hints.index(0))
    qtbot.keyClick(view.rows, Qt.Key.Key_Down)
    qtbot.keyClick(view.rows, Qt.Key.Key_Delete)
    view.delete_button.click()
    assert selected == [1, 0]
    assert deleted == [0, 0]


def test_enter_selects_where_no_arrow_leads(qtbot, view):
    view.set_hints(painted(dab()))
    view.rows.selectionModel().setCurrentIndex(view.hints.index(0), view.rows.selectionModel().SelectionFlag.NoUpdate)
    selected = heard(view.selected)
    qtbot.keyClick(view.rows, Qt.Key.Key_Return)
    assert selected == [0]


def test_setting_tells_nobody(view):
    selected = heard(view.selected)
    view.set_hints(painted(dab(), dab(BLUE)))
    view.set_selected(1)
    assert view.current == 1
    view.set_hints(painted(dab()))
    view.set_selected(None)
    assert view.current is None
    view.set_selected(7)
    assert view.current is None
    assert selected == []


def test_the_selected_hint_stays_selected_while_others_come_and_go(view):
    view.set_hints(painted(*HINTS[:3]))
    view.set_selected(1)
    view.set_hints(painted(*HINTS))
    assert view.current_hint == HINTS[1]
    view.set_hints(painted(*HINTS[1:]))
    assert (view.current, view.current_hint) == (0, HINTS[1])
    view.set_hints(painted(HINTS[1].recolored(BLUE), *HINTS[2:]))
    assert view.current_hint.color == BLUE
    view.set_hints(painted(*HINTS[2:]))
    assert view.current is None


def test_clearing_is_asked_for(view):
    view.set_hints(painted(dab()))
    asked = heard(view.clear_requested)
    view.clear_button.click()
    assert len(asked) == 1


def test_letters_and_space_are_the_windows_keys(view):
    rows = view.rows
    assert rows.needs_key(Qt.Key.Key_Delete, "\x7f")
    assert rows.needs_key(Qt.Key.Key_Down, "")
    assert not rows.needs_key(Qt.Key.Key_B, "b")
    assert not rows.needs_key(Qt.Key.Key_Space, " ")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.sampled_from(HINTS), max_size=6), max_size=5))
def test_any_sequence_of_hints_is_shown_by_a_model_in_good_order(qapp, states):
    hints = HintList()
    tester = QAbstractItemModelTester(hints, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for state in states:
        hints.set_hints(painted(*state))
        shown = [hints.hint(number) for number in range(hints.rowCount())]
        assert shown == state
    tester.deleteLater()
    hints.deleteLater()
