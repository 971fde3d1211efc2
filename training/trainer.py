"""The training loop: steps, moving average, checkpoints, and a stop whenever it is asked for.

A run lives in a folder: `checkpoint.pt` (the newest state, replaced atomically; the recipe is in it) and `log.jsonl`.
Everything that is drawn is drawn from seeds made of the recipe's seed and the number of photos seen, so a resumed run
goes on exactly where it stopped.
"""

from __future__ import annotations

import json
import logging
import math
import os
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn

from engine.models.registry import build_network
from training.data.augmentation import true_pair
from training.data.batches import CropSource
from training.data.palettes import cluster, small_maps
from training.monitor import Monitor
from training.recipe import Recipe, RecipeError, to_table
from training.task import ColorTask

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from training.data.packed import PackedPhotos

log = logging.getLogger(__name__)

CHECKPOINT_SECONDS = 300.0
REPORT_SECONDS = 20.0
PALETTE_PHOTOS = 6000


@dataclass(frozen=True, slots=True)
class Step:
    """How a run stands, for a progress bar.

    Attributes:
        samples: Photos seen so far.
        total: Photos in all.
        losses: Weighted losses, smoothed, by name.
        rate: Photos a second.
        learning_rate: The present one.
    """

    samples: int
    total: int
    losses: dict[str, float]
    rate: float
    learning_rate: float


class Average:
    """Exponential moving average of a network's weights and norms; what is measured and exported."""

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self.steps = 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Moves the average towards the network's present weights; faster in the first steps."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for name, value in model.state_dict().items():
            mean = self.state[name]
            if mean.is_floating_point():
                mean.lerp_(value.detach(), 1 - decay)
            else:
                mean.copy_(value)


class Trainer:
    """Trains one recipe on packed photos.

    Args:
        recipe: The recipe.
        photos: What to train on.
        held_out: What to watch the progress on; never trained on.
        folder: Where the run lives.
        device: Where to compute.
    """

    def __init__(
        self, recipe: Recipe, photos: PackedPhotos, held_out: PackedPhotos, folder: Path, device: torch.device
    ) -> None:
        self.recipe, self.folder, self.device = recipe, folder, device
        schedule = recipe.schedule
        torch.manual_seed(schedule.seed)  # pyright: ignore[reportUnknownMemberType] - torch's stub
        model = build_network(recipe.architecture, recipe.network, pretrained=recipe.pretrained)
        task = ColorTask(model, recipe, len(photos.label_names))
        to: Any = task.to  # torch's stub forgets the memory format
        self.task = cast("ColorTask", to(device, memory_format=torch.channels_last))
        self.crops = CropSource(photos, device)
        self._set_palettes()
        self.monitor = Monitor(held_out, device)
        self.average = Average(self.task.model, schedule.ema)
        self.optimizer = torch.optim.AdamW(self._parameter_groups(), lr=schedule.rate, betas=(0.9, 0.98), fused=True)
        self.samples = 0
        self.start = ""
        self._stop = False

    def _set_palettes(self) -> None:
        model = self.task.model
        if not model.palette_count:
            return
        maps: list[Tensor] = []
        generator = torch.Generator().manual_seed(0)
        for start in range(0, min(len(self.crops), PALETTE_PHOTOS), 64):
            index = self.crops.indices(start, 64, seed=0)
            maps.append(small_maps(true_pair(self.crops.crops(index, 32, generator, None).srgb).ab))
        model.get_buffer("palettes").copy_(cluster(torch.cat(maps), model.palette_count, seed=0))

    def _parameter_groups(self) -> list[dict[str, Any]]:
        decayed = [value for value in self.task.parameters() if value.ndim >= 2]
        others = [value for value in self.task.parameters() if value.ndim < 2]
        decay = self.recipe.schedule.weight_decay
        return [{"params": decayed, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]

    def learning_rate(self, samples: int) -> float:
        """Warm-up, constant, then a cosine to zero; a function of the photos seen."""
        schedule = self.recipe.schedule
        share = samples / schedule.samples
        if share < schedule.warmup:
            return schedule.rate * max(share / schedule.warmup, 0.01)
        start = 1 - schedule.decay
        if share < start:
            return schedule.rate
        fall = min((share - start) / max(schedule.decay, 1e-9), 1.0)
        return schedule.rate * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * fall)))

    def size(self, samples: int) -> int:
        """Side of the input in pixels after so many photos."""
        share = samples / self.recipe.schedule.samples
        stages = self.recipe.schedule.stages
        return next((stage.size for stage in stages if share < stage.until), stages[-1].size)

    def step(self) -> dict[str, float]:
        """One optimiser step; returns the losses."""
        schedule = self.recipe.schedule
        generator = _seeded(schedule.seed * 1_000_003 + self.samples)
        index = self.crops.indices(self.samples, schedule.batch, schedule.seed)
        crops = self.crops.crops(index, self.size(self.samples), generator, self.recipe.augmentation)
        for group in self.optimizer.param_groups:
            group["lr"] = self.learning_rate(self.samples)
        self.task.train()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=_bfloat16_is_fast(self.device)):
            losses = self.task(crops, generator)
        self.optimizer.zero_grad(set_to_none=True)
        total = torch.stack([value.float() for value in losses.values()]).sum()
        if not torch.isfinite(total):
            raise RecipeError(
                f"The loss is not finite after {self.samples} photos: {losses}.", "Lower the learning rate and resume."
            )
        total.backward()  # pyright: ignore[reportUnknownMemberType] - torch's stub
        nn.utils.clip_grad_norm_(self.task.parameters(), schedule.clip)
        self.optimizer.step()  # pyright: ignore[reportUnknownMemberType] - torch's stub
        self.average.update(self.task.model)
        self.samples += len(index)
        return {name: float(value.detach()) for name, value in losses.items()}

    def run(self, minutes: float | None = None, on_step: Callable[[Step], None] | None = None) -> bool:
        """Trains until the recipe's samples are done, the minutes are over, or Ctrl-C.

        Args:
            minutes: Stops after this long; None goes on to the end.
            on_step: Told after every step.

        Returns:
            Whether the recipe is finished.
        """
        total = self.recipe.schedule.samples
        start, first = time.monotonic(), self.samples
        saved = reported = start
        self._stop = False
        smooth: dict[str, float] = {}
        with _interruptible(self._ask_to_stop):
            while self.samples < total and not self._stop:
                losses = self.step()
                for name, value in losses.items():
                    smooth[name] = 0.98 * smooth.get(name, value) + 0.02 * value
                now = time.monotonic()
                rate = (self.samples - first) / max(now - start, 1e-9)
                state = Step(self.samples, total, dict(smooth), rate, self.learning_rate(self.samples))
                if on_step is not None:
                    on_step(state)
                if now - reported > REPORT_SECONDS:
                    reported = now
                    self._log({"samples": self.samples, "rate": rate, "lr": state.learning_rate, **smooth})
                if now - saved > CHECKPOINT_SECONDS:
                    saved = now
                    self._save_and_measure()
                if minutes is not None and now - start > minutes * 60:
                    break
        self._save_and_measure()
        return self.samples >= total

    def _save_and_measure(self) -> None:
        self.save()
        self._log({"samples": self.samples, "held_out": self.monitor.measure(self.averaged_model())})

    def averaged_model(self) -> nn.Module:
        """A network with the averaged weights, ready to be used."""
        model = build_network(self.recipe.architecture, self.recipe.network)
        model.load_state_dict(self.average.state)
        return model.to(self.device).eval()

    def save(self) -> None:
        """Writes the checkpoint: beside, then in place of the old one."""
        self.folder.mkdir(parents=True, exist_ok=True)
        beside = self.folder / "checkpoint.new"
        state = {
            "samples": self.samples,
            "start": self.start,
            "task": self.task.state_dict(),
            "average": self.average.state,
            "average_steps": self.average.steps,
            "optimizer": self.optimizer.state_dict(),
            "recipe": json.dumps(to_table(self.recipe)),
        }
        with beside.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.folder / "checkpoint.pt")

    def start_from(self, network: nn.Module, name: str) -> None:
        """Starts from trained weights in place of random ones.

        Args:
            network: A network of the recipe's architecture and numbers.
            name: Its name, for the card of what is trained from it.

        Raises:
            RecipeError: If it is another network.
        """
        try:
            self.task.model.load_state_dict(network.state_dict())
        except RuntimeError as error:
            raise RecipeError(f'The model "{name}" is not of the recipe\'s network: {error}.') from error
        self.average = Average(self.task.model, self.recipe.schedule.ema)
        self.start = name

    def resume(self) -> bool:
        """Takes up the newest checkpoint of the run's folder.

        Returns:
            Whether there was one.

        Raises:
            RecipeError: If it was made for another network.
        """
        path = self.folder / "checkpoint.pt"
        if not path.exists():
            return False
        state = torch.load(path, map_location=self.device, weights_only=True)
        try:
            self.task.load_state_dict(state["task"])
            self.average.state = state["average"]
            self.average.steps = state["average_steps"]
            self.optimizer.load_state_dict(state["optimizer"])
        except (RuntimeError, ValueError, KeyError) as error:
            raise RecipeError(f"{path} was made for another network: {error}.", "Choose another --output.") from error
        self.samples = state["samples"]
        self.start = state.get("start", "")
        return True

    def _ask_to_stop(self) -> None:
        self._stop = True

    def _log(self, event: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"time": round(time.time()), **event}) + "\n")


def _bfloat16_is_fast(device: torch.device) -> bool:
    """Whether the device multiplies bfloat16 matrices in hardware."""
    if device.type == "cpu":
        return torch.cpu._is_avx512_bf16_supported()  # pyright: ignore - torch offers no public question
    return device.type == "cuda"


def _seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


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
