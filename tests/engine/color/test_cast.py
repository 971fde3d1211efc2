"""Casts are found among the greys, and only there."""

import numpy as np
import pytest

from engine.color.cast import cast_strength, estimate_cast


def greys(seed=0, spread=3.0, size=(40, 50)):
    """A picture whose greys are slightly noisy, dark to bright."""
    generator = np.random.default_rng(seed)
    lightness = generator.uniform(5, 95, size).astype(np.float32)
    ab = generator.normal(0, spread, (*size, 2)).astype(np.float32)
    return ab, lightness


def tinted(ab, lightness, cast):
    return ab + cast_strength(lightness)[..., None] * np.asarray(cast, np.float32)


def test_strength_fades_towards_black():
    strength = cast_strength(np.array([0.0, 42.0, 100.0], np.float32))
    np.testing.assert_allclose(strength, [16 / 116, 0.5, 1.0], rtol=1e-6)


def test_greys_have_no_cast():
    assert estimate_cast(*greys()) == (0.0, 0.0)


@pytest.mark.parametrize("cast", [(6.0, 10.0), (-7.0, -4.0), (0.0, 14.0)], ids=str)
def test_cast_of_greys_is_found(cast):
    ab, lightness = greys()
    np.testing.assert_allclose(estimate_cast(tinted(ab, lightness, cast), lightness), cast, atol=0.5)


def test_vivid_colours_are_not_asked():
    """A quarter of the picture is a meadow and a sky; they are no cast, and do not hide one."""
    ab, lightness = greys(spread=1.5)
    ab[:5], ab[5:10] = (-30, 35), (-5, -40)
    assert np.hypot(*estimate_cast(ab, lightness)) < 0.5
    np.testing.assert_allclose(estimate_cast(tinted(ab, lightness, (4, 6)), lightness), (4, 6), atol=0.7)


def test_without_greys_there_is_no_cast():
    ab, lightness = greys()
    ab += np.array((-25, 35), np.float32)
    assert estimate_cast(ab, lightness) == (0.0, 0.0)


def test_cast_that_nobody_sees_stays():
    ab, lightness = greys(spread=0.5)
    assert estimate_cast(tinted(ab, lightness, (0.4, 0.5)), lightness) == (0.0, 0.0)


def test_estimate_moves_smoothly_with_the_picture():
    ab, lightness = greys()
    found = [estimate_cast(tinted(ab, lightness, (0, b)), lightness)[1] for b in np.arange(0, 20, 0.1)]
    assert np.abs(np.diff(found)).max() < 0.5


def test_black_alone():
    ab, lightness = np.zeros((3, 3, 2), np.float32), np.zeros((3, 3), np.float32)
    assert estimate_cast(ab, lightness) == (0.0, 0.0)
