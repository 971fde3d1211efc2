import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from desktop.canvas import HintToolKind, HintTools, Mode, PanTool
from engine import HintSet


def views(canvas):
    return canvas.single, canvas.split_view, canvas.before, canvas.after


def test_the_pointer_is_the_chosen_tool_s_and_the_canvas_s_again(hinted, tools):
    own = PanTool()
    hinted.set_tool(own)
    seen = []
    for kind in (*HintToolKind, None):
        tools.set_tool(kind)
        (tool,) = {view.tool for view in views(hinted)}
        assert (tool is own) is (kind is None)
        seen.append(tool)
    assert len(set(seen)) == 5
    assert all(view.tool is not tool for view in hinted.compare.all_views for tool in seen)


def test_tools_that_were_put_away_do_nothing(hinted, tools):
    tools.set_tool(HintToolKind.BRUSH)
    hinted.set_hint_tools(None)
    assert isinstance(hinted.single.tool, PanTool)
    tools.set_tool(HintToolKind.ERASER)
    assert isinstance(hinted.single.tool, PanTool)


def test_other_tools_take_their_place(hinted, tools, notes, drag):
    others = HintTools()
    others.set_hints(HintSet(800, 600))
    others.set_tool(HintToolKind.BRUSH)
    hinted.set_hint_tools(others)
    told = []
    others.stroked.connect(told.append)
    drag(hinted.single, QPoint(100, 80), QPoint(200, 80))
    assert len(told) == 1
    assert notes == []


@pytest.mark.parametrize("mode", [Mode.SINGLE, Mode.SPLIT, Mode.SIDE_BY_SIDE])
def test_ink_stays_until_the_next_colours_are_drawn(qtbot, hinted, tools, paint, mode):
    hinted.set_mode(mode)
    tools.stroked.connect(lambda hint: tools.set_hints(tools.hints.added(hint)))
    tools.set_tool(HintToolKind.BRUSH)
    view = next(view for view in views(hinted) if view.isVisible())
    for x in (40, 120):
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(x, 150))
    assert len(tools.strokes) == 2
    hinted.show_painting(paint())
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(80, 150))
    qtbot.waitUntil(lambda: len(tools.strokes) == 1)  # the one that these colours cannot know of
    hinted.show_painting(paint())
    qtbot.waitUntil(lambda: tools.strokes == [])


def test_a_canvas_can_go_before_its_tools(qtbot, tasks, tools, plain):
    from desktop.canvas import Canvas

    canvas = Canvas(tasks)
    canvas.set_hint_tools(tools)
    canvas.deleteLater()
    del canvas
    qtbot.wait(5)
    tools.set_tool(HintToolKind.BRUSH)
    tools.set_radius(30)
