"""How many photos a second a batch colours: a real one, over copies of one photo.

The clock runs from the first photo that was read to the last that was saved. So loading the model and starting what
decodes do not count, which an archive never notices.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from engine.progress import Progress


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRate:
    """How fast a batch was.

    Attributes:
        photos: How many it coloured.
        seconds: From the first photo that was read to the last that was saved.
        whole: The whole run, with loading the model.
        stages: Seconds of work by stage, summed over all threads.
        busy: By group of threads, the share of its time that it worked while photos were waiting, in [0, 1].
        cause: Why it coloured fewer than there were, in plain words; empty where it coloured all.
    """

    photos: int
    seconds: float
    whole: float
    stages: Mapping[str, float]
    busy: Mapping[str, float]
    cause: str = ""

    @property
    def rate(self) -> float:
        """Photos a second."""
        return self.photos / self.seconds if self.seconds > 0 else 0.0


class Ended(Protocol):
    """What a batch tells at its end, as of `engine.batch.Summary`."""

    @property
    def seconds(self) -> float:
        """How long the run took."""
        ...

    @property
    def stages(self) -> Mapping[str, float]:
        """Seconds of work by stage."""
        ...

    @property
    def busy(self) -> Mapping[str, float]:
        """How busy each group of threads was."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Copies:
    """What a batch is to do, and what it tells meanwhile.

    Attributes:
        photos: Their paths.
        output: Where their coloured copies go; not there yet.
        model: The model's name.
        device: Where its network runs.
        clock: To be told of each photo that was read, saved, or left.
    """

    photos: tuple[Path, ...]
    output: Path
    model: str
    device: str
    clock: BatchClock


class Batch(Protocol):
    """Runs a batch."""

    def __call__(self, copies: Copies, progress: Progress) -> Ended:
        """Colours the copies; returns early where the progress is cancelled. Raises an EngineError if it cannot."""
        ...


class BatchClock:
    """Notes when photos were read and saved; told of one event at a time.

    Attributes:
        saved: How many were saved.
        cause: Why another was left, in plain words.
    """

    def __init__(self) -> None:
        self.saved = 0
        self.cause = ""
        self._begun: float | None = None
        self._ended = 0.0

    def was_read(self) -> None:
        """A photo was read."""
        self._begun = self._begun or time.perf_counter()

    def was_saved(self) -> None:
        """A photo was saved."""
        self._ended = time.perf_counter()
        self.saved += 1

    def was_left(self, cause: str) -> None:
        """A photo failed, or was left aside."""
        self.cause = cause

    @property
    def seconds(self) -> float:
        """From the first that was read to the last that was saved."""
        return 0.0 if self._begun is None or not self.saved else self._ended - self._begun


def time_batch(
    photo: Path, run: Batch, folder: Path, *, model: str, device: str, count: int, progress: Progress
) -> BatchRate:
    """Colours copies of a photo by a batch.

    Args:
        photo: A picture file.
        run: The batch.
        folder: Where the copies go; they and the results are deleted at the end.
        model: The model's name.
        device: auto, cpu, cuda or mps.
        count: How many copies.
        progress: Told by the batch; may cancel.

    Raises:
        EngineError: If the batch could not be started, or the benchmark was cancelled.
        OSError: If the copies cannot be written.
    """
    # What a cancelled batch leaves behind may write on for a moment: then the folder around this one goes later.
    with TemporaryDirectory(dir=folder, ignore_cleanup_errors=True) as inner:
        copies = Copies(
            photos=tuple(Path(inner) / f"{number:04}{photo.suffix}" for number in range(count)),
            output=Path(inner) / "coloured",
            model=model,
            device=device,
            clock=BatchClock(),
        )
        for path in copies.photos:
            progress.check()
            shutil.copyfile(photo, path)
        ended = run(copies, progress)
        progress.check()
    clock = copies.clock
    return BatchRate(
        photos=clock.saved,
        seconds=clock.seconds,
        whole=ended.seconds,
        stages=dict(ended.stages),
        busy=dict(ended.busy),
        cause=clock.cause,
    )
