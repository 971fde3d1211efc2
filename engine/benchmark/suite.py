"""Goes through photos, models and devices, and measures each of their combinations."""

from __future__ import annotations

import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.benchmark.batches import Batch, BatchRate, time_batch
from engine.benchmark.photos import subjects
from engine.benchmark.stages import time_stages
from engine.benchmark.strokes import Strokes, time_strokes
from engine.colorist import Colorist
from engine.device import available_devices, choose_device
from engine.errors import BadPredictionError, BadWeightsError, EngineError, OutOfMemoryError
from engine.models.store import find_model, list_models
from engine.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from engine.benchmark.photos import Subject

BUDGETED = ("read", "prepare", "render", "save")


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkOptions:
    """What to measure.

    Attributes:
        photo: A picture file; None takes three photos that are made for it.
        models: Names of installed models; none means all.
        devices: auto, cpu, cuda or mps; none means all of this machine.
        repeats: How often each stage runs; the median counts.
        strokes: How many strokes of hints are painted; 0 leaves them out.
        copies: How many copies of the photo a batch colours; 0 leaves it out.
    """

    photo: Path | None = None
    models: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()
    repeats: int = 5
    strokes: int = 100
    copies: int = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """What was measured for one photo, with one model on one device.

    Attributes:
        photo: What was coloured, in words.
        model: The model's name.
        device: Where its network ran.
        seconds: Median seconds of each stage, as `engine.benchmark.time_stages` names them.
        strokes: What strokes of hints cost, unless left out.
        batch: How fast a batch was, unless left out.
        notes: What the model had to say: that the memory was not enough, for example.
    """

    photo: str
    model: str
    device: str
    seconds: dict[str, float]
    strokes: Strokes | None = None
    batch: BatchRate | None = None
    notes: tuple[str, ...] = ()

    @property
    def bare(self) -> float:
        """Decoding the source plus encoding the coloured result, in seconds."""
        return self.seconds["decode"] + self.seconds["encode"]

    @property
    def ratio(self) -> float:
        """Everything but the network, as a multiple of `bare`."""
        return sum(self.seconds[stage] for stage in BUDGETED) / self.bare

    def to_plain(self) -> dict[str, Any]:
        """All of it as values that JSON knows."""
        plain: dict[str, Any] = {**asdict(self), "ratio": self.ratio}
        if self.strokes is not None:
            plain["strokes"] |= {"median": self.strokes.median, "p95": self.strokes.p95}
        if self.batch is not None:
            plain["batch"] |= {"rate": self.batch.rate}
        return plain


@dataclass(frozen=True, slots=True, kw_only=True)
class NotMeasured:
    """A model that could not be used on a device; the others are measured all the same.

    Attributes:
        photo: What was to be coloured, in words.
        model: The model's name.
        device: Where its network was to run.
        error: Why.
    """

    photo: str
    model: str
    device: str
    error: EngineError


def benchmark(
    options: BenchmarkOptions,
    batch: Batch,
    *,
    progress: Progress | None = None,
    on_part: Callable[[str], None] | None = None,
) -> Iterator[Benchmark | NotMeasured]:
    """Measures each photo with each model on each device, one after the other.

    Args:
        options: What to measure.
        batch: Runs a batch.
        progress: Told how far the part in hand is; may cancel.
        on_part: Told what is measured next, in words.

    Yields:
        Each result as soon as it is there.

    Raises:
        EngineError: If a photo, a model's name or a device cannot be used, there is no room for what has to be
            written, or the benchmark was cancelled.
    """
    progress = progress or Progress()
    pairs = _pairs(options)
    with tempfile.TemporaryDirectory(prefix="autochrome-", ignore_cleanup_errors=True) as folder:
        measuring = _Measuring(options, batch, Path(folder), progress, on_part or _ignore)
        for subject in subjects(options.photo):
            progress.check()
            measuring.tell(f"{subject.name}: getting it ready")
            try:
                photo = subject.make(Path(folder))
                for model, device in pairs:
                    yield measuring.measured(subject, photo, model, device)
            except OSError as error:
                raise EngineError(
                    f"The benchmark could not write to {folder}: {error.strerror or error}.",
                    "Make room there, or name another folder in the environment variable TMPDIR.",
                ) from error


def _ignore(doing: str) -> None:
    del doing


def _pairs(options: BenchmarkOptions) -> Sequence[tuple[str, str]]:
    """Names of models with names of devices; every one exists."""
    names = options.models or tuple(model.id for model in list_models()) or ("photo",)
    models = dict.fromkeys(find_model(name).card.id for name in names)
    devices = dict.fromkeys(choose_device(name).type for name in options.devices or available_devices())
    return [(model, device) for model in models for device in devices]


@dataclass(frozen=True, slots=True)
class _Measuring:
    """Measures one combination after the other."""

    options: BenchmarkOptions
    batch: Batch
    folder: Path
    progress: Progress
    tell: Callable[[str], None]

    def measured(self, subject: Subject, photo: Path, model: str, device: str) -> Benchmark | NotMeasured:
        """One photo with one model on one device."""
        title = f"{subject.name}, {model} on {device}"
        self.tell(f"{title}: stages")
        try:
            colorist = Colorist(model, device)
            seconds = time_stages(photo, colorist, self.folder, repeats=self.options.repeats, progress=self.progress)
            strokes = self._strokes(subject, photo, colorist, title)
            ran_on, notes = colorist.device_name, colorist.notes
            del colorist  # the batch loads its own, and a device may hold only one
            rate = self._rate(photo, model, device, title)
        except (BadPredictionError, BadWeightsError, OutOfMemoryError) as error:
            return NotMeasured(photo=subject.name, model=model, device=device, error=error)
        return Benchmark(
            photo=subject.name, model=model, device=ran_on, seconds=seconds, strokes=strokes, batch=rate, notes=notes
        )

    def _strokes(self, subject: Subject, photo: Path, colorist: Colorist, title: str) -> Strokes | None:
        if not self.options.strokes:
            return None
        self.tell(f"{title}: strokes")
        return time_strokes(photo, colorist, name=subject.name, count=self.options.strokes, progress=self.progress)

    def _rate(self, photo: Path, model: str, device: str, title: str) -> BatchRate | None:
        if not self.options.copies:
            return None
        self.tell(f"{title}: a batch")
        return time_batch(
            photo,
            self.batch,
            self.folder,
            model=model,
            device=device,
            count=self.options.copies,
            progress=self.progress,
        )
