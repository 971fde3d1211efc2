import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.canvas import HintToolKind, Mode
from engine import Hint, HintPoint

ROOT = Path(__file__).parents[3]
LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
PRESS, MOVE, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(hinted, tools):
    tools.set_tool(HintToolKind.BRUSH)
    tools.set_radius(20)
    tools.set_color("#7d2a2f")
    return hinted.single


def finished(notes):
    return [value for name, value, *_ in notes if name == "stroked"]


def test_a_stroke_is_in_pixels_of_the_photo(view, drag, notes):
    drag(view, QPoint(100, 80), QPoint(200, 80))
    assert finished(notes) == [Hint((HintPoint(200, 160), HintPoint(400, 160)), 20, "#7d2a2f")]


def test_a_click_is_a_dab(view, notes):
    QTest.mouseClick(view, LEFT, pos=QPoint(100, 80))
    assert finished(notes) == [Hint((HintPoint(200, 160),), 20, "#7d2a2f")]


def test_a_double_click_is_two_dabs_and_does_not_zoom(view, notes):
    QTest.mouseClick(view, LEFT, pos=QPoint(100, 80))
    QTest.mouseDClick(view, LEFT, pos=QPoint(100, 80))
    QTest.mouseRelease(view, LEFT, pos=QPoint(100, 80))
    assert len(finished(notes)) == 2
    assert view.viewport.fitting


def test_the_eraser_tells_its_way(view, tools, drag, notes):
    tools.set_tool(HintToolKind.ERASER)
    drag(view, QPoint(100, 80), QPoint(200, 80))
    assert notes[-1] == ("erased", (HintPoint(200, 160), HintPoint(400, 160)), 20)


def test_a_stroke_stays_on_the_photo_when_it_is_zoomed_meanwhile(view, press, wheel, notes):
    press(view, PRESS, QPointF(100, 80))
    press(view, MOVE, QPointF(200, 150))
    wheel(view, QPoint(200, 150), 3)
    assert view.viewport.zoom == 1
    press(view, MOVE, QPointF(250, 150))
    press(view, RELEASE, QPointF(250, 150))
    (stroke,) = finished(notes)
    ends = stroke.points[0], stroke.points[-1]
    assert ends == (HintPoint(200, 160), HintPoint(450, 300))


def test_outside_of_the_view_the_stroke_goes_on_along_the_photo_s_edge(view, drag, notes):
    drag(view, QPoint(300, 100), QPoint(900, 100))
    (stroke,) = finished(notes)
    assert stroke.points == (HintPoint(600, 200), HintPoint(800, 200))


def test_beside_the_photo_nothing_is_drawn(hinted, view, tools, drag, notes):
    hinted.viewport.zoom_to(0.2)
    hinted.resize(800, 300)
    assert view.seen().left() > 100
    drag(view, QPoint(20, 100), QPoint(30, 100))
    assert notes == []
    assert tools.strokes == []


def test_a_dab_that_reaches_into_the_photo_lies_on_its_edge(hinted, view, notes):
    hinted.resize(800, 300)
    QTest.mouseClick(view, LEFT, pos=(view.point_of(QPointF(-15, 300))).toPoint())
    (stroke,) = finished(notes)
    assert stroke.points[0].x == 0


@pytest.mark.parametrize("other", [MIDDLE, RIGHT])
def test_another_button_meanwhile_changes_nothing(view, press, notes, other):
    view.viewport.zoom_to(1)
    place = view.placement()
    press(view, PRESS, QPointF(100, 80))
    press(view, PRESS, QPointF(100, 80), other)
    press(view, MOVE, QPointF(150, 80))
    press(view, RELEASE, QPointF(150, 80), other)
    press(view, MOVE, QPointF(200, 80))
    press(view, RELEASE, QPointF(200, 80))
    (stroke,) = finished(notes)
    assert stroke.points[-1].x - stroke.points[0].x == 100
    assert view.placement() == place


def test_the_middle_button_moves_the_photo(view, drag, notes):
    view.viewport.zoom_to(1)
    before = view.placement()
    drag(view, QPoint(200, 150), QPoint(180, 140), MIDDLE)
    assert (view.placement().left - before.left, view.placement().top - before.top) == (-20, -10)
    assert notes == []


def test_escape_gives_the_stroke_up(view, press, notes):
    press(view, PRESS, QPointF(100, 80))
    assert view.needs_key(Qt.Key.Key_Escape, "")
    QTest.keyClick(view, Qt.Key.Key_Escape)
    press(view, MOVE, QPointF(200, 80))
    press(view, RELEASE, QPointF(200, 80))
    assert [name for name, *_ in notes] == ["stroking", "given_up"]
    assert not view.needs_key(Qt.Key.Key_Escape, "")


def test_a_view_that_is_hidden_gives_the_stroke_up(hinted, view, press, notes):
    press(view, PRESS, QPointF(100, 80))
    hinted.set_mode(Mode.SPLIT)
    press(view, RELEASE, QPointF(100, 80))
    assert notes[-1] == ("given_up",)


def test_shift_and_the_wheel_size_the_brush(view, tools, wheel):
    zoom = view.viewport.zoom
    wheel(view, QPoint(50, 50), 4, SHIFT)
    assert tools.radius == pytest.approx(40)
    wheel(view, QPoint(50, 50), -4, SHIFT)
    assert tools.radius == pytest.approx(20)
    assert view.viewport.zoom == zoom
    wheel(view, QPoint(50, 50), 1)
    assert view.viewport.zoom > zoom


def test_a_stroke_in_a_small_photo_has_no_more_points_than_are_seen(view, press, notes):
    press(view, PRESS, QPointF(50, 50))
    for step in range(200):
        press(view, MOVE, QPointF(50 + step, 50 + 20 * np.sin(step / 20)))
    press(view, RELEASE, QPointF(249, 50))
    (stroke,) = finished(notes)
    assert 5 < len(stroke.points) < 40
    for x, y, _ in stroke.points:
        assert y == pytest.approx(2 * (50 + 20 * np.sin((x / 2 - 50) / 20)), abs=1.01)


def test_the_brush_is_as_large_as_its_ink(view, tools, grab):
    QTest.mouseMove(view, QPoint(200, 150))
    tools.set_color(None)
    changed = np.argwhere((grab(view) != 128).any(axis=-1))
    changed = changed[(changed[:, 0] < 155) & (changed[:, 1] < 205)]  # without the sign of its colour
    assert changed.min(axis=0) == pytest.approx([150 - 10, 200 - 10], abs=2)
    QTest.mouseMove(view, QPoint(50, 50))
    assert (grab(view)[130:170, 180:220] == 128).all()


def test_the_brush_is_seen_in_both_views(hinted, view, tools, grab):
    hinted.set_mode(Mode.SIDE_BY_SIDE)
    QTest.mouseMove(hinted.after, QPoint(100, 150))
    assert tools.place is not None
    for shown in (hinted.before, hinted.after):
        assert (grab(shown)[120:180, 70:130] != 128).any()


def test_a_pick_asks_for_each_place_once(view, tools, press, notes):
    tools.set_tool(HintToolKind.PICK)
    press(view, PRESS, QPointF(100, 80))
    press(view, MOVE, QPointF(100.1, 80))
    press(view, MOVE, QPointF(150, 80))
    press(view, MOVE, QPointF(-50, 80))
    press(view, RELEASE, QPointF(-50, 80))
    press(view, MOVE, QPointF(200, 80), Qt.MouseButton.NoButton)
    assert notes == [("picked", 200, 160), ("picked", 300, 160)]


def test_the_divider_goes_before_the_brush(hinted, view, paint, qtbot, drag, notes):
    hinted.set_mode(Mode.SPLIT)
    hinted.show_painting(paint())
    qtbot.waitUntil(lambda: hinted.settled)
    drag(hinted.split_view, QPoint(200, 40), QPoint(100, 40))
    assert hinted.split == pytest.approx(0.25)
    assert notes == []
    for x in (40, 300):  # the original's side as well
        QTest.mouseClick(hinted.split_view, LEFT, pos=QPoint(x, 80))
    assert [stroke.points[0].x for stroke in finished(notes)] == [80, 600]


SCALED = """
import sys
import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from desktop.canvas import Canvas, HintToolKind, HintTools
from desktop.pixels import pixels_of
from desktop.tasks import Tasks
from engine import HintSet, Pyramid

app = QApplication([])
ratio = float(sys.argv[1])
tasks = Tasks("tiles", 2)
canvas, tools, told = Canvas(tasks), HintTools(), []
canvas.resize(400, 300)
canvas.show_photo(Pyramid.build(np.full((600, 800), 128, np.uint8)))
canvas.set_hint_tools(tools)
tools.set_hints(HintSet(800, 600))
tools.set_tool(HintToolKind.BRUSH)
tools.set_color("#ff0000")
tools.set_radius(20)
tools.stroked.connect(told.append)
canvas.show()
for _ in range(500):
    if canvas.settled:
        break
    QTest.qWait(10)
view = canvas.single
QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 80))
QTest.mouseMove(view, QPoint(150, 80))
seen = pixels_of(canvas.grab().toImage()).astype(int)
red = np.argwhere(seen[..., 0] - seen[..., 2] > 60) / ratio
QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(150, 80))
assert [(point.x, point.y) for point in told[0].points] == [(200, 160), (300, 160)], told
assert abs(red.min(axis=0) - (70, 90)).max() <= 2, red.min(axis=0)
assert tasks.stop()
canvas.close()
"""


@pytest.mark.parametrize("ratio", ["1.25", "2"])
def test_ink_lies_under_the_pointer_on_every_screen(ratio, monkeypatch):
    monkeypatch.setenv("QT_SCALE_FACTOR", ratio)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run([sys.executable, "-c", SCALED, ratio], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
