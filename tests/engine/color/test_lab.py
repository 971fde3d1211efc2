"""CIELAB of pictures, against scikit-image, the definition, and itself."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skimage.color import lab2rgb, rgb2lab

from engine.color.lab import (
    RGB_TO_XYZ,
    compress,
    encode_srgb,
    expand,
    grey_lightness_table,
    lab_to_linear_rgb,
    lab_to_srgb,
    lightness_of,
    linearize,
    srgb_to_lab,
)

WHITE_DIFFERENCE = 0.02
"""scikit-image takes D65 as 0.95047, 1, 1.08883 and rounds the matrix; up to this much in a* and b*."""

levels = st.floats(0.0, 1.0, width=32)


def edge_colors() -> np.ndarray:
    """All corners, and the points where the pieces of the formulas meet."""
    steps = np.array([0.0, 1 / 255, 0.0404, 0.04045, 0.0405, 0.09, 0.5, 254 / 255, 1.0], np.float32)
    return np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 1, 3)


@pytest.mark.parametrize(
    "srgb", [edge_colors(), np.random.default_rng(1).random((64, 64, 3), np.float32)], ids=["edges", "random"]
)
def test_lab_is_that_of_scikit_image(srgb: np.ndarray) -> None:
    ours, theirs = srgb_to_lab(srgb), rgb2lab(srgb.astype(np.float64))
    assert ours.dtype == np.float32
    np.testing.assert_allclose(ours[..., 0], theirs[..., 0], atol=2e-3)
    np.testing.assert_allclose(ours[..., 1:], theirs[..., 1:], atol=WHITE_DIFFERENCE)


def test_srgb_is_that_of_scikit_image() -> None:
    lab = rgb2lab(np.random.default_rng(2).random((64, 64, 3)))
    np.testing.assert_allclose(lab_to_srgb(lab), lab2rgb(lab), atol=1e-3)


@pytest.mark.parametrize(
    ("srgb", "lab"),
    [
        ([1.0, 1.0, 1.0], [100.0, 0.0, 0.0]),
        ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
        ([1.0, 0.0, 0.0], [53.24, 80.09, 67.20]),
        ([0.0, 1.0, 0.0], [87.73, -86.18, 83.18]),
        ([0.0, 0.0, 1.0], [32.30, 79.19, -107.86]),
    ],
)
def test_known_colors(srgb: list[float], lab: list[float]) -> None:
    """The primaries as published by B. Lindbloom for sRGB under D65."""
    np.testing.assert_allclose(srgb_to_lab(np.array(srgb)), lab, atol=0.02)


def test_greys_are_neutral() -> None:
    grey = np.repeat(np.linspace(0, 1, 4097, dtype=np.float32)[:, None], 3, axis=1)
    lab = srgb_to_lab(grey)
    assert np.abs(lab[:, 1:]).max() < 2e-4  # float32 of a difference of nearly equal numbers, times 500
    assert np.all(np.diff(lab[:, 0]) > 0)
    back = lab_to_srgb(np.stack([lab[:, 0], 0 * lab[:, 0], 0 * lab[:, 0]], axis=-1))
    assert np.abs(back - back[:, :1]).max() < 1e-6
    np.testing.assert_allclose(back, grey, atol=1e-5)


@settings(max_examples=100, deadline=None)
@given(levels, levels, levels)
def test_round_trip(red: float, green: float, blue: float) -> None:
    srgb = np.array([[red, green, blue]], np.float32)
    np.testing.assert_allclose(lab_to_srgb(srgb_to_lab(srgb)), srgb, atol=1e-4)


def test_round_trip_keeps_every_8_bit_level() -> None:
    colors = np.random.default_rng(3).integers(0, 256, (200_000, 3), np.uint8)
    back = lab_to_srgb(srgb_to_lab(colors / np.float32(255)))
    np.testing.assert_array_equal(np.rint(back * 255).astype(np.uint8), colors)


@settings(max_examples=100, deadline=None)
@given(levels)
def test_curves_are_inverses(value: float) -> None:
    assert float(encode_srgb(linearize(np.array(value)))) == pytest.approx(value, abs=2e-7)
    assert float(expand(compress(np.array(value)))) == pytest.approx(value, abs=1e-12)


def test_curves_are_continuous_where_their_pieces_meet() -> None:
    for curve, knee in ((linearize, 0.04045), (encode_srgb, 0.0031308), (compress, (6 / 29) ** 3), (expand, 6 / 29)):
        below, above = curve(np.array([knee - 1e-9, knee + 1e-9]))
        assert above == pytest.approx(below, abs=1e-6)


def test_colors_outside_of_srgb_show_outside_of_the_unit_range() -> None:
    linear = lab_to_linear_rgb(np.array([50.0, -100.0, 0.0]))
    assert linear.min() < -0.01
    assert lab_to_srgb(np.array([50.0, -100.0, 0.0])).min() == 0.0


@pytest.mark.parametrize("maximum", [255, 65535])
def test_the_grey_table_is_the_formula(maximum: int) -> None:
    table = grey_lightness_table(maximum)
    grey = np.repeat((np.arange(maximum + 1) / maximum)[:, None], 3, axis=1)
    assert table.shape == (maximum + 1,)
    assert table.dtype == np.float32
    np.testing.assert_allclose(table, srgb_to_lab(grey)[:, 0], atol=1e-4)
    assert table[0] == 0.0
    assert table[-1] == 100.0
    assert np.all(np.diff(table) > 0)  # no two levels of a 16-bit scan become one


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_lightness_of_grey_and_of_color(dtype: type[np.uint8] | type[np.uint16]) -> None:
    maximum = np.iinfo(dtype).max
    random = np.random.default_rng(4)
    grey = random.integers(0, maximum, (17, 23), dtype, endpoint=True)
    color = random.integers(0, maximum, (17, 23, 3), dtype, endpoint=True)
    color[:3] = color[:3] % (maximum // 20)  # the tangent near black
    of_grey, of_color = lightness_of(grey), lightness_of(color)
    assert of_grey.dtype == of_color.dtype == np.float32
    assert of_grey.shape == of_color.shape == (17, 23)
    np.testing.assert_allclose(of_color, srgb_to_lab(color / maximum)[..., 0], atol=2e-4)
    np.testing.assert_allclose(lightness_of(np.repeat(grey[..., None], 3, axis=2)), of_grey, atol=2e-4)


def test_lightness_stays_within_its_range() -> None:
    extremes = np.array([[[0, 0, 0], [255, 255, 255]]], np.uint8)
    np.testing.assert_allclose(lightness_of(extremes), [[0.0, 100.0]], atol=1e-5)
    assert lightness_of(extremes).max() <= 100.0
    assert lightness_of(extremes).min() >= 0.0


def test_luminance_weights_sum_to_one() -> None:
    assert RGB_TO_XYZ[1].sum() == pytest.approx(1.0, abs=1e-6)
