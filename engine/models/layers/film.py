"""FiLM: Perez et al., "FiLM: Visual Reasoning with a General Conditioning Layer", AAAI 2018."""

from __future__ import annotations

from torch import Tensor, nn


class Film(nn.Module):
    """Scales and shifts the channels of a map by a condition (FiLM); starts as the identity."""

    def __init__(self, condition: int, channels: int) -> None:
        super().__init__()
        self.project = nn.Linear(condition, 2 * channels)
        nn.init.zeros_(self.project.weight)
        nn.init.zeros_(self.project.bias)

    def forward(self, features: Tensor, condition: Tensor) -> Tensor:
        """B×C×h×w under a condition B×D."""
        scale, shift = self.project(condition)[:, :, None, None].chunk(2, dim=1)
        return features * (1 + scale) + shift
