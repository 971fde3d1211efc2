"""From lightness and ab to display pixels: against the slow formulas."""

from typing import Any

import numpy as np
import pytest

from engine.color.compose import (
    CUBE_LOW,
    CUBE_SIDE,
    CUBE_STEP,
    compose,
    compose_levels,
    grey_levels,
)
from engine.color.difference import ciede2000
from engine.color.gamut import fit_chroma
from engine.color.lab import Pixels, grey_lightness_table, lightness_of, srgb_to_lab

SIDE = 96


def empty(shape: tuple[int, ...], dtype: type[Any]) -> Pixels:
    """Room for display pixels."""
    return np.empty(shape, dtype)


@pytest.fixture
def lightness():
    return np.random.default_rng(0).uniform(0, 100, (SIDE, SIDE)).astype(np.float32)


@pytest.fixture
def ab():
    return np.random.default_rng(1).uniform(-110, 110, (2, SIDE, SIDE)).astype(np.float32)


@pytest.mark.parametrize(("dtype", "bound"), [(np.uint8, 1), (np.uint16, 3)])
def test_colours_that_exist_are_exact(dtype, bound):
    """Every colour of a coarse RGB cube comes back."""
    steps = np.linspace(0, 1, 17, dtype=np.float32)
    srgb = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(17, -1, 3)
    lab = srgb_to_lab(srgb)
    out = empty(srgb.shape, dtype)
    compose(lab[..., 0], np.moveaxis(lab[..., 1:], -1, 0).copy(), out)
    assert np.abs(out - np.rint(srgb * np.iinfo(dtype).max)).max() <= bound


@pytest.mark.parametrize(("dtype", "kept"), [(np.uint8, 0.3), (np.uint16, 0.02)])
def test_colours_that_do_not_exist_lose_chroma(lightness, ab, dtype, kept):
    out = empty((SIDE, SIDE, 3), dtype)
    compose(lightness, ab.copy(), out)
    exact = fit_chroma(np.concatenate([lightness[None], ab]).transpose(1, 2, 0))
    found = srgb_to_lab(out / np.float32(np.iinfo(dtype).max))
    difference = ciede2000(found, exact)
    light = lightness > 5  # rounding to 8 bits is much in the dark
    assert difference[light].mean() < 0.6
    assert difference[light].max() < 4
    gained = np.hypot(found[..., 1], found[..., 2]) - np.hypot(exact[..., 1], exact[..., 2])
    assert gained[light].max() < (0.02 if dtype == np.uint16 else 3)  # the table of largest chromas errs to one side
    assert np.abs(found[..., 0] - lightness).mean() <= kept


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_black_and_white_have_no_colours(dtype):
    lightness = np.repeat(np.array([[0.0], [100.0]], np.float32), 64, axis=1)
    turn = np.linspace(0, 2 * np.pi, 64, dtype=np.float32)
    for chroma in (1, 5, 100):
        ab = np.stack([np.cos(turn), np.sin(turn)])[:, None] * np.float32(chroma)
        out = empty((2, 64, 3), dtype)
        compose(lightness, np.repeat(ab, 2, axis=1), out)
        assert (out[0] == 0).all()
        assert (out[1] >= np.iinfo(dtype).max - (1 if dtype == np.uint16 else 0)).all()


def test_only_what_does_not_exist_is_changed(lightness):
    muted = np.full((2, SIDE, SIDE), 3.0, np.float32)
    middle = np.clip(lightness, 20, 80)
    compose(middle, muted, np.empty((SIDE, SIDE, 3), np.uint8))
    assert (muted == 3.0).all()


@pytest.mark.parametrize("level", [0, 1, 128, 254, 255])
def test_grey_stays_exactly_grey(level):
    levels = np.full((16, 24), level, np.uint8)
    out = np.empty((16, 24, 3), np.uint8)
    compose_levels(levels, np.zeros((2, 16, 24), np.float32), 0, out)
    assert (out == level).all()


def test_the_cube_holds_all_of_srgb():
    edges = np.linspace(0, 1, 33, dtype=np.float32)
    lab = srgb_to_lab(np.stack(np.meshgrid(edges, edges, edges), axis=-1)).reshape(-1, 3)
    high = CUBE_LOW + (CUBE_SIDE - 1) * CUBE_STEP
    assert (lab[:, 1:].min(axis=0) > CUBE_LOW).all()
    assert (lab[:, 1:].max(axis=0) < high).all()


def test_levels_agree_with_the_formulas(ab):
    levels = np.random.default_rng(2).integers(0, 256, (SIDE, SIDE), np.uint8)
    quick, exact = (np.empty((SIDE, SIDE, 3), np.uint8) for _ in range(2))
    muted = ab * 0.3
    compose_levels(levels, muted.copy(), 0, quick)
    compose(grey_lightness_table(255)[levels], muted.copy(), exact)
    difference = srgb_to_lab(quick / np.float32(255)) - srgb_to_lab(exact / np.float32(255))
    assert np.abs(difference[..., 0]).mean() < 0.3
    # One step of the grid at most, and what rounding to 8 bits adds, which is much in the dark.
    light = levels > 60
    assert np.abs(difference[light][:, 1:]).max() < 4.0
    assert np.abs(difference[light][:, 1:].mean(axis=0)).max() < 0.1


def test_colours_beyond_the_cube_are_taken_to_its_face():
    levels = np.full((8, 8), 128, np.uint8)
    out = np.empty((8, 8, 3), np.uint8)
    compose_levels(levels, np.full((2, 8, 8), 1000.0, np.float32), 0, out)
    assert np.abs(lightness_of(out) - grey_lightness_table(255)[128]).max() < 0.5


def test_the_dither_runs_on_over_strips():
    levels = np.full((40, 30), 150, np.uint8)
    ab = np.broadcast_to(np.array([[[8.3]], [[-4.9]]], np.float32), (2, 40, 30))
    whole, parts = (np.empty((40, 30, 3), np.uint8) for _ in range(2))
    compose_levels(levels, ab.copy(), 0, whole)
    for top, bottom in ((0, 3), (3, 21), (21, 40)):
        compose_levels(levels[top:bottom], ab[:, top:bottom].copy(), top, parts[top:bottom])
    np.testing.assert_array_equal(parts, whole)


def test_grey_levels_are_the_nearest():
    table = grey_lightness_table(255)
    np.testing.assert_array_equal(grey_levels(table), np.arange(256))
    lightness = np.random.default_rng(4).uniform(0, 100, 5000).astype(np.float32)
    error = np.abs(table[grey_levels(lightness)] - lightness)
    least = np.abs(table[None] - lightness[:, None]).min(axis=1)
    assert (error - least).max() < 0.03


def test_the_dither_runs_on_over_columns():
    levels = np.full((16, 40), 120, np.uint8)
    ab = np.random.default_rng(5).uniform(-30, 30, (2, 16, 40)).astype(np.float32)
    whole, parts = (np.zeros((16, 40, 3), np.uint8) for _ in range(2))
    compose_levels(levels, ab.copy(), 0, whole)
    for left, right in ((0, 3), (3, 16), (16, 29), (29, 40)):
        compose_levels(levels[:, left:right], ab[..., left:right].copy(), 0, parts[:, left:right], left=left)
    np.testing.assert_array_equal(parts, whole)
