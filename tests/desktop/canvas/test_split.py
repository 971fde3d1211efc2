import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from desktop.canvas import Mode
from engine import Pyramid

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def split(qtbot, canvas, plain, paint):
    """A grey photo of 800×600 on 400×300, right of the divider orange."""
    canvas.set_mode(Mode.SPLIT)
    canvas.show_photo(Pyramid.build(plain()))
    canvas.show_painting(paint())
    qtbot.waitUntil(lambda: canvas.settled)
    return canvas.split_view


def is_grey(pixels):
    return np.ptp(pixels, axis=-1).max() <= 2


def is_colored(pixels):
    return (pixels[..., 0] - pixels[..., 2]).min() > 40


def test_left_is_the_original_and_right_the_colours(split, grab):
    for share in (0.5, 0.25, 0.8):
        split.set_split(share)
        divider = round(400 * share)
        assert split.divider() == divider
        row = grab(split)[60]
        assert is_grey(row[: divider - 3])
        assert is_colored(row[divider + 3 :])


def test_the_line_shows_on_light_and_on_dark_photos(qtbot, canvas, plain, paint, grab):
    canvas.set_mode(Mode.SPLIT)
    for value in (0, 255):
        canvas.show_photo(Pyramid.build(plain(value=value)))
        canvas.show_painting(paint())
        qtbot.waitUntil(lambda: canvas.settled)
        row = grab(canvas.split_view)[60, 190:210].mean(axis=-1)
        assert row.max() - row.min() > 150


def test_the_mouse_moves_the_divider_and_not_the_photo(qtbot, split, drag, grab):
    split.viewport.zoom_to(2)
    before = split.placement()
    with qtbot.waitSignal(split.split_changed):
        drag(split, QPoint(202, 40), QPoint(302, 50))
    assert split.split == pytest.approx(0.75)
    assert split.placement() == before
    drag(split, QPoint(300, 40), QPoint(4000, 50))
    assert split.split == 1.0
    drag(split, QPoint(399, 40), QPoint(-4000, 50))
    assert split.split == 0.0


def test_beside_the_divider_the_mouse_moves_the_photo(split, drag):
    split.viewport.zoom_to(2)
    before = split.placement()
    drag(split, QPoint(100, 100), QPoint(50, 80))
    assert split.split == 0.5
    assert (split.placement().left - before.left, split.placement().top - before.top) == (-50, -20)


def test_the_cursor_tells_where_the_divider_can_be_taken(split):
    QTest.mouseMove(split, QPoint(201, 60))
    assert split.cursor().shape() == Qt.CursorShape.SplitHCursor
    QTest.mouseMove(split, QPoint(120, 60))
    assert split.cursor().shape() != Qt.CursorShape.SplitHCursor


def test_the_keys_move_the_divider(split):
    QTest.keyClick(split, Qt.Key.Key_Right, SHIFT)
    assert split.split == pytest.approx(0.51)
    QTest.keyClick(split, Qt.Key.Key_Left, SHIFT | CONTROL)
    assert split.split == pytest.approx(0.41)
    for _ in range(9):
        QTest.keyClick(split, Qt.Key.Key_Left, SHIFT | CONTROL)
    assert split.split == 0
    assert "0 %" in split.accessibleDescription()


def test_a_double_click_on_the_divider_puts_it_into_the_middle(split):
    split.set_split(0.3)
    QTest.mouseDClick(split, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(120, 60))
    assert split.split == 0.5
    assert split.viewport.fitting


def test_the_divider_stays_on_the_screen_when_the_photo_moves(split):
    split.viewport.zoom_to(2)
    split.set_split(0.3)
    before = split.divider()
    split.pan(-60, 10)
    assert split.divider() == before


def test_beside_a_narrow_photo_the_divider_keeps_to_it(qtbot, canvas, plain, paint):
    canvas.set_mode(Mode.SPLIT)
    canvas.show_photo(Pyramid.build(plain(300, 600)))
    canvas.show_painting(paint())
    for share, at in ((0, 125), (1, 275)):
        canvas.set_split(share)
        assert canvas.split_view.divider() == at


def test_there_is_no_divider_before_there_are_colours(qtbot, canvas, plain, paint, grab):
    canvas.set_mode(Mode.SPLIT)
    canvas.show_photo(Pyramid.build(plain()))
    qtbot.waitUntil(lambda: canvas.settled)
    assert is_grey(grab(canvas.split_view)[60])
    assert not canvas.split_view.divided
    QTest.mouseMove(canvas.split_view, QPoint(200, 60))
    assert canvas.split_view.cursor().shape() == Qt.CursorShape.ArrowCursor


def test_held_both_sides_are_the_original(qtbot, canvas, split, grab):
    canvas.hold_original(True)
    qtbot.waitUntil(lambda: canvas.settled)
    assert is_grey(grab(split)[60, 20:])
    canvas.hold_original(False)
    qtbot.waitUntil(lambda: canvas.settled)
    assert is_colored(grab(split)[60, 210:])


def test_moving_the_divider_shows_tiles_that_are_there(qtbot, split, grab):
    split.viewport.zoom_to(1, QPointF(10, 10))
    qtbot.waitUntil(lambda: split.settled)
    for share in (0.9, 0.1, 0.6):
        split.set_split(share)
        row = grab(split)[60]
        assert is_grey(row[: round(400 * share) - 3])
        assert is_colored(row[round(400 * share) + 3 :])
