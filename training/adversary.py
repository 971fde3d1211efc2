"""The critic's side of adversarial training: its steps, and what the generator hears of it.

Generator and critic learn from the same forward pass, each against the other as it was before the step.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn

from training.critics import Critic, smallest_side
from training.losses.adversarial import critic_loss, generator_loss, gradient_penalty
from training.optimizer import clip, set_rate
from training.recipe import RecipeError

if TYPE_CHECKING:
    from engine.models.contract import Colorizer
    from training.batch import Batch
    from training.distributed import Group
    from training.recipe import AdversaryRecipe, LossRecipe, Recipe


class CriticTask(nn.Module):
    """What one step of a critic computes.

    Args:
        critic: The critic.
        recipe: Its losses.
    """

    def __init__(self, critic: Critic, recipe: AdversaryRecipe) -> None:
        super().__init__()
        self.critic = critic
        self.recipe = recipe

    def forward(self, batch: Batch, fake: Tensor, weights: LossRecipe, generator: torch.Generator) -> dict[str, Tensor]:
        """The losses of a batch, by name.

        Args:
            batch: The photos.
            fake: B×2×h×w, the colours that were made of them, without their graph.
            weights: For the saturation of the truth.
            generator: Of the places that the gradient penalty looks at.
        """
        critic, pair = self.critic, batch.pair
        told = critic.told(pair.lightness)
        real_picture = critic.picture(pair.target_lightness, pair.ab * weights.target_saturation)
        fake_picture = critic.picture(pair.target_lightness, fake)
        kind = self.recipe.kind
        losses = {"critic": critic_loss(kind, critic(real_picture, told), critic(fake_picture, told))}
        if kind == "wasserstein":
            known = None if told is None else told.detach().float()
            penalty = gradient_penalty(lambda pictures: critic(pictures, known), real_picture, fake_picture, generator)
            losses["penalty"] = self.recipe.penalty * penalty
        return losses


class Adversary:
    """A critic, its optimiser, and its place in a group of processes.

    Args:
        recipe: The recipe.
        model: The network it will judge, for the sizes.
        device: Where to compute.
        group: The processes of the run.

    Raises:
        RecipeError: If the pictures of a stage are too small for it.
    """

    def __init__(self, recipe: Recipe, model: Colorizer, device: torch.device, group: Group) -> None:
        self.recipe = recipe
        rules = recipe.adversary
        least = smallest_side(rules) * model.output_stride
        for stage in recipe.schedule.stages:
            if stage.train != "generator" and stage.size < least:
                raise RecipeError(
                    f"Pictures of {stage.size} pixels are too small for the critic, which needs {least}.",
                    'Lower "adversary.layers" or "adversary.scales", or raise the size of the stage.',
                )
        self.critic = Critic(rules, pretrained=recipe.pretrained).to(device)
        fused = device.type in ("cpu", "cuda")
        self.optimizer = torch.optim.Adam(self.critic.parameters(), lr=rules.rate, betas=rules.betas, fused=fused)
        self.task = group.parallel(CriticTask(self.critic, rules), device)

    def generator_is_due(self, samples: int) -> bool:
        """Whether the generator learns too in the step after so many photos: one in `critic_steps`."""
        steps = self.recipe.adversary.critic_steps
        return (samples // self.recipe.schedule.batch) % steps == steps - 1

    def losses(self, batch: Batch, fake: Tensor, weights: LossRecipe, generator: torch.Generator) -> dict[str, Tensor]:
        """The critic's own losses; see `CriticTask`."""
        self.critic.train().requires_grad_(True)
        return cast("dict[str, Tensor]", self.task(batch, fake.detach(), weights, generator))

    def opinion(self, batch: Batch, fake: Tensor) -> Tensor:
        """The generator's adversarial loss; the gradient reaches `fake` B×2×h×w, never the critic."""
        self.critic.requires_grad_(False)
        with torch.no_grad():
            told = self.critic.told(batch.pair.lightness)
        scores = self.critic(self.critic.picture(batch.pair.target_lightness, fake), told)
        return generator_loss(self.recipe.adversary.kind, scores)

    def step(self, rate_factor: float) -> None:
        """Moves the critic along the gradients that were gathered."""
        set_rate(self.optimizer, self.recipe.adversary.rate * rate_factor)
        self.critic.requires_grad_(True)
        clip(self.critic.parameters(), self.recipe.schedule.clip)
        self.optimizer.step()  # pyright: ignore[reportUnknownMemberType] - torch's stub
        self.optimizer.zero_grad(set_to_none=True)

    def state_dict(self) -> dict[str, Any]:
        """What a checkpoint keeps of it."""
        return {"critic": self.critic.state_dict(), "optimizer": self.optimizer.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes up what `state_dict` gave."""
        self.critic.load_state_dict(state["critic"])
        self.optimizer.load_state_dict(state["optimizer"])
