"""The second and third stage: 8-bit channels from what is known of them, all pixels in parallel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from engine.models.coltran.attention import AxialStack, embedding
from engine.models.coltran.colors import BYTES, CHANNELS

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.models.coltran.spec import ColTranSpec


class ChannelUpsampler(nn.Module):
    """The distribution of a channel's 8-bit values, given a coarser version of that channel and the grey picture.

    Args:
        spec: The numbers of the network.
        side: Pixels on a side.
        values: How many values a known channel can have: 8 for coarse colours, 256 for a blurred picture.
        layers: Layers of row and column attention.
    """

    def __init__(self, spec: ColTranSpec, side: int, values: int, layers: int) -> None:
        super().__init__()
        self.values = values
        self.embed_channel = embedding(CHANNELS * values, spec.width)
        self.embed_grey = embedding(BYTES, spec.width)
        self.join = nn.Linear(2 * spec.width, spec.width)
        self.stack = AxialStack(spec, side, layers)
        self.head = nn.Linear(spec.width, BYTES)

    def forward(self, known: Tensor, channel: Tensor, grey: Tensor, check: Callable[[], None] | None = None) -> Tensor:
        """One channel of each picture.

        Args:
            known: B×R×C, the coarser version's values.
            channel: B, which channel it is: 0, 1 or 2 for R, G or B.
            grey: B×R×C from 0 to 255.
            check: Called now and then; may raise.

        Returns:
            B×R×C×256 before softmax, float32.
        """
        symbols = known + self.values * channel[:, None, None]
        pixels = self.join(torch.cat([self.embed_channel(symbols), self.embed_grey(grey)], dim=-1))
        return self.head(self.stack(pixels, check)).float()

    @torch.no_grad()
    def most_likely(self, known: Tensor, grey: Tensor, check: Callable[[], None]) -> Tensor:
        """All channels, each pixel its most likely value: B×3×R×C known values and B×R×C grey to B×3×R×C."""
        which = torch.arange(CHANNELS, device=known.device)
        channels = [self(known[:, n], which[n].expand(len(known)), grey, check).argmax(dim=-1) for n in range(CHANNELS)]
        return torch.stack(channels, dim=1)
