"""The hints of a photo as a value, and as the spots that networks read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color.swatches import ab_of
from engine.hints import HintPoint, HintSet
from tests.engine.hints.painting_hints import GREY, RED, dab, hint_sets, hints, points, radii, stroke

EMPTY = HintSet(200, 100)


def test_each_change_gives_another_set():
    one, other = dab(10, 10), dab(20, 20, color=None)
    both = EMPTY.added(one).added(other)
    assert list(both) == [one, other]
    assert (len(EMPTY), bool(EMPTY), len(both), bool(both)) == (0, False, 2, True)
    assert both.removed(0) == EMPTY.added(other)
    assert both.replaced(1, one).hints == (one, one)
    assert both.cleared() == EMPTY


@pytest.mark.parametrize("index", [-1, 1])
def test_a_hint_that_is_not_there_cannot_be_changed(index):
    with pytest.raises(IndexError):
        EMPTY.added(dab(1, 1)).removed(index)
    with pytest.raises(IndexError):
        EMPTY.added(dab(1, 1)).replaced(index, dab(2, 2))


def test_a_photo_without_size_is_refused():
    with pytest.raises(ValueError, match="0×5"):
        HintSet(0, 5)


@settings(deadline=None, max_examples=60)
@given(hint_sets, hints, st.data())
def test_acts_are_undone_by_their_opposites(hints, hint, data):
    assert hints.added(hint).removed(len(hints)) == hints
    if hints:
        index = data.draw(st.integers(0, len(hints) - 1))
        assert hints.replaced(index, hint).replaced(index, hints.hints[index]) == hints


def test_the_topmost_hint_is_found():
    hints = EMPTY.added(dab(50, 50, radius=20)).added(dab(55, 50, radius=5)).added(dab(150, 50, radius=5))
    assert hints.hint_at(54, 50) == 1
    assert hints.hint_at(40, 50) == 0
    assert hints.hint_at(100, 50) is None
    assert hints.hint_at(141, 50) is None
    assert hints.hint_at(141, 50, slack=5) == 2


def test_an_eraser_cuts_strokes_and_keeps_the_order():
    hints = EMPTY.added(dab(10, 10)).added(stroke((0, 50), (200, 50))).added(dab(180, 90))
    left = hints.erased([HintPoint(100, 50)], 10)
    assert len(left) == 4
    assert (left.hints[0], left.hints[3]) == (hints.hints[0], hints.hints[2])


def test_an_eraser_that_hits_nothing_leaves_the_set_itself():
    hints = EMPTY.added(dab(10, 10))
    assert hints.erased([HintPoint(100, 50)], 10) is hints
    assert hints.erased([], 10) is hints
    assert EMPTY.erased([HintPoint(100, 50)], 10) is EMPTY


@settings(deadline=None, max_examples=40)
@given(hint_sets, st.lists(points, min_size=1, max_size=4), radii)
def test_erasing_twice_is_erasing_once(hints, way, radius):
    once = hints.erased(way, radius)
    assert once.erased(way, radius) is once


def test_a_rescan_has_its_hints_at_the_same_places():
    hints = EMPTY.added(stroke((10, 20), (30, 40), radius=4))
    double = hints.scaled_to(400, 200)
    assert double == HintSet(400, 200, (stroke((20, 40), (60, 80), radius=8),))
    assert hints.scaled_to(200, 100) is hints
    np.testing.assert_allclose(double.spots(32, 64), hints.spots(32, 64), atol=1e-5)


def test_spots_have_place_colour_radius_and_kind():
    hints = EMPTY.added(dab(50, 25, radius=10)).added(dab(100, 50, color=GREY)).added(dab(150, 75, color=None))
    spots = hints.spots(50, 100)
    assert spots.dtype == np.float32
    np.testing.assert_allclose(spots[0], [0.25, 0.25, *ab_of(RED), 5, 0], rtol=1e-6)
    np.testing.assert_array_equal(spots[1], np.float32([0.5, 0.5, 0, 0, 2.5, 0]))
    np.testing.assert_array_equal(spots[2], np.float32([0.75, 0.75, 0, 0, 2.5, 1]))


def test_no_hints_are_no_spots():
    assert EMPTY.spots(64, 64).shape == (0, 6)
    assert EMPTY.added(dab(-500, 50)).spots(64, 64).shape == (0, 6)


def test_a_dab_outside_that_reaches_in_keeps_what_is_inside():
    (spot,) = EMPTY.added(dab(-4, 50, radius=10)).spots(100, 200)
    np.testing.assert_allclose(spot[[0, 1, 4]], [0, 0.5, 6])


def test_a_stroke_is_a_row_of_discs_a_radius_apart():
    spots = EMPTY.added(stroke((50, 50), (150, 50), radius=8)).spots(50, 100)
    xs = spots[:, 0] * 100
    assert (xs[0], xs[-1]) == (pytest.approx(25), pytest.approx(75))
    assert len(spots) == 14  # 50 pixels, at most 4 apart
    np.testing.assert_allclose(np.diff(xs), 50 / 13, rtol=1e-4)


def test_a_thin_stroke_has_no_more_discs_than_pixels_can_tell_apart():
    spots = EMPTY.added(stroke((50, 50), (150, 50), radius=0.5)).spots(50, 100)
    assert len(spots) == 35


def test_pressure_thins_a_stroke_where_it_is_light():
    spots = EMPTY.added(stroke((50, 50, 1.0), (150, 50, 0.5), radius=20)).spots(50, 100)
    assert spots[0, 4] == pytest.approx(10)
    assert spots[-1, 4] == pytest.approx(5)
    assert (np.diff(spots[:, 4]) < 0).all()


def test_what_later_ink_covers_is_left_out():
    hints = EMPTY.added(dab(100, 50, radius=10)).added(stroke((20, 20), (30, 20), radius=5))
    alone = len(hints.spots(50, 100))
    over = hints.added(dab(100, 50, radius=12, color=GREY))
    assert len(over.spots(50, 100)) == alone
    assert not over.spots(50, 100)[-1, 2:4].any()
    scribble = EMPTY.added(stroke(*[(50, 50), (80, 50)] * 40, radius=8))
    assert len(scribble.spots(50, 100)) < 30


def test_dabs_in_the_corners_are_all_seen():
    hints = EMPTY
    for x in (0, 200):
        for y in (0, 100):
            hints = hints.added(dab(x, y, radius=0.1))
    assert len(hints.spots(50, 100)) == 4


@settings(deadline=None, max_examples=100)
@given(hint_sets, st.sampled_from([(64, 64), (48, 96), (256, 128)]))
def test_spots_are_usable_numbers_in_the_photo(hints, size):
    spots = hints.spots(*size)
    assert np.isfinite(spots).all()
    assert ((spots[:, :2] >= 0) & (spots[:, :2] <= 1)).all()
    assert (spots[:, 4] >= 0).all()


@settings(deadline=None, max_examples=100)
@given(hints, st.sampled_from([(64, 64), (48, 96), (256, 128)]), st.floats(0, 1))
def test_the_whole_stroke_is_covered(hint, size, share):
    hint = stroke(*((min(max(x, 0), 2000), min(max(y, 0), 1500), p) for x, y, p in hint.points), radius=hint.radius)
    spots = HintSet(2000, 1500, (hint,)).spots(*size)
    place = share * (len(hint.points) - 1)
    one, other = hint.points[int(place)], hint.points[min(int(place) + 1, len(hint.points) - 1)]
    x, y, _ = (a + (b - a) * (place - int(place)) for a, b in zip(one, other, strict=True))
    away = np.hypot(spots[:, 0] * size[1] - x / 2000 * size[1], spots[:, 1] * size[0] - y / 1500 * size[0])
    assert (away - np.maximum(spots[:, 4], 1.5)).min() < 1
