import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.canvas import HintToolKind, Mode
from engine import Hint, HintPoint

ENTER, LEFT, RIGHT, UP, DOWN, ESCAPE = (
    Qt.Key.Key_Return,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Escape,
)
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def view(hinted, tools):
    tools.set_tool(HintToolKind.BRUSH)
    tools.set_color("#7d2a2f")
    tools.set_radius(20)
    forget_pointer(hinted.single)
    return hinted.single


def forget_pointer(view):
    """Wherever the test before has left the pointer."""
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))


def repeat(view, key):
    """What a held key sends again and again."""
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress):
        QApplication.sendEvent(view, QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, "", True))


def test_a_hint_is_placed_by_keys_alone(view, tools, notes):
    QTest.keyClick(view, ENTER)
    assert tools.place == QPointF(400, 300)  # the middle of what is seen
    for key in (LEFT, UP, UP):
        QTest.keyClick(view, key)
    QTest.keyClick(view, RIGHT, SHIFT)
    QTest.keyClick(view, ENTER)
    assert notes[-1] == ("stroked", Hint((HintPoint(382, 260),), 20, "#7d2a2f"))


def test_a_stroke_is_drawn_while_enter_is_held(view, notes):
    QTest.keyClick(view, ENTER)
    QTest.keyPress(view, ENTER)
    for _ in range(3):
        repeat(view, ENTER)
        QTest.keyClick(view, RIGHT)
    QTest.keyClick(view, DOWN)
    QTest.keyRelease(view, ENTER)
    assert notes[-1] == (
        "stroked",
        Hint((HintPoint(400, 300), HintPoint(460, 300), HintPoint(460, 320)), 20, "#7d2a2f"),
    )


def test_the_stroke_ends_when_the_keyboard_goes_elsewhere(hinted, view, notes, qtbot):
    hinted.activateWindow()
    view.setFocus()
    qtbot.waitUntil(view.hasFocus)
    QTest.keyClick(view, ENTER)
    QTest.keyPress(view, ENTER)
    QTest.keyClick(view, RIGHT)
    view.clearFocus()
    assert notes[-1][0] == "stroked"


def test_escape_first_gives_the_stroke_up_and_then_the_crosshair(view, tools, notes):
    QTest.keyClick(view, ENTER)
    QTest.keyPress(view, ENTER)
    QTest.keyClick(view, RIGHT)
    QTest.keyClick(view, ESCAPE)
    assert notes[-1] == ("given_up",)
    assert tools.by_keys
    QTest.keyRelease(view, ENTER)
    assert notes[-1] == ("given_up",)
    QTest.keyClick(view, ESCAPE)
    assert tools.place is None
    assert not view.needs_key(ESCAPE, "")


def test_arrows_are_the_window_s_until_the_crosshair_is_shown(view):
    assert not any(view.needs_key(key, "") for key in (LEFT, RIGHT, UP, DOWN))
    QTest.keyClick(view, ENTER)
    assert all(view.needs_key(key, "") for key in (LEFT, RIGHT, UP, DOWN))


def test_keys_of_the_tool_are_no_shortcuts(view):
    QTest.keyClick(view, ENTER)
    for key, modifiers, taken in (
        (LEFT, Qt.KeyboardModifier.NoModifier, True),
        (LEFT, Qt.KeyboardModifier.ControlModifier, False),
        (Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier, False),
    ):
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
        event.ignore()
        QApplication.sendEvent(view, event)
        assert event.isAccepted() is taken


def test_other_keys_go_on_to_the_window(hinted, view, qtbot):
    seen = []

    class Listener(QWidget):
        def keyPressEvent(self, event):
            seen.append(event.key())

    parent = Listener()
    qtbot.addWidget(parent)
    hinted.setParent(parent)
    for key in (LEFT, Qt.Key.Key_B, ENTER, LEFT):
        QTest.keyClick(view, key)
    assert seen == [LEFT, Qt.Key.Key_B]
    hinted.setParent(None)


def test_the_crosshair_stays_in_sight_and_on_the_photo(view, tools):
    view.viewport.zoom_to(2)
    QTest.keyClick(view, ENTER)
    for _ in range(200):
        QTest.keyClick(view, LEFT)
        assert view.rect().contains(view.point_of(tools.place).toPoint())
    assert tools.place.x() == 0
    for _ in range(300):
        QTest.keyClick(view, RIGHT)
    assert 799 <= tools.place.x() < 800
    assert view.point_of(tools.place).x() <= view.width()


def test_it_begins_where_the_pointer_is_and_goes_when_the_pointer_moves(view, tools):
    QTest.mouseMove(view, QPoint(100, 80))
    QTest.keyClick(view, ENTER)
    assert tools.place == QPointF(200, 160)
    QTest.mouseMove(view, QPoint(101, 80))
    assert tools.by_keys
    QTest.mouseMove(view, QPoint(110, 80))
    assert not tools.by_keys
    assert tools.place == QPointF(220, 160)


def test_a_press_of_the_mouse_goes_before_it(view, tools, notes):
    QTest.keyClick(view, ENTER)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 80))
    assert notes[-1][1].points == (HintPoint(200, 160),)
    assert not tools.by_keys


def test_digits_lead_to_the_numbered_places(hinted, view, tools):
    hinted.set_places([QPointF(100, 100), QPointF(700, 500)])
    QTest.keyClick(view, Qt.Key.Key_2)
    assert tools.place == QPointF(700, 500)
    assert tools.by_keys
    assert not view.needs_key(Qt.Key.Key_3, "3")
    hinted.set_places([])
    assert not view.needs_key(Qt.Key.Key_2, "2")


@pytest.mark.parametrize("kind", [HintToolKind.ERASER, HintToolKind.PICK])
def test_other_tools_are_used_by_keys_too(view, tools, notes, kind):
    tools.set_tool(kind)
    QTest.keyClick(view, ENTER)
    QTest.keyClick(view, ENTER)
    told = ("erased", (HintPoint(400, 300),), 20) if kind is HintToolKind.ERASER else ("picked", 400, 300)
    assert notes[-1] == told


def test_where_it_stands_is_told_and_said(hinted, view, tools):
    told = []
    tools.hovered.connect(told.append)
    hinted.set_mode(Mode.SPLIT)
    shown = hinted.split_view
    forget_pointer(shown)
    assert "Brush" in shown.accessibleDescription()
    assert "divider" in shown.accessibleDescription()
    QTest.keyClick(shown, ENTER)
    QTest.keyClick(shown, RIGHT)
    assert told[-1] == QPointF(420, 300)
    assert "420, 300" in shown.accessibleDescription()
    tools.set_tool(None)
    assert "Brush" not in shown.accessibleDescription()


def test_in_the_split_view_the_crosshair_goes_before_the_divider(hinted, view, tools, paint):
    hinted.set_mode(Mode.SPLIT)
    shown = hinted.split_view
    forget_pointer(shown)
    QTest.keyClick(shown, LEFT, SHIFT)
    assert hinted.split == pytest.approx(0.49)
    QTest.keyClick(shown, ENTER)
    QTest.keyClick(shown, LEFT, SHIFT)
    assert hinted.split == pytest.approx(0.49)
    assert tools.place == QPointF(398, 300)


def test_without_a_photo_there_is_no_crosshair(canvas, tools):
    canvas.set_hint_tools(tools)
    tools.set_tool(HintToolKind.BRUSH)
    QTest.keyClick(canvas.single, ENTER)
    assert tools.place is None
