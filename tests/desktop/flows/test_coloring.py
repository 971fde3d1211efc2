"""Colours on the screen: views, the hold, and that a source is not what is shown as coloured."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from desktop.canvas import Mode
from desktop.pixels import pixels_of
from tests.desktop.flows.acting import is_coloured, key, open_photo, wait


@pytest.fixture
def opened(program, folder, qtbot):
    open_photo(qtbot, program, folder / "scan 2.jpg")
    program.parts.canvas.setFocus()
    return program


def chroma(canvas):
    """How far the middle of the canvas is from grey."""
    pixels = pixels_of(canvas.grab().toImage()).astype(int)
    height, width = pixels.shape[:2]
    pixels = pixels[height * 2 // 5 : height * 3 // 5, width * 2 // 5 : width * 3 // 5]
    return float(np.abs(pixels.max(axis=2) - pixels.min(axis=2)).mean())


def test_space_shows_the_original_while_it_is_held(opened, qtbot):
    canvas = opened.parts.canvas
    coloured = chroma(canvas)
    assert coloured > 1
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    assert canvas.original_held
    wait(qtbot, lambda: canvas.settled)
    assert chroma(canvas) < coloured / 4
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    wait(qtbot, lambda: canvas.settled)
    assert not canvas.original_held
    assert chroma(canvas) == pytest.approx(coloured, rel=0.05)


def test_space_in_a_field_is_a_space(opened, qtbot):
    text = opened.parts.library.filters.text
    text.setFocus()
    qtbot.keyClicks(text, "a b")
    assert text.text() == "a b"
    assert not opened.parts.canvas.original_held
    text.clear()


@pytest.mark.parametrize(
    ("name", "mode"), [(Qt.Key.Key_S, Mode.SPLIT), (Qt.Key.Key_D, Mode.SIDE_BY_SIDE), (Qt.Key.Key_R, Mode.SINGLE)]
)
def test_a_key_for_each_view(opened, qtbot, name, mode):
    opened.parts.canvas.set_mode(Mode.SPLIT if mode is not Mode.SPLIT else Mode.SINGLE)
    key(qtbot, opened, name)
    assert opened.parts.canvas.mode is mode
    checked = [act for act in ("single", "split", "side_by_side") if opened.parts.actions[act].isChecked()]
    assert checked == [mode.name.lower()]


def test_letters_in_the_filter_do_not_change_the_view(opened, qtbot):
    text = opened.parts.library.filters.text
    text.setFocus()
    qtbot.keyClicks(text, "sd")
    assert text.text() == "sd"
    assert opened.parts.canvas.mode is Mode.SINGLE
    text.clear()


def test_zoom_by_keys_and_the_bar_says_it(opened, qtbot):
    canvas, status = opened.parts.canvas, opened.parts.window.status
    key(qtbot, opened, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom == pytest.approx(1)
    assert "100 %" in status.zoom_text
    key(qtbot, opened, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom > 1
    key(qtbot, opened, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    fitted = canvas.zoom
    key(qtbot, opened, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert canvas.zoom < fitted


def test_the_bar_tells_of_the_photo_and_the_device(opened):
    status = opened.parts.window.status
    assert "120 × 80" in status.photo_text
    assert "JPEG" in status.photo_text
    assert status.device_text == "CPU"


def test_colours_come_even_if_the_photo_changes_meanwhile(opened, folder, qtbot):
    for name in ("scan 1.jpg", "scan 10.jpg", "scan 2.jpg"):
        open_photo(qtbot, opened, folder / name)
        assert opened.parts.document.coloring.colors.guide.shape
    assert is_coloured(opened, folder / "scan 2.jpg")


def test_full_screen_and_back(opened, qtbot):
    window = opened.parts.window
    opened.parts.actions["full_screen"].trigger()
    assert window.isFullScreen()
    assert window.library_dock.isHidden()
    key(qtbot, opened, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
    assert not window.library_dock.isHidden()
