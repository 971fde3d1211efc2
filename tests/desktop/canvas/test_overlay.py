import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QColor, QImage

from desktop.canvas import Mode, heat_image
from engine import Pyramid


@pytest.fixture
def shown(qtbot, canvas, plain):
    """A black photo of 800×600 in a view of 400×300."""
    canvas.show_photo(Pyramid.build(plain(value=0)))
    qtbot.waitUntil(lambda: canvas.settled)
    return canvas


@pytest.fixture
def halves():
    """Left clear, right white."""
    image = QImage(8, 6, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    for row in range(6):
        for column in range(4, 8):
            image.setPixel(column, row, 0xFFFFFFFF)
    return image


def test_it_is_stretched_over_the_photo_smoothly(shown, halves, grab):
    shown.set_overlay(halves, 1.0)
    row = grab(shown.single)[150, :, 0]
    assert row[100] == 0
    assert row[300] == 255
    between = row[175:226]
    assert (np.diff(between) >= 0).all()
    assert len(np.unique(between)) > 20
    shown.set_overlay(None)
    assert (grab(shown.single) == 0).all()


def test_it_is_as_dense_as_wanted(shown, halves, grab):
    shown.set_overlay(halves, 0.5)
    assert grab(shown.single)[150, 300, 0] == pytest.approx(128, abs=2)


@pytest.mark.parametrize("zoom", [0.7, 3.3, 32])
def test_it_stays_on_its_place_at_any_zoom(qtbot, shown, halves, grab, zoom):
    shown.set_overlay(halves, 1.0)
    shown.viewport.zoom_to(zoom)
    seen = grab(shown.single)[..., 0]
    middle = shown.single.point_of(QPointF(400, 300))
    assert seen[150, round(middle.x())] == pytest.approx(128, abs=12)
    whole = seen.copy()
    # Drawn in parts it is the same.
    part = shown.single.grab(QRect(120, 90, 70, 50)).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    values = np.frombuffer(part.constBits(), np.uint8).reshape(50, part.bytesPerLine())[:, :70].astype(int)
    assert np.abs(values - whole[90:140, 120:190]).max() <= 2


def test_it_lies_over_both_sides(qtbot, shown, halves, grab):
    shown.set_overlay(halves, 1.0)
    shown.set_mode(Mode.SIDE_BY_SIDE)
    for view in (shown.before, shown.after):
        assert grab(view)[150, 150, 0] == 255


def test_places_are_numbered_on_the_photo(shown, grab):
    shown.set_places([QPointF(100, 100), QPointF(600, 400)])
    seen = grab(shown.single)
    first, second = seen[40:61, 40:61], seen[190:211, 290:311]
    assert first.max() == 255
    assert second.max() == 255
    assert not np.array_equal(first, second)
    shown.set_places([])
    assert (grab(shown.single) == 0).all()


def rows_of(image):
    values = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return values[:, : 4 * image.width()].reshape(image.height(), image.width(), 4).astype(int)


def test_a_map_is_dense_where_its_shares_are_high(qapp):
    shares = np.zeros((30, 40), np.float32)
    shares[10:20, 20:30] = 1
    image = rows_of(heat_image(shares, QColor("#3f51b5")))
    height, width = image.shape[:2]
    assert width / height == pytest.approx(4 / 3, rel=0.01)
    at = image[height // 2, int(width * 25 / 40)]
    assert at[3] > 150
    assert at[0] > at[2]
    assert (image[height // 10, width // 10] == 0).all()


@given(st.integers(1, 90), st.integers(1, 90), st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_a_map_of_any_shape_covers_the_photo(qapp, rows, columns, share):
    image = heat_image(np.full((rows, columns), share, np.float32), QColor("#3f51b5"))
    assert image.width() / image.height() == pytest.approx(columns / rows, rel=0.05, abs=0.02)
    assert (rows_of(image) == rows_of(image)[0, 0]).all()


def test_what_is_no_number_helps_nowhere(qapp):
    assert (rows_of(heat_image(np.full((8, 8), np.nan, np.float32), QColor("#3f51b5"))) == 0).all()
