import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage, QPainter

from desktop.canvas import HintToolKind
from desktop.canvas.markers import draw_marker, draw_number, draw_ring, marker_place
from desktop.theme import dark_palette, light_palette, theme_colors
from engine import Hint, HintPoint, HintSet, Pyramid


def drawn(value, act):
    """What a painter makes of a ground of one grey: 64×64×3."""
    image = QImage(64, 64, QImage.Format.Format_RGB888)
    image.fill(0x010101 * value)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    act(painter)
    painter.end()
    values = np.frombuffer(image.constBits(), np.uint8).reshape(64, image.bytesPerLine())
    return values[:, : 3 * 64].reshape(64, 64, 3).astype(int)


CENTER = QPointF(32, 32)


@pytest.mark.parametrize("value", [0, 64, 128, 192, 255])
@pytest.mark.parametrize("color", ["#000000", "#7d2a2f", "#f0e8d0", None])
@pytest.mark.parametrize("palette", [None, light_palette, dark_palette])
def test_a_marker_is_seen_on_any_photo(qapp, value, color, palette):
    selected = None if palette is None else theme_colors(palette()).focus
    seen = drawn(value, lambda painter: draw_marker(painter, CENTER, color, selected=selected))
    away = np.abs(seen - value).max(axis=-1)
    assert (away > 90).sum() > 15  # a whole ring is far from the ground


@pytest.mark.parametrize("value", [0, 128, 255])
def test_ring_and_number_are_seen_on_any_photo(qapp, value):
    for act in (
        lambda painter: draw_ring(painter, CENTER, 20),
        lambda painter: draw_ring(painter, CENTER, 20, dashed=True),
        lambda painter: draw_number(painter, CENTER, 3, painter.font()),
    ):
        assert (np.abs(drawn(value, act) - value).max(axis=-1) > 90).sum() > 20


def test_the_kinds_differ_in_shape(qapp):
    looks = [
        drawn(128, lambda painter, color=color: draw_marker(painter, CENTER, color))[29:36, 29:36].mean(axis=-1)
        for color in ("#7d2a2f", "#3a3a3e", "#404040", None)
    ]
    spread = [np.ptp(look) for look in looks]
    assert max(spread[0], spread[1]) < 10  # a colour is plain
    bar, cross = (look > look.max() - 60 for look in looks[2:])
    assert np.ptp(np.nonzero(bar)[0]) <= 2 < np.ptp(np.nonzero(bar)[1])
    assert np.ptp(np.nonzero(cross)[0]) == np.ptp(np.nonzero(cross)[1]) > 2


def test_a_marker_stands_halfway_along_its_stroke(qapp):
    points = (HintPoint(0, 0), HintPoint(10, 0), HintPoint(10, 0), HintPoint(10, 30))
    assert marker_place(Hint(points, 5, None)) == QPointF(10, 10)
    assert marker_place(Hint((HintPoint(3, 4), HintPoint(3, 4, 0.5)), 5, None)) == QPointF(3, 4)


@pytest.fixture
def marked(hinted, tools):
    tools.set_hints(
        HintSet(
            800,
            600,
            (
                Hint((HintPoint(200, 200),), 10, "#ff0000"),
                Hint((HintPoint(400, 400), HintPoint(600, 400)), 30, "#0000ff"),
            ),
        )
    )
    return hinted


def changed(pixels, x, y, reach=6):
    """Whether something is drawn over the grey photo near a point of the view."""
    return bool((pixels[y - reach : y + reach, x - reach : x + reach] != 128).any())


def test_markers_are_on_the_photo_whatever_the_pointer_does(marked, tools, grab):
    for kind in (None, HintToolKind.BRUSH, HintToolKind.SELECT):
        tools.set_tool(kind)
        seen = grab(marked.single)
        assert changed(seen, 100, 100)
        assert changed(seen, 250, 200)
    marked.viewport.zoom_to(1)
    assert changed(grab(marked.single), 300, 250)  # halfway along the stroke, which is 250 from the middle now


def test_they_can_be_hidden(marked, grab):
    marked.set_hints_shown(False)
    assert not marked.hints_shown
    assert (grab(marked.single) == 128).all()
    marked.set_hints_shown(True)
    assert changed(grab(marked.single), 100, 100)


def test_without_tools_there_are_none(marked, grab):
    marked.set_hint_tools(None)
    assert (grab(marked.single) == 128).all()
    assert marked.hint_tools is None


def test_ways_are_shown_to_take_hold_of_and_to_rub_out(marked, tools, grab):
    for kind, shown in ((HintToolKind.BRUSH, False), (HintToolKind.ERASER, True), (HintToolKind.SELECT, True)):
        tools.set_tool(kind)
        assert changed(grab(marked.single), 290, 200, 4) is shown


def test_all_of_the_selected_hint_s_ink_is_shown(marked, tools, grab):
    tools.set_tool(HintToolKind.SELECT)
    tools.set_selected(1)
    seen = grab(marked.single)
    assert (seen[190:194, 210:230, 2] - seen[190:194, 210:230, 0] > 60).all()
    tools.set_selected(None)
    assert (grab(marked.single)[190:194, 210:230] == 128).all()


def test_the_selected_marker_is_larger(marked, tools, grab):
    before = (grab(marked.single)[80:120, 80:120] != 128).any(axis=-1).sum()
    tools.set_selected(0)
    assert (grab(marked.single)[80:120, 80:120] != 128).any(axis=-1).sum() > 1.5 * before


def test_another_photo_takes_overlay_places_and_ink_away(marked, tools, plain, grab, qtbot):
    tools.set_selected(1)
    marked.set_places([QPointF(400, 100)])
    overlay = QImage(4, 3, QImage.Format.Format_ARGB32_Premultiplied)
    overlay.fill(0xFFFF0000)
    marked.set_overlay(overlay)
    tools.begin((800, 600), erasing=False)
    marked.show_photo(Pyramid.build(plain()))
    tools.set_hints(None)
    qtbot.waitUntil(lambda: marked.settled)
    assert (grab(marked.single) == 128).all()
    assert (tools.selected, tools.stroke, tools.places) == (None, None, ())
