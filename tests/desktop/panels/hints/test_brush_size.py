"""How wide the brush paints."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from desktop.panels.hints.brush_size import MOST, BrushSize, WidthScale
from tests.desktop.panels.hints.painted import heard

SCALE = WidthScale(least=1.0, most=float(MOST), step=1.0, nudge=1.0, page=10.0, digits=0)


@pytest.fixture
def size(qtbot):
    made = BrushSize()
    qtbot.addWidget(made)
    return made


def test_a_radius_that_is_set_is_shown_as_a_width_and_not_told(size):
    told = heard(size.radius_changed)
    size.set_radius(2.3, 50)
    assert size.radius == 2.3
    assert size.field.value() == 5
    assert told == []
    size.reset_button.click()
    assert told == [50]


def test_each_press_of_a_key_makes_it_larger_from_the_smallest_to_the_largest(qtbot, size):
    size.set_radius(0.5)
    told = heard(size.radius_changed)
    while size.radius < MOST / 2:
        qtbot.keyClick(size.slider, Qt.Key.Key_Right)
    assert told == sorted(set(told))
    assert told[0] == 1
    assert len(told) < 250


@given(st.integers(0, SCALE.to_ticks(MOST)))
def test_every_position_of_the_slider_is_a_width_of_its_own(tick):
    assert SCALE.to_ticks(SCALE.of_ticks(tick)) == tick


@given(st.floats(1, MOST))
def test_no_width_is_far_from_a_position(width):
    assert abs(SCALE.of_ticks(SCALE.to_ticks(width)) - width) <= max(0.5, 0.02 * width)
