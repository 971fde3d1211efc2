from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from desktop.canvas.stroke import CHUNK, LEAST_PRESSURE, Stroke, simplified
from engine import Hint, HintPoint

PLACES = st.tuples(st.floats(0, 800), st.floats(0, 600), st.floats(0.05, 1))


def distance(point, points, radius):
    """How far a point is from the line through others; a pressure counts as the radius that it makes."""
    scale = np.array((1, 1, radius))
    here, rows = np.array(point) * scale, np.array(points) * scale
    if len(rows) == 1:
        return np.linalg.norm(here - rows[0])
    found = []
    for start, end in pairwise(rows):
        line = end - start
        length = line @ line
        along = np.clip((here - start) @ line / length, 0, 1) if length else 0
        found.append(np.linalg.norm(here - start - along * line))
    return min(found)


@given(st.lists(PLACES, min_size=1, max_size=60), st.floats(1, 50), st.floats(0.1, 20))
@settings(max_examples=80, deadline=None)
def test_a_simpler_stroke_is_near_all_its_points(places, radius, tolerance):
    points = [HintPoint(*place) for place in places]
    fewer = simplified(points, radius, tolerance)
    assert (fewer[0], fewer[-1]) == (points[0], points[-1])
    assert set(fewer) <= set(points)
    assert max(distance(point, fewer, radius) for point in points) <= tolerance + 1e-6


@given(st.lists(PLACES, min_size=1, max_size=4 * CHUNK), st.floats(0.2, 5))
@settings(max_examples=25, deadline=None)
def test_what_is_told_of_a_stroke_is_what_was_drawn(places, tolerance):
    stroke = Stroke(10, "#7d2a2f", (800, 600))
    for x, y, pressure in places:
        stroke.add(QPointF(x, y), pressure, tolerance)
    for points in (stroke.simple, stroke.simplest):
        Hint(points, stroke.radius, stroke.color)
        assert max(distance(point, points, 10) for point in stroke.points) <= tolerance + 1e-6
    assert len(stroke.simplest) <= len(stroke.simple) <= len(stroke.points)


def test_a_straight_line_needs_two_points_however_long_it_is():
    stroke = Stroke(10, None, (4000, 3000))
    for step in range(5 * CHUNK):
        stroke.add(QPointF(10 + 5 * step, 20 + 3 * step), 1, 1)
    assert stroke.simplest == (HintPoint(10, 20), HintPoint(10 + 5 * 319, 20 + 3 * 319))


def test_a_pen_that_presses_harder_at_one_place_draws_on():
    stroke = Stroke(20, None, (800, 600))
    assert stroke.add(QPointF(100, 100), 0.2, 1) is not None
    assert stroke.add(QPointF(100, 100), 0.9, 1) is not None
    assert [point.pressure for point in stroke.simplest] == [0.2, 0.9]


@pytest.mark.parametrize("pressure", [0, 0.001])
def test_a_pen_that_barely_touches_draws(pressure):
    stroke = Stroke(20, None, (800, 600))
    stroke.add(QPointF(100, 100), pressure, 1)
    assert stroke.points == [HintPoint(100, 100, LEAST_PRESSURE)]


def test_beyond_the_edge_a_stroke_goes_along_it():
    stroke = Stroke(20, None, (800, 600))
    for place in (QPointF(780, 100), QPointF(900, 150), QPointF(900, 700)):
        stroke.add(place, 1, 1)
    assert stroke.points == [HintPoint(780, 100), HintPoint(800, 150), HintPoint(800, 600)]


def test_a_trembling_hand_adds_nothing():
    stroke = Stroke(20, None, (800, 600))
    assert stroke.add(QPointF(100, 100), 1, 2) is not None
    assert stroke.add(QPointF(100.3, 99.8), 1, 2) is None
    assert len(stroke.points) == 1


def test_the_new_part_of_a_stroke_is_said_with_its_radius():
    stroke = Stroke(20, None, (800, 600))
    stroke.add(QPointF(100, 100), 0.5, 1)
    area = stroke.add(QPointF(150, 90), 1, 1)
    assert (area.left(), area.top(), area.right(), area.bottom()) == (80, 70, 170, 120)
