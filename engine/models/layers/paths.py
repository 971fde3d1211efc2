"""The way down and the way up of a U-Net.

Source: Ronneberger et al., "U-Net: Convolutional Networks for Biomedical Image Segmentation", MICCAI 2015.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from torch import Tensor, nn

from engine.models.layers.resize_up import ResizeUp
from engine.models.layers.self_attention import SelfAttention
from engine.models.layers.strided import StridedDown

if TYPE_CHECKING:
    from collections.abc import Sequence


class DownPath(nn.Module):
    """Levels that halve a map, one after the other.

    Args:
        inputs: Channels of the first map.
        widths: Channels after each level.
        norm: As in `norm_layer`.
        first_norm: Of the first level, which sees the picture itself.
        last_norm: Of the last level, whose maps may have a single pixel; None for that of the others.
        leak: As in `StridedDown`.
        attention: Level whose result attends to itself, counted from 1; 0 for none.
    """

    def __init__(
        self,
        inputs: int,
        widths: Sequence[int],
        *,
        norm: str = "batch",
        first_norm: str = "none",
        last_norm: str | None = None,
        leak: float = 0.2,
        attention: int = 0,
    ) -> None:
        super().__init__()
        norms = [first_norm, *[norm] * (len(widths) - 2), last_norm or norm][: len(widths)]
        channels = [inputs, *widths]
        self.levels = nn.ModuleList(
            StridedDown(channels[n], channels[n + 1], norm=norms[n], leak=leak) for n in range(len(widths))
        )
        self.attention = SelfAttention(widths[attention - 1]) if attention else None
        self.attention_level = attention

    def forward(self, features: Tensor) -> tuple[Tensor, ...]:
        """B×inputs×H×W to one map a level, the finest (1/2) first."""
        maps: list[Tensor] = []
        for number, level in enumerate(self.levels, start=1):
            features = level(features)
            if self.attention is not None and number == self.attention_level:
                features = self.attention(features)
            maps.append(features)
        return tuple(maps)


class UpPath(nn.Module):
    """Levels that enlarge the coarsest map without checkerboards and join the skip of each size.

    Args:
        widths: Channels of the maps, the finest first; each level's result has its skip's channels.
        norm: As in `norm_layer`.
        dropout: Of the `dropout_levels` coarsest levels.
        dropout_levels: How many levels drop values.
        attention: Level whose result attends to itself, counted from 1 for the finest map's; 0 for none.
    """

    def __init__(
        self,
        widths: Sequence[int],
        *,
        norm: str = "batch",
        dropout: float = 0.0,
        dropout_levels: int = 0,
        attention: int = 0,
    ) -> None:
        super().__init__()
        coarse_first = list(reversed(widths))
        self.levels = nn.ModuleList(
            ResizeUp(
                coarse_first[n],
                coarse_first[n + 1],
                coarse_first[n + 1],
                norm=norm,
                dropout=dropout if n < dropout_levels else 0.0,
            )
            for n in range(len(widths) - 1)
        )
        self.attention = SelfAttention(widths[attention - 1]) if attention else None
        self.attention_level = attention

    def forward(self, maps: Sequence[Tensor]) -> Tensor:
        """Maps as `DownPath` returns them to one of the finest one's shape."""
        features = maps[-1]
        for number in range(len(maps) - 1, 0, -1):
            level = cast("ResizeUp", self.levels[len(maps) - 1 - number])
            features = level(features, maps[number - 1])
            if self.attention is not None and number == self.attention_level:
                features = self.attention(features)
        return features
