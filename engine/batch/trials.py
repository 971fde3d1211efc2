"""Photos that are coloured on trial, into a folder that is deleted again, to judge how long a run would take."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.estimate import Trial, choose_sample, estimate_seconds
from engine.errors import CancelledError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from engine.batch.plan import Item
    from engine.batch.work import PhotoStages
    from engine.progress import Progress


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long a run would take.

    Attributes:
        seconds: Without those of the start; None where nothing could be tried.
        sample: How many photos were tried.
    """

    seconds: float | None = None
    sample: int = 0


def estimated(stages: PhotoStages, items: Sequence[Item], workers: int, count: int, progress: Progress) -> Estimate:
    """Colours a few photos and judges by them.

    Args:
        stages: What is done to a photo.
        items: All that are to be coloured.
        workers: How many threads the run would have.
        count: How many photos to try at most.
        progress: May cancel it.

    Raises:
        CancelledError: If it was cancelled.
        EngineError: If the model cannot be loaded.
    """
    stages.start()
    stages.enter()
    sizes = [item.found.size for item in items]
    with tempfile.TemporaryDirectory(prefix="autochrome-") as folder:
        chosen = [items[place] for place in choose_sample(sizes, count)]
        list(_trials(stages, chosen[:1], Path(folder), progress))  # the first time everything is slower
        trials = list(_trials(stages, chosen, Path(folder), progress))
    return Estimate(estimate_seconds(sizes, trials, workers, apart=not stages.shares_cores), len(trials))


def _trials(stages: PhotoStages, items: Sequence[Item], folder: Path, progress: Progress) -> Iterator[Trial]:
    for item in items:
        progress.check()
        try:
            yield stages.try_out(item, folder)
        except CancelledError:
            raise
        except Exception:  # noqa: BLE001 - a photo that cannot be coloured tells nothing of those that can
            continue
