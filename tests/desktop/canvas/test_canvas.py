import gc
import threading
import weakref

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.canvas import Canvas, Mode, PanTool
from desktop.canvas.labels import StatusLabel
from desktop.pixels import image_of
from engine import Pyramid

ORANGE, BLUE = (25.0, 40.0), (10.0, -45.0)


class Gated(Pyramid):
    """A photo whose coloured parts come when they may, where they are of a certain painting."""

    closed_for = None
    open = threading.Event()

    def colored(self, level, box, painting):
        if painting is self.closed_for:
            assert self.open.wait(10)
        return super().colored(level, box, painting)


@pytest.fixture
def gated(plain):
    def made(width=800, height=600):
        photo = Gated.build(plain(width, height))
        photo.open = threading.Event()
        return photo

    return made


def settle(qtbot, canvas):
    qtbot.waitUntil(lambda: canvas.settled)


def hue(pixels):
    """Of each pixel: 1 orange, -1 blue, 0 grey."""
    difference = pixels[..., 0] - pixels[..., 2]
    return np.where(difference > 30, 1, np.where(difference < -30, -1, 0))


def middle(pixels):
    """Away from labels and status."""
    return pixels[60:240, 20:380]


def test_a_photo_comes_step_by_step(qtbot, canvas, ramp, paint, plain, grab):
    assert canvas.picture is None
    canvas.show_draft(image_of(plain(80, 60, 50)), 800, 600)
    assert abs(middle(grab(canvas)) - 50).max() <= 1
    assert not canvas.settled
    canvas.show_photo(Pyramid.build(plain(value=128)))
    settle(qtbot, canvas)
    assert abs(middle(grab(canvas)) - 128).max() <= 1
    with qtbot.waitSignal(canvas.picture_drawn):
        canvas.show_painting(paint(ORANGE))
    assert (hue(middle(grab(canvas))) == 1).all()
    canvas.clear()
    assert canvas.picture is None
    assert len(np.unique(middle(grab(canvas))[:50].reshape(-1, 3), axis=0)) == 1


def test_the_photo_is_on_the_screen_at_once_without_a_draft(canvas, plain, grab):
    canvas.show_photo(Pyramid.build(plain(value=200)))
    assert abs(middle(grab(canvas)) - 200).max() <= 1


def test_a_draft_is_not_shown_under_another_photo(canvas, plain, grab):
    canvas.show_draft(image_of(plain(80, 60, 20)), 800, 600)
    canvas.show_photo(Pyramid.build(plain(value=200)))
    assert abs(middle(grab(canvas)) - 200).max() <= 1


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.SPLIT, Mode.SIDE_BY_SIDE])
def test_no_tile_of_a_photo_is_seen_under_another(qtbot, canvas, plain, paint, grab, mode):
    canvas.set_mode(mode)
    for value in (60, 200, 60):
        canvas.show_photo(Pyramid.build(plain(4000, 3000, value)))
        for _ in range(5):
            qtbot.wait(2)
            seen = grab(canvas)[80:140, 210:380]
            assert abs(seen.mean(axis=(0, 1)) - value).max() < 60
        canvas.show_painting(paint(ORANGE))
        settle(qtbot, canvas)


def test_a_new_photo_is_fitted_and_its_draft_s_zoom_kept(canvas, plain):
    canvas.show_photo(Pyramid.build(plain()))
    canvas.actual_size()
    canvas.show_draft(image_of(plain(160, 120)), 1600, 1200)
    assert canvas.viewport.fitting
    canvas.actual_size()
    canvas.show_photo(Pyramid.build(plain(1600, 1200)))
    assert canvas.zoom == 1
    canvas.show_photo(Pyramid.build(plain(1600, 1200)))
    assert canvas.viewport.fitting


def test_new_colours_come_all_at_once(qtbot, canvas, gated, paint, grab):
    photo, first, second = gated(3200, 2400), paint(ORANGE), paint(BLUE)
    canvas.show_photo(photo)
    canvas.viewport.zoom_to(0.45)
    canvas.show_painting(first)
    settle(qtbot, canvas)
    seen = []
    canvas.store.arrived.connect(lambda _: seen.append(np.unique(hue(middle(grab(canvas)))).tolist()))
    photo.closed_for = second
    canvas.show_painting(second)
    qtbot.wait(30)
    assert not canvas.settled
    assert np.unique(hue(middle(grab(canvas)))).tolist() == [1]
    photo.open.set()
    settle(qtbot, canvas)
    assert np.unique(hue(middle(grab(canvas)))).tolist() == [-1]
    assert [-1] in seen
    assert all(hues in ([1], [-1]) for hues in seen)


def test_while_colours_are_rendered_the_photo_can_be_moved(qtbot, canvas, gated, paint, grab):
    photo, first, second = gated(3200, 2400), paint(ORANGE), paint(BLUE)
    canvas.show_photo(photo)
    canvas.show_painting(first)
    settle(qtbot, canvas)
    photo.closed_for = second
    canvas.show_painting(second)
    canvas.viewport.zoom_to(1, QPointF(50, 50))
    canvas.viewport.pan(-500, -300)
    assert np.unique(hue(middle(grab(canvas)))).tolist() == [1]
    photo.open.set()
    settle(qtbot, canvas)
    assert np.unique(hue(middle(grab(canvas)))).tolist() == [-1]


def test_of_many_changes_some_are_seen_and_the_last_is_surely(qtbot, canvas, plain, paint, grab):
    canvas.show_photo(Pyramid.build(plain(2000, 1500)))
    drawn = []
    canvas.picture_drawn.connect(lambda: drawn.append(canvas.picture.painting))
    paintings = [paint((strength, strength)) for strength in range(0, 45, 3)]
    for painting in paintings:
        canvas.show_painting(painting)
        qtbot.wait(4)
    qtbot.waitUntil(lambda: drawn[-1:] == [paintings[-1]])
    settle(qtbot, canvas)
    assert (hue(middle(grab(canvas))) == 1).all()


def test_the_original_is_shown_while_held(qtbot, canvas, plain, paint, grab):
    canvas.show_photo(Pyramid.build(plain(2000, 1500)))
    canvas.show_painting(paint())
    settle(qtbot, canvas)
    canvas.hold_original(True)
    settle(qtbot, canvas)
    assert (hue(middle(grab(canvas))) == 0).all()
    canvas.hold_original(False)
    settle(qtbot, canvas)
    assert (hue(middle(grab(canvas))) == 1).all()


def test_side_by_side_both_show_the_same_part(qtbot, canvas, ramp, paint, wheel, drag, grab):
    canvas.set_mode(Mode.SIDE_BY_SIDE)
    canvas.show_photo(Pyramid.build(ramp(2000, 1500)))
    canvas.show_painting(paint())
    wheel(canvas.after, QPoint(60, 200), 5)
    drag(canvas.before, QPoint(100, 100), QPoint(60, 90))
    settle(qtbot, canvas)
    point = QPointF(80, 120)
    assert (canvas.before.photo_at(point) - canvas.after.photo_at(point)).manhattanLength() <= 2 / canvas.zoom
    assert grab(canvas.before)[100, 100, 2] == 128  # as it is in the file
    assert abs(int(grab(canvas.after)[100, 100, 2]) - 128) > 10


def test_modes_keep_zoom_and_place(qtbot, canvas, plain, paint):
    canvas.show_photo(Pyramid.build(plain(2000, 1500)))
    canvas.show_painting(paint())
    canvas.viewport.zoom_to(1.5, QPointF(30, 20))
    center = canvas.viewport.center
    for mode in (Mode.SPLIT, Mode.SIDE_BY_SIDE, Mode.SINGLE):
        with qtbot.waitSignal(canvas.mode_changed) as changed:
            canvas.set_mode(mode)
        assert changed.args == [mode]
        assert canvas.mode is mode
        settle(qtbot, canvas)
        assert canvas.zoom == 1.5
        assert (canvas.viewport.center - center).manhattanLength() < 1e-6
    with qtbot.assertNotEmitted(canvas.mode_changed):
        canvas.set_mode(Mode.SINGLE)


def test_zoom_is_told(qtbot, canvas, plain):
    canvas.show_photo(Pyramid.build(plain()))
    for act, zoom in ((canvas.actual_size, 1), (canvas.zoom_in, 1.25), (canvas.zoom_out, 1), (canvas.fit, 0.5)):
        with qtbot.waitSignal(canvas.zoom_changed) as changed:
            act()
        assert changed.args == [zoom]


def test_the_split_is_told(qtbot, canvas):
    with qtbot.waitSignal(canvas.split_changed) as changed:
        canvas.set_split(0.25)
    assert changed.args == [0.25]
    assert canvas.split == 0.25
    with qtbot.assertNotEmitted(canvas.split_changed):
        canvas.set_split(0.25)


def test_the_keyboard_stays_with_the_photo_when_the_mode_changes(qtbot, canvas, plain):
    canvas.activateWindow()
    canvas.single.setFocus()
    qtbot.waitUntil(canvas.single.hasFocus)
    canvas.set_mode(Mode.SPLIT)
    assert canvas.split_view.hasFocus()


def test_a_status_is_said_and_unsaid(qtbot, canvas, plain, grab):
    canvas.show_photo(Pyramid.build(plain()))
    settle(qtbot, canvas)
    before = grab(canvas)
    canvas.set_status("Colouring…")
    changed = np.argwhere((grab(canvas) != before).any(axis=-1))
    assert changed[:, 0].min() > 250
    canvas.set_status("")
    assert np.array_equal(grab(canvas), before)


def test_a_long_status_stays_inside(canvas):
    canvas.set_status("The photo is damaged. " * 20)
    label = next(child for child in canvas.children() if isinstance(child, StatusLabel))
    assert canvas.rect().contains(label.geometry())
    assert label.height() > 60


def test_a_tool_is_for_all_views_but_the_candidates(canvas):
    tool = PanTool()
    canvas.set_tool(tool)
    assert all(view.tool is tool for view in (canvas.single, canvas.split_view, canvas.before, canvas.after))
    assert all(view.tool is not tool for view in canvas.compare.all_views)


def test_every_view_has_a_name(canvas):
    views = (canvas.single, canvas.split_view, canvas.before, canvas.after)
    assert all(view.accessibleName() for view in views)


def test_trouble_is_told(qtbot, canvas, plain, paint):
    class Torn(Pyramid):
        def colored(self, level, box, painting):
            raise MemoryError("torn")

    canvas.show_photo(Torn.build(plain()))
    with qtbot.waitSignal(canvas.failed) as failed:
        canvas.show_painting(paint())
    assert str(failed.args[0]) == "torn"


def test_closed_photos_are_let_go_of(qtbot, canvas, tasks, plain, paint):
    gone = []
    gc.collect()
    gc.disable()
    try:
        for mode in (Mode.SINGLE, Mode.SPLIT, Mode.SIDE_BY_SIDE):
            canvas.set_mode(mode)
            photo, painting = Pyramid.build(plain(2000, 1500)), paint()
            canvas.show_photo(photo)
            canvas.show_painting(painting)
            canvas.hold_original(True)
            settle(qtbot, canvas)
            canvas.hold_original(False)
            gone += [weakref.ref(photo), weakref.ref(painting)]
            del photo, painting
        qtbot.waitUntil(lambda: tasks.idle)
        qtbot.wait(20)
        assert [ref() is None for ref in gone] == [True] * 4 + [False] * 2  # the last is still shown
        canvas.clear()
        qtbot.waitUntil(lambda: tasks.idle)
        qtbot.waitUntil(lambda: all(ref() is None for ref in gone))
        assert len(canvas.store) == 0
    finally:
        gc.enable()


def test_a_canvas_can_go_while_tiles_are_on_their_way(qtbot, tasks, gated, paint):
    photo, painting = gated(), paint()
    photo.closed_for = painting
    canvas = Canvas(tasks)
    canvas.resize(400, 300)
    canvas.show()
    canvas.show_photo(photo)
    canvas.show_painting(painting)
    qtbot.wait(20)
    canvas.close()
    canvas.deleteLater()
    del canvas
    qtbot.wait(5)
    photo.open.set()
    qtbot.waitUntil(lambda: tasks.idle)
    qtbot.wait(20)


def test_a_hidden_canvas_asks_for_nothing(qtbot, tasks, canvas, plain, paint):
    canvas.hide()
    canvas.show_photo(Pyramid.build(plain()))
    canvas.show_painting(paint())
    qtbot.wait(20)
    assert len(canvas.store) == 0
    assert not canvas.settled
    canvas.show()
    settle(qtbot, canvas)


def test_memory_is_bounded(qtbot, tasks, ramp, paint):
    budget = 24 << 20
    canvas = Canvas(tasks, budget=budget)
    qtbot.addWidget(canvas)
    canvas.resize(400, 300)
    canvas.show()
    canvas.show_photo(Pyramid.build(ramp(6000, 4000)))
    canvas.show_painting(paint())
    largest = 0
    for zoom in (0.1, 0.5, 1.0, 0.7):
        canvas.viewport.zoom_to(zoom)
        for _ in range(6):
            canvas.viewport.pan(-300, -200)
            settle(qtbot, canvas)
            largest = max(largest, canvas.store.size)
    assert largest <= budget


def test_space_and_arrows_are_left_to_the_window(canvas, plain):
    canvas.show_photo(Pyramid.build(plain(2000, 1500)))
    canvas.actual_size()
    before = canvas.single.placement()
    for key in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Space):
        QTest.keyClick(canvas.single, key)
    assert canvas.single.placement() == before
