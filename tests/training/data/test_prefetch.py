"""Batches made ahead: the same ones in the same order, errors in their place, and an end whenever it is asked for."""

import itertools
import threading

import pytest
import torch

from training.data.prefetch import Prefetcher

DEPTHS = [0, 1, 3]


def noise(samples):
    return torch.rand(4, generator=torch.Generator().manual_seed(samples))


@pytest.mark.parametrize("depth", DEPTHS)
def test_batches_in_the_order_of_their_keys(depth):
    with Prefetcher(noise, range(0, 80, 8), depth) as batches:
        made = list(batches)
    assert len(made) == 10
    assert all(torch.equal(batch, noise(8 * n)) for n, batch in enumerate(made))


@pytest.mark.parametrize("depth", DEPTHS)
def test_an_error_comes_in_the_place_of_its_batch(depth):
    def make(key):
        if key == 2:
            raise ValueError("photo 2 is gone")
        return key

    batches = Prefetcher(make, itertools.count(), depth)
    assert [next(batches), next(batches)] == [0, 1]
    with pytest.raises(ValueError, match="photo 2"):
        next(batches)
    with pytest.raises(StopIteration):
        next(batches)
    batches.close()


@pytest.mark.parametrize("depth", [1, 3])
def test_no_more_batches_wait_than_asked_for(depth):
    made = []
    full = threading.Event()

    def make(key):
        made.append(key)
        if len(made) == depth:
            full.set()
        return key

    with Prefetcher(make, itertools.count(), depth) as batches:
        assert full.wait(10)
        assert len(made) == depth
        assert next(batches) == 0
    assert len(made) <= depth + 2


def test_it_really_runs_in_the_background():
    threads = []
    go = threading.Event()

    def make(key):
        threads.append(threading.current_thread())
        assert go.wait(10)
        return key

    with Prefetcher(make, range(1)) as batches:
        go.set()
        assert next(batches) == 0
        assert batches.waited > 0
    assert threads[0] is not threading.current_thread()


@pytest.mark.parametrize("depth", DEPTHS)
def test_closing_stops_it(depth):
    before = threading.active_count()
    batches = Prefetcher(noise, itertools.count(), depth)
    next(batches)
    batches.close()
    batches.close()
    assert threading.active_count() == before
    with pytest.raises(StopIteration):
        next(batches)


@pytest.mark.parametrize("depth", DEPTHS)
def test_what_is_made_has_no_gradients(depth):
    weight = torch.ones(2, requires_grad=True)
    with Prefetcher(lambda key: weight * key, range(2), depth) as batches:
        assert not any(batch.requires_grad for batch in batches)
