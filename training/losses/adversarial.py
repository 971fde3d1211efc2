"""The two sides of a generative adversarial game, for critics that score patches at one scale or more.

Sources: vanilla: I. Goodfellow et al., NeurIPS 2014 (the generator's loss is the one that does not saturate);
least-squares: X. Mao et al., ICCV 2017, equation 9; wasserstein with a gradient penalty: I. Gulrajani et al., NeurIPS
2017, equation 3. Several scales: T.-C. Wang et al., CVPR 2018; here they are averaged, not added, so that the weight of
a recipe means the same for any number of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

AdversarialKind = Literal["vanilla", "least-squares", "wasserstein"]


def critic_loss(kind: AdversarialKind, real: Sequence[Tensor], fake: Sequence[Tensor]) -> Tensor:
    """What the critic minimises; 0 means that it is never fooled (wasserstein has no such bound).

    Args:
        kind: vanilla: (−log σ(D(real)) − log(1 − σ(D(fake))))/2; least-squares: ((D(real) − 1)² + D(fake)²)/2;
            wasserstein: D(fake) − D(real), to which the caller adds `gradient_penalty`.
        real: Patch scores of real pictures before any sigmoid, B×1×h×w, one a scale.
        fake: Of coloured ones, detached from the generator.
    """
    pairs = [_critic_side(kind, truth.float(), lie.float()) for truth, lie in zip(real, fake, strict=True)]
    return torch.stack(pairs).mean()


def generator_loss(kind: AdversarialKind, fake: Sequence[Tensor]) -> Tensor:
    """What the generator minimises: vanilla −log σ(D(fake)), least-squares (D(fake) − 1)²/2, wasserstein −D(fake).

    Args:
        kind: As the critic's.
        fake: Patch scores of its pictures before any sigmoid, B×1×h×w, one a scale.
    """
    return torch.stack([_generator_side(kind, scores.float()) for scores in fake]).mean()


def gradient_penalty(
    critic: Callable[[Tensor], Sequence[Tensor]], real: Tensor, fake: Tensor, generator: torch.Generator
) -> Tensor:
    """Mean of (‖∇D(x)‖ − 1)² at places x between real and generated pictures, in float32.

    D is the mean of the patch scores, as in the losses; a critic of several scales is several critics, each with a
    penalty of its own, which are averaged.

    Args:
        critic: Gives patch scores, one tensor a scale. Where it is conditional, it is given here with its condition
            filled in, for the penalty is on the picture alone.
        real: B×C×H×W, what the critic judges.
        fake: B×C×H×W, without a gradient to the generator.
        generator: Of the places between.
    """
    share = torch.rand(len(real), 1, 1, 1, generator=generator).to(real.device)
    between = torch.lerp(fake.detach().float(), real.detach().float(), share).requires_grad_(True)
    with torch.autocast(real.device.type, enabled=False):
        means = [scores.float().mean(dim=(1, 2, 3)).sum() for scores in critic(between)]
    penalties = [_squared_excess(mean, between) for mean in means]
    return torch.stack(penalties).mean()


def _critic_side(kind: AdversarialKind, real: Tensor, fake: Tensor) -> Tensor:
    if kind == "vanilla":
        return (F.softplus(-real).mean() + F.softplus(fake).mean()) / 2
    if kind == "least-squares":
        return ((real - 1).square().mean() + fake.square().mean()) / 2
    return fake.mean() - real.mean()


def _generator_side(kind: AdversarialKind, fake: Tensor) -> Tensor:
    if kind == "vanilla":
        return F.softplus(-fake).mean()
    if kind == "least-squares":
        return (fake - 1).square().mean() / 2
    return -fake.mean()


def _squared_excess(score: Tensor, pictures: Tensor) -> Tensor:
    """(‖gradient‖ − 1)² of each picture, averaged; itself differentiable."""
    (slope,) = torch.autograd.grad(score, pictures, create_graph=True)
    return ((slope.flatten(1).square().sum(dim=1) + 1e-12).sqrt() - 1).square().mean()
