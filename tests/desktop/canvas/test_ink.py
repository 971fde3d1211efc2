import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.canvas import HintToolKind, PhotoView
from desktop.canvas.ink import OPACITY
from engine import Pyramid

PRESS, MOVE, RELEASE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease


@pytest.fixture
def view(hinted, tools):
    tools.set_tool(HintToolKind.BRUSH)
    tools.set_radius(40)
    tools.set_color("#ff0000")
    return hinted.single


def reddened(pixels):
    return pixels[..., 0] - pixels[..., 2] > 60


def draw(press, view, *points):
    press(view, PRESS, QPointF(*points[0]))
    for point in points[1:]:
        press(view, MOVE, QPointF(*point))


def steady(qtbot, grab, view):
    """What a view shows in the end: a long stroke is drawn little by little."""
    seen = [grab(view)]

    def rests():
        seen.append(grab(view))
        return len(seen) > 5 and all(np.array_equal(one, seen[-1]) for one in seen[-5:])

    qtbot.waitUntil(rests)
    return seen[-1]


def test_ink_is_there_with_the_next_picture_and_no_engine_is_asked(view, press, grab):
    draw(press, view, (100, 80), (150, 80))
    seen = grab(view)
    rows, columns = np.nonzero(reddened(seen))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx((60, 99, 80, 169), abs=1)


def test_the_photo_shows_through_ink_evenly_also_where_it_overlaps(qtbot, hinted, view, press, grab):
    pixels = np.full((600, 800), 60, np.uint8)
    pixels[:, 400:] = 200
    hinted.show_photo(Pyramid.build(pixels))
    qtbot.waitUntil(lambda: hinted.settled)
    draw(press, view, (150, 80), (250, 80), (150, 80), (250, 80))
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    seen = grab(view)
    for column, value in ((180, 60), (220, 200)):
        wanted = np.array([255, 0, 0]) * OPACITY + value * (1 - OPACITY)
        assert np.abs(seen[70:90, column] - wanted).max() <= 3


def test_pressure_makes_ink_wider_without_steps(view, tools, grab):
    tools.begin((800, 600), erasing=False)
    tools.extend(QPointF(200, 300), 0.25, 0.5)
    tools.extend(QPointF(600, 300), 1, 0.5)
    heights = reddened(grab(view))[:, 110:295].sum(axis=0)
    assert (np.diff(heights) >= 0).all()
    assert (heights[0], heights[-1]) == (pytest.approx(11, abs=2), pytest.approx(39, abs=2))


def test_keep_is_hatched_and_no_colour_is_grey_with_an_edge(view, tools, press, grab):
    looks = []
    for color in (None, "#808080"):
        tools.set_color(color)
        draw(press, view, (100, 80), (150, 80))
        looks.append(grab(view)[50:110, 90:125])
        view.give_up()
    hatched, plain = (look[25:35, :, 0] for look in looks)
    assert np.ptp(hatched) > 40
    assert np.ptp(plain) <= 2
    assert np.ptp(looks[1][:, 10, 0]) > 60  # on a photo of just that grey, its edge is light and dark


def test_only_what_was_touched_is_painted(view, press, monkeypatch, qtbot):
    draw(press, view, (100, 80), (110, 80))
    painted = []
    before = PhotoView.draw_over
    monkeypatch.setattr(
        PhotoView, "draw_over", lambda self, painter: (painted.append(self.exposed), before(self, painter))
    )
    qtbot.wait(5)
    painted.clear()
    press(view, MOVE, QPointF(120, 80))
    qtbot.waitUntil(lambda: bool(painted))
    assert all(area.width() < 130 and area.height() < 130 for area in painted)


def test_ink_is_the_same_when_it_is_drawn_anew(qtbot, hinted, view, press, grab):
    way = [(60 + step, 150 + 60 * np.sin(step / 15)) for step in range(0, 280, 2)]
    draw(press, view, *way)
    before = steady(qtbot, grab, view)
    view.viewport.zoom_by(1.25, QPointF())
    grab(view)
    hinted.fit()
    qtbot.waitUntil(lambda: hinted.settled)
    after = steady(qtbot, grab, view)
    assert np.abs(after - before).max() < 30  # an edge is smoothed once more or less
    assert np.abs(after - before).mean() < 0.01


def test_a_long_stroke_is_seen_at_once_where_the_photo_was_moved(qtbot, view, tools, press, grab):
    view.viewport.zoom_to(1)
    tools.begin((800, 600), erasing=False)
    for step in range(4000):
        tools.extend(QPointF(400 + 150 * np.sin(step / 7), 300 + 90 * np.cos(step / 11)), 1, 0.5)
    before = reddened(steady(qtbot, grab, view))
    view.pan(-40, 30)
    after = reddened(grab(view))
    assert (after[30:, :-40] == before[:-30, 40:])[:, :330].mean() > 0.95


def test_ink_is_only_on_the_photo(hinted, view, tools, grab):
    hinted.resize(800, 300)
    edge = view.seen().left()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(round(edge) + 5, 150))
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    seen = grab(view)
    assert not reddened(seen)[:, : round(edge) - 1].any()
    assert reddened(seen)[:, round(edge) + 1 :].any()


def test_ink_is_seen_in_a_photo_that_is_shown_very_small(qtbot, hinted, view, tools, press, plain, grab):
    hinted.show_photo(Pyramid.build(plain(8000, 6000)))
    qtbot.waitUntil(lambda: hinted.settled)
    tools.set_radius(1)
    draw(press, view, (100, 80), (150, 80))
    view.leaveEvent(QEvent(QEvent.Type.Leave))
    assert (grab(view)[78:83, 110:140, 0] - 128 > 15).any(axis=0).all()


def test_an_eraser_s_trail_takes_no_colour(view, tools, press, grab):
    tools.set_tool(HintToolKind.ERASER)
    draw(press, view, (100, 80), (150, 80))
    trail = grab(view)[75:85, 105:120]
    assert np.ptp(trail, axis=-1).max() == 0
    assert trail.min() > 170


def test_while_the_original_is_held_nothing_hides_it(qtbot, hinted, view, press, grab):
    draw(press, view, (100, 80), (150, 80))
    hinted.hold_original(True)
    qtbot.waitUntil(lambda: hinted.settled)
    assert not reddened(grab(view)).any()


def test_at_the_largest_zoom_ink_is_where_the_pointer_was(qtbot, view, tools, press, grab):
    view.viewport.zoom_to(32)
    tools.set_radius(1)
    draw(press, view, (-5000, 150), (5000, 150))
    seen = reddened(steady(qtbot, grab, view))
    rows = np.nonzero(seen[:, 5:-5])[0]
    assert (rows.min(), rows.max()) == pytest.approx((118, 182), abs=3)
    assert seen[150, 5:-5].all()
