"""The training loop: stages, snapshots, checkpoints, and a stop whenever it is asked for.

A run lives in a folder: `checkpoint.pt` (the newest state, replaced atomically; the recipe is in it), `log.jsonl`,
`tensorboard/` and `pictures/`. Everything that is drawn is drawn from seeds made of the recipe's seed and the number of
photos seen, so a resumed run goes on exactly where it stopped.
"""

from __future__ import annotations

import hashlib
import json
import logging
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import torch
from torch._dynamo.exc import TorchDynamoException

from engine.errors import OutOfMemoryError
from engine.models.registry import build_network
from training.checkpoint import NAME, CheckpointError, read_checkpoint, write_checkpoint
from training.data.batches import CropSource
from training.distributed import ALONE, Group
from training.learner import Learner
from training.loading import BatchLoader
from training.monitor import SIZE, Monitor
from training.pictures import save_sheet
from training.recipe import Recipe, RecipeError, to_table
from training.record import Record
from training.snapshots import score
from training.stages import Stage, rate_factor, stage_at

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    from torch import Tensor

    from engine.models.contract import Colorizer
    from training.data.packed import PackedPhotos

log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 300.0
REPORT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Step:
    """How a run stands, for a progress bar.

    Attributes:
        samples: Photos seen so far.
        total: Photos in all.
        losses: Weighted losses, smoothed, by name.
        rate: Photos a second.
        learning_rate: The present one.
        stage: Name of the stage.
        waiting: Share of the time in which the step waited for photos.
    """

    samples: int
    total: int
    losses: dict[str, float]
    rate: float
    learning_rate: float
    stage: str
    waiting: float


@dataclass(slots=True)
class _Clock:
    """When a run began, and when it last did what it does from time to time.

    Attributes:
        first: Photos seen before.
        smooth: The losses, smoothed.
    """

    first: int
    started: float = field(default_factory=time.monotonic)
    saved: float = field(default_factory=time.monotonic)
    reported: float = field(default_factory=time.monotonic)
    smooth: dict[str, float] = field(default_factory=dict[str, float])

    def seconds(self) -> float:
        return max(time.monotonic() - self.started, 1e-9)

    def add(self, losses: Mapping[str, float]) -> dict[str, float]:
        for name, value in losses.items():
            self.smooth[name] = 0.98 * self.smooth.get(name, value) + 0.02 * value
        return dict(self.smooth)

    def report_due(self) -> bool:
        due = time.monotonic() - self.reported > REPORT_SECONDS
        self.reported = time.monotonic() if due else self.reported
        return due

    def checkpoint_due(self) -> bool:
        due = time.monotonic() - self.saved > CHECKPOINT_SECONDS
        self.saved = time.monotonic() if due else self.saved
        return due


class Trainer:
    """Trains one recipe on packed photos.

    Args:
        recipe: The recipe.
        photos: What to train on.
        held_out: What to watch the progress on; never trained on.
        folder: Where the run lives.
        device: Where to compute.
        group: The processes that train together, all with the same arguments; rank 0 alone writes.

    Attributes:
        samples: Photos seen.
        start: The model whose weights the training started from; empty for none.
        interrupted: Whether the last `run` was ended by a signal.

    Raises:
        RecipeError: If the recipe, its network and the group do not go together.
    """

    def __init__(
        self,
        recipe: Recipe,
        photos: PackedPhotos,
        held_out: PackedPhotos,
        folder: Path,
        device: torch.device,
        group: Group = ALONE,
    ) -> None:
        self.recipe, self.folder, self.device, self.group = recipe, folder, device, group
        crops = CropSource(photos, device)
        self.learner = Learner(recipe, crops, len(photos.label_names), group)
        multiple = self.learner.task.model.multiple
        side = -(-min(SIZE, recipe.schedule.stages[-1].size) // multiple) * multiple
        self.monitor = Monitor(held_out, device, side, recipe.data.watched)
        self.samples = 0
        self.start = ""
        self.interrupted = False
        self._photos = hashlib.sha256("\n".join(photos.names).encode()).hexdigest()
        self._loader = BatchLoader(crops, recipe, self.learner.needs)
        self._record = Record(folder)
        self._shown: Colorizer | None = None

    def step(self) -> dict[str, float]:
        """One step of the optimisers, and the snapshot or the choice that is due after it; returns the losses."""
        schedule, before = self.recipe.schedule, self.samples
        stage = stage_at(schedule, before)
        losses = self.learner.step(before, lambda part: self._loader.take(before, part))
        self.samples += schedule.batch
        if stage.snapshot_due(before, self.samples):
            self._snapshot(stage)
        if self.samples >= stage.end and self.learner.best.state:
            self._tell(chosen=self.learner.best.samples)
            self.learner.take_best()
        return losses

    def _snapshot(self, stage: Stage) -> None:
        learner = self.learner
        measured: dict[str, float] = {}
        value = 0.0
        if self.group.first:
            measured = self.monitor.measure(self._network_of(learner.average.state))
            value = score(stage.recipe, measured)
        value = self.group.from_first(value, self.device)
        best = learner.best.consider(self.samples, value, learner.average.state)
        self._tell(snapshot={**measured, "score": round(value, 4), "best": best})

    def run(self, minutes: float | None = None, on_step: Callable[[Step], None] | None = None) -> bool:
        """Trains until the recipe's samples are done, the minutes are over, or Ctrl-C.

        A checkpoint that cannot be written while the run goes on is tried again at the next; the last one must be.

        Args:
            minutes: Stops after this long; None goes on to the end.
            on_step: Told after every step.

        Returns:
            Whether the recipe is finished.

        Raises:
            CheckpointError: If the last state cannot be written.
            OutOfMemoryError: If a batch does not fit into the memory.
            RecipeError: If a loss is not finite, or weighs what the network does not have; or if the network cannot be
                compiled, where the recipe asks for it.
        """
        schedule = self.recipe.schedule
        self.interrupted = False
        if not self.learner.trainable:  # the photos alone have made it what it is
            self.samples = max(self.samples, schedule.samples)
        try:
            with self._loader.background(self.samples), _interruptible(self._interrupt):
                self._steps(minutes, on_step)
        except torch.OutOfMemoryError as error:
            raise OutOfMemoryError(
                f"There is not enough memory for batches of {schedule.batch}.",
                'Raise "schedule.accumulate" in the recipe or lower "schedule.batch", then go on with --resume.',
            ) from error
        except TorchDynamoException as error:
            reason = str(error).splitlines()[0]
            raise RecipeError(
                f"torch.compile cannot compile the network: {reason}", 'Set "schedule.compile" to false, then resume.'
            ) from error
        if self.group.first:
            self.save()
            self._look(f"{self.samples:09d}")
        self._record.close()
        return self.samples >= schedule.samples

    def _steps(self, minutes: float | None, on_step: Callable[[Step], None] | None) -> None:
        total = self.recipe.schedule.samples
        clock = _Clock(self.samples)
        stop = False
        while self.samples < total and not self.group.any(stop or self.interrupted, self.device):
            stage = stage_at(self.recipe.schedule, self.samples)
            losses = clock.add(self.step())
            rate = (self.samples - clock.first) / clock.seconds()
            waiting = self._loader.waited / clock.seconds()
            state = Step(self.samples, total, losses, rate, self.learning_rate(), stage.name, waiting)
            if on_step is not None:
                on_step(state)
            if clock.report_due():
                facts = {"stage": stage.name, "rate": rate, "lr": state.learning_rate, "waiting": waiting}
                self._tell(**facts, loss=losses)
            ended = stage.end <= self.samples < total
            if self.group.first and (clock.checkpoint_due() or ended):
                self._save_if_possible()
                self._look(f"{self.samples:09d}" + (f"-{stage.number + 1}" if ended else ""))
            stop = minutes is not None and clock.seconds() > minutes * 60

    def learning_rate(self) -> float:
        """The network's present one."""
        schedule = self.recipe.schedule
        return schedule.rate * rate_factor(schedule, self.samples)

    def _save_if_possible(self) -> None:
        try:
            self.save()
        except CheckpointError as error:
            log.warning("%s The run goes on and tries again at the next checkpoint.", error.sentence)

    def _look(self, name: str) -> None:
        """Measures the held-out photos and paints a sheet of them.

        What a network trained by its own likelihood says of colours takes it long: its sheets come with the last look.
        """
        model = self.averaged_model()
        if any(self.recipe.stage_loss(stage).own for stage in self.recipe.schedule.stages):
            self._tell(held_out=self.monitor.measure_own(model))
            if self.samples < self.recipe.schedule.samples:
                return
        else:
            self._tell(held_out=self.monitor.measure(model))
        try:
            save_sheet(self.folder / "pictures" / f"{name}.jpg", model, self.monitor.crops, self.monitor.side)
        except OSError as error:
            log.warning("The pictures of the run cannot be written: %s.", error.strerror)

    def averaged_model(self) -> Colorizer:
        """The network to be used: the best snapshot of a stage that chooses, or else the average of the weights."""
        return self._network_of(self.learner.best.state or self.learner.average.state)

    def _network_of(self, state: Mapping[str, Tensor]) -> Colorizer:
        if self._shown is None:
            self._shown = build_network(self.recipe.architecture, self.recipe.network).to(self.device)
        self._shown.load_state_dict(state)
        return self._shown.eval()

    def save(self) -> None:
        """Writes the checkpoint.

        Raises:
            CheckpointError: If that fails; the one before is whole.
        """
        facts = {"samples": self.samples, "start": self.start, "photos": self._photos}
        recipe = json.dumps(to_table(self.recipe))
        write_checkpoint(self.folder, {**facts, "recipe": recipe, **self.learner.state_dict()})

    def start_from(self, network: Colorizer, name: str) -> None:
        """Starts from trained weights in place of random ones.

        Args:
            network: A network of the recipe's architecture and numbers.
            name: Its name, for the card of what is trained from it.

        Raises:
            RecipeError: If it is another network.
        """
        try:
            self.learner.start_from(network)
        except RuntimeError as error:
            raise RecipeError(f'The model "{name}" is not of the recipe\'s network: {error}.') from error
        self.start = name

    def resume(self) -> bool:
        """Takes up the newest checkpoint of the run's folder.

        Returns:
            Whether there was one.

        Raises:
            RecipeError: If it is damaged, or was made for another network.
        """
        state = read_checkpoint(self.folder, self.device)
        if state is None:
            return False
        try:
            self.learner.load_state_dict(state)
            self.samples, self.start = state["samples"], state["start"]
        except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise RecipeError(
                f"{self.folder / NAME} was made for another network or critic: {error}.", "Choose another --output."
            ) from error
        if json.loads(state["recipe"]) != json.loads(json.dumps(to_table(self.recipe))):
            log.warning("The recipe has changed since the checkpoint; the run goes on with the new one.")
        if state["photos"] != self._photos:
            log.warning("The photos have changed since the checkpoint; the run goes on with the new ones.")
        return True

    def _interrupt(self) -> None:
        self.interrupted = True

    def _tell(self, **facts: Any) -> None:
        if self.group.first:
            self._record.write(self.samples, **facts)


@contextmanager
def _interruptible(stop: Callable[[], None]) -> Generator[None]:
    """Ctrl-C and a request to end finish the step, then stop; a second Ctrl-C stops at once."""

    def handle(number: int, _frame: Any) -> None:
        log.info("Stopping after this step (signal %d).", number)
        stop()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = {number: signal.signal(number, handle) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
