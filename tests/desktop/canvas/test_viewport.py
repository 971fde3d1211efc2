import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QSize

from desktop.canvas.viewport import FIT_LARGEST, LARGEST, Viewport

VIEW, PHOTO = QSize(400, 300), QSize(2000, 1000)


@pytest.fixture
def viewport(qapp):
    made = Viewport()
    made.set_view("view", VIEW.width(), VIEW.height())
    made.set_photo(PHOTO.width(), PHOTO.height())
    return made


def share_under(viewport, offset):
    """The place of the photo at an offset from the view's middle, exactly."""
    shown = (PHOTO.width() * viewport.zoom, PHOTO.height() * viewport.zoom)
    return (viewport.center.x() + offset.x() / shown[0], viewport.center.y() + offset.y() / shown[1])


def test_a_photo_is_fitted_and_stays_so_when_the_view_grows(viewport):
    assert viewport.zoom == pytest.approx(0.2)
    assert viewport.fitting
    viewport.set_view("view", 800, 600)
    assert viewport.zoom == pytest.approx(0.4)
    place = viewport.placement(QSize(800, 600), PHOTO)
    assert (place.left, place.top, place.width, place.height) == (0, 100, 800, 400)


def test_a_small_photo_is_not_enlarged_without_end(viewport):
    viewport.set_photo(10, 10)
    assert viewport.zoom == FIT_LARGEST


def test_the_zoom_keeps_its_bounds(viewport):
    viewport.zoom_to(1e9)
    assert viewport.zoom == LARGEST
    viewport.zoom_to(1e-9)
    assert viewport.zoom == viewport.fit_zoom
    assert viewport.fitting


@given(
    steps=st.lists(
        st.tuples(st.floats(1.01, 4), st.floats(-200, 200), st.floats(-150, 150)),
        min_size=1,
        max_size=8,
    )
)
@example(steps=[(4.0, 0.0, 133.0), *[(4.0, 0.0, 0.0)] * 4])  # on at the largest zoom
@settings(max_examples=60, deadline=None)
def test_zooming_in_keeps_the_place_under_the_pointer(qapp, steps):
    viewport = Viewport()
    viewport.set_view("view", VIEW.width(), VIEW.height())
    viewport.set_photo(PHOTO.width(), PHOTO.height())
    for factor, x, y in steps:
        offset = QPointF(x, y)
        before = share_under(viewport, offset)
        viewport.zoom_by(factor, offset)
        assert share_under(viewport, offset) == pytest.approx(before, abs=1e-9)


def test_zooming_out_keeps_the_place_too_while_the_view_stays_filled(viewport):
    viewport.zoom_to(4)
    offset = QPointF(50, -20)
    before = share_under(viewport, offset)
    viewport.zoom_to(2, offset)
    assert share_under(viewport, offset) == pytest.approx(before, abs=1e-9)


def test_the_way_past_100_percent_stops_there(viewport):
    viewport.zoom_to(0.9)
    viewport.zoom_by(1.25)
    assert viewport.zoom == 1
    viewport.zoom_by(1.25)
    assert viewport.zoom == 1.25
    viewport.zoom_by(1 / 1.3)
    assert viewport.zoom == 1


def test_panning_ends_at_the_photo_s_edges(viewport):
    viewport.zoom_to(1)
    viewport.pan(1e6, 1e6)
    place = viewport.placement(VIEW, PHOTO)
    assert (place.left, place.top) == (0, 0)
    viewport.pan(-1e6, -1e6)
    place = viewport.placement(VIEW, PHOTO)
    assert (place.left + place.width, place.top + place.height) == (400, 300)


def test_a_photo_smaller_than_the_view_cannot_be_panned(viewport):
    assert not viewport.pannable
    viewport.pan(50, 50)
    assert viewport.center == QPointF(0.5, 0.5)
    assert viewport.fitting


def test_a_pan_is_exact_in_device_pixels(viewport):
    viewport.zoom_to(1)
    before = viewport.placement(VIEW, PHOTO)
    viewport.pan(-7, 3)
    after = viewport.placement(VIEW, PHOTO)
    assert (after.left - before.left, after.top - before.top) == (-7, 3)


def test_from_beyond_an_edge_the_way_leads_only_back(viewport):
    viewport.zoom_to(0.4, QPointF(0, -90))  # beside the photo: its upper edge stays below the view's
    gap = viewport.placement(VIEW, PHOTO).top
    assert gap > 0
    viewport.pan(0, 10)
    assert viewport.placement(VIEW, PHOTO).top == gap
    viewport.pan(0, -gap // 2)
    assert 0 < viewport.placement(VIEW, PHOTO).top < gap


def test_a_photo_of_another_size_shows_the_same_part_as_large(viewport):
    viewport.zoom_to(1.3, QPointF(30, 40))
    own = viewport.placement(VIEW, PHOTO)
    other = viewport.placement(VIEW, QSize(500, 250))
    assert other == own


def test_the_size_shown_does_not_depend_on_the_place(viewport):
    viewport.zoom_to(0.7133)
    sizes = set()
    for _ in range(50):
        viewport.pan(-0.37, -0.71)
        place = viewport.placement(VIEW, PHOTO)
        sizes.add((place.width, place.height))
    assert sizes == {(math.floor(2000 * 0.7133 + 0.5), math.floor(1000 * 0.7133 + 0.5))}


def test_of_several_views_the_smallest_counts(viewport):
    viewport.set_view("other", 399, 200)
    assert viewport.zoom == pytest.approx(399 / 2000)
    viewport.remove_view("other")
    assert viewport.zoom == pytest.approx(0.2)


def test_a_change_is_told_once_for_each(qtbot, viewport):
    with qtbot.waitSignal(viewport.changed):
        viewport.zoom_to(2)
    with qtbot.assertNotEmitted(viewport.changed):
        viewport.set_view("view", VIEW.width(), VIEW.height())
