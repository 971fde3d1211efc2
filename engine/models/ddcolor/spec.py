"""The numbers of the DDColor family; see the package for where each comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

LEVELS = (16, 8, 4)
"""Strides of the pixel decoder's levels that colour queries can attend to, coarse to fine."""
MAX_DEPTH = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class DDColorSpec:
    """The numbers of a DDColor network; the defaults are those of the large published one.

    Attributes:
        encoder: A ConvNeXt of timm, with the tag of its published weights.
        depths: Blocks of the encoder's four stages.
        widths: Widths of the encoder's four stages, at 1/4, 1/8, 1/16 and 1/32.
        pixel_width: Width of the pixel decoder at 1/16 and 1/8; it is half of that at 1/4 and at full size.
        levels: For each block of the colour decoder, the stride (16, 8 or 4) of the level that it attends to.
        queries: Number of colour queries.
        query_width: Width of the colour queries.
        heads: Attention heads; divides `query_width`.
        feed_forward: Width of the colour decoder's feed-forwards.

    Raises:
        ValueError: If the numbers do not go together.
    """

    encoder: str = "convnext_large.fb_in22k"
    depths: tuple[int, int, int, int] = (3, 3, 27, 3)
    widths: tuple[int, int, int, int] = (192, 384, 768, 1536)
    pixel_width: int = 512
    levels: tuple[int, ...] = 3 * LEVELS
    queries: int = 100
    query_width: int = 256
    heads: int = 8
    feed_forward: int = 2048

    def __post_init__(self) -> None:
        # A card decides what timm is asked for, and some of timm's names ("hf-hub:…") are downloads.
        if re.fullmatch(r"convnext_[a-z0-9_]+(\.[a-z0-9_]+)?", self.encoder) is None:
            raise ValueError(f'"{self.encoder}" is not the name of a ConvNeXt')
        if len(self.depths) != 4 or len(self.widths) != 4:
            raise ValueError("an encoder has four stages")
        if max(self.depths) > MAX_DEPTH:
            raise ValueError(f"{max(self.depths)} blocks in a stage are more than {MAX_DEPTH}")
        if any(level not in LEVELS for level in self.levels):
            raise ValueError(f"the levels {self.levels} are not all of {LEVELS}")
        if self.pixel_width % 2:
            raise ValueError(f"a pixel decoder cannot be half of {self.pixel_width} wide")
        if self.query_width % self.heads or self.query_width % 4:
            raise ValueError(f"{self.heads} heads and 4 do not divide a width of {self.query_width}")


PUBLISHED_TINY = DDColorSpec(encoder="convnext_tiny.fb_in22k", depths=(3, 3, 9, 3), widths=(96, 192, 384, 768))
"""`ddcolor-t`: the published small network."""
TINY = replace(PUBLISHED_TINY, levels=(16, 16, 16), feed_forward=768)
"""`ddcolor-tiny`: a single-scale colour decoder."""
REDUCED = replace(PUBLISHED_TINY, levels=(*LEVELS, 16), queries=50, heads=2)
"""`ddcolor-reduced`: cut down as far as it goes."""
