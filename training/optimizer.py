"""Optimisers of a recipe, and the moving average of what they make."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterable

    from training.recipe import ScheduleRecipe

KINDS = {"adamw": torch.optim.AdamW, "adam": torch.optim.Adam}


def make_optimizer(module: nn.Module, schedule: ScheduleRecipe, device: torch.device) -> torch.optim.Optimizer:
    """The recipe's optimiser over a module's weights; biases and norms (fewer than two dimensions) do not decay."""
    trained = [value for value in module.parameters() if value.requires_grad]
    groups: list[dict[str, Any]] = [
        {"params": [value for value in trained if value.ndim >= 2], "weight_decay": schedule.weight_decay},
        {"params": [value for value in trained if value.ndim < 2], "weight_decay": 0.0},
    ]
    kind = KINDS[schedule.optimizer]
    return kind(groups, lr=schedule.rate, betas=schedule.betas, fused=device.type in ("cpu", "cuda"))


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Gives all groups a learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate


def clip(parameters: Iterable[nn.Parameter], norm: float) -> None:
    """Shortens the gradient to a norm; 0 leaves it as it is."""
    if norm:
        nn.utils.clip_grad_norm_(parameters, norm)


class Average:
    """Exponential moving average of a network's weights and norms; what is measured and exported.

    Args:
        model: The network.
        decay: Share of the average that stays at each step, once it has warmed up.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self.decay = decay
        self.state = {name: value.detach().clone() for name, value in model.state_dict().items()}
        self.steps = 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Moves the average towards the network's present weights; faster in the first steps."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        state = model.state_dict()
        floating = [name for name, mean in self.state.items() if mean.is_floating_point()]
        # All at once: on a GPU, hundreds of small kernels would take longer than the network's own step.
        torch._foreach_lerp_(  # pyright: ignore - what torch's own optimisers are made of
            [self.state[name] for name in floating], [state[name].detach() for name in floating], 1 - decay
        )
        for name in self.state.keys() - set(floating):
            self.state[name].copy_(state[name])

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps of it."""
        return {"steps": self.steps, "state": self.state}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up what `state_dict` gave."""
        self.steps, self.state = state["steps"], dict(state["state"])
