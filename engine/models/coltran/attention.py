"""Axial attention, along rows or along columns, and the block made of it; conditional and cached where wanted.

Pictures are B×R×C×D here, R rows of C columns, channels last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.models.coltran.spec import ColTranSpec

Axis = Literal["row", "column"]


class Conditions(NamedTuple):
    """What a condition does to one block: scales and shifts, side by side along the channels.

    Attributes:
        attention: B×R×C×6D, for queries, keys and values.
        feed_forward: B×R×C×2D.
        attention_norm: B×1×1×2D.
        feed_forward_norm: B×1×1×2D.
    """

    attention: Tensor
    feed_forward: Tensor
    attention_norm: Tensor
    feed_forward_norm: Tensor

    def row(self, index: int) -> Conditions:
        """Those of one row of the picture."""
        rows = slice(index, index + 1)
        return self._replace(attention=self.attention[:, rows], feed_forward=self.feed_forward[:, rows])

    def column(self, index: int) -> Conditions:
        """Those of one column of the picture."""
        columns = slice(index, index + 1)
        return self._replace(attention=self.attention[:, :, columns], feed_forward=self.feed_forward[:, :, columns])


class Cache:
    """Keys and values of the places before, for attention that meets one place after the other.

    Args:
        length: How many places there will be.
    """

    def __init__(self, length: int) -> None:
        self._length = length
        self._kept: tuple[Tensor, Tensor] | None = None
        self.count = 0

    def append(self, key: Tensor, value: Tensor) -> tuple[Tensor, Tensor]:
        """Adds N×heads×1×d of the next place; returns all so far, N×heads×`count`×d."""
        if self._kept is None:
            shape = (*key.shape[:2], self._length, key.shape[3])
            self._kept = key.new_empty(shape), value.new_empty(shape)
        keys, values = self._kept
        keys[:, :, self.count] = key[:, :, 0]
        values[:, :, self.count] = value[:, :, 0]
        self.count += 1
        return keys[:, :, : self.count], values[:, :, : self.count]


class AxialAttention(nn.Module):
    """Multi-head attention of each pixel to those in its row, or in its column.

    A learned bias for each head and each distance tells places apart.

    Args:
        width: D.
        heads: Number of heads; divides `width`.
        length: Pixels in a row (or column).
        axis: Along which.
        causal: Whether pixels attend only to themselves and those before.
    """

    def __init__(self, width: int, heads: int, length: int, axis: Axis, *, causal: bool) -> None:
        super().__init__()
        self.heads = heads
        self.length = length
        self.axis = axis
        self.causal = causal
        self.query_key_value = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.distance = nn.Parameter(torch.zeros(heads, 2 * length - 1))  # key − query, from 1 − length

    def forward(self, pixels: Tensor, modulation: Tensor | None = None, cache: Cache | None = None) -> Tensor:
        """Attends along the axis.

        Args:
            pixels: B×R×C×D, whole along the axis; or, with a cache, the next place along it alone.
            modulation: B×R×C×6D, scales and shifts of queries, keys and values; None for none.
            cache: Of the places before this one, which it is added to; only for causal attention.

        Returns:
            B×R×C×D.
        """
        projected = modulated(self.query_key_value(pixels), modulation)
        if self.axis == "column":
            projected = projected.transpose(1, 2)
        batch, lines, places, _ = projected.shape
        parts = projected.reshape(batch * lines, places, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        query, key, value = parts.unbind(0)  # (B·lines)×heads×places×d
        if cache is None:
            bias = self._bias()
        else:
            key, value = cache.append(key, value)
            bias = self.distance[:, None, self.length - cache.count : self.length]
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=bias.to(query.dtype))
        joined = mixed.transpose(1, 2).reshape(batch, lines, places, -1)
        return self.out(joined.transpose(1, 2) if self.axis == "column" else joined)

    def _bias(self) -> Tensor:
        """What is added to the scores: heads×queries×keys."""
        places = torch.arange(self.length, device=self.distance.device)
        apart = places[None, :] - places[:, None]
        bias = self.distance[:, apart + self.length - 1]
        return bias.masked_fill(apart > 0, float("-inf")) if self.causal else bias


class AxialBlock(nn.Module):
    """Axial attention and a feed-forward, each added to its input and normed after (post-norm).

    Args:
        spec: The numbers of the network.
        length: Pixels along the axis.
        axis: Along which.
        causal: As in `AxialAttention`.
        conditional: Whether the norms leave scale and shift to `Conditions`.
    """

    def __init__(
        self, spec: ColTranSpec, length: int, axis: Axis, *, causal: bool = False, conditional: bool = False
    ) -> None:
        super().__init__()
        self.attention = AxialAttention(spec.width, spec.heads, length, axis, causal=causal)
        self.attention_norm = nn.LayerNorm(spec.width, elementwise_affine=not conditional)
        self.expand = nn.Linear(spec.width, spec.feed_forward)
        self.contract = nn.Linear(spec.feed_forward, spec.width)
        self.feed_forward_norm = nn.LayerNorm(spec.width, elementwise_affine=not conditional)

    def forward(self, pixels: Tensor, conditions: Conditions | None = None, cache: Cache | None = None) -> Tensor:
        """B×R×C×D to the same; the cache as in `AxialAttention`."""
        attention, feed_forward, first, second = conditions or (None, None, None, None)
        pixels = pixels + self.attention(pixels, attention, cache)
        pixels = modulated(self.attention_norm(pixels), first)
        fed = self.contract(F.relu(self.expand(pixels)))
        return modulated(self.feed_forward_norm(pixels + modulated(fed, feed_forward)), second)


class Conditioning(nn.Module):
    """What conditions one block: each pixel its attention and feed-forward, the whole picture its norms.

    All of it starts as the identity.

    Args:
        width: D of the block.
        local: Channels of what conditions a pixel.
        side: Pixels on a side of the picture.
    """

    def __init__(self, width: int, local: int, side: int) -> None:
        super().__init__()
        self.attention = nn.Linear(local, 6 * width, bias=False)
        self.feed_forward = nn.Linear(local, 2 * width)
        self.norms = nn.ModuleList([nn.Linear(width, 2 * width) for _ in range(2)])
        self.shares = nn.Parameter(torch.ones(2, side, side, 1))  # of the pixels in the mean over the picture

    def reset(self) -> None:
        """Makes it the identity."""
        for parameter in (*self.attention.parameters(), *self.feed_forward.parameters(), *self.norms.parameters()):
            nn.init.zeros_(parameter)

    def of_picture(self, grey: Tensor) -> tuple[Tensor, Tensor]:
        """The conditions of the two norms, B×1×1×2D each, by the encoding of a whole grey picture, B×R×C×D."""
        first, second = (
            norm((grey * share).mean(dim=(1, 2), keepdim=True))
            for norm, share in zip(self.norms, self.shares, strict=True)
        )
        return first, second

    def of_pixels(self, local: Tensor, norms: tuple[Tensor, Tensor]) -> Conditions:
        """All conditions, by what conditions each pixel, B×R×C×`local`, and what `of_picture` gave."""
        return Conditions(self.attention(local), self.feed_forward(local), *norms)


class Positions(nn.Module):
    """A learned vector for each row and each column, added to each pixel.

    Args:
        side: Pixels on a side.
        width: D.
    """

    def __init__(self, side: int, width: int) -> None:
        super().__init__()
        self.rows = nn.Parameter(torch.randn(side, 1, width) * width**-0.5)
        self.columns = nn.Parameter(torch.randn(side, width) * width**-0.5)

    def forward(self) -> Tensor:
        """R×C×D."""
        return self.rows + self.columns


class AxialStack(nn.Module):
    """Positions, and layers of row and column attention over a whole picture.

    Args:
        spec: The numbers of the network.
        side: Pixels on a side.
        layers: How many.
    """

    def __init__(self, spec: ColTranSpec, side: int, layers: int) -> None:
        super().__init__()
        self.positions = Positions(side, spec.width)
        axes: list[Axis] = ["row", "column"] * layers
        self.blocks = nn.ModuleList([AxialBlock(spec, side, axis) for axis in axes])

    def forward(self, pixels: Tensor, check: Callable[[], None] | None = None) -> Tensor:
        """B×R×C×D to the same; `check` is called before each block and may raise."""
        pixels = pixels + self.positions()
        for block in self.blocks:
            if check is not None:
                check()
            pixels = block(pixels)
        return pixels


def modulated(features: Tensor, modulation: Tensor | None) -> Tensor:
    """Features ...×D scaled by 1 + s and shifted by t, where modulation ...×2D is s beside t; None changes nothing."""
    if modulation is None:
        return features
    scale, shift = modulation.chunk(2, dim=-1)
    return torch.addcmul(features + shift, features, scale)


def embedding(count: int, width: int) -> nn.Embedding:
    """A table of vectors that start as long as those of `Positions`."""
    table = nn.Embedding(count, width)
    nn.init.normal_(table.weight, std=width**-0.5)
    return table


def start(network: nn.Module) -> None:
    """Starts all linear layers as the public code does (Glorot), and all conditions as the identity."""
    for module in network.modules():
        if isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            if cast("Tensor | None", module.bias) is not None:
                nn.init.zeros_(module.bias)
    for module in network.modules():
        if isinstance(module, Conditioning):
            module.reset()
