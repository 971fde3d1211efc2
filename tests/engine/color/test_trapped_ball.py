"""Trapped balls: which gaps leak, what crumbs do, and flat colours."""

import cv2
import numpy as np
import pytest

from engine.color.lab import lab_to_srgb, srgb_to_lab
from engine.color.trapped_ball import grow, line_art, mean_color, merge_crumbs, regions_of, segment, trapped_ball


def two_rooms(gap: int) -> np.ndarray:
    """L* 60×80: a frame and a wall between two rooms, with a door of `gap` pixels."""
    lightness = np.full((60, 80), 85.0, np.float32)
    lightness[:2] = lightness[-2:] = 10
    lightness[:, :2] = lightness[:, -2:] = 10
    lightness[:, 39:41] = 10
    top = 30 - gap // 2
    lightness[top : top + gap, 39:41] = 85
    return lightness


def rooms_of(regions: np.ndarray) -> tuple[int, int]:
    return int(regions[30, 20]), int(regions[30, 60])


@pytest.mark.parametrize("gap", [0, 1, 3, 6, 8])
def test_a_gap_smaller_than_the_ball_keeps_two_regions_apart(gap):
    left, right = rooms_of(segment(two_rooms(gap), contrast=6, radius=4, least=20))
    assert left != right


@pytest.mark.parametrize("gap", [9, 12, 20])
def test_a_gap_larger_than_the_ball_joins_them(gap):
    left, right = rooms_of(segment(two_rooms(gap), contrast=6, radius=4, least=20))
    assert left == right


def test_a_plain_flood_fill_leaks_through_any_gap():
    left, right = rooms_of(segment(two_rooms(1), contrast=6, radius=0, least=20))
    assert left == right


def test_a_ball_stays_off_lines_and_all_else_is_filled():
    lines = np.zeros((50, 60), np.uint8)
    for angle in range(0, 180, 20):
        cv2.ellipse(lines, (30, 25), (22, 12), angle, 0, 300, 1, 1)
    walls = lines.astype(bool)
    regions = trapped_ball(walls, 5)
    assert (regions[walls] == 0).all()
    assert (regions[~walls] > 0).all()
    assert set(np.unique(regions)) == set(range(regions.max() + 1))


def test_a_region_is_connected_and_lines_are_between():
    regions = trapped_ball(line_art(two_rooms(5), 6), 4)
    for number in range(1, regions.max() + 1):
        parts, _ = cv2.connectedComponents((regions == number).astype(np.uint8), connectivity=8)
        assert parts == 2, number  # the rest of the picture, and the region in one piece


def test_a_diagonal_line_of_single_pixels_holds():
    lines = np.eye(40, dtype=bool)
    regions = trapped_ball(lines, 0)
    assert regions[30, 10] != regions[10, 30]


def test_without_lines_there_is_one_region():
    assert (segment(np.full((32, 48), 50, np.float32), contrast=6, radius=4, least=10) == 1).all()


def test_nothing_but_lines_is_one_region():
    assert (grow(trapped_ball(np.ones((8, 9), bool), 3)) == 1).all()


def test_lines_are_dark_strokes_and_the_dark_sides_of_edges():
    lightness = np.full((40, 60), 80, np.float32)
    lightness[20, :30] = 20  # a stroke
    lightness[:, 40:] = 60  # an edge
    lines = line_art(lightness, 6)
    assert lines[20, 5:25].all()
    assert lines[10, 40]
    assert not lines[10, 39]
    assert not lines[:, 50:].any()
    assert not lines[:10, :30].any()


def test_crumbs_join_the_neighbour_of_their_lightness_and_large_regions_stay():
    regions = np.ones((20, 40), np.int32)
    regions[:, 20:] = 2
    regions[8:12, 18:22] = 3  # a crumb that touches both
    lightness = np.where(np.arange(40) < 20, 80.0, 30.0)[None].repeat(20, 0).astype(np.float32)
    lightness[8:12, 18:22] = 35
    merged = merge_crumbs(regions, lightness, 30)
    assert merged[10, 20] == merged[10, 35] != merged[10, 5]
    assert np.array_equal(np.unique(merged), [1, 2])
    assert np.array_equal(merge_crumbs(regions, lightness, 10), regions)


@pytest.mark.parametrize(("least", "left"), [(30, 3), (31, 2)])
def test_chains_of_crumbs_become_a_region_where_they_are_large_enough_together(least, left):
    regions = np.repeat(np.array([[1] * 20 + list(range(2, 12)) + [12] * 20], np.int32), 3, axis=0)
    lightness = np.linspace(20, 80, 50, dtype=np.float32)[None].repeat(3, 0)
    merged = merge_crumbs(regions, lightness, least)
    assert merged.max() == left
    assert (np.diff(merged[0]) >= 0).all()


def test_a_small_region_within_lines_stays():
    lightness = np.full((40, 40), 60, np.float32)
    cv2.circle(lightness, (20, 20), 4, 5.0, 2)
    lightness[20, 20] = 95
    regions = segment(lightness, contrast=6, radius=4, least=40)
    assert regions[20, 20] != regions[5, 5]


def test_growing_gives_lines_to_the_nearest_region():
    regions = np.zeros((5, 9), np.int32)
    regions[:, :2] = 1
    regions[:, 7:] = 2
    grown = grow(regions)
    assert (grown[:, :4] == 1).all()
    assert (grown[:, 5:] == 2).all()


def test_regions_get_flat_colours_with_the_same_mean():
    generator = np.random.default_rng(0)
    lightness = two_rooms(4) + generator.normal(0, 0.5, (60, 80)).astype(np.float32)
    ab = generator.normal(0, 30, (60, 80, 2)).astype(np.float32)
    regions = segment(lightness, contrast=6, radius=4, least=20)
    flat = mean_color(ab, regions)
    assert flat.dtype == np.float32
    for number in np.unique(regions):
        inside = regions == number
        assert np.ptp(flat[inside], axis=0).max() == 0
        np.testing.assert_allclose(flat[inside][0], ab[inside].mean(axis=0), atol=1e-3)


def test_shading_is_left_to_lightness():
    lightness = np.linspace(40, 70, 60, dtype=np.float32)[:, None].repeat(80, 1)
    ab = np.random.default_rng(0).normal((10, 15), 4, (60, 80, 2)).astype(np.float32)
    regions = segment(lightness, contrast=6, radius=4, least=20)
    flat = np.concatenate([lightness[..., None], mean_color(ab, regions)], axis=-1)
    seen = srgb_to_lab(lab_to_srgb(flat))  # as a person would see it
    np.testing.assert_allclose(seen[..., 0], lightness, atol=0.05)
    assert np.ptp(seen[..., 1:], axis=(0, 1)).max() < 0.1


def test_other_sizes_are_refused():
    with pytest.raises(ValueError, match="4×4"):
        mean_color(np.zeros((4, 4, 2), np.float32), np.ones((4, 5), np.int32))


def test_weights_decide_what_a_mean_is_of():
    regions = np.array([[1, 1, 1, 3]], np.int32)
    ab = np.array([[[0, 0], [10, 20], [20, -20], [5, 5]]], np.float32)
    flat = mean_color(ab, regions, np.array([[0.1, 0.1, 100, 1]], np.float32))
    np.testing.assert_allclose(flat[0, 0], (20, -20), atol=0.1)
    np.testing.assert_array_equal(flat[0, 3], (5, 5))
    np.testing.assert_allclose(mean_color(ab, regions, np.full((1, 4), 0.3, np.float32)), mean_color(ab, regions))


@pytest.mark.parametrize("side", [160, 192, 256])
def test_the_size_of_a_picture_does_not_change_its_regions(side):
    drawn = np.full((1024, 1024), 85, np.float32)
    drawn[512:] = 60
    for left in range(100, 1000, 200):
        cv2.circle(drawn, (left, 300), 80, 15, 16)
        cv2.ellipse(drawn, (left, 750), (80, 120), 0, 0, 345, 10, 16)  # with a gap
    found = regions_of(np.asarray(cv2.resize(drawn, (side, side), interpolation=cv2.INTER_AREA), np.float32))
    whole = cv2.resize(found, (1024, 1024), interpolation=cv2.INTER_NEAREST)
    centres = [whole[row, left] for row in (300, 750) for left in range(100, 1000, 200)]
    assert len({*centres, whole[20, 20], whole[1000, 20]}) == 12
