"""Photos that show the same."""

import cv2
import numpy as np
import pytest

from tests.training.making import encoded, grey_photo, rule_photo
from training.data.near_duplicates import difference_hash, groups
from training.data.packed import decode


def distance(one, other):
    return int(np.bitwise_count(difference_hash(one) ^ difference_hash(other)))


def test_a_hash_by_hand():
    steps = np.repeat(np.array([0, 100, 50, 60, 40, 200, 210, 220, 10], np.uint8), 10)
    photo = np.broadcast_to(steps[None, :, None], (80, 90, 3)).copy()
    row = 0b10101110  # brighter than the place to the left, or not
    assert int(difference_hash(photo)) == int.from_bytes(bytes([row] * 8), "big")


def test_other_sizes_and_compressions_are_near_and_other_photos_far():
    photos = [rule_photo(n, 120, 160) for n in range(20)]
    for n, photo in enumerate(photos):
        assert distance(photo, decode(encoded(photo, "JPEG"), 70)) <= 4
        assert distance(photo, cv2.convertScaleAbs(photo, alpha=0.8)) <= 4
        assert distance(photo, photos[n - 1]) > 10


def by_brute_force(hashes, bits):
    close = np.bitwise_count(hashes[:, None] ^ hashes[None]) <= bits
    group = np.arange(len(hashes))
    for _ in range(len(hashes)):
        group = np.where(close, group[None], len(hashes)).min(axis=1)
    return group


@pytest.mark.parametrize("bits", [0, 1, 4, 7])
def test_groups_as_by_comparing_all_with_all(bits):
    rng = np.random.default_rng(bits)
    hashes = rng.integers(0, 2**64, 60, np.uint64)
    near = [hashes]
    for _ in range(3):  # chains of hashes, each a few bits from another
        flips = np.array(
            [sum(1 << int(bit) for bit in rng.choice(64, bits, replace=False)) for _ in range(60)], np.uint64
        )
        near.append(near[-1] ^ flips)
    mixed = rng.permutation(np.concatenate([*near, hashes[:10]]))
    np.testing.assert_array_equal(groups(mixed, bits), by_brute_force(mixed, bits))


def test_many_photos_of_nothing_are_one_group():
    hashes = np.array([difference_hash(np.full((64, 64, 3), value, np.uint8)) for value in range(50)], np.uint64)
    assert groups(hashes).tolist() == [0] * 50
    assert groups(np.array([difference_hash(grey_photo())], np.uint64)).tolist() == [0]
    assert groups(np.empty(0, np.uint64)).tolist() == []
