"""The colour decoder: queries that look at the picture at several scales and become colour embeddings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.ddcolor.spec import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.models.ddcolor.spec import DDColorSpec


class ColorBlock(nn.Module):
    """Queries attend to the picture, then to each other, then each for itself; a norm after each (post-norm).

    Args:
        width: Width of the queries.
        heads: Attention heads.
        feed_forward: Width within the feed-forward.
    """

    def __init__(self, width: int, heads: int, feed_forward: int) -> None:
        super().__init__()
        self.picture = nn.MultiheadAttention(width, heads, batch_first=True)
        self.picture_norm = nn.LayerNorm(width)
        self.others = nn.MultiheadAttention(width, heads, batch_first=True)
        self.others_norm = nn.LayerNorm(width)
        self.expand = nn.Linear(width, feed_forward)
        self.contract = nn.Linear(feed_forward, width)
        self.norm = nn.LayerNorm(width)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)

    def forward(self, queries: Tensor, places: Tensor, pixels: Tensor, positions: Tensor) -> Tensor:
        """One block.

        Args:
            queries: B×Q×D.
            places: 1×Q×D, what tells the queries apart.
            pixels: B×N×D, a level of the picture.
            positions: 1×N×D, where its pixels are.

        Returns:
            B×Q×D.
        """
        seen, _ = self.picture(queries + places, pixels + positions, pixels, need_weights=False)
        queries = self.picture_norm(queries + seen)
        placed = queries + places
        heard, _ = self.others(placed, placed, queries, need_weights=False)
        queries = self.others_norm(queries + heard)
        return self.norm(queries + self.contract(F.relu(self.expand(queries))))


class ColorDecoder(nn.Module):
    """Colour queries to colour embeddings.

    Args:
        spec: The numbers of the network.
    """

    def __init__(self, spec: DDColorSpec) -> None:
        super().__init__()
        width = spec.query_width
        level_widths: dict[int, int] = dict(
            zip(LEVELS, (spec.pixel_width, spec.pixel_width, spec.pixel_width // 2), strict=True)
        )
        self.used = [level for level in LEVELS if level in spec.levels]
        self.order = [self.used.index(level) for level in spec.levels]
        self.queries = nn.Embedding(spec.queries, width)
        self.query_places = nn.Embedding(spec.queries, width)
        self.level_places = nn.Embedding(len(self.used), width)
        self.project = nn.ModuleList([nn.Conv2d(level_widths[level], width, 1) for level in self.used])
        self.blocks = nn.ModuleList([ColorBlock(width, spec.heads, spec.feed_forward) for _ in spec.levels])
        self.norm = nn.LayerNorm(width)
        self.embed = nn.ModuleList(
            [nn.Linear(width, width), nn.Linear(width, width), nn.Linear(width, spec.pixel_width // 2)]
        )
        for convolution in cast("list[nn.Conv2d]", list(self.project)):
            nn.init.kaiming_uniform_(convolution.weight, a=1)
            nn.init.zeros_(cast("Tensor", convolution.bias))

    def forward(self, levels: Sequence[Tensor]) -> Tensor:
        """Colour embeddings for pictures.

        Args:
            levels: The pixel decoder's features at 1/16, 1/8 and 1/4.

        Returns:
            B×Q×C, C the width of the pixel decoder at full size.
        """
        chosen = [level for stride, level in zip(LEVELS, levels, strict=True) if stride in self.used]
        # B×N×D for each level
        pixels = [
            project(level).flatten(2).transpose(1, 2) + place
            for project, level, place in zip(self.project, chosen, self.level_places.weight, strict=True)
        ]
        positions = [sine_positions(level.shape[2], level.shape[3], self.queries.weight) for level in chosen]
        queries = self.queries.weight.expand(chosen[0].shape[0], -1, -1)
        places = self.query_places.weight[None]
        for block, level in zip(self.blocks, self.order, strict=True):
            queries = block(queries, places, pixels[level], positions[level])
        first, second, last = self.embed
        return last(F.relu(second(F.relu(first(self.norm(queries))))))


def sine_positions(height: int, width: int, like: Tensor) -> Tensor:
    """Where pixels are, as waves: the two-dimensional encoding of Carion et al., "DETR", ECCV 2020, normalised.

    Args:
        height: h.
        width: w.
        like: ...×D; D, a multiple of 4, is the width of the encoding, which is of its device and type.

    Returns:
        1×(h·w)×D, rows first: the first half of D for the row, the second for the column.
    """
    half = like.shape[-1] // 2
    pairs = torch.arange(half // 2, device=like.device, dtype=torch.float32)
    lengths = 10000.0 ** (2 * pairs / half)

    def waves(count: int) -> Tensor:
        place = torch.arange(1, count + 1, device=like.device, dtype=torch.float32) / (count + 1e-6) * (2 * math.pi)
        angle = place[:, None] / lengths
        return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)  # count×half

    rows = waves(height)[:, None].expand(-1, width, -1)
    columns = waves(width)[None].expand(height, -1, -1)
    return torch.cat([rows, columns], dim=-1).flatten(0, 1)[None].to(like.dtype)
