"""Photos that show the same: found by difference hashes, whatever their names and sizes.

Source of the hash: N. Krawetz, "Kind of Like That", hackerfactor.com, 2013 (dHash): whether each of 8×8 places is
brighter than its neighbour. Near-duplicates (another size, another compression, a slight crop) differ in a few bits.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

BITS = 64
CLOSE = 4
"""Photos whose hashes differ in at most so many bits count as near-duplicates."""


def difference_hash(photo: NDArray[np.uint8]) -> np.uint64:
    """The 64 bits of a photo, H×W×3 uint8 sRGB."""
    grey = cv2.cvtColor(photo, cv2.COLOR_RGB2GRAY)
    small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    return np.packbits(small[:, 1:] > small[:, :-1]).view(">u8").astype(np.uint64)[0]


def groups(hashes: NDArray[np.uint64], bits: int = CLOSE) -> NDArray[np.int64]:
    """Puts near-duplicates into groups; what is near to one of a group belongs to it.

    Hashes that differ in at most k bits are equal in at least one of k + 1 bands, so only hashes that share a band are
    compared: 100,000 photos take seconds.

    Args:
        hashes: N hashes.
        bits: Largest distance k.

    Returns:
        N indices, each that of the first photo of its group.
    """
    distinct, earliest, member = np.unique(hashes, return_index=True, return_inverse=True)
    near = np.arange(len(distinct))
    for one, other in _close_pairs(distinct, bits):
        first, second = sorted((_root(near, one), _root(near, other)))
        near[second] = first
    near = np.array([_root(near, index) for index in range(len(near))], np.int64)
    # The first photo of a group is the first among the first photos of its hashes.
    leader = np.full(len(distinct), len(hashes), np.int64)
    np.minimum.at(leader, near, earliest)
    return leader[near][member.reshape(-1)]


def _close_pairs(hashes: NDArray[np.uint64], bits: int) -> Iterator[tuple[int, int]]:
    """Pairs of indices whose hashes differ in at most so many bits; a pair may be found more than once."""
    edges = np.linspace(0, BITS, bits + 2).astype(int)
    for low, high in pairwise(edges.tolist()):
        band = (hashes >> np.uint64(low)) & np.uint64((1 << (high - low)) - 1)
        order = np.argsort(band, kind="stable")
        band = band[order]
        alive = np.arange(len(band) - 1)
        step = 1
        while len(alive):  # those whose neighbour so many steps further still shares the band
            alive = alive[alive + step < len(band)]
            alive = alive[band[alive] == band[alive + step]]
            left, right = order[alive], order[alive + step]
            close = np.bitwise_count(hashes[left] ^ hashes[right]) <= bits
            yield from zip(left[close].tolist(), right[close].tolist(), strict=True)
            step += 1


def _root(near: NDArray[np.int64], index: int) -> int:
    """The index that leads another's group; the way to it gets shorter."""
    while near[index] != index:
        near[index] = near[near[index]]
        index = int(near[index])
    return index
