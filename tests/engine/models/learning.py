"""Small networks that learn a rule: what is bright is blue, what is dark is orange."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import torch
from safetensors.torch import load, save
from torch import Tensor, nn

from engine.models.contract import Colorizer

BLUE = (2.0, -40.0)
ORANGE = (28.0, 48.0)
Network = TypeVar("Network", bound=Colorizer)


def photos(batch: int, height: int = 64, width: int = 64, seed: int = 0) -> Tensor:
    """L* of smooth blobs, B×1×H×W in [5, 95]."""
    generator = torch.Generator().manual_seed(seed)
    coarse = torch.rand(batch, 1, 5, 5, generator=generator) * 90 + 5
    return nn.functional.interpolate(coarse, size=(height, width), mode="bilinear", align_corners=True)


def true_colors(lightness: Tensor) -> Tensor:
    """The rule: ab B×2×H×W in CIELAB units."""
    bright = (lightness > 50).float()
    return bright * torch.tensor(BLUE).view(1, 2, 1, 1) + (1 - bright) * torch.tensor(ORANGE).view(1, 2, 1, 1)


def losses(network: Colorizer, steps: int = 30, rate: float = 3e-3) -> list[float]:
    """Trains with L1 on ab/110 and Adam; the loss before each step."""
    torch.manual_seed(0)
    optimizer = torch.optim.Adam(network.train().parameters(), rate)
    lightness = photos(4)
    truth = true_colors(lightness)
    history: list[float] = []
    for _ in range(steps):
        loss = (network(lightness).ab - truth).abs().mean() / 110
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        history.append(loss.item())
    return history


def made(build: Callable[[], Network], spread: float = 0.05) -> Network:
    """What `build` makes, the same weights at each call, none of them at a value that hides a mistake; for use."""
    torch.manual_seed(0)
    network = build()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(torch.randn_like(parameter) * spread)
    return network.eval()


def parameters(build: Callable[[], nn.Module]) -> int:
    """How many parameters the network has that `build` makes; counted without memory for them."""
    with torch.device("meta"):
        return sum(value.numel() for value in build().parameters())


def full_size(build: Callable[[], Colorizer], height: int = 256, width: int = 192) -> tuple[int, ...]:
    """Shape of the ab that a network in use gives for two photos; nothing is computed."""
    with torch.device("meta"), torch.inference_mode():
        return tuple(build().eval()(torch.zeros(2, 1, height, width)).ab.shape)


def through_a_file(network: Colorizer, build: Callable[[], Colorizer]) -> Colorizer:
    """A second network of the same numbers, with the first one's state, which has gone through a file."""
    second = build().eval()
    second.load_state_dict(load(save({name: value.contiguous() for name, value in network.state_dict().items()})))
    return second


def check_learning(build: Callable[[], Colorizer], share: float = 0.6, **how: Any) -> None:
    """Some steps bring the loss below a share of what it was; the state survives a file; bfloat16 is near float32."""
    torch.manual_seed(0)
    network = build()
    history = losses(network, **how)
    assert sum(history[-3:]) < share * sum(history[:3]), history
    network.eval()
    lightness = photos(2, 64, 96, seed=1)
    with torch.inference_mode():
        ab = network(lightness).ab
        assert torch.equal(through_a_file(network, build)(lightness).ab, ab)
        with torch.autocast("cpu", torch.bfloat16):
            rough = network(lightness).ab
    assert ab.shape == (2, 2, 64, 96)
    assert rough.dtype == torch.float32
    assert (rough - ab).abs().mean() < 5


def with_zeroed(features: tuple[Tensor, ...], index: int) -> tuple[Tensor, ...]:
    """Features of which one is zero."""
    return tuple(torch.zeros_like(part) if n == index else part for n, part in enumerate(features))
