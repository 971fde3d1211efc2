"""`photo` and `photo-lite`: our networks. The encoder runs once per photo, hints enter only the small decoder.

Paper: none; the parts are known. ResNet-D: He et al., "Bag of Tricks for Image Classification", CVPR 2019. Feature
pyramid: Lin et al., CVPR 2017. Colour queries fused with pixels by dot product: Kang et al., "DDColor", ICCV 2023.
FiLM: Perez et al., AAAI 2018. Distribution over ab bins: Zhang et al., ECCV 2016.

Differs from all of them: the encoder sees lightness alone and the hints enter the decoder in two ways, as tokens that
pixels attend to by likeness (a hint reaches everything that looks alike) and as planes at each scale (it is exact
nearby); and the decoder is conditioned on one of some 64 photo-level palettes, so that one photo has several coherent
colourings.

Weights: trained by `training/recipes/photo.toml`; see the card.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import ClassVar, cast

import timm
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.bins import ab_bins
from engine.models.conditioning import no_hints, pooled_planes
from engine.models.contract import AB_BOUND, Colorizer, Features, HintTensors, Prediction
from engine.models.kriging import Kriging
from engine.models.layers.film import Film

TOKEN_FIELDS = 5
MAX_ROUNDS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoSpec:
    """The numbers of a `photo` network.

    Attributes:
        encoder: A timm model with features at 1/4, 1/8, 1/16 and 1/32.
        channels: Widths of the encoder's four stages.
        stem_width: Width of the encoder's deep stem.
        pyramid: Widths of the pyramid at 1/4, 1/8 and 1/16.
        queries: Number of colour queries.
        query_width: Width of the queries and of the hint tokens.
        rounds: How often the queries attend to the photo and the hints.
        heads: Attention heads; divides `query_width` and the widths of the pyramid at 1/8 and 1/16.
        palettes: Number of photo-level palettes.
        context_layers: How often the coarsest features of the photo attend to one another, at least once.
        drop_path: Share of the encoder's residual blocks that training skips at the deepest, less before it.
        kriging: Number of kernels that spread hints by learned likeness (`engine.models.kriging`); 0 for none.

    Raises:
        ValueError: If the numbers do not go together.
    """

    encoder: str = "resnet18d"
    channels: tuple[int, int, int, int] = (64, 128, 256, 512)
    stem_width: int = 32
    pyramid: tuple[int, int, int] = (96, 128, 192)
    queries: int = 32
    query_width: int = 128
    rounds: int = 2
    heads: int = 4
    palettes: int = 64
    context_layers: int = 1
    drop_path: float = 0.0
    kriging: int = 0

    def __post_init__(self) -> None:
        # A card decides what timm is asked for, and some of timm's names ("hf-hub:…") are downloads.
        if re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)?", self.encoder) is None:
            raise ValueError(f'"{self.encoder}" is not the name of an encoder')
        if (len(self.channels), len(self.pyramid)) != (4, 3):
            raise ValueError(f'"channels" {self.channels} are not 4, or "pyramid" {self.pyramid} are not 3')
        if max(self.rounds, self.context_layers) > MAX_ROUNDS:
            raise ValueError(f"{self.rounds} rounds or {self.context_layers} layers are more than {MAX_ROUNDS}")
        for width in (self.query_width, *self.pyramid[1:]):
            if width % self.heads:
                raise ValueError(f"{self.heads} heads do not divide a width of {width}")


class ConvBlock(nn.Sequential):
    """A 3×3 convolution, batch norm and GELU."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.GELU())


class Attention(nn.Module):
    """Multi-head attention with a norm before it and a feed-forward after it, both residual.

    Args:
        width: Width of what attends.
        context: Width of what is attended to.
        heads: Number of heads; divides `width`.
    """

    def __init__(self, width: int, context: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm = nn.LayerNorm(width)
        self.context_norm = nn.LayerNorm(context) if context != width else self.norm
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(context, 2 * width)
        self.out = nn.Linear(width, width)
        self.feed_forward = nn.Sequential(
            nn.LayerNorm(width), nn.Linear(width, 2 * width), nn.GELU(), nn.Linear(2 * width, width)
        )

    def forward(self, tokens: Tensor, context: Tensor, mask: Tensor | None = None) -> Tensor:
        """B×N×width attends to B×M×context; mask B×M is true where a context token counts (None: all do)."""
        batch, count, width = tokens.shape
        query = self.query(self.norm(tokens)).view(batch, count, self.heads, -1).transpose(1, 2)
        key, value = self.key_value(self.context_norm(context)).chunk(2, dim=-1)
        key = key.view(batch, key.shape[1], self.heads, -1).transpose(1, 2)
        value = value.view(batch, value.shape[1], self.heads, -1).transpose(1, 2)
        allowed = None if mask is None else mask[:, None, None, :]
        mixed = F.scaled_dot_product_attention(query, key, value, attn_mask=allowed)
        tokens = tokens + self.out(mixed.transpose(1, 2).reshape(batch, count, width))
        return tokens + self.feed_forward(tokens)


class HintTokens(nn.Module):
    """Hint tokens: the colour, the place, and what the photo looks like there.

    A learned empty token stands first, so that attention has somewhere to go where no hint fits.
    """

    def __init__(self, features: int, width: int) -> None:
        super().__init__()
        self.color = nn.Linear(TOKEN_FIELDS - 2, width)
        self.place = nn.Linear(16, width)
        self.look = nn.Linear(features, width)
        self.empty = nn.Parameter(torch.zeros(1, 1, width))

    def forward(self, hints: HintTensors, features: Tensor) -> tuple[Tensor, Tensor]:
        """Hints and B×C×h×w features to tokens B×(1+N)×width and their mask B×(1+N)."""
        tokens = hints.tokens.to(features.dtype)
        batch, count, _ = tokens.shape
        empty = self.empty.expand(batch, -1, -1)
        mask = torch.cat([hints.token_mask.new_ones(batch, 1), hints.token_mask], dim=1)
        if count == 0:
            return empty, mask
        places = tokens[..., :2]
        looks = F.grid_sample(features, places[:, :, None] * 2 - 1, align_corners=False, padding_mode="border")
        looks = looks[..., 0].transpose(1, 2)  # B×N×C
        waves = (places[..., None] * (math.pi * 2.0 ** torch.arange(4, device=tokens.device))).flatten(2)
        made = self.color(tokens[..., 2:]) + self.place(torch.cat([waves.sin(), waves.cos()], -1)) + self.look(looks)
        return torch.cat([empty, made.to(empty.dtype)], dim=1), mask


class PhotoNet(Colorizer):
    """L* and hints to ab, a distribution over ab bins, and a choice of palettes; see the module.

    Args:
        spec: The numbers of the network.
        pretrained: Starts the encoder from timm's published weights (downloads them): for training only.
    """

    multiple: ClassVar[int] = 16
    output_stride: ClassVar[int] = 4
    takes_hints: ClassVar[bool] = True

    def __init__(self, spec: PhotoSpec, *, pretrained: bool = False) -> None:
        super().__init__()
        self.spec = spec
        self.palette_count = spec.palettes
        self.summary_width = spec.channels[3]
        fine, middle, coarse = spec.pyramid
        stages = spec.channels
        self.encoder = timm.create_model(
            spec.encoder,
            pretrained=pretrained,
            features_only=True,
            in_chans=1,
            out_indices=(1, 2, 3, 4),
            channels=stages,
            stem_width=spec.stem_width,
            drop_path_rate=spec.drop_path,
        )
        self.lateral_coarse = nn.Conv2d(stages[2] + stages[3], coarse, 1)
        self.coarse_conv = ConvBlock(coarse, coarse)
        self.context = Attention(coarse, coarse, spec.heads)
        self.deeper_context = nn.ModuleList(
            [Attention(coarse, coarse, spec.heads) for _ in range(spec.context_layers - 1)]
        )
        self.lateral_middle = nn.Conv2d(stages[1] + coarse, middle, 1)
        self.middle_conv = ConvBlock(middle, middle)
        self.lateral_fine = nn.Conv2d(stages[0], fine, 1)
        self.top_fine = nn.Conv2d(middle, fine, 1)
        self.choose_palette = nn.Sequential(nn.LayerNorm(stages[3]), nn.Linear(stages[3], spec.palettes))

        width = spec.query_width
        self.palette_embedding = nn.Embedding(spec.palettes + 1, width)  # the last row: undecided
        self.films = nn.ModuleList([Film(width, channels) for channels in (fine, middle, coarse)])
        self.planes = nn.ModuleList([nn.Conv2d(3, channels, 1) for channels in (fine, middle, coarse)])
        self.hint_tokens = HintTokens(middle, width)
        self.likeness = Attention(middle, width, spec.heads)
        self.queries = nn.Parameter(torch.randn(1, spec.queries, width) * width**-0.5)
        self.query_photo = nn.ModuleList([Attention(width, coarse, spec.heads) for _ in range(spec.rounds)])
        self.query_hints = nn.ModuleList([Attention(width, width, spec.heads) for _ in range(spec.rounds)])
        self.join_middle = nn.Conv2d(coarse, middle, 1)
        self.decode_middle = ConvBlock(middle, middle)
        self.join_fine = nn.Conv2d(middle, fine, 1)
        self.decode_fine = ConvBlock(fine, fine)
        self.query_to_pixel = nn.Linear(width, fine)
        bins = ab_bins()
        self.ab_head = nn.Conv2d(fine + spec.queries, 2, 1)
        self.bin_head = nn.Conv2d(fine + spec.queries, len(bins), 1)
        self.register_buffer("bins", bins)
        # The palettes themselves, as 4×4 maps of ab in CIELAB units: filled by training, shown to people as swatches.
        self.register_buffer("palettes", torch.zeros(spec.palettes, 2, 4, 4))
        self.kriging = Kriging(spec.pyramid, spec.kriging) if spec.kriging else None
        self.spreads_hints = self.kriging is not None

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the pyramid at 1/4, 1/8 and 1/16, and B×C means over the coarsest features."""
        c4, c8, c16, c32 = cast("list[Tensor]", self.encoder((lightness - 50.0) / 50.0))
        # B×coarse×H/16×W/16
        coarse = self.coarse_conv(self.lateral_coarse(torch.cat([c16, _resize(c32, c16)], dim=1)))
        tokens = coarse.flatten(2).transpose(1, 2)
        for attend in (self.context, *self.deeper_context):
            tokens = attend(tokens, tokens)
        coarse = tokens.transpose(1, 2).reshape(coarse.shape)
        # B×middle×H/8×W/8
        middle = self.middle_conv(self.lateral_middle(torch.cat([c8, _resize(coarse, c8)], dim=1)))
        # B×fine×H/4×W/4
        fine = self.lateral_fine(c4) + _resize(self.top_fine(middle), c4)
        return fine, middle, coarse, c32.mean(dim=(2, 3))

    def spread_hints(
        self,
        features: Features,
        lightness: Tensor,
        ab: Tensor,
        hints: HintTensors,
        reach: Tensor | None = None,
        kept: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """See `Colorizer`."""
        if self.kriging is None:
            return super().spread_hints(features, lightness, ab, hints, reach, kept)
        with torch.autocast(ab.device.type, enabled=False):
            maps = self.kriging.maps(features[:3], lightness)
            spread, asked = self.kriging.spread(maps, hints, ab, reach, kept)
            return self.bounded(spread), asked

    def correlation(self, features: Features, lightness: Tensor) -> Tensor | None:
        """See `Colorizer`."""
        if self.kriging is None:
            return None
        with torch.autocast(lightness.device.type, enabled=False):
            return self.kriging.correlation(self.kriging.maps(features[:3], lightness))

    def descriptors(self, features: Features, lightness: Tensor) -> Tensor | None:
        """See `Colorizer`; the finest level of the pyramid."""
        return features[0]

    def palette_logits(self, features: Features) -> Tensor:
        """See `Colorizer`."""
        return self.choose_palette(features[3])

    def summary(self, features: Features) -> Tensor:
        """See `Colorizer`."""
        return features[3]

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        fine, middle, coarse, _ = features
        batch = fine.shape[0]
        if hints is None:
            hints = no_hints(batch, (fine.shape[2] * 4, fine.shape[3] * 4), fine.device)
        if palette is None:
            palette = torch.full((batch,), -1, device=fine.device)
        chosen = self.palette_embedding(torch.where(palette < 0, self.palette_count, palette))
        fine, middle, coarse = (
            film(level, chosen) + plane(pooled_planes(hints.planes.to(level.dtype), _size(level)))
            for level, film, plane in zip((fine, middle, coarse), self.films, self.planes, strict=True)
        )
        hint_tokens, hint_mask = self.hint_tokens(hints, features[1])

        queries = self.queries.expand(batch, -1, -1) + chosen[:, None]
        photo = coarse.flatten(2).transpose(1, 2)
        for attend_photo, attend_hints in zip(self.query_photo, self.query_hints, strict=True):
            queries = attend_photo(queries, photo)
            queries = attend_hints(queries, torch.cat([hint_tokens, queries], dim=1), _with(hint_mask, queries))

        middle = middle + _resize(self.join_middle(coarse), middle)
        alike = self.likeness(middle.flatten(2).transpose(1, 2), hint_tokens, hint_mask)
        middle = self.decode_middle(alike.transpose(1, 2).reshape(middle.shape))
        fine = self.decode_fine(fine + _resize(self.join_fine(middle), fine))
        maps = torch.einsum("bchw,bqc->bqhw", fine, self.query_to_pixel(queries)) * fine.shape[1] ** -0.5
        pixels = torch.cat([fine, maps], dim=1)
        # Outside of training the edge is float32 whatever precision the layers ran in.
        ab = self.bounded(self.ab_head(pixels).float() * AB_BOUND)
        return Prediction(ab, self.bin_head(pixels), cast("Tensor", self.bins))


def _size(level: Tensor) -> tuple[int, int]:
    return level.shape[2], level.shape[3]


def _resize(features: Tensor, like: Tensor) -> Tensor:
    """Bilinear resize of B×C×h×w to the height and width of `like`."""
    return F.interpolate(features, size=_size(like), mode="bilinear", align_corners=False)


def _with(mask: Tensor, tokens: Tensor) -> Tensor:
    """A token mask B×M extended by tokens B×N×D that all count."""
    return torch.cat([mask, mask.new_ones(tokens.shape[:2])], dim=1)


LITE = PhotoSpec(
    channels=(32, 64, 128, 256), stem_width=16, pyramid=(48, 80, 128), queries=16, query_width=64, rounds=1
)
"""`photo-lite`, for weak machines: at most 5 M parameters."""
