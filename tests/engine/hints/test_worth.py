"""Where a hint would help: where much is unknown, and not where something alike is known already."""

import numpy as np
import pytest

from engine.hints.worth import best_places, color_deviation, hint_worth

SIZE = (24, 32)


@pytest.fixture
def lightness():
    """Left dark, right light, 96×128."""
    made = np.full((96, 128), 25.0, np.float32)
    made[:, 64:] = 75.0
    return made


def left_and_right(worth):
    return float(worth[:, :12].mean()), float(worth[:, 20:].mean())


def test_the_best_place_has_one(lightness):
    worth = hint_worth(lightness, SIZE)
    assert worth.shape == SIZE
    assert worth.min() >= 0
    assert 0.8 < worth.max() <= 1


def test_uncertain_things_are_worth_more(lightness):
    deviation = np.full(SIZE, 2.0, np.float32)
    deviation[:, 16:] = 20.0
    left, right = left_and_right(hint_worth(lightness, SIZE, deviation=deviation))
    assert right > 5 * left


def test_what_is_hinted_is_worth_little(lightness):
    spots = np.array([[0.2, 0.3, 10, 10, 0.5, 0], [0.3, 0.8, 10, 10, 0.5, 0]], np.float32)
    left, right = left_and_right(hint_worth(lightness, SIZE, spots=spots))
    assert right > 1.5 * left


def test_likeness_of_the_model_counts(lightness):
    pixels = SIZE[0] * SIZE[1]
    group = (np.arange(pixels) % SIZE[1] < 8).astype(np.float32)  # a narrow strip, all alike; the rest is all different
    likeness = np.eye(pixels, dtype=np.float32) + np.outer(group, group) * (1 - np.eye(pixels, dtype=np.float32))
    worth = hint_worth(lightness, SIZE, likeness=likeness)
    assert worth[:, 2:6].mean() > 20 * worth[:, 20:].mean()


def test_a_large_map_is_weighed_at_fewer_places(lightness):
    assert hint_worth(lightness, (96, 128)).shape == (96, 128)


def test_best_places_lie_apart():
    worth = np.zeros(SIZE, np.float32)
    worth[4:8, 4:8], worth[18:22, 25:29] = 1.0, 0.8
    (x, y), (other_x, other_y) = best_places(worth, 2)
    assert (x * 32 // 4, y * 24 // 4) == (1, 1)
    assert (other_x * 32 > 24, other_y * 24 > 17) == (True, True)
    assert best_places(np.zeros(SIZE, np.float32)) == []


def test_deviation_of_a_distribution():
    bins = np.array([[-10, 0], [10, 0], [0, 0]], np.float32)
    with np.errstate(divide="ignore"):
        log_probability = np.log(np.array([[0.5, 0], [0.5, 0], [0, 1]], np.float32)).reshape(3, 1, 2)
    np.testing.assert_allclose(color_deviation(log_probability, bins), [[10, 0]], atol=1e-3)
