"""Anchors: what is known of a photo's colours, as points."""

import numpy as np

from engine.hints.anchors import MOST, anchors

SIZE = (30, 40)


def spot(x, y, a=10.0, b=20.0, radius=0.4, kind=0.0):
    return [x, y, a, b, radius, kind]


def test_none():
    assert anchors(np.zeros((0, 6), np.float32), SIZE).shape == (0, 6)


def test_a_dab_is_one_point_where_it_was_put():
    found = anchors(np.array([spot(0.31, 0.47)], np.float32), SIZE)
    np.testing.assert_allclose(found[:, :4], [[0.31, 0.47, 10, 20]])


def test_a_broad_spot_is_the_pixels_that_it_covers():
    found = anchors(np.array([spot(0.5, 0.5, radius=5.0)], np.float32), SIZE)
    assert abs(len(found) - np.pi * 25) < 12
    apart = np.hypot(found[:, 0] * 40 - 20, found[:, 1] * 30 - 15)
    assert apart.max() < 5.6
    np.testing.assert_allclose(found[:, 2:4], np.broadcast_to([10, 20], (len(found), 2)), atol=1e-3)


def test_what_lies_under_another_color_does_not_count():
    under, over = spot(0.5, 0.5), spot(0.5, 0.5, a=-30.0, radius=0.9)
    np.testing.assert_allclose(anchors(np.array([under, over], np.float32), SIZE)[:, 2], [-30])
    beside = spot(0.53, 0.5)
    assert len(anchors(np.array([over, beside], np.float32), SIZE)) == 2  # a small one on the rim of a larger one


def test_keep_names_no_color():
    found = anchors(np.array([spot(0.5, 0.5, a=0, b=0, radius=4.0, kind=1.0)], np.float32), SIZE)
    assert (found[:, 5] == 1).all()
    assert not found[:, 2:4].any()


def test_there_are_never_too_many_and_they_are_spread_evenly():
    spots = np.array([spot(0.5, 0.5, radius=60.0), spot(0.1, 0.1), spot(0.9, 0.9)], np.float32)
    found = anchors(spots, (120, 160))
    assert len(found) <= MOST
    broad = found[:-2]
    assert abs(broad[:, 0].mean() - 0.5) < 0.03
    assert abs(broad[:, 1].mean() - 0.5) < 0.03
    np.testing.assert_allclose(found[-2:, :2], [[0.1, 0.1], [0.9, 0.9]])
