"""Colours carried over from another photo: right where the photos show the same, few where they do not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import GreyReferenceError
from engine.hints.reference import CarriedColor, carry_colors, descriptors_of

SKY, GRASS, COAT = (-4.0, -32.0), (-28.0, 30.0), (48.0, 26.0)


def scene(width: int = 128, height: int = 96, left: float = 0.3, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """L* and ab of a bright sky over textured grass, and somebody in a dark coat who stands at `left`."""
    noise = np.random.default_rng(seed).normal(size=(height, width))
    lightness = np.full((height, width), 82.0) + noise
    ab = np.full((height, width, 2), SKY)
    ground = height // 2
    lightness[ground:] = 50 + 8 * noise[ground:]
    ab[ground:] = GRASS
    coat = slice(height // 4, height - 8), slice(int(left * width), int((left + 0.22) * width))
    lightness[coat] = 22 + noise[coat]
    ab[coat] = COAT
    return lightness.astype(np.float32), ab.astype(np.float32)


def carried(target: np.ndarray, reference: np.ndarray, ab: np.ndarray, count: int = 24) -> list[CarriedColor]:
    return carry_colors(target, descriptors_of(target), reference, ab, descriptors_of(reference), count)


def distances(found: list[CarriedColor], truth: np.ndarray) -> np.ndarray:
    """How far each colour is from the true one at its place."""
    height, width = truth.shape[:2]
    return np.array([np.hypot(*(np.array(c.ab) - truth[int(c.y * height), int(c.x * width)])) for c in found])


def test_the_same_things_elsewhere_get_their_colors():
    target, truth = scene(left=0.3)
    reference, ab = scene(160, 120, left=0.55, seed=1)
    found = carried(target, reference, ab)
    assert len(found) >= 12
    assert np.median(distances(found, truth)) < 6
    assert all(any(np.hypot(*np.subtract(c.ab, color)) < 12 for c in found) for color in (SKY, GRASS, COAT))


def test_a_mirrored_reference_does_as_well():
    target, truth = scene()
    found = carried(target, target[:, ::-1].copy(), truth[:, ::-1].copy())
    assert np.median(distances(found, truth)) < 6


def test_a_reference_of_something_else_gives_few_hints():
    target, _ = scene()
    other = np.random.default_rng(2).uniform(0, 100, (96, 128)).astype(np.float32)
    ab = np.random.default_rng(3).uniform(-60, 60, (96, 128, 2)).astype(np.float32)
    ab[..., 0] += 30
    found = carried(target, other, ab)
    assert len(found) <= 6
    assert len(found) < len(carried(target, *scene(left=0.5, seed=1)))


def test_where_the_hints_lie():
    target, truth = scene()
    found = carried(target, *scene(left=0.5, seed=1), count=10)
    assert 0 < len(found) <= 10
    for color in found:
        assert 0 < color.x < 1
        assert 0 < color.y < 1
        assert 0 < color.radius < 0.5
        assert 0 < color.confidence <= 1
    # The middle of a segment, away from what has another colour: the whole disc has one.
    down, across = np.mgrid[:96, :128] + 0.5
    for color in found:
        disc = np.hypot(across - color.x * 128, down - color.y * 96) < color.radius * 128
        if disc.any():
            assert np.ptp(truth[disc], axis=0).max() < 1


def test_the_same_photos_give_the_same_hints():
    target, _ = scene()
    reference, ab = scene(left=0.6, seed=1)
    assert carried(target, reference, ab) == carried(target.copy(), reference.copy(), ab.copy())


def test_descriptors_may_be_of_any_scale_and_another_size():
    target, truth = scene()
    reference, ab = scene(left=0.6, seed=1)
    one, other = descriptors_of(target), descriptors_of(reference)
    scale = np.linspace(0.01, 1000, one.shape[2], dtype=np.float32)
    constant = np.ones((*one.shape[:2], 1), np.float32)
    one, other = (np.concatenate([each * scale - 7, constant], axis=2)[::2, ::2] for each in (one, other))
    found = carry_colors(target, one, reference, ab, other)
    assert np.median(distances(found, truth)) < 6


def test_a_grey_reference_is_refused():
    target, _ = scene()
    reference, ab = scene(left=0.6, seed=1)
    with pytest.raises(GreyReferenceError, match="no colours") as error:
        carried(target, reference, ab * 0)
    assert error.value.advice


@given(
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.tuples(st.integers(1, 60), st.integers(1, 60)),
    st.integers(1, 40),
    st.integers(0, 3),
)
@settings(max_examples=25, deadline=None)
def test_photos_of_any_shape(size, reference_size, count, seed):
    random = np.random.default_rng(seed)
    target = (random.random(size) * 100).astype(np.float32)
    if seed == 0:
        target[:] = 50
    reference = (random.random(reference_size) * 100).astype(np.float32)
    ab = (random.random((*reference_size, 2)) * 60 + 5).astype(np.float32)
    found = carried(target, reference, ab, count)
    assert len(found) <= count
    for color in found:
        assert 0 <= color.x <= 1
        assert 0 <= color.y <= 1
        assert np.hypot(*color.ab) <= np.hypot(65, 65)


def test_a_long_strip():
    lightness = np.tile(np.linspace(10, 90, 4000, dtype=np.float32), (3, 1))
    ab = np.full((3, 4000, 2), 30, np.float32)
    assert carried(lightness, lightness, ab)


def test_descriptors_are_numbers_of_each_place():
    lightness, _ = scene()
    found = descriptors_of(lightness)
    assert found.shape[:2] == lightness.shape
    assert found.dtype == np.float32
    assert np.isfinite(found).all()
    assert np.isfinite(descriptors_of(np.zeros((1, 1), np.float32))).all()
    np.testing.assert_allclose(descriptors_of(lightness[:, ::-1].copy()), found[:, ::-1], atol=0.02)


def test_nonsense_is_refused():
    lightness, ab = scene(32, 24)
    looks = descriptors_of(lightness)
    broken = lightness.copy()
    broken[0, 0] = np.nan
    for values in (
        (ab, looks, lightness, ab, looks),
        (lightness, looks, lightness, ab[..., :1], looks),
        (lightness, looks[..., 1:], lightness, ab, looks),
        (lightness, lightness, lightness, ab, looks),
        (lightness[:0], looks, lightness, ab, looks),
        (broken, looks, lightness, ab, looks),
    ):
        with pytest.raises(ValueError, match=r"photos and descriptors|not finite"):
            carry_colors(*values)
    with pytest.raises(ValueError, match="0 hints"):
        carry_colors(lightness, looks, lightness, ab, looks, 0)
