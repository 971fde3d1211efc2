"""Rows of colours."""

import pytest
from PySide6.QtCore import Qt

from desktop.panels.hints.swatch_list import Swatch
from desktop.panels.hints.swatch_view import COLUMNS, SwatchView
from tests.desktop.panels.hints.painted import BLUE, GREY, RED, heard


@pytest.fixture
def view(qtbot):
    made = SwatchView("Colours", "None yet")
    qtbot.addWidget(made)
    made.resize(270, 40)
    made.show()
    qtbot.waitExposed(made)
    return made


def shown(view):
    return [view.model().index(row, 0) for row in range(view.model().rowCount())]


def test_a_click_chooses(qtbot, view):
    chosen = heard(view.chosen)
    view.set_swatches([Swatch(color=color) for color in (RED, None, BLUE)])
    for index in shown(view):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center())
    assert chosen == [RED, None, BLUE]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_arrows_lead_and_a_key_chooses(qtbot, view, key):
    chosen = heard(view.chosen)
    view.set_swatches([Swatch(color=color) for color in (RED, GREY, BLUE)])
    view.setCurrentIndex(shown(view)[0])
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert chosen == []
    qtbot.keyClick(view, key)
    assert chosen == [BLUE]


def test_delete_asks_for_removal(qtbot, view):
    asked = heard(view.removal_requested)
    view.set_swatches([Swatch(color=RED), Swatch(color=BLUE)])
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    view.setCurrentIndex(shown(view)[1])
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert asked == [1]


@pytest.mark.parametrize("width", [200, 233, 270, 288, 289, 301])
def test_nine_fit_into_a_row_of_any_width(qtbot, view, width):
    view.resize(width, view.height())
    view.set_swatches([Swatch(color=f"#{n:02x}2a2f", note="12 %") for n in range(COLUMNS)])
    assert len({view.visualRect(index).top() for index in shown(view)}) == 1
    assert all(view.viewport().rect().contains(view.visualRect(index)) for index in shown(view))


def test_it_is_as_high_as_its_rows_up_to_a_limit(view):
    view.set_most_rows(2)
    one = view.height()
    view.set_swatches([Swatch(color=f"#{n:02x}2a2f") for n in range(COLUMNS + 1)])
    assert view.height() == 2 * one
    view.set_swatches([Swatch(color=f"#{n:02x}2a2f") for n in range(3 * COLUMNS)])
    assert view.height() == 2 * one
    view.set_swatches([])
    assert view.height() == one


def test_words_say_what_is_shown(view):
    view.set_swatches([Swatch(color=RED, name="Coat", told="34 % likely"), Swatch(color=None)])
    first, second = shown(view)
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert first.data(spoken) == f"Coat, Dark red, {RED}, 34 % likely"
    assert second.data(spoken) == "Keep what is here"
    tooltip = first.data(Qt.ItemDataRole.ToolTipRole)
    assert "Dark red" in tooltip
    assert RED in tooltip


def test_an_empty_row_says_why(view):
    assert view.accessibleDescription() == ""
    view.set_empty("Nothing suits")
    assert view.accessibleDescription() == "Nothing suits"
    empty = view.grab().toImage()
    view.set_swatches([Swatch(color=RED)])
    assert view.accessibleDescription() == ""
    assert view.grab().toImage() != empty


def test_the_colour_in_use_has_a_frame(view):
    view.set_swatches([Swatch(color=RED), Swatch(color=BLUE)])
    view.set_marked("#123456")
    plain = view.grab().toImage()
    view.set_marked(RED)
    assert view.grab().toImage() != plain


def test_as_many_other_colours_keep_the_place_of_the_keyboard(view):
    view.set_swatches([Swatch(color=RED), Swatch(color=BLUE)])
    view.setCurrentIndex(shown(view)[1])
    view.set_swatches([Swatch(color=BLUE), Swatch(color=GREY)])
    assert view.currentIndex().row() == 1


def test_keys_of_the_tools_are_not_its_own(view):
    for key, text in ((Qt.Key.Key_B, "b"), (Qt.Key.Key_BracketLeft, "[")):
        assert not view.needs_key(key, text)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Return, Qt.Key.Key_Space, Qt.Key.Key_Delete):
        assert view.needs_key(key, "")


def test_a_row_that_is_not_there_is_not_chosen(view):
    chosen = heard(view.chosen)
    view.set_swatches([Swatch(color=RED)])
    view.choose(1)
    view.setEnabled(False)
    view.choose(0)
    assert chosen == []
