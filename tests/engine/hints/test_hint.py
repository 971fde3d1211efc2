"""One hint: what it takes, how it is changed, where its ink is, and what an eraser leaves of it."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.hints import Hint, HintKind, HintPoint
from tests.engine.hints.painting_hints import GREY, RED, dab, hints, places, points, radii, stroke


def by_sampling(hint, x, y, count=40_000):
    """The distance from ink by drawing very many discs."""
    best = math.inf
    steps = np.linspace(0, 1, count)[:, None]
    rows = np.array(hint.points)
    for one, other in zip(rows[:-1] if len(rows) > 1 else rows, rows[1:] if len(rows) > 1 else rows, strict=True):
        discs = one + (other - one) * steps
        best = min(best, float((np.hypot(discs[:, 0] - x, discs[:, 1] - y) - hint.radius * discs[:, 2]).min()))
    return max(best, 0.0)


@pytest.mark.parametrize(
    ("color", "kind"),
    [
        (RED, HintKind.COLOR),
        ("#000001", HintKind.COLOR),
        (GREY, HintKind.NEUTRAL),
        ("#ffffff", HintKind.NEUTRAL),
        (None, HintKind.KEEP),
    ],
)
def test_its_colour_says_what_kind_it_is(color, kind):
    assert dab(1, 2, color=color).kind is kind


@pytest.mark.parametrize(
    ("points", "radius", "color"),
    [
        ((), 5, RED),
        (((math.nan, 0, 1),), 5, RED),
        (((0, math.inf, 1),), 5, RED),
        (((0, 1e12, 1),), 5, RED),
        (((0, 0, 0),), 5, RED),
        (((0, 0, 1.1),), 5, RED),
        (((0, 0, math.nan),), 5, RED),
        (((0, 0, 1),), 0, RED),
        (((0, 0, 1),), -1, RED),
        (((0, 0, 1),), math.nan, RED),
        (((0, 0, 1),), math.inf, RED),
        (((0, 0, 1),), 5, "red"),
        (((0, 0, 1),), 5, "#12345"),
        (((0, 0, 1),), 5, "#1234567"),
        (((0, 0, 1),), 5, ""),
    ],
)
def test_what_is_no_hint_is_refused(points, radius, color):
    with pytest.raises(ValueError, match=r"."):
        Hint(points, radius, color)


def test_numbers_of_any_kind_become_floats_and_colours_lower_case():
    hint = Hint(((np.float32(1.5), 2),), 3, "#ABCDEF")
    assert hint == Hint((HintPoint(1.5, 2.0, 1.0),), 3.0, "#abcdef")
    assert {type(number) for point in hint.points for number in point} | {type(hint.radius)} == {float}


def test_it_is_moved_recoloured_resized_and_scaled():
    hint = stroke((10, 20), (30, 40, 0.5), radius=4)
    assert hint.moved(1, -2) == stroke((11, 18), (31, 38, 0.5), radius=4)
    assert hint.recolored(None).kind is HintKind.KEEP
    assert hint.resized(9).radius == 9
    assert hint.scaled(2, 8) == stroke((20, 160), (60, 320, 0.5), radius=16)


def test_what_a_sidecar_says_beyond_us_goes_along_and_does_not_count():
    hint = Hint((HintPoint(1, 2),), 3, RED, {"note": "coat"})
    assert hint == dab(1, 2, 3)
    assert hash(hint) == hash(dab(1, 2, 3))
    changed = hint.moved(1, 1).recolored(GREY).resized(2).scaled(3, 3)
    assert changed.unknown == {"note": "coat"}


def test_distance_counts_from_the_ink():
    assert dab(10, 10, radius=5).distance(10, 14) == 0
    assert dab(10, 10, radius=5).distance(10, 18) == pytest.approx(3)
    assert stroke((0, 0), (10, 0), radius=2).distance(5, 6) == pytest.approx(4)
    assert stroke((0, 0), (10, 0), radius=2).distance(13, 4) == pytest.approx(3)
    assert stroke((0, 0), (0, 0), radius=2).distance(0, 5) == pytest.approx(3)


@settings(deadline=None, max_examples=60)
@given(hints, places, places)
def test_distance_is_that_of_all_discs_between_the_points(hint, x, y):
    assert hint.distance(x, y) == pytest.approx(by_sampling(hint, x, y), rel=1e-3, abs=0.05)


def test_an_eraser_elsewhere_leaves_the_hint_itself():
    hint = stroke((0, 0), (100, 0))
    assert hint.erased([HintPoint(50, 40)], 20) == (hint,)
    assert hint.erased([HintPoint(50, 40)], 20)[0] is hint


def test_an_eraser_takes_a_dab_that_it_touches():
    assert dab(10, 10, radius=5).erased([HintPoint(20, 10)], 6) == ()


def test_an_eraser_cuts_a_stroke_in_two():
    left, right = stroke((0, 0), (100, 0), radius=5).erased([HintPoint(50, -30), HintPoint(50, 30)], 10)
    assert left.points == (HintPoint(0, 0), pytest.approx((35, 0, 1)))
    assert right.points == (pytest.approx((65, 0, 1)), HintPoint(100, 0))
    assert (left.radius, left.color) == (5, RED)


def test_an_eraser_shortens_a_stroke_and_keeps_its_corners_and_pressure():
    hint = stroke((0, 0, 0.5), (100, 0, 1.0), (100, 100, 0.5), radius=10)
    (left,) = hint.erased([HintPoint(100, 100)], 15)
    assert left.points[:2] == hint.points[:2]
    assert len(left.points) == 3
    assert 0.5 < left.points[2].pressure < 1


@settings(deadline=None, max_examples=150)
@given(hints, st.lists(points, min_size=1, max_size=5), radii)
def test_where_an_eraser_went_no_ink_is_left_and_a_second_time_changes_nothing(hint, way, radius):
    parts = hint.erased(way, radius)
    eraser = Hint(tuple(way), radius, None)
    for part in parts:
        for point in part.points:
            assert eraser.distance(point.x, point.y) >= part.radius * point.pressure - 0.02
            assert hint.distance(point.x, point.y) == 0
        assert part.erased(way, radius) == (part,)


@settings(deadline=None, max_examples=100)
@given(hints, st.lists(points, min_size=1, max_size=5), radii, st.floats(0, 1))
def test_what_an_eraser_did_not_touch_stays(hint, way, radius, share):
    """A place on the stroke whose disc is clear of the eraser is still inked after it."""
    eraser = Hint(tuple(way), radius, None)
    place = share * (len(hint.points) - 1)
    one, other = hint.points[int(place)], hint.points[min(int(place) + 1, len(hint.points) - 1)]
    x, y, pressure = (a + (b - a) * (place - int(place)) for a, b in zip(one, other, strict=True))
    if eraser.distance(x, y) > hint.radius * pressure + 0.1:
        assert any(part.distance(x, y) <= 0.02 for part in hint.erased(way, radius))
