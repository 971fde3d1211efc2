import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.canvas import HintToolKind
from engine import Hint, HintPoint, HintSet

DAB = Hint((HintPoint(200, 200),), 10, "#7d2a2f")
STROKE = Hint((HintPoint(400, 400), HintPoint(600, 400)), 30, None)
ABOVE = Hint((HintPoint(210, 200),), 10, "#2f6fb0")
HINTS = HintSet(800, 600, (DAB, STROKE, ABOVE))
ENTER, RIGHT, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Escape
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(hinted, tools):
    tools.set_hints(HINTS)
    tools.set_tool(HintToolKind.SELECT)
    return hinted.single


def click(view, x, y):
    """Clicks a place of the photo."""
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.point_of(QPointF(x, y)).toPoint())


def test_a_click_selects_by_marker_first_and_then_by_ink(view, tools):
    for place, selected in (
        ((200, 200), 0),  # the marker of another is near, but this one is nearer
        ((212, 200), 2),
        ((410, 420), 1),  # its ink, far from its marker
        ((600, 434), 1),  # a little beside it
        ((500, 100), None),
    ):
        click(view, *place)
        assert tools.selected == selected


def test_the_topmost_of_hints_at_one_place_is_selected(view, tools):
    tools.set_hints(HintSet(800, 600, (DAB, DAB)))
    click(view, 200, 200)
    assert tools.selected == 1


def test_a_drag_moves_the_hint(view, drag, notes):
    drag(view, QPoint(250, 200), QPoint(240, 230))
    assert notes[0] == ("selected_changed", 1)
    for told, name in ((notes[-1], "moved"), (notes[-2], "moving")):
        assert told == (name, 1, pytest.approx(-20), pytest.approx(60))
    assert view.viewport.fitting


def test_a_click_moves_nothing(view, notes):
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 200))
    QTest.mouseMove(view, QPoint(251, 201))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(251, 201))
    assert notes == [("selected_changed", 1)]


def test_a_hint_stays_on_the_photo(view, drag, notes):
    drag(view, QPoint(250, 200), QPoint(5000, -5000))
    assert notes[-1] == ("moved", 1, 299, -400)


def test_beside_the_hints_a_drag_moves_the_photo(view, drag, notes):
    view.viewport.zoom_to(1)
    before = view.placement()
    drag(view, QPoint(30, 30), QPoint(10, 20))
    assert (view.placement().left - before.left, view.placement().top - before.top) == (-20, -10)
    assert notes == []


def test_escape_gives_the_drag_up_and_then_the_selection(view, tools, press, notes):
    press(view, QEvent.Type.MouseButtonPress, QPointF(250, 200))
    press(view, QEvent.Type.MouseMove, QPointF(300, 200))
    QTest.keyClick(view, ESCAPE)
    press(view, QEvent.Type.MouseButtonRelease, QPointF(300, 200))
    assert notes[-1] == ("given_up",)
    assert tools.selected == 1
    QTest.keyClick(view, ESCAPE)
    assert tools.selected is None
    assert not view.needs_key(ESCAPE, "")


def test_arrows_move_the_selected_hint_in_one_step_until_they_are_released(view, tools, notes):
    assert not view.needs_key(RIGHT, "")
    tools.set_selected(1)
    QTest.keyPress(view, RIGHT)
    for _ in range(3):
        for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
            QApplication.sendEvent(view, QKeyEvent(kind, RIGHT, Qt.KeyboardModifier.NoModifier, "", True))
    QTest.keyPress(view, Qt.Key.Key_Down, SHIFT)
    assert [name for name, *_ in notes].count("moved") == 0
    QTest.keyRelease(view, RIGHT)
    assert notes[-1] == ("moved", 1, 80, 2)


def test_delete_asks_for_the_hint_s_end(view, tools, notes):
    assert not view.needs_key(Qt.Key.Key_Delete, "")
    tools.set_selected(1)
    QTest.keyClick(view, Qt.Key.Key_Delete)
    assert notes[-1] == ("delete_requested", 1)


def test_enter_goes_from_hint_to_hint(view, tools):
    seen = []
    for modifiers in (*[Qt.KeyboardModifier.NoModifier] * 4, SHIFT, SHIFT):
        QTest.keyClick(view, ENTER, modifiers)
        seen.append(tools.selected)
    assert seen == [0, 1, 2, 0, 2, 1]


def test_a_hint_that_enter_selects_comes_into_sight(view):
    view.viewport.zoom_to(4)
    QTest.keyClick(view, ENTER)
    assert view.rect().contains(view.point_of(QPointF(200, 200)).toPoint())


def test_the_cursor_tells_what_a_press_would_do(view):
    QTest.mouseMove(view, QPoint(250, 200))
    assert view.cursor().shape() == Qt.CursorShape.PointingHandCursor
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 200))
    assert view.cursor().shape() == Qt.CursorShape.SizeAllCursor
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(250, 200))
    QTest.mouseMove(view, QPoint(30, 30))
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_the_selected_hint_is_said(view, tools):
    assert "Enter" in view.accessibleDescription()
    tools.set_selected(1)
    assert "2 of 3" in view.accessibleDescription()
    tools.set_hints(HintSet(800, 600))
    assert view.accessibleDescription() == ""


def test_while_it_is_dragged_the_hint_is_shown_where_the_pointer_is(view, press, grab):
    press(view, QEvent.Type.MouseButtonPress, QPointF(250, 200))
    press(view, QEvent.Type.MouseMove, QPointF(250, 100))
    seen = grab(view)
    assert (seen[195:206, 230:240] == 128).all()
    assert (seen[95:106, 230:240] != 128).any()
