import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.canvas import PhotoView, Picture, Tool, Viewport
from desktop.canvas.tiles import TileStore
from desktop.canvas.view import PAN_STEP
from desktop.pixels import image_of
from desktop.theme import theme_colors
from engine import Pyramid

ROOT = Path(__file__).parents[3]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def settle(qtbot, shown):
    qtbot.waitUntil(lambda: shown.view.settled)


def expected_ramp(view):
    """What a view of a ramp should show where it shows the photo, and where that is."""
    place, rect = view.placement(), view.placement().rect & view.device_rect
    across = (np.arange(rect.left(), rect.right() + 1) + 0.5 - place.left) * 255 / place.width
    down = (np.arange(rect.top(), rect.bottom() + 1) + 0.5 - place.top) * 255 / place.height
    slices = np.s_[rect.top() : rect.bottom() + 1, rect.left() : rect.right() + 1]
    return across, down, slices


@pytest.mark.parametrize("zoom", [0.2113, 0.37, 0.5, 0.61803, 0.75, 0.9, 1.0, 1.31, 2.0, 3.7])
def test_an_even_ramp_stays_even_across_the_tiles(qtbot, show, ramp, grab, zoom):
    shown = show(ramp(2100, 1500))
    shown.viewport.zoom_to(zoom, QPointF(31, 17))
    settle(qtbot, shown)
    across, down, slices = expected_ramp(shown.view)
    seen = grab(shown.view)[slices]
    assert np.abs(seen[..., 0] - across[None]).max() <= 1.6
    assert np.abs(seen[..., 1] - down[:, None]).max() <= 1.6
    assert (seen[..., 2] == 128).all()


def test_fine_detail_is_averaged_not_skipped(qtbot, show, grab):
    pixels = np.zeros((1600, 1600), np.uint8)
    pixels[:, ::2] = 255  # lines of one pixel
    shown = show(pixels)
    for zoom in (0.2, 0.3, 0.45):
        shown.viewport.zoom_to(zoom)
        settle(qtbot, shown)
        seen = grab(shown.view)[100:200, 150:250]
        assert np.abs(seen - 127).max() < 12


def test_at_100_percent_each_pixel_is_the_photo_s(qtbot, show, grab):
    pixels = np.random.default_rng(1).integers(0, 256, (1300, 1700, 3), np.uint8)
    shown = show(pixels)
    shown.viewport.zoom_to(1)
    shown.view.pan(-301, -213)
    settle(qtbot, shown)
    place = shown.view.placement()
    left, top = -place.left, -place.top
    assert np.array_equal(grab(shown.view), pixels[top : top + 300, left : left + 400])


@pytest.mark.parametrize("zoom", [4.0, 7.0, 32.0])
def test_from_400_percent_on_pixels_are_squares(qtbot, show, grab, zoom):
    pixels = np.random.default_rng(2).integers(0, 256, (600, 700, 3), np.uint8)
    shown = show(pixels)
    shown.viewport.zoom_to(zoom, QPointF(100, 90))
    settle(qtbot, shown)
    place = shown.view.placement()
    columns = ((np.arange(400) - place.left + 0.5) / zoom).astype(int)
    rows = ((np.arange(300) - place.top + 0.5) / zoom).astype(int)
    assert np.array_equal(grab(shown.view), pixels[rows][:, columns])


def test_below_400_percent_pixels_run_into_each_other(qtbot, show, grab):
    pixels = np.zeros((600, 700), np.uint8)
    pixels[:, 350:] = 255
    shown = show(pixels)
    shown.viewport.zoom_to(3.5)
    settle(qtbot, shown)
    assert len(np.unique(grab(shown.view)[150])) > 2


@pytest.mark.parametrize("point", [QPoint(80, 60), QPoint(200, 150), QPoint(333, 201)])
def test_the_wheel_zooms_to_the_pointer(qtbot, show, wheel, grab, point):
    pixels = np.zeros((1500, 2000, 3), np.uint8)
    shown = show(pixels)
    target = shown.view.photo_at(QPointF(point) + QPointF(0.5, 0.5))
    x, y = int(target.x()), int(target.y())
    pixels[y - 30 : y + 30, x - 30 : x + 30] = (255, 0, 0)
    shown = show(pixels)
    for notches in (1, 2, 0.5, 3, 1):
        before = shown.view.photo_at(QPointF(point))
        wheel(shown.view, point, notches)
        after = shown.view.photo_at(QPointF(point))
        # A photo is drawn at whole device pixels: half of one is the most it can be off, before and after.
        assert (after - before).manhattanLength() <= 2 / shown.viewport.zoom + 2 / (shown.viewport.zoom / 1.1)
        settle(qtbot, shown)
        assert tuple(grab(shown.view)[point.y(), point.x()]) == (255, 0, 0)
    assert shown.viewport.zoom > 0.9


def test_the_wheel_back_ends_with_the_whole_photo(show, ramp, wheel):
    shown = show(ramp(2000, 1500))
    wheel(shown.view, QPoint(10, 10), 4)
    wheel(shown.view, QPoint(300, 200), -9)
    assert shown.viewport.fitting
    assert shown.viewport.center == QPointF(0.5, 0.5)


def test_two_fingers_on_a_touchpad_move_the_photo(show, ramp):
    shown = show(ramp(2000, 1500))
    shown.viewport.zoom_to(1)
    before, at = shown.view.placement(), QPointF(50, 50)
    none, phase = Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.ScrollUpdate
    for modifiers in (none, CONTROL):
        event = QWheelEvent(at, at, QPoint(-12, 7), QPoint(0, 120), Qt.MouseButton.NoButton, modifiers, phase, False)
        QApplication.sendEvent(shown.view, event)
        if modifiers == none:
            after = shown.view.placement()
            assert (after.left - before.left, after.top - before.top) == (-12, 7)
    assert shown.viewport.zoom > 1


def test_a_pinch_zooms_to_its_place(show, ramp):
    shown = show(ramp(2000, 1500))
    at = QPointF(300, 60)
    before = shown.view.photo_at(at)
    touchpad, gesture = QPointingDevice.primaryPointingDevice(), Qt.NativeGestureType.ZoomNativeGesture
    for _ in range(5):
        pinch = QNativeGestureEvent(gesture, touchpad, 2, at, at, shown.view.mapToGlobal(at), 0.2, QPointF())
        QApplication.sendEvent(shown.view, pinch)
    assert shown.viewport.zoom == pytest.approx(0.2 * 1.2**5)
    assert (shown.view.photo_at(at) - before).manhattanLength() <= 4 / shown.viewport.zoom


def test_who_comes_by_keyboard_sees_where_the_keyboard_is(qtbot, show, ramp, grab):
    shown = show(ramp(400, 300))
    shown.view.activateWindow()
    qtbot.waitUntil(shown.view.isActiveWindow)
    shown.view.clearFocus()
    shown.view.setFocus(Qt.FocusReason.MouseFocusReason)
    focus = theme_colors(shown.view.palette()).focus
    ring = np.array([focus.red(), focus.green(), focus.blue()])
    assert abs(grab(shown.view)[150, 0] - ring).max() > 20
    shown.view.clearFocus()
    shown.view.setFocus(Qt.FocusReason.TabFocusReason)
    assert abs(grab(shown.view)[150, 0] - ring).max() <= 1


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton])
def test_dragging_moves_the_photo_with_the_pointer(show, ramp, drag, button):
    shown = show(ramp(2000, 1500))
    shown.viewport.zoom_to(1)
    before = shown.view.photo_at(QPointF(200, 150))
    drag(shown.view, QPoint(200, 150), QPoint(120, 100), button)
    assert shown.view.photo_at(QPointF(120, 100)) == before


def test_a_click_moves_nothing(qtbot, show, ramp):
    shown = show(ramp(2000, 1500))
    shown.viewport.zoom_to(1)
    before = shown.view.placement()
    QTest.mousePress(shown.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(50, 50))
    QTest.mouseMove(shown.view, QPoint(51, 51))
    QTest.mouseRelease(shown.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(51, 51))
    assert shown.view.placement() == before


def test_a_double_click_goes_to_100_percent_there_and_back(show, ramp):
    shown = show(ramp(2000, 1500))
    point = QPoint(300, 80)
    before = shown.view.photo_at(QPointF(point))
    QTest.mouseDClick(shown.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    assert shown.viewport.zoom == 1
    assert (shown.view.photo_at(QPointF(point)) - before).manhattanLength() <= 4
    QTest.mouseDClick(shown.view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, point)
    assert shown.viewport.fitting


def test_the_keys(show, ramp):
    shown = show(ramp(2000, 1500))
    view, viewport = shown.view, shown.viewport
    QTest.keyClick(view, Qt.Key.Key_1, CONTROL)
    assert viewport.zoom == 1
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert viewport.zoom == 1.25
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert viewport.zoom == 1
    before = view.placement()
    QTest.keyClick(view, Qt.Key.Key_Right, CONTROL)
    QTest.keyClick(view, Qt.Key.Key_Down, CONTROL)
    after = view.placement()
    assert (after.left - before.left, after.top - before.top) == (-PAN_STEP, -PAN_STEP)
    QTest.keyClick(view, Qt.Key.Key_0, CONTROL)
    assert viewport.fitting


def test_keys_that_are_not_the_view_s_go_on_to_its_parent(qtbot, show, ramp):
    shown = show(ramp(400, 300))
    seen = []

    class Listener(QWidget):
        def keyPressEvent(self, event):
            seen.append(event.key())

    parent = Listener()
    qtbot.addWidget(parent)
    shown.view.setParent(parent)
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_S):
        QTest.keyClick(shown.view, key)
    assert seen == [Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space, Qt.Key.Key_S]


def test_plus_zooms_to_the_pointer_when_it_is_there(show, ramp):
    shown = show(ramp(2000, 1500))
    QTest.mouseMove(shown.view, QPoint(40, 250))
    before = shown.view.photo_at(QPointF(40, 250))
    QTest.keyClick(shown.view, Qt.Key.Key_Plus)
    assert (shown.view.photo_at(QPointF(40, 250)) - before).manhattanLength() <= 4 / shown.viewport.zoom
    QApplication.sendEvent(shown.view, QEvent(QEvent.Type.Leave))
    assert not shown.view.pointed_at


def test_places_and_points_are_each_other_s_inverse(show, ramp):
    shown = show(ramp(2000, 1500))
    shown.viewport.zoom_to(1.7, QPointF(20, 30))
    place = QPointF(731.25, 402.5)
    assert (shown.view.photo_at(shown.view.point_of(place)) - place).manhattanLength() < 1e-6


def test_the_tool_gets_the_pointer_in_pixels_of_the_photo(show, ramp, drag):
    shown = show(ramp(2000, 1500))
    acts = []

    class Brush(Tool):
        def press(self, view, pointer):
            acts.append(("press", pointer))

        def move(self, view, pointer):
            acts.append(("move", pointer))

        def release(self, view, pointer):
            acts.append(("release", pointer))

        def hover(self, view, pointer):
            acts.append(("hover", pointer))

        def cursor(self, view, *, pressed):
            return Qt.CursorShape.CrossCursor

        def paint(self, view, painter):
            acts.append(("paint", None))

    shown.view.set_tool(Brush())
    assert shown.view.cursor().shape() == Qt.CursorShape.CrossCursor
    drag(shown.view, QPoint(100, 75), QPoint(200, 150))
    names = [name for name, _ in acts if name != "paint"]
    assert names == ["press", *["move"] * 10, "release"]
    assert acts[0][1].photo == QPointF(500, 375)
    assert acts[0][1].pressure == 1
    assert shown.viewport.fitting  # the photo was not moved
    QTest.mouseMove(shown.view, QPoint(20, 20))
    assert acts[-1][0] == "hover"
    shown.view.grab()
    assert acts[-1][0] == "paint"


def test_the_cursor_is_a_hand_where_there_is_something_to_move(show, ramp):
    shown = show(ramp(2000, 1500))
    assert shown.view.cursor().shape() == Qt.CursorShape.ArrowCursor
    shown.viewport.zoom_to(1)
    assert shown.view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    QTest.mousePress(shown.view, Qt.MouseButton.LeftButton)
    assert shown.view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(shown.view, Qt.MouseButton.LeftButton)
    assert shown.view.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_drawn_is_told_once_for_each_place(qtbot, show, ramp):
    shown = show(ramp(2000, 1500))
    told = []
    shown.view.drawn.connect(lambda: told.append(shown.viewport.zoom))
    for zoom in (0.5, 1, 2):
        shown.viewport.zoom_to(zoom)
        qtbot.waitUntil(lambda zoom=zoom: told[-1:] == [zoom])
    shown.view.update()
    qtbot.wait(20)
    assert told == [0.5, 1, 2]


def test_while_tiles_are_on_their_way_coarser_ones_are_shown(qtbot, show, ramp, grab):
    shown = show(ramp(2100, 1500))
    across, down, slices = expected_ramp(shown.view)
    shown.viewport.zoom_to(1.0)
    across, down, slices = expected_ramp(shown.view)
    seen = grab(shown.view)[slices]  # at once
    assert np.abs(seen[..., 0] - across[None]).max() <= 4
    assert np.abs(seen[..., 1] - down[:, None]).max() <= 4


def test_a_photo_with_a_broken_part_settles_all_the_same(qtbot, tasks, plain):
    class Torn(Pyramid):
        def original(self, level, box):
            if level == 0 and box[0] > 0:
                raise MemoryError("torn")
            return super().original(level, box)

    store = TileStore(tasks)
    view = PhotoView(store, Viewport())
    qtbot.addWidget(view)
    view.resize(400, 300)
    pyramid = Torn.build(plain(1600, 1200))
    view.viewport.set_photo(1600, 1200)
    view.set_picture(Picture(1600, 1200, pyramid=pyramid))
    view.show()
    told = []
    store.failed.connect(told.append)
    view.viewport.zoom_to(1)
    qtbot.waitUntil(lambda: view.settled)
    assert len(told) == 1


def test_transparent_parts_lie_on_white(qtbot, tasks, grab):
    store = TileStore(tasks)
    view = PhotoView(store, Viewport())
    qtbot.addWidget(view)
    view.resize(400, 300)
    alpha = np.full((300, 400), 255, np.uint8)
    alpha[:, :200] = 0
    pyramid = Pyramid.build(np.zeros((300, 400), np.uint8), alpha)
    view.viewport.set_photo(400, 300)
    view.set_picture(Picture(400, 300, pyramid=pyramid))
    view.show()
    qtbot.waitUntil(lambda: view.settled)
    seen = grab(view)
    assert (seen[150, 100] == 255).all()
    assert (seen[150, 300] == 0).all()


def test_a_draft_fills_the_place_of_the_photo(qtbot, tasks, grab, ramp):
    view = PhotoView(TileStore(tasks), Viewport())
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.viewport.set_photo(2000, 1500)
    view.set_picture(Picture(2000, 1500, draft=image_of(ramp(256, 192))))
    view.show()
    across, down, slices = expected_ramp(view)
    seen = grab(view)[slices]
    assert np.abs(seen[..., 0] - across[None]).max() <= 2
    assert np.abs(seen[..., 1] - down[:, None]).max() <= 2
    assert not view.settled


def test_a_view_without_a_photo_takes_every_event(qtbot, tasks, wheel, drag):
    view = PhotoView(TileStore(tasks), Viewport())
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    wheel(view, QPoint(20, 20), 2)
    drag(view, QPoint(20, 20), QPoint(90, 90))
    drag(view, QPoint(20, 20), QPoint(90, 90), Qt.MouseButton.MiddleButton)
    QTest.mouseDClick(view, Qt.MouseButton.LeftButton)
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus):
        QTest.keyClick(view, key)
    assert view.photo_at(QPointF(5, 5)) == QPointF()
    assert view.point_of(QPointF(5, 5)) == QPointF()


SCALED = """
import sys
import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from desktop.canvas import PhotoView, Picture, Tool, Viewport
from desktop.canvas.tiles import TileStore
from desktop.pixels import pixels_of
from desktop.tasks import Tasks
from engine import Pyramid

app = QApplication([])
ratio = float(sys.argv[1])
window = QWidget()
window.resize(700, 500)
tasks = Tasks("tiles", 2)
view = PhotoView(TileStore(tasks), Viewport(), window)
view.setGeometry(33, 21, 401, 301)
pixels = np.random.default_rng(1).integers(0, 256, (1300, 1700, 3), np.uint8)
view.viewport.set_photo(1700, 1300)
view.set_picture(Picture(1700, 1300, pyramid=Pyramid.build(pixels)))
window.show()
view.viewport.zoom_to(1)
view.pan(-31, -17)
for _ in range(500):
    if view.settled:
        break
    QTest.qWait(10)
assert view.settled
assert view.devicePixelRatioF() == ratio
grabbed = pixels_of(window.grab().toImage())
place = view.placement()
assert place.width == 1700
left, top = round(33 * ratio), round(21 * ratio)
width, height = int(400 * ratio), int(300 * ratio)
seen = grabbed[top : top + height, left : left + width]
wanted = pixels[-place.top : height - place.top, -place.left : width - place.left]
assert np.array_equal(seen[2:-2, 2:-2], wanted[2:-2, 2:-2]), "the photo's pixels are not the screen's"
assert tasks.stop()
window.close()
"""


@pytest.mark.parametrize("ratio", ["1", "1.25", "1.5", "2"])
def test_100_percent_is_a_device_pixel_on_every_screen(ratio, monkeypatch):
    monkeypatch.setenv("QT_SCALE_FACTOR", ratio)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run([sys.executable, "-c", SCALED, ratio], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
