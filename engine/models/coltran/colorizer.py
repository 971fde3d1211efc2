"""The first stage: coarse colours, one pixel after the other as one reads, under the encoding of the grey picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.coltran.attention import (
    AxialBlock,
    AxialStack,
    Cache,
    Conditioning,
    Conditions,
    Positions,
    embedding,
)
from engine.models.coltran.colors import BYTES, SYMBOLS

if TYPE_CHECKING:
    from engine.models.coltran.spec import ColTranSpec
    from engine.progress import Progress


class GreyEncoder(nn.Module):
    """The grey picture as context, and the auxiliary guess of all colours at once.

    Args:
        spec: The numbers of the network.
    """

    def __init__(self, spec: ColTranSpec) -> None:
        super().__init__()
        self.embed = embedding(BYTES, spec.width)
        self.stack = AxialStack(spec, spec.coarse_side, spec.encoder_layers)
        self.parallel = nn.Linear(spec.width, SYMBOLS, bias=False)

    def forward(self, grey: Tensor) -> Tensor:
        """Grey values B×R×C from 0 to 255 to B×R×C×D."""
        return self.stack(self.embed(grey))


class ConditionalDecoder(nn.Module):
    """Blocks under conditions, of the outer and of the inner decoder alike.

    Args:
        blocks: The blocks.
        local: Channels of what conditions a pixel.
        spec: The numbers of the network.
    """

    def __init__(self, blocks: list[AxialBlock], local: int, spec: ColTranSpec) -> None:
        super().__init__()
        self.positions = Positions(spec.coarse_side, spec.width)
        self.blocks = nn.ModuleList(blocks)
        self.conditionings = nn.ModuleList([Conditioning(spec.width, local, spec.coarse_side) for _ in blocks])

    def norms(self, grey: Tensor) -> list[tuple[Tensor, Tensor]]:
        """For each block what the whole grey picture conditions, by its encoding B×R×C×D."""
        return [conditioning.of_picture(grey) for conditioning in self._conditionings()]

    def conditions(self, local: Tensor, norms: list[tuple[Tensor, Tensor]]) -> list[Conditions]:
        """For each block all conditions, by what conditions each pixel, B×R×C×`local`."""
        pairs = zip(self._conditionings(), norms, strict=True)
        return [conditioning.of_pixels(local, norm) for conditioning, norm in pairs]

    def run(self, pixels: Tensor, conditions: list[Conditions], caches: list[Cache | None] | None = None) -> Tensor:
        """Through all blocks, B×R×C×D to the same; with caches, one place after the other."""
        kept = caches or [None] * len(conditions)
        for block, condition, cache in zip(self.blocks, conditions, kept, strict=True):
            pixels = block(pixels, condition, cache)
        return pixels

    def _conditionings(self) -> list[Conditioning]:
        return cast("list[Conditioning]", list(self.conditionings))


class CoarseColorizer(nn.Module):
    """The autoregressive model of coarse colours.

    The outer decoder sees rows above through whole rows and masked columns; the inner decoder sees the pixels to the
    left through masked rows. Together each pixel sees all that come before it.

    Args:
        spec: The numbers of the network.
    """

    def __init__(self, spec: ColTranSpec) -> None:
        super().__init__()
        side, width = spec.coarse_side, spec.width
        self.side = side
        self.embed = embedding(SYMBOLS, width)
        outer = [
            AxialBlock(spec, side, axis, causal=axis == "column", conditional=True)
            for _ in range(spec.outer_layers)
            for axis in ("row", "column")
        ]
        inner = [AxialBlock(spec, side, "row", causal=True, conditional=True) for _ in range(spec.inner_layers)]
        self.outer = ConditionalDecoder(outer, width, spec)
        self.inner = ConditionalDecoder(inner, 2 * width, spec)
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, SYMBOLS)

    def forward(self, symbols: Tensor, grey: Tensor) -> Tensor:
        """The distribution of each pixel's colour, given all before it.

        Args:
            symbols: B×R×C, coarse colours.
            grey: B×R×C×D, the grey picture's encoding.

        Returns:
            B×R×C×512 before softmax, float32.
        """
        colors = self.embed(symbols)
        conditions = self.outer.conditions(grey, self.outer.norms(grey))
        above = self.outer.run(colors + self.outer.positions() + grey, conditions)
        above = F.pad(above[:, :-1], (0, 0, 0, 0, 1, 0))  # a row knows those above it
        before = F.pad(colors[:, :, :-1], (0, 0, 1, 0))  # a pixel knows those before it
        conditions = self.inner.conditions(torch.cat([grey, above], dim=-1), self.inner.norms(grey))
        inner = self.inner.run(before + self.inner.positions() + grey + above, conditions)
        return self._logits(inner)

    @torch.no_grad()
    def sample(
        self, grey: Tensor, temperature: float, seed: int, progress: Progress, share: float = 1.0
    ) -> tuple[Tensor, Tensor]:
        """Draws coarse colours.

        Args:
            grey: B×R×C×D, the grey picture's encoding.
            temperature: Of the distributions drawn from; 0 takes the most likely colour.
            seed: Of the noise, which is the same for each picture of the batch.
            progress: Reported to after each row and polled before each pixel.
            share: The share of the whole work that this is.

        Returns:
            The symbols, B×R×C, and the B×R×C×512 logits (float32) that they were drawn from.

        Raises:
            CancelledError: If the work was cancelled.
        """
        noise = torch.Generator(device="cpu").manual_seed(seed)
        outer = self.outer.conditions(grey, self.outer.norms(grey))
        norms = self.inner.norms(grey)
        caches = [Cache(self.side) if n % 2 else None for n in range(len(outer))]  # of the masked columns
        positions = self.outer.positions()
        above = torch.zeros_like(grey[:, :1])
        rows: list[tuple[Tensor, Tensor]] = []
        for row in range(self.side):
            drawn = gumbel_noise(self.side, temperature, noise).to(grey.device)
            known = grey[:, row : row + 1] + above
            conditions = self.inner.conditions(torch.cat([grey[:, row : row + 1], above], dim=-1), norms)
            symbols, logits = self._sample_row(known + self.inner.positions()[row], conditions, drawn, progress)
            rows.append((symbols, logits))
            seen = self.embed(symbols) + positions[row] + grey[:, row : row + 1]
            above = self.outer.run(seen, [condition.row(row) for condition in outer], caches)
            progress.report(share * (row + 1) / self.side, "Choosing colours")
        return torch.cat([symbols for symbols, _ in rows], dim=1), torch.cat([logits for _, logits in rows], dim=1)

    def _sample_row(
        self, known: Tensor, conditions: list[Conditions], noise: Tensor, progress: Progress
    ) -> tuple[Tensor, Tensor]:
        """Draws the pixels of a row, of which all but the pixels before each is `known`, B×1×C×D."""
        caches: list[Cache | None] = [Cache(self.side) for _ in conditions]
        before = torch.zeros_like(known[:, :, :1])
        symbols: list[Tensor] = []
        logits: list[Tensor] = []
        for column in range(self.side):
            progress.check()
            pixel = self.inner.run(
                before + known[:, :, column : column + 1], [each.column(column) for each in conditions], caches
            )
            found = self._logits(pixel)  # B×1×1×512
            symbol = (found + noise[column]).argmax(dim=-1)
            before = self.embed(symbol)
            symbols.append(symbol)
            logits.append(found)
        return torch.cat(symbols, dim=2), torch.cat(logits, dim=2)

    def _logits(self, pixels: Tensor) -> Tensor:
        return self.head(self.norm(pixels)).float()


def gumbel_noise(count: int, temperature: float, generator: torch.Generator) -> Tensor:
    """Gumbel noise, `count`×512: the largest of logits and it is a draw from their distribution at a temperature."""
    uniform = torch.rand(count, SYMBOLS, generator=generator, device="cpu").clamp(min=torch.finfo(torch.float32).tiny)
    return -temperature * torch.log(-torch.log(uniform))
