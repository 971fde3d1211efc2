"""`wgan-resunet`: the Res-U-Net generator of a WGAN-GP.

Paper: the report "Cartoon Image Colorization", §4.2: an encoder of convolution, instance or batch norm and leaky ReLU
with skips, residual blocks at the bottleneck, an upsampling decoder to two channels. Its training: Gulrajani et al.,
"Improved Training of Wasserstein GANs", NIPS 2017.

Ours, for the report leaves it open: four levels 64-128-256-512 of 4×4 convolutions, four residual blocks, instance norm
(in each photo by itself, as in the critic) but none on the first level, where it would take away how light the photo
is; of "transposed convolutions or upsample and convolution" the latter, which leaves no checkerboards; tanh on ab/110.

Weights: none published that could be imported; trained by the recipe of this name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from torch import Tensor, nn

from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.layers.ab_head import AbHead, centred
from engine.models.layers.paths import DownPath, UpPath
from engine.models.layers.residual import ResidualBlock

MAX_LEVELS = 4
"""Of the smallest picture, 32×32 pixels, more levels would leave a single pixel, which has no variance to divide by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResUNetSpec:
    """The numbers of a `wgan-resunet` generator.

    Attributes:
        widths: Channels of the levels, the finest (1/2) first.
        blocks: Residual blocks at the bottleneck.
        norm: instance or batch.
        head: Channels at full size.

    Raises:
        ValueError: If there are too many levels or blocks, or no such norm.
    """

    widths: tuple[int, ...] = (64, 128, 256, 512)
    blocks: int = 4
    norm: str = "instance"
    head: int = 32

    def __post_init__(self) -> None:
        if not 2 <= len(self.widths) <= MAX_LEVELS:
            raise ValueError(f"{len(self.widths)} levels are not between 2 and {MAX_LEVELS}")
        if self.blocks > 64:
            raise ValueError(f"{self.blocks} blocks are more than 64")
        if self.norm not in ("instance", "batch"):
            raise ValueError(f'the norm "{self.norm}" is neither instance nor batch')


class ResUNet(Colorizer):
    """Skips around residual blocks; see the module."""

    multiple: ClassVar[int] = 32

    def __init__(self, spec: ResUNetSpec) -> None:
        super().__init__()
        self.encoder = DownPath(1, spec.widths, norm=spec.norm)
        self.bottleneck = nn.Sequential(*(ResidualBlock(spec.widths[-1], norm=spec.norm) for _ in range(spec.blocks)))
        self.up = UpPath(spec.widths, norm=spec.norm)
        self.head = AbHead(spec.widths[0], spec.head)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns L* and the map of each level, the coarsest after the residual blocks."""
        *skips, coarsest = self.encoder(centred(lightness))
        return lightness, *skips, self.bottleneck(coarsest)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        lightness, *maps = features
        return Prediction(self.bounded(self.head(self.up(maps), lightness)))
