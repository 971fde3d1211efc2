"""The gamut of sRGB: what is inside stays, what is outside loses chroma and nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.color.gamut import fit_chroma, in_gamut, look_up_max_chroma, max_chroma, max_chroma_table
from engine.color.lab import lab_to_srgb, srgb_to_lab


def wild_colors(count: int) -> np.ndarray:
    return np.random.default_rng(8).uniform([0, -128, -128], [100, 128, 128], (count, 3)).astype(np.float32)


def test_every_srgb_color_is_inside() -> None:
    steps = np.linspace(0, 1, 18, dtype=np.float32)
    srgb = np.stack(np.meshgrid(steps, steps, steps), axis=-1)
    assert in_gamut(srgb_to_lab(srgb)).all()


def test_colors_beyond_srgb_are_outside() -> None:
    assert not in_gamut(np.array([[50.0, -100.0, 0.0], [100.0, 5.0, 0.0], [0.0, 0.0, 5.0], [32.0, 80.0, -120.0]])).any()


def test_fit_keeps_lightness_and_hue() -> None:
    wild = wild_colors(5000)
    fitted = fit_chroma(wild)
    chroma, before = np.hypot(fitted[:, 1], fitted[:, 2]), np.hypot(wild[:, 1], wild[:, 2])
    np.testing.assert_array_equal(fitted[:, 0], wild[:, 0])
    assert np.all(chroma <= before * (1 + 1e-6))
    turned = wild[:, 1] * fitted[:, 2] - wild[:, 2] * fitted[:, 1]  # the cross product: zero at the same hue
    assert np.abs(turned / np.maximum(before, 1)).max() < 1e-3
    assert in_gamut(fitted, tolerance=2e-4).all()


def test_fit_gives_up_no_more_chroma_than_it_must() -> None:
    wild = wild_colors(2000)
    wild = wild[~in_gamut(wild) & (wild[:, 0] > 1) & (wild[:, 0] < 99)]
    fitted = fit_chroma(wild)
    outward = wild * np.array([0, 1, 1], np.float32) / np.hypot(wild[:, 1:2], wild[:, 2:])
    assert not in_gamut(fitted + 0.02 * outward).any()


def test_fitted_colors_keep_their_lightness_on_the_screen() -> None:
    fitted = fit_chroma(wild_colors(5000))
    np.testing.assert_allclose(srgb_to_lab(lab_to_srgb(fitted))[:, 0], fitted[:, 0], atol=0.08)


def test_colors_inside_are_unchanged() -> None:
    inside = srgb_to_lab(np.random.default_rng(9).random((5000, 3), np.float32))
    np.testing.assert_array_equal(fit_chroma(inside), inside)
    assert fit_chroma(inside) is not inside


def test_fit_takes_any_shape() -> None:
    assert fit_chroma(np.array([50.0, 120.0, 0.0])).shape == (3,)
    assert fit_chroma(np.zeros((0, 3))).shape == (0, 3)
    assert fit_chroma(np.full((2, 3, 3), 90.0)).shape == (2, 3, 3)


@settings(max_examples=60, deadline=None)
@given(st.floats(0.5, 99.5), st.floats(-np.pi, np.pi))
def test_max_chroma_is_the_border(lightness: float, hue: float) -> None:
    limit = float(max_chroma(np.array(lightness), np.array(hue)))
    direction = np.array([np.cos(hue), np.sin(hue)])
    assert in_gamut(np.array([lightness, *(direction * max(limit - 0.002, 0.0))]))
    assert not in_gamut(np.array([lightness, *(direction * (limit + 0.02))]))


def test_max_chroma_broadcasts() -> None:
    limits = max_chroma(np.linspace(0, 100, 5)[:, None], np.linspace(-3, 3, 7))
    assert limits.shape == (5, 7)
    assert limits.dtype == np.float32
    assert max_chroma(np.array(32.3), np.arctan2(-107.86, 79.19)) == pytest.approx(133.8, abs=0.2)  # blue


def test_the_table_never_promises_much_too_much() -> None:
    random = np.random.default_rng(10)
    lightness = random.uniform(0, 100, 20_000).astype(np.float32)
    hue = random.uniform(-np.pi, np.pi, 20_000).astype(np.float32)
    looked_up, exact = look_up_max_chroma(lightness, hue), max_chroma(lightness, hue)
    assert (looked_up - exact).max() <= 0.3
    assert np.percentile(exact - looked_up, 99) < 4.0  # and what it gives away is little
    assert np.median(exact - looked_up) < 0.7


def test_the_table_at_its_ends() -> None:
    assert max_chroma_table() is max_chroma_table()
    np.testing.assert_allclose(max_chroma_table()[:, 0], max_chroma_table()[:, -1], atol=2e-3)
    ends = look_up_max_chroma(np.array([0.0, 100.0, 50.0, 50.0]), np.array([0.0, 0.0, -np.pi, np.pi]))
    assert ends[0] < 1.0
    assert ends[1] < 1.0
    assert ends[2] == pytest.approx(ends[3], abs=0.3)
