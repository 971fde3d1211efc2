import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtWidgets import QApplication

from desktop.canvas import HintToolKind, Mode
from engine import HintPoint

PRESS, MOVE, RELEASE = QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.TabletRelease
LEFT, MIDDLE, NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton


def device(kind, capabilities):
    return QPointingDevice("pen", 7, QInputDevice.DeviceType.Stylus, kind, capabilities, 1, 3)


@pytest.fixture(scope="module")
def pens(qapp):
    can = QInputDevice.Capability
    kind = QPointingDevice.PointerType
    return {
        "pen": device(kind.Pen, can.Position | can.Pressure),
        "eraser": device(kind.Eraser, can.Position | can.Pressure),
        "simple": device(kind.Pen, can.Position),
    }


@pytest.fixture
def pen(pens):
    """Sends an event of a pen, and says whether it was taken."""

    def sent(view, kind, x, y, pressure=0.0, button=None, buttons=None, end="pen"):
        changed = button if button is not None else (NONE if kind == MOVE else LEFT)
        held = buttons if buttons is not None else (NONE if kind == RELEASE else LEFT)
        at, none = QPointF(x, y), Qt.KeyboardModifier.NoModifier
        event = QTabletEvent(kind, pens[end], at, view.mapToGlobal(at), pressure, 0, 0, 0, 0, 0, none, changed, held)
        QApplication.sendEvent(view, event)
        return event.isAccepted()

    return sent


@pytest.fixture
def view(hinted, tools):
    tools.set_tool(HintToolKind.BRUSH)
    tools.set_radius(40)
    return hinted.single


def test_pressure_makes_the_stroke(view, pen, notes):
    assert pen(view, PRESS, 100, 80, 0.25)
    assert pen(view, MOVE, 150, 80, 1.0)
    assert pen(view, RELEASE, 150, 80)
    assert notes[-1][1].points == (HintPoint(200, 160, 0.25), HintPoint(300, 160, 1.0))


def test_places_between_pixels_count(view, pen, notes):
    pen(view, PRESS, 100.25, 80.75, 1)
    pen(view, RELEASE, 100.25, 80.75)
    assert notes[-1][1].points == (HintPoint(200.5, 161.5),)


def test_a_pen_that_knows_no_pressure_draws_fully(view, pen, notes):
    pen(view, PRESS, 100, 80, end="simple")
    pen(view, RELEASE, 100, 80, end="simple")
    assert notes[-1][1].points == (HintPoint(200, 160, 1.0),)


def test_its_other_end_erases(view, pen, notes):
    pen(view, PRESS, 100, 80, 1, end="eraser")
    pen(view, RELEASE, 100, 80, end="eraser")
    pen(view, PRESS, 100, 80, 1)
    pen(view, RELEASE, 100, 80)
    assert [name for name, *_ in notes] == ["erasing", "erased", "stroking", "stroked"]


def test_what_a_system_makes_of_a_pen_as_a_mouse_is_left_out(view, pen, press, notes):
    mouse = {PRESS: QEvent.Type.MouseButtonPress, MOVE: QEvent.Type.MouseMove, RELEASE: QEvent.Type.MouseButtonRelease}
    for kind, x in ((PRESS, 100), (MOVE, 120), (MOVE, 150)):
        pen(view, kind, x, 80, 0.5)
        press(view, mouse[kind], QPointF(x, 80))
    press(view, mouse[RELEASE], QPointF(150, 80))
    pen(view, RELEASE, 150, 80)
    strokes = [hint for name, hint, *_ in notes if name == "stroked"]
    assert [stroke.points for stroke in strokes] == [(HintPoint(200, 160, 0.5), HintPoint(300, 160, 0.5))]


def test_a_pen_above_the_tablet_shows_the_brush(view, tools, pen):
    assert pen(view, MOVE, 100, 80, buttons=NONE)
    assert tools.place == QPointF(200, 160)
    assert tools.strokes == []


def test_without_a_tool_that_draws_a_pen_is_a_mouse(view, tools, pen):
    tools.set_tool(None)
    assert not pen(view, PRESS, 100, 80, 0.5)
    assert not pen(view, MOVE, 120, 80, 0.5)
    assert not pen(view, RELEASE, 120, 80)


def test_other_buttons_of_a_pen_are_a_mouse_s(view, pen):
    assert not pen(view, PRESS, 100, 80, button=MIDDLE, buttons=MIDDLE)
    assert not pen(view, MOVE, 120, 80, buttons=MIDDLE)
    assert not pen(view, RELEASE, 120, 80, button=MIDDLE)


def test_the_divider_goes_before_the_pen(hinted, view, pen, paint, qtbot):
    hinted.set_mode(Mode.SPLIT)
    hinted.show_painting(paint())
    qtbot.waitUntil(lambda: hinted.settled)
    assert not pen(hinted.split_view, PRESS, 200, 80, 0.5)
    assert not pen(hinted.split_view, MOVE, 100, 80, 0.5)
    assert pen(hinted.split_view, PRESS, 100, 80, 0.5)


def test_a_pen_that_was_taken_away_ends_its_stroke(view, pen, press, notes):
    pen(view, PRESS, 100, 80, 0.5)
    pen(view, MOVE, 120, 80, 0.5)
    pen(view, MOVE, 300, 200, buttons=NONE)
    assert notes[-1][0] == "stroked"
    assert notes[-1][1].points[-1] == HintPoint(240, 160, 0.5)
    press(view, QEvent.Type.MouseButtonPress, QPointF(50, 50))
    press(view, QEvent.Type.MouseButtonRelease, QPointF(50, 50))
    assert notes[-1][1].points[0].x == 100


def test_a_pen_does_not_draw_while_the_mouse_does(view, pen, press, notes):
    press(view, QEvent.Type.MouseButtonPress, QPointF(50, 50))
    pen(view, PRESS, 100, 80, 0.5)
    pen(view, RELEASE, 100, 80)
    press(view, QEvent.Type.MouseButtonRelease, QPointF(50, 50))
    assert [hint.points[0].x for name, hint, *_ in notes if name == "stroked"] == [100]
