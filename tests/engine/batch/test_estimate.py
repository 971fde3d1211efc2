import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.batch.estimate import Trial, choose_sample, estimate_seconds

sizes_of = st.lists(st.integers(0, 10**9), min_size=1, max_size=60)


def test_the_sample_is_spread_over_the_sizes():
    sizes = [900, 100, 500, 300, 700, 200, 800, 400, 600, 1000]
    assert [sizes[place] for place in choose_sample(sizes, 5)] == [200, 400, 600, 800, 1000]
    assert [sizes[place] for place in choose_sample(sizes, 1)] == [600]
    assert choose_sample([], 8) == []
    assert choose_sample([5, 5, 5], 8) == [0, 1, 2]


@given(sizes_of, st.integers(1, 20))
def test_a_sample_has_no_photo_twice_and_grows_in_size(sizes, count):
    chosen = choose_sample(sizes, count)
    assert len(chosen) == len(set(chosen)) == min(count, len(sizes))
    assert [sizes[place] for place in chosen] == sorted(sizes[place] for place in chosen)
    assert chosen == choose_sample(sizes, count)


@given(sizes_of, st.floats(0.01, 5), st.floats(0, 1e-6))
def test_times_that_grow_evenly_are_found_again(sizes, each, per_byte):
    """A constant and so much a byte: exact between the smallest and the largest photo tried."""
    trials = [Trial(size, each + per_byte * size) for size in (min(sizes), max(sizes))]
    assert estimate_seconds(sizes, trials, 1) == pytest.approx(sum(each + per_byte * size for size in sizes))


def test_workers_share_the_work_and_a_network_that_has_no_device_of_its_own():
    sizes, trials = [10] * 8, [Trial(10, 2.0, 0.5)]
    assert estimate_seconds(sizes, trials, 1) == pytest.approx(20)
    assert estimate_seconds(sizes, trials, 4) == pytest.approx(5)
    assert estimate_seconds(sizes, trials, 4, apart=True) == pytest.approx(4)
    assert estimate_seconds(sizes, trials, 8, apart=True) == pytest.approx(4)


def test_more_workers_than_photos_are_no_faster():
    assert estimate_seconds([10, 10], [Trial(10, 2.0)], 16) == pytest.approx(2)


def test_larger_photos_than_any_tried_take_longer_in_proportion():
    assert estimate_seconds([100, 400], [Trial(100, 1.0)], 1) == pytest.approx(5)


def test_photos_of_one_size_count_by_their_mean():
    assert estimate_seconds([100], [Trial(100, 1.0), Trial(100, 3.0)], 1) == pytest.approx(2)


def test_nothing_tried_is_unknown_and_nothing_to_do_is_nothing():
    assert estimate_seconds([1, 2], [], 2) is None
    assert estimate_seconds([], [Trial(1, 1.0)], 2) == 0
    assert estimate_seconds([0], [Trial(0, 1.0)], 2) == pytest.approx(1)
