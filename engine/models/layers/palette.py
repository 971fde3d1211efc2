"""A learned palette from which each photo's scene chooses.

Source: none; the report "Globally-Aware Image Colorization using U-Net" (2025, §6.5) only names the idea. Attention as
in Vaswani et al., NeurIPS 2017: the scene asks, the palette's colours answer.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn


class LearnedPalette(nn.Module):
    """Colours learned over all photos; each of the `choices` heads picks a mixture of them for one photo.

    Args:
        features: Channels of the map that the scene is read from.
        colors: How many colours the palette has.
        choices: How many are picked for a photo.
        key_width: Length of what a head compares scene and colours by.
    """

    def __init__(self, features: int, *, colors: int, choices: int, key_width: int) -> None:
        super().__init__()
        self.colors = nn.Parameter(torch.randn(colors, 2) * 0.3)  # ab/110
        self.keys = nn.Parameter(torch.randn(choices, colors, key_width) * key_width**-0.5)
        self.ask = nn.Linear(features, choices * key_width)

    def weights(self, features: Tensor) -> Tensor:
        """How much of each colour is in each choice: B×features×h×w to B×choices×colors, which sum to 1."""
        choices, _, key_width = self.keys.shape
        scene = features.mean(dim=(2, 3))
        asked = self.ask(scene).view(-1, choices, key_width)
        return torch.einsum("bkd,kcd->bkc", asked, self.keys).softmax(dim=-1)

    def forward(self, features: Tensor) -> Tensor:
        """The chosen colours: B×features×h×w to B×choices×2, in ab/110."""
        weights = self.weights(features)
        return weights @ self.colors.to(weights.dtype)
