"""What plates and films saw of the colours before them.

Sources: silver halides by themselves are sensitive to 400-500 nm (wet collodion, the first gelatine dry plates);
orthochromatic ones also to 500-590 nm, which in daylight is 25 to 30 % of all that they see (Great Soviet Encyclopedia,
"Orthochromatic Materials"), and more through the yellow filter that they were sold with or for; panchromatic ones also
to red, but still most to blue, which a yellow filter corrects and a red one (everything below 590 nm cut off) reverses.
Of sRGB's primaries, blue is nearly all below 500 nm, green mostly 500-590 nm, and red begins at some 570 nm.
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.color.tensors import compress

EMULSIONS = (
    (0.01, 0.11, 0.88),  # ordinary: blue-sensitive
    (0.05, 0.30, 0.65),  # orthochromatic
    (0.12, 0.60, 0.28),  # orthochromatic, yellow filter
    (0.26, 0.33, 0.41),  # panchromatic
    (0.44, 0.45, 0.11),  # panchromatic, yellow filter
    (0.85, 0.14, 0.01),  # panchromatic, red filter
)
"""Shares of linear red, green, blue in the exposure; grey things keep their lightness."""

SPREAD = 0.25
"""Each share varies by this much of itself from plate to plate."""


def draw_emulsions(count: int, generator: torch.Generator) -> Tensor:
    """Shares of linear red, green and blue for so many plates: N×3, each summing to 1."""
    kinds = torch.tensor(EMULSIONS)[torch.randint(len(EMULSIONS), (count,), generator=generator)]
    shares = kinds * (1 + SPREAD * (2 * torch.rand(count, 3, generator=generator) - 1))
    return shares / shares.sum(1, keepdim=True)


def expose(linear: Tensor, shares: Tensor) -> Tensor:
    """The lightness that plates record.

    Args:
        linear: N×3×H×W linear light in [0, 1].
        shares: N×3, as `draw_emulsions` gives them.

    Returns:
        N×1×H×W L* in [0, 100].
    """
    count, _, height, width = linear.shape
    seen = shares[:, None] @ linear.flatten(2)  # N×1×HW
    return 116 * compress(seen.view(count, 1, height, width)) - 16
