"""The palette of one lightness, by mouse and by keys."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from desktop.panels.hints.gamut_image import LARGEST, gamut_image
from desktop.panels.hints.gamut_view import GamutView
from engine import ab_of, color_at, lightness_of_color
from tests.desktop.panels.hints.painted import RED, heard, suggested

SHIFT = Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(qtbot):
    made = GamutView()
    qtbot.addWidget(made)
    made.resize(160, 160)
    made.set_lightness(50)
    made.show()
    qtbot.waitExposed(made)
    return made


def at(view, a, b):
    return view.place_of(a, b).toPoint()


def near(color, a, b, within=3.0):
    found = ab_of(color)
    return math.hypot(found[0] - a, found[1] - b) < within


def test_a_click_chooses_the_colour_under_the_pointer(qtbot, view):
    changed, committed = heard(view.changed), heard(view.committed)
    qtbot.mouseClick(view, LEFT, pos=at(view, 40, 20))
    assert len(changed) == len(committed) == 1
    assert near(changed[0], 40, 20)
    assert lightness_of_color(changed[0]) == pytest.approx(50, abs=0.5)
    assert view.color == changed[0]


def test_a_drag_tells_each_colour_and_one_end(qtbot, view):
    changed, committed = heard(view.changed), heard(view.committed)
    qtbot.mousePress(view, LEFT, pos=at(view, 10, 10))
    assert view.pending
    for a in (20, 30, 40):
        qtbot.mouseMove(view, at(view, a, 10))
    assert committed == []
    qtbot.mouseRelease(view, LEFT, pos=at(view, 40, 10))
    assert not view.pending
    assert len(committed) == 1
    assert len(changed) == 4
    assert near(changed[-1], 40, 10)


def test_what_lies_outside_of_the_gamut_gives_the_nearest_of_its_hue(qtbot, view):
    changed = heard(view.changed)
    qtbot.mouseClick(view, LEFT, pos=QPoint(2, view.height() - 2))
    a, b = ab_of(changed[0])
    assert changed[0] == color_at(50, a, b)
    assert a < 0
    assert b < 0


def test_arrows_move_the_colour_and_with_shift_by_more(qtbot, view):
    view.set_color(color_at(50, 20, 10))
    a, b = ab_of(view.color)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert near(view.color, a + 2, b, 1)
    qtbot.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert near(view.color, a + 2, b + 10, 1)


def test_a_row_of_keys_is_one_act_that_ends_by_itself(qtbot, view):
    changed, committed = heard(view.changed), heard(view.committed)
    with qtbot.waitSignal(view.committed):
        for _ in range(3):
            qtbot.keyClick(view, Qt.Key.Key_Left, SHIFT)
        assert view.pending
        assert committed == []
    assert len(changed) == 3
    assert len(committed) == 1


def test_home_is_grey(qtbot, view):
    view.set_color(RED)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    color = QColor(view.color)
    assert color.red() == color.green() == color.blue()


def test_small_steps_add_up_where_colours_are_few(qtbot, view):
    view.set_lightness(3)
    view.set_color("#808080")
    for _ in range(4):
        qtbot.keyClick(view, Qt.Key.Key_Right)
    assert ab_of(view.color)[0] > 5


def test_keys_stop_at_the_border_of_the_gamut(qtbot, view):
    for _ in range(30):
        qtbot.keyClick(view, Qt.Key.Key_Down, SHIFT)
    border = view.color
    qtbot.keyClick(view, Qt.Key.Key_Up, SHIFT)
    assert abs(ab_of(view.color)[1] - ab_of(border)[1] - 10) < 4


def test_setting_tells_nobody_and_says_the_colour_to_a_screen_reader(view):
    changed = heard(view.changed)
    view.set_color(RED)
    assert changed == []
    assert "Dark red" in view.accessibleDescription()
    assert RED in view.accessibleDescription()
    view.set_color(None)
    assert view.accessibleDescription().startswith("Keep what is here")


def test_only_arrows_and_home_are_its_keys(view):
    assert view.needs_key(Qt.Key.Key_Left, "")
    assert view.needs_key(Qt.Key.Key_Home, "")
    assert not view.needs_key(Qt.Key.Key_B, "b")
    assert not view.needs_key(Qt.Key.Key_Space, " ")


@pytest.mark.parametrize(("lightness", "a", "b"), [(5, 6, -6), (50, 40, 20), (80, -40, 30), (95, -10, 20)])
def test_it_shows_the_colours_where_it_says_they_are(view, lightness, a, b):
    view.set_lightness(lightness)
    view.set_color(None)
    shown = view.grab().toImage().pixelColor(at(view, a, b)).getRgb()
    there = QColor(color_at(lightness, a, b)).getRgb()
    assert max(abs(one - other) for one, other in zip(shown, there, strict=True)) < 12


@pytest.mark.parametrize("lightness", [0, 100])
def test_where_there_is_no_colour_it_chooses_none(qtbot, view, lightness):
    changed = heard(view.changed)
    view.set_lightness(lightness)
    view.set_color(RED)
    qtbot.mouseClick(view, LEFT, pos=view.rect().center() + QPoint(20, 20))
    assert changed == [color_at(lightness, 0, 0)]


def test_suggestions_and_the_colour_in_use_are_drawn(view):
    view.set_color(None)
    plain = view.grab().toImage()
    view.set_suggestions(suggested(color_at(50, 40, 20), color_at(50, -20, 20)))
    dotted = view.grab().toImage()
    view.set_color(color_at(50, 10, -30))
    assert plain != dotted != view.grab().toImage()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 100), st.integers(20, 400))
def test_the_whole_gamut_is_in_the_part_that_is_shown(lightness, side):
    shown = gamut_image(lightness, side)
    assert shown.image.width() == shown.image.height() <= LARGEST
    left, top = math.floor(shown.part.left()), math.floor(shown.part.top())
    right, bottom = math.ceil(shown.part.right()), math.ceil(shown.part.bottom())
    for x in range(0, shown.image.width(), 3):
        for y in range(0, shown.image.height(), 3):
            if not (left <= x <= right and top <= y <= bottom):
                assert shown.image.pixelColor(x, y).alpha() == 0
