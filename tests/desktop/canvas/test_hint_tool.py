import pytest
from PySide6.QtCore import QPointF

from desktop.canvas import HintToolKind
from desktop.canvas.hint_tool import LARGEST_RADIUS, LEAST_RADIUS
from engine import Hint, HintPoint, HintSet

RED, BLUE, KEEP = (Hint((HintPoint(100.0 * n, 50),), 10, color) for n, color in enumerate(("#7d2a2f", "#2f6fb0", None)))
HINTS = HintSet(800, 600, (RED, BLUE, KEEP))


def draw(tools, *places, erasing=False):
    tools.begin((800, 600), erasing=erasing)
    for place in places:
        tools.extend(QPointF(*place), 1, 0.5)


def test_the_brush_keeps_its_bounds(qtbot, tools):
    with qtbot.waitSignal(tools.radius_changed) as changed:
        tools.set_radius(1e9)
    assert changed.args == [LARGEST_RADIUS]
    tools.set_radius(0.001)
    assert tools.radius == LEAST_RADIUS
    tools.enlarge()
    tools.enlarge()
    tools.reduce()
    assert tools.radius == pytest.approx(1.25)


def test_what_is_set_is_told_once(qtbot, tools):
    for setter, signal, value in (
        (tools.set_color, tools.color_changed, "#7d2a2f"),
        (tools.set_tool, tools.tool_changed, HintToolKind.BRUSH),
        (tools.set_radius, tools.radius_changed, 17.0),
    ):
        with qtbot.waitSignal(signal) as changed:
            setter(value)
        assert changed.args == [value]
        with qtbot.assertNotEmitted(signal):
            setter(value)


def test_a_stroke_is_told_while_it_grows_and_when_it_is_finished(qtbot, tools, notes):
    tools.set_radius(12)
    tools.set_color("#7d2a2f")
    draw(tools, (10, 10), (60, 10))
    assert notes == [("stroking", Hint((HintPoint(10, 10),), 12, "#7d2a2f"))]  # at once, but not at every step
    whole = Hint((HintPoint(10, 10), HintPoint(60, 10)), 12, "#7d2a2f")
    qtbot.waitUntil(lambda: notes[-1] == ("stroking", whole))
    tools.finish()
    assert notes[-1] == ("stroked", whole)
    qtbot.wait(60)
    assert notes[-1] == ("stroked", whole)


def test_an_eraser_s_way_is_told_with_its_radius(tools, notes):
    tools.set_radius(12)
    draw(tools, (10, 10), (60, 10), erasing=True)
    tools.finish()
    assert notes == [("erasing", (HintPoint(10, 10),), 12), ("erased", (HintPoint(10, 10), HintPoint(60, 10)), 12)]


def test_a_stroke_keeps_the_brush_that_it_began_with(tools, notes):
    tools.set_radius(12)
    tools.set_color("#7d2a2f")
    draw(tools, (10, 10))
    tools.set_radius(40)
    tools.set_color(None)
    tools.finish()
    assert (notes[-1][1].radius, notes[-1][1].color) == (12, "#7d2a2f")


@pytest.mark.parametrize("erasing", [False, True])
def test_a_stroke_that_is_given_up_leaves_nothing(qtbot, tools, notes, erasing):
    draw(tools, (10, 10), (60, 10), erasing=erasing)
    assert tools.cancel()
    tools.extend(QPointF(90, 10), 1, 0.5)
    tools.finish()
    qtbot.wait(60)
    assert notes[-1] == ("given_up",)
    assert tools.strokes == []
    assert not tools.cancel()


def test_another_tool_gives_up_the_stroke(tools, notes):
    tools.set_tool(HintToolKind.BRUSH)
    draw(tools, (10, 10))
    tools.set_tool(HintToolKind.SELECT)
    assert notes[-1] == ("given_up",)


def test_ink_stays_until_its_colours_are_there(tools):
    hints = HintSet(800, 600)
    tools.set_hints(hints)
    tools.stroked.connect(lambda hint: tools.set_hints(tools.hints.added(hint)))
    draw(tools, (10, 10), (60, 10))
    tools.finish()
    first = tools.finished_ink
    draw(tools, (10, 90), (60, 90))
    tools.finish()
    assert len(tools.strokes) == 2
    tools.drop_ink(first)
    assert len(tools.strokes) == 1
    tools.drop_ink()
    assert tools.strokes == []


def test_ink_goes_with_its_hint(tools):
    tools.set_hints(HintSet(800, 600))
    tools.stroked.connect(lambda hint: tools.set_hints(tools.hints.added(hint)))
    draw(tools, (10, 10), (60, 10))
    tools.finish()
    tools.set_hints(HintSet(800, 600))  # undone
    assert tools.strokes == []


def test_ink_does_not_stay_for_ever(qtbot, tools, monkeypatch):
    tools._fading.setInterval(10)
    draw(tools, (10, 10))
    tools.finish()
    qtbot.waitUntil(lambda: tools.strokes == [])


def test_the_selected_hint_stays_selected_when_others_come_and_go(tools, notes):
    tools.set_hints(HINTS)
    tools.set_selected(1)
    for hints, selected in (
        (HINTS.removed(0), 0),
        (HintSet(800, 600, (KEEP, RED, BLUE)), 2),
        (HintSet(800, 600, (KEEP, RED, BLUE.recolored("#000000"))), 2),
        (HintSet(800, 600, (KEEP, RED)), None),
    ):
        tools.set_hints(hints)
        assert tools.selected == selected
    assert [values for name, *values in notes if name == "selected_changed"] == [[1], [0], [2], [None]]


def test_a_hint_that_is_not_there_cannot_be_selected(tools):
    tools.set_selected(0)
    assert tools.selected is None
    tools.set_hints(HINTS)
    tools.set_selected(3)
    assert tools.selected is None


def test_a_drag_is_told_in_pixels_from_its_start(tools, notes):
    tools.set_hints(HINTS)
    tools.set_selected(2)
    for shift in (QPointF(3, 4), QPointF(5, -1)):
        tools.drag(shift)
        assert tools.shift == shift
    tools.drop()
    assert notes[1:] == [("moving", 2, 3, 4), ("moving", 2, 5, -1), ("moved", 2, 5, -1)]
    assert tools.shift == QPointF()


def test_a_drag_back_to_its_start_moves_nothing(tools, notes):
    tools.set_hints(HINTS)
    tools.set_selected(2)
    tools.drag(QPointF(3, 4))
    tools.drag(QPointF(0, 0))
    tools.drop()
    assert notes[-1] == ("given_up",)


def test_a_hint_that_is_changed_meanwhile_is_dragged_no_further(tools, notes):
    tools.set_hints(HINTS)
    tools.set_selected(2)
    tools.drag(QPointF(3, 4))
    tools.set_hints(HINTS.added(RED))
    assert tools.dragging
    tools.set_hints(HINTS.added(RED).replaced(2, KEEP.moved(1, 1)))
    assert notes[-1] == ("given_up",)
    assert not tools.dragging


def test_another_photo_takes_everything_away_but_its_hints(tools):
    tools.set_hints(HINTS)
    tools.set_selected(1)
    tools.point_at(QPointF(5, 5))
    draw(tools, (10, 10))
    tools.finish()
    draw(tools, (10, 10))
    tools.reset()
    assert (tools.strokes, tools.selected, tools.place) == ([], None, None)
    assert tools.hints is HINTS


def test_where_the_pointer_is_on_the_photo_is_told(tools):
    tools.set_hints(HINTS)
    told = []
    tools.hovered.connect(told.append)
    for place in (QPointF(-5, 5), QPointF(5, 5), QPointF(5, 5), QPointF(800, 5), QPointF(900, 5), None):
        tools.point_at(place)
    assert told == [QPointF(5, 5), None]
