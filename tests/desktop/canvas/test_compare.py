from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.canvas import Candidate, Mode
from engine import Pyramid

ORANGE, BLUE = (25.0, 40.0), (10.0, -45.0)


@pytest.fixture
def open_photo(qtbot, canvas, plain):
    canvas.resize(600, 500)
    canvas.show_photo(Pyramid.build(plain()))


@pytest.fixture
def candidates(paint):
    return [
        Candidate(title="Photo", detail="for photographs", painting=paint(ORANGE)),
        Candidate(title="Vivid", painting=paint(BLUE)),
        Candidate(title="Lite"),
        Candidate(title="Broken", error="There is not enough memory."),
    ]


def hue(pixels):
    red, _, blue = pixels.reshape(-1, 3).mean(axis=0)
    return "orange" if red > blue + 30 else "blue" if blue > red + 30 else "grey"


def middle(pixels):
    rows, columns = pixels.shape[0] // 2, pixels.shape[1] // 2
    return pixels[rows - 10 : rows + 10, columns - 10 : columns + 10]


@pytest.mark.parametrize("count", [2, 3, 4])
def test_each_candidate_has_its_colours_and_its_name(qtbot, canvas, open_photo, candidates, grab, count):
    canvas.show_candidates(candidates[:count])
    assert canvas.mode is Mode.COMPARE
    qtbot.waitUntil(lambda: canvas.settled)
    panes = canvas.compare.panes
    assert [pane.isVisible() for pane in panes] == [True] * count
    hues = [hue(middle(grab(pane.view))) for pane in panes]
    assert hues == ["orange", "blue", "grey", "grey"][:count]
    assert [pane.view.accessibleName() for pane in panes][1] == "Photo coloured by Vivid"
    sizes = {pane.view.size().toTuple() for pane in panes}
    assert max(w for w, _ in sizes) - min(w for w, _ in sizes) <= 1
    assert max(h for _, h in sizes) - min(h for _, h in sizes) <= 1
    assert [pane.button.isEnabled() for pane in panes] == [True, True, False, False][:count]


def test_no_more_than_four(canvas, candidates):
    with pytest.raises(ValueError, match="at most 4"):
        canvas.show_candidates([*candidates, candidates[0]])


def test_what_is_computed_comes_into_its_place(qtbot, canvas, open_photo, candidates, paint, grab):
    canvas.show_candidates(candidates)
    qtbot.waitUntil(lambda: canvas.settled)
    views = canvas.compare.views
    canvas.viewport.zoom_to(1.5)
    zoom = canvas.zoom
    candidates[2] = replace(candidates[2], painting=paint(BLUE))
    canvas.show_candidates(candidates)
    qtbot.waitUntil(lambda: canvas.settled)
    assert canvas.compare.views == views
    assert canvas.zoom == zoom
    assert hue(middle(grab(views[2]))) == "blue"
    assert canvas.compare.panes[2].button.isEnabled()


def test_one_click_takes_one(qtbot, canvas, open_photo, candidates):
    canvas.show_candidates(candidates)
    with qtbot.waitSignal(canvas.candidate_taken) as taken:
        QTest.mouseClick(canvas.compare.views[1], Qt.MouseButton.LeftButton)
    assert taken.args == [1]
    with qtbot.waitSignal(canvas.candidate_taken) as taken:
        QTest.mouseClick(canvas.compare.panes[0].button, Qt.MouseButton.LeftButton)
    assert taken.args == [0]


def test_the_number_takes_one(qtbot, canvas, open_photo, candidates):
    canvas.show_candidates(candidates)
    for key, index in ((Qt.Key.Key_1, 0), (Qt.Key.Key_2, 1)):
        with qtbot.waitSignal(canvas.candidate_taken) as taken:
            QTest.keyClick(canvas.compare.views[0], key)
        assert taken.args == [index]


def test_the_keyboard_comes_to_the_candidates_and_goes_back_to_the_photo(qtbot, canvas, open_photo, candidates):
    canvas.activateWindow()
    qtbot.waitUntil(canvas.isActiveWindow)
    canvas.show_candidates(candidates)
    assert canvas.compare.views[0].hasFocus()
    canvas.compare.panes[1].button.setFocus()
    canvas.show_candidates(candidates)
    assert canvas.compare.panes[1].button.hasFocus()
    canvas.set_mode(Mode.SPLIT)
    assert canvas.split_view.hasFocus()


def test_what_has_no_colours_cannot_be_taken(qtbot, canvas, open_photo, candidates):
    canvas.show_candidates(candidates)
    with qtbot.assertNotEmitted(canvas.candidate_taken):
        QTest.mouseClick(canvas.compare.views[2], Qt.MouseButton.LeftButton)
        QTest.keyClick(canvas.compare.views[0], Qt.Key.Key_4)
        QTest.keyClick(canvas.compare.views[0], Qt.Key.Key_5)
        canvas.take(3)
        canvas.take(9)


def test_a_drag_moves_all_and_takes_none(qtbot, canvas, open_photo, candidates, drag):
    canvas.show_candidates(candidates)
    canvas.viewport.zoom_to(1)
    first, second = canvas.compare.views[:2]
    before = first.placement()
    with qtbot.assertNotEmitted(canvas.candidate_taken):
        drag(first, QPoint(100, 100), QPoint(60, 70))
    assert (first.placement().left - before.left, first.placement().top - before.top) == (-40, -30)
    middle = QPointF(first.rect().center())
    assert (first.photo_at(middle) - second.photo_at(middle)).manhattanLength() <= 1


def test_all_show_the_same_part(qtbot, canvas, open_photo, candidates, wheel):
    canvas.show_candidates(candidates)
    wheel(canvas.compare.views[3], QPoint(30, 40), 4)
    parts = [view.photo_at(QPointF(30, 40)) for view in canvas.compare.views]
    assert all((part - parts[0]).manhattanLength() <= 2 / canvas.zoom for part in parts)


def test_with_none_it_says_so(canvas):
    canvas.set_mode(Mode.COMPARE)
    assert canvas.compare.panes == []
    assert not canvas.settled


def test_leaving_forgets_them(qtbot, canvas, open_photo, candidates):
    canvas.show_candidates(candidates)
    canvas.set_mode(Mode.SINGLE)
    assert canvas.compare.candidates == []
    assert all(view.picture is None for view in canvas.compare.all_views)


def test_held_all_are_the_original(qtbot, canvas, open_photo, candidates, grab):
    canvas.show_candidates(candidates[:2])
    canvas.hold_original(True)
    qtbot.waitUntil(lambda: canvas.settled)
    assert {hue(middle(grab(view))) for view in canvas.compare.views} == {"grey"}


def test_the_panes_are_arranged_for_the_photo(qtbot, canvas, candidates, plain):
    canvas.resize(900, 300)
    canvas.show_photo(Pyramid.build(plain()))
    canvas.show_candidates(candidates)
    qtbot.waitUntil(lambda: len({pane.y() for pane in canvas.compare.panes}) == 1)
    canvas.resize(600, 900)
    qtbot.waitUntil(lambda: len({pane.x() for pane in canvas.compare.panes}) < 4)
    assert np.ptp([pane.width() for pane in canvas.compare.panes]) <= 1
