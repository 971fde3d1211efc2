"""`unet`, `unet-palette` and `pix2pix`: U-Nets of 4×4 convolutions of stride 2 with concatenated skips.

Papers:
- `unet`: the report "Globally-Aware Image Colorization using U-Net" (2025): six levels 64-128-256-512-512-512 to a
  bottleneck, seven ups, batch norm, ReLU, tanh, dropout of 0.5 on the first three levels of the decoder, ab/128.
- `unet-palette`: that report's §6.5, an idea that its authors did not build: at the bottleneck, attention selects from
  a learned palette, and the choice is fused into the decoder.
- `pix2pix`: Isola et al., "Image-to-Image Translation with Conditional Adversarial Networks", CVPR 2017, the U-Net
  generator of its appendix for 256×256: eight levels, leaky ReLU down and ReLU up, no norm on the first level.

Differs from them, and why:
- `unet`: the report's text says that six levels end at 4×4×512 and that there are about 54 million parameters. Its own
  listing has a seventh halving, the bottleneck, and seven ups; that makes 41.8 million, and is what stands here. 54
  million is the eight-level network of pix2pix (54.4).
- `pix2pix`: L* in, ab out. No norm at the bottleneck, whose map has one pixel at 256×256 (the authors' own later
  correction). Its noise is dropout; here it is switched off in use, so that a photo has one colouring.
- `unet-palette`: the palette is of colours, not of abstract vectors: a choice is a mixture of them, read from the mean
  of the bottleneck, and FiLM (Perez et al., AAAI 2018) scales and shifts each level of the decoder by the choices.
- All take sides that are multiples of 32 and not only of 2^levels; see `layers.strided`.

Weights: none published that could be imported; trained by the recipes of these names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import Tensor, nn

from engine.models.contract import AB_BOUND, Colorizer, Features, HintTensors, Prediction
from engine.models.layers.ab_head import centred
from engine.models.layers.film import Film
from engine.models.layers.palette import LearnedPalette
from engine.models.layers.paths import DownPath
from engine.models.layers.strided import TransposedUp

if TYPE_CHECKING:
    from collections.abc import Sequence

REPORT_AB = 128.0
"""What the U-Net report divides ab by."""
MAX_LEVELS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class UNetSpec:
    """The numbers of a `unet` network.

    Attributes:
        widths: Channels of the levels, the finest (1/2) first.
        bottleneck: Channels of the bottleneck, half the size of the last level.
        dropout: Probability that a value is dropped while training.
        dropout_levels: How many levels of the decoder do so, from the bottleneck on.

    Raises:
        ValueError: If the numbers do not go together.
    """

    widths: tuple[int, ...] = (64, 128, 256, 512, 512, 512)
    bottleneck: int = 512
    dropout: float = 0.5
    dropout_levels: int = 3

    def __post_init__(self) -> None:
        _check(len(self.widths) + 1, self.dropout)


@dataclass(frozen=True, slots=True, kw_only=True)
class UNetPaletteSpec(UNetSpec):
    """The numbers of a `unet-palette` network: those of `unet`, and its palette's.

    Attributes:
        colors: How many colours the palette has.
        choices: How many of their mixtures a photo gets.
        key_width: Length of what scene and colours are compared by.
    """

    colors: int = 64
    choices: int = 8
    key_width: int = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Pix2PixSpec:
    """The numbers of a `pix2pix` generator.

    Attributes:
        levels: How often it halves the picture: eight for 256×256.
        width: Channels of the first level; they double up to eight times that.
        dropout: Probability that a value is dropped while training.
        dropout_levels: How many levels of the decoder do so, from the bottleneck on.

    Raises:
        ValueError: If the numbers do not go together.
    """

    levels: int = 8
    width: int = 64
    dropout: float = 0.5
    dropout_levels: int = 3

    def __post_init__(self) -> None:
        _check(self.levels, self.dropout)

    @property
    def widths(self) -> tuple[int, ...]:
        """Channels of all levels, the bottleneck's last."""
        return tuple(self.width * min(2**n, 8) for n in range(self.levels))


def _check(levels: int, dropout: float) -> None:
    if not 2 <= levels <= MAX_LEVELS:
        raise ValueError(f"{levels} levels are not between 2 and {MAX_LEVELS}")
    if not 0 <= dropout < 1:
        raise ValueError(f"a dropout of {dropout} is no probability below 1")


class StridedUNet(Colorizer):
    """What the three have in common: a way down, and transposed convolutions up past its skips.

    Args:
        encoder: The way down, the bottleneck last.
        widths: Its channels.
        dropout: Probability that a value is dropped while training.
        dropout_levels: How many levels of the decoder do so, from the bottleneck on.
        scale: Of the tanh, in CIELAB units.
    """

    multiple: ClassVar[int] = 32

    def __init__(
        self, encoder: DownPath, widths: Sequence[int], *, dropout: float, dropout_levels: int, scale: float
    ) -> None:
        super().__init__()
        self.encoder = encoder
        coarse_first = list(reversed(widths))
        joined = [coarse_first[0], *(2 * width for width in coarse_first[1:])]
        self.ups = nn.ModuleList(
            TransposedUp(joined[n], coarse_first[n + 1], dropout=dropout if n < dropout_levels else 0.0)
            for n in range(len(widths) - 1)
        )
        self.head = nn.ConvTranspose2d(joined[-1], 2, 4, stride=2, padding=1)
        self.scale = scale

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the map of each level, the finest (1/2) first and the bottleneck last."""
        return self.encoder(centred(lightness))

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        return self._predict(self._ascend(features))

    def _ascend(self, features: Features) -> Tensor:
        current = features[-1]
        for up, skip in zip(self.ups, reversed(features[:-1]), strict=True):
            current = torch.cat([up(current, skip.shape[-2:]), skip], dim=1)
        return current

    def _predict(self, finest: Tensor) -> Prediction:
        """B×C×H/2×W/2 to ab at full size."""
        return Prediction(self.bounded(torch.tanh(self.head(finest).float()) * self.scale))


class UNet(StridedUNet):
    """The globally-aware U-Net; see the module."""

    def __init__(self, spec: UNetSpec) -> None:
        widths = (*spec.widths, spec.bottleneck)
        super().__init__(
            DownPath(1, widths, first_norm="batch", leak=0.0),
            widths,
            dropout=spec.dropout,
            dropout_levels=spec.dropout_levels,
            scale=REPORT_AB,
        )


class UNetPalette(UNet):
    """The same with a learned palette; see the module."""

    def __init__(self, spec: UNetPaletteSpec) -> None:
        super().__init__(spec)
        self.palette = LearnedPalette(
            spec.bottleneck, colors=spec.colors, choices=spec.choices, key_width=spec.key_width
        )
        self.films = nn.ModuleList(Film(2 * spec.choices, width) for width in reversed(spec.widths))

    def _ascend(self, features: Features) -> Tensor:
        current = features[-1]
        chosen = self.palette(current).flatten(1)  # B×(2·choices)
        for up, film, skip in zip(self.ups, self.films, reversed(features[:-1]), strict=True):
            current = torch.cat([film(up(current, skip.shape[-2:]), chosen), skip], dim=1)
        return current


class Pix2Pix(StridedUNet):
    """The generator of pix2pix; see the module."""

    def __init__(self, spec: Pix2PixSpec) -> None:
        super().__init__(
            DownPath(1, spec.widths, last_norm="none"),
            spec.widths,
            dropout=spec.dropout,
            dropout_levels=spec.dropout_levels,
            scale=AB_BOUND,
        )
        for layer in self.modules():
            if isinstance(layer, (nn.Conv2d, nn.ConvTranspose2d)):
                nn.init.normal_(layer.weight, 0.0, 0.02)
            elif isinstance(layer, nn.BatchNorm2d):
                nn.init.normal_(layer.weight, 1.0, 0.02)
