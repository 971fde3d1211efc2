"""What learns: a network, its critic, their optimisers and the moving average, one step at a time.

Together with the number of photos seen, its state is all that a run is: whatever a step draws comes from seeds made of
the recipe's seed and that number.
"""

from __future__ import annotations

import math
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel

from engine.models.registry import build_network
from training.adversary import Adversary
from training.batch import Needs
from training.optimizer import Average, clip, make_optimizer, set_rate
from training.precision import autocast, make_repeatable
from training.preparation import (
    bin_weights,
    fill_palettes,
    fill_references,
    load_encoder,
    load_teacher,
    perceptual_loss,
)
from training.recipe import Recipe, RecipeError, StageRecipe
from training.snapshots import Best
from training.stages import Stage, rate_factor, stage_at
from training.task import ColorTask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from contextlib import AbstractContextManager

    from engine.models.contract import Colorizer
    from training.batch import Batch
    from training.data.batches import CropSource
    from training.distributed import Group

SEED_STEP = 1_000_003


class Learner:
    """A network in training.

    Args:
        recipe: The recipe.
        crops: The photos, of which palettes, references and the rarity of colours are made.
        labels: Number of the photos' labels.
        group: The processes that train together; they have the same recipe and photos.

    Raises:
        RecipeError: If the recipe, its network and the group do not go together.
    """

    def __init__(self, recipe: Recipe, crops: CropSource, labels: int, group: Group) -> None:
        self.recipe, self.group, self.device = recipe, group, crops.device
        schedule = recipe.schedule
        make_repeatable(self.device, schedule)
        torch.manual_seed(schedule.seed)  # pyright: ignore[reportUnknownMemberType] - torch's stub
        model = build_network(recipe.architecture, recipe.network, pretrained=recipe.pretrained)
        _check_fit(recipe, model, group)
        load_encoder(model, recipe)
        model.to(self.device)
        teacher = load_teacher(recipe, model, self.device)
        fill_palettes(model, crops, teacher)
        fill_references(model, crops)
        self._weights = [recipe.stage_loss(stage) for stage in schedule.stages]
        task = ColorTask(
            model,
            labels if any(weights.label for weights in self._weights) else 0,
            bin_weights(model, crops, recipe),
            perceptual_loss(self._weights, self.device),
            teacher,
            compiled=schedule.compile,
        )
        to: Any = task.to  # torch's stub forgets the memory format
        self.task = cast("ColorTask", to(self.device, memory_format=torch.channels_last))
        self.trainable = frozenset(name for name, value in task.named_parameters() if value.requires_grad)
        self.optimizer = make_optimizer(self.task, schedule, self.device) if self.trainable else None
        fights = any(stage.train != "generator" for stage in schedule.stages)
        self.adversary = Adversary(recipe, model, self.device, group) if fights else None
        self.average = Average(model, schedule.ema)
        self.best = Best()
        self._stage = -1
        self._parallel: nn.Module = self.task

    @property
    def needs(self) -> Needs:
        """What it asks of a batch; a likelihood of a network's own sees all pixels."""
        model = self.task.model
        own = any(weights.own for weights in self._weights)
        return Needs(1 if own else model.output_stride, model.takes_hints)

    def step(self, samples: int, take: Callable[[int], Batch]) -> dict[str, float]:
        """One step of the optimisers.

        Args:
            samples: Photos seen before.
            take: Gives the parts of the batch, by their number.

        Returns:
            The weighted losses by name, means over the whole batch.

        Raises:
            RecipeError: If a loss is not finite, or weighs what the network does not have.
        """
        schedule = self.recipe.schedule
        stage = stage_at(schedule, samples)
        self._enter(stage)
        seed = schedule.seed * SEED_STEP + samples
        torch.manual_seed(seed * self.group.size + self.group.rank)  # pyright: ignore[reportUnknownMemberType]
        learns = self._generator_learns(stage, samples)
        losses: dict[str, Tensor] = {}
        for part in range(schedule.accumulate):
            batch = take(part).share(self.group.rank, self.group.size)
            generator = torch.Generator().manual_seed(seed + part)
            last = part == schedule.accumulate - 1
            for name, value in self._part(batch, stage, generator, learns=learns, last=last).items():
                losses[name] = losses.get(name, 0.0) + value.detach().float() / schedule.accumulate
        told = _numbers(self.group.mean(losses))
        if not told:
            raise RecipeError(
                f'The recipe weighs no loss that the network "{self.recipe.architecture}" has.', 'See its table "loss".'
            )
        if not all(math.isfinite(value) for value in told.values()):
            raise RecipeError(
                f"The loss is not finite after {samples} photos: {told}.", "Lower the learning rate and resume."
            )
        self._move(stage, samples, learns=learns)
        return told

    def _generator_learns(self, stage: Stage, samples: int) -> bool:
        if stage.recipe.train == "both" and self.adversary is not None:
            return self.adversary.generator_is_due(samples)
        return stage.recipe.train == "generator"

    def _enter(self, stage: Stage) -> None:
        """Freezes what the stage freezes, once it begins."""
        if stage.number == self._stage:
            return
        self._stage = stage.number
        for name, value in self.task.named_parameters():
            value.requires_grad_(name in self.trainable and not _frozen(name.removeprefix("model."), stage.recipe))
        self.task.train(stage.recipe.train != "critic")
        for name, module in _parts(self.task.model):
            if _frozen(name, stage.recipe):
                module.eval()  # or its norms would move
        self._parallel = self.group.parallel(self.task, self.device)

    def _part(
        self, batch: Batch, stage: Stage, generator: torch.Generator, *, learns: bool, last: bool
    ) -> dict[str, Tensor]:
        """Forward and backward of one part of a batch; the gradients add up."""
        schedule, weights = self.recipe.schedule, self._weights[stage.number]
        adversary = self.adversary if stage.recipe.train != "generator" else None
        task = self._parallel if learns else self.task
        judged: dict[str, Tensor] = {}
        with _synced(task, last), autocast(self.device, schedule):
            with torch.set_grad_enabled(learns):
                losses, colors = task(batch, weights if learns else None, wants_colors=adversary is not None)
            if adversary is not None:
                with _synced(adversary.task, last):
                    judged = adversary.losses(batch, colors, weights, generator)
                    _backward(judged, schedule.accumulate)
                if learns and stage.recipe.adversarial:
                    losses["adversarial"] = stage.recipe.adversarial * adversary.opinion(batch, colors)
            if learns:
                _backward(losses, schedule.accumulate)
        return losses | judged

    def _move(self, stage: Stage, samples: int, *, learns: bool) -> None:
        """The optimisers' steps along the gradients that were gathered."""
        schedule = self.recipe.schedule
        factor = rate_factor(schedule, samples)
        if learns and self.optimizer is not None:
            set_rate(self.optimizer, schedule.rate * factor)
            clip(self.task.parameters(), schedule.clip)
            self.optimizer.step()  # pyright: ignore[reportUnknownMemberType] - torch's stub
            self.optimizer.zero_grad(set_to_none=True)
            self.average.update(self.task.model)
        if self.adversary is not None and stage.recipe.train != "generator":
            self.adversary.step(factor)

    def take_best(self) -> None:
        """Goes on from the stage's best snapshot, and forgets it."""
        self.task.model.load_state_dict(self.best.state)
        self.average.state = {name: value.clone() for name, value in self.best.state.items()}
        self.best.forget()

    def start_from(self, network: nn.Module) -> None:
        """Takes another network's weights in place of random ones; whole parts that it lacks stay random.

        Raises:
            RuntimeError: If it is made otherwise.
        """
        state = network.state_dict()
        there = {name.split(".")[0] for name in state}
        mine = self.task.model.state_dict()
        fresh = {name: value for name, value in mine.items() if name.split(".")[0] not in there}
        self.task.model.load_state_dict(fresh | state)
        self.average = Average(self.task.model, self.recipe.schedule.ema)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps."""
        return {
            "task": self.task.state_dict(),
            "average": self.average.state_dict(),
            "optimizer": None if self.optimizer is None else self.optimizer.state_dict(),
            "adversary": None if self.adversary is None else self.adversary.state_dict(),
            "best": self.best.state_dict(),
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up what `state_dict` gave.

        Raises:
            RuntimeError, ValueError, KeyError, TypeError: If that was of another network or critic.
        """
        self.task.load_state_dict(state["task"])
        self.average.load_state_dict(state["average"])
        self.best.load_state_dict(state["best"])
        if self.optimizer is not None:
            self.optimizer.load_state_dict(state["optimizer"])
        if self.adversary is not None:
            self.adversary.load_state_dict(state["adversary"])


def check_recipe(recipe: Recipe, group: Group) -> None:
    """Finds out before the photos are read whether recipe, network and group go together.

    Raises:
        BadWeightsError: If there is no such network.
        RecipeError: If its sizes, parts or batches do not suit the network or the group.
    """
    with torch.device("meta"):
        model = build_network(recipe.architecture, recipe.network)
    _check_fit(recipe, model, group)


def _check_fit(recipe: Recipe, model: Colorizer, group: Group) -> None:
    """What only the network and the group can tell of a recipe."""
    part = recipe.schedule.batch // recipe.schedule.accumulate
    if part % group.size:
        raise RecipeError(
            f"{group.size} processes cannot share {part} photos evenly.",
            'Choose a "schedule.batch" that is a multiple of processes × "schedule.accumulate".',
        )
    names = [name for name, _ in _parts(model)]
    for stage in recipe.schedule.stages:
        if stage.size % model.multiple:
            raise RecipeError(
                f"A stage of the recipe has size {stage.size}.",
                f'The sizes of "{recipe.architecture}" are multiples of {model.multiple}.',
            )
        for prefix in (*stage.freeze, *stage.only):
            if prefix not in names:
                parts = sorted({name.split(".")[0] for name in names})
                raise RecipeError(
                    f'The network "{recipe.architecture}" has no part "{prefix}" to freeze or to train alone.',
                    f"Its parts: {', '.join(parts)}.",
                )


def _parts(model: nn.Module) -> list[tuple[str, nn.Module]]:
    """All modules below a network, by their dotted names."""
    return [(name, module) for name, module in cast("Any", model).named_modules() if name]


def _frozen(name: str, stage: StageRecipe) -> bool:
    return _within(name, stage.freeze) or (bool(stage.only) and not _within(name, stage.only))


def _within(name: str, prefixes: Iterable[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def _numbers(losses: Mapping[str, Tensor]) -> dict[str, float]:
    """The losses as numbers, waited for once."""
    if not losses:
        return {}
    values = cast("list[float]", torch.stack(list(losses.values())).tolist())  # pyright: ignore[reportUnknownMemberType]
    return dict(zip(losses, values, strict=True))


def _backward(losses: dict[str, Tensor], parts: int) -> None:
    if losses:
        total = torch.stack([value.float() for value in losses.values()]).sum() / parts
        total.backward()  # pyright: ignore[reportUnknownMemberType] - torch's stub


def _synced(module: nn.Module, last: bool) -> AbstractContextManager[Any]:
    """Gradients are averaged over the group with the last part of a batch alone."""
    if last or not isinstance(module, DistributedDataParallel):
        return nullcontext()
    return cast("AbstractContextManager[Any]", module.no_sync())
