"""Batches: known by their place in the run, shared among processes, hinted where the network looks at hints."""

import pytest
import torch

from tests.training.making import packed, rule_photo, tiny_recipe
from training.batch import Needs, make_batch
from training.data.batches import CropSource
from training.loading import BatchLoader

CPU = torch.device("cpu")
ALL_HINTED = tiny_recipe(augmentation={"hinted": 1.0, "recolored": 1.0})


@pytest.fixture(scope="module")
def crops() -> CropSource:
    return CropSource(packed([rule_photo(n) for n in range(8)], [0, 1, -1, 0, 1, -1, 0, 1]), CPU)


def test_the_same_place_has_the_same_batch(crops):
    needs = Needs(4, hints=True)
    first, again, later = (make_batch(crops, tiny_recipe(), seen, 4, 32, needs) for seen in (8, 8, 12))
    assert torch.equal(first.pair.lightness, again.pair.lightness)
    assert torch.equal(first.pair.ab, again.pair.ab)
    assert torch.equal(first.told, again.told)
    assert not torch.equal(first.pair.lightness, later.pair.lightness)
    other = make_batch(crops, tiny_recipe(schedule={"seed": 2}), 8, 4, 32, needs)
    assert not torch.equal(first.pair.lightness, other.pair.lightness)


@pytest.mark.parametrize("stride", [1, 2, 4])
def test_colors_have_the_size_of_the_networks(crops, stride):
    pair = make_batch(crops, tiny_recipe(), 0, 4, 32, Needs(stride, hints=True)).pair
    assert pair.lightness.shape == (4, 1, 32, 32)
    assert pair.ab.shape == (4, 2, 32 // stride, 32 // stride)


def test_networks_that_ignore_hints_get_none_and_the_true_hues(crops):
    with_hints, without = (make_batch(crops, ALL_HINTED, 0, 4, 32, Needs(4, hints=hints)) for hints in (True, False))
    assert with_hints.hints.token_mask.any(dim=1).all()
    assert not without.hints.token_mask.any()
    assert without.hints.planes.shape == (4, 3, 32, 32)
    assert not torch.equal(with_hints.pair.ab, without.pair.ab)


def test_shares_are_the_batch(crops):
    batch = make_batch(crops, ALL_HINTED, 0, 4, 32, Needs(4, hints=True))
    shares = [batch.share(rank, 2) for rank in range(2)]
    assert [len(share) for share in shares] == [2, 2]
    assert sum(share.labelled for share in shares) == batch.labelled == 3
    for whole, parts in (
        (batch.pair.ab, [share.pair.ab for share in shares]),
        (batch.pair.lightness, [share.pair.lightness for share in shares]),
        (batch.pair.target_lightness, [share.pair.target_lightness for share in shares]),
        (batch.hints.tokens, [share.hints.tokens for share in shares]),
        (batch.hints.planes, [share.hints.planes for share in shares]),
        (batch.told, [share.told for share in shares]),
        (batch.labels, [share.labels for share in shares]),
    ):
        assert torch.equal(whole, torch.cat(parts))


def test_the_background_gives_what_the_foreground_gives(crops):
    recipe = tiny_recipe(schedule={"samples": 32, "batch": 8, "accumulate": 2})
    loader = BatchLoader(crops, recipe, Needs(4, hints=True))
    asked = [(samples, part) for samples in (8, 16, 24) for part in (0, 1)]
    usual = [loader.take(*key) for key in asked]
    assert [batch.pair.lightness.shape[-1] for batch in usual] == [32, 32, 64, 64, 64, 64]
    with loader.background(8):
        ahead = [loader.take(*key) for key in asked]
        assert loader.waited > 0
    assert loader.waited == 0
    for first, second in zip(usual, ahead, strict=True):
        assert len(first) == len(second) == 4
        assert torch.equal(first.pair.lightness, second.pair.lightness)
