"""How long a run would take, judged by a few of its photos; numbers in, numbers out.

The time that a photo takes grows with its size, and not in proportion: a small file is mostly the network, a large one
mostly decoding and saving, and a compressed one is more work a byte than a raw one. So the sample is spread evenly over
the photos in the order of their sizes, and what lies between two of the sample is taken to lie between their times.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

SAMPLE = 8
"""Photos to try, unless there are fewer."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one photo of the sample took, alone.

    Attributes:
        size: Of the file, in bytes.
        work: Seconds of reading, rendering and saving: work that several threads do, each for its own photo.
        network: Seconds of the network.
    """

    size: int
    work: float
    network: float = 0.0


def choose_sample(sizes: Sequence[int], count: int = SAMPLE) -> list[int]:
    """Which photos to try: one from the middle of each of `count` equal parts, by size. Always the same ones.

    Args:
        sizes: Of all files, in bytes.
        count: How many to choose at the most.

    Returns:
        Their places in `sizes`, the smallest first.
    """
    order = sorted(range(len(sizes)), key=lambda place: (sizes[place], place))
    count = min(count, len(order))
    return [order[(2 * part + 1) * len(order) // (2 * count)] for part in range(count)]


def estimate_seconds(
    sizes: Sequence[int], trials: Sequence[Trial], workers: int, *, apart: bool = False
) -> float | None:
    """The seconds that all photos would take.

    Args:
        sizes: Of all files, in bytes.
        trials: What some of them took.
        workers: How many threads read, render and save.
        apart: Whether the network runs elsewhere than on the processor (a graphics card): both work at once then, and
            it sees one photo after the other. On the processor it is work for all threads like the rest.

    Returns:
        The seconds, without those of the start; None if nothing was tried.
    """
    if not trials:
        return None
    threads = max(min(workers, len(sizes)), 1)
    work = _all(sizes, trials, [trial.work for trial in trials])
    network = _all(sizes, trials, [trial.network for trial in trials])
    return max(work / threads, network) if apart else (work + network) / threads


def _all(sizes: Sequence[int], trials: Sequence[Trial], seconds: Sequence[float]) -> float:
    """The sum of what all photos take: between two trials by interpolation, above the largest in proportion."""
    by_size: dict[int, list[float]] = {}
    for trial, each in zip(trials, seconds, strict=True):
        by_size.setdefault(trial.size, []).append(each)
    known = np.array(sorted(by_size), dtype=np.float64)
    means = np.array([np.mean(by_size[int(size)]) for size in known])
    every = np.array(sizes, dtype=np.float64)
    beyond = np.maximum(every / max(known[-1], 1.0), 1.0)
    return float(np.sum(np.interp(every, known, means) * beyond))
