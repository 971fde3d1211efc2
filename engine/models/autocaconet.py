"""`autocaconet`: a U-Net with self-attention, then the mean colour of each region between the lines.

Paper: AutoCaCoNet, as the report "Cartoon Image Colorization" sums it up (§3.3): a U-Net based conditional GAN with
self-attention, followed by trapped-ball segmentation of the line art and mean-based colour correction in each region.
Attention: Zhang et al., "Self-Attention Generative Adversarial Networks", ICML 2019. Segmentation: `trapped_ball`.

Ours, for the report leaves it open:
- The U-Net: five levels 64-128-256-512-512, up without checkerboards; attention at 1/8, once down and once up.
- Attention, segmentation and correction are switches. Without attention, segmentation and correction it is the report's
  "base", with all three its "full". Without segmentation, the correction uses the regions of a plain flood fill, which
  leaks through each gap of a line; without correction there is nothing to use regions for, and none are sought.
- Radius and contrast: with the true ab of 120 cartoon frames of 256² pixels in place of a network's, the correction
  leaves an RMSE of 4.6 in a region's ab at radius 4 and contrast 3, 5.2 at radius 2, 8.9 with a flood fill; 5.6 at
  contrast 6. All grey is 16.3.
- Regions are found once a photo, with `encode`, on the CPU; not while training, for a step function has no gradient.

Weights: none published that could be imported; trained by the recipe of this name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import torch
from torch import Tensor

from engine.color import trapped_ball
from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.layers.ab_head import AbHead, centred
from engine.models.layers.paths import DownPath, UpPath

ATTENTION_LEVEL = 3
MAX_RADIUS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoCaCoNetSpec:
    """The numbers of an `autocaconet` network.

    Attributes:
        widths: Channels of the levels, the finest (1/2) first.
        dropout: Probability that a value is dropped while training, in the two coarsest levels of the decoder.
        head: Channels at full size.
        attention: Whether the network attends to itself.
        segmentation: Whether regions are found by trapped balls; otherwise by a plain flood fill.
        correction: Whether each region gets its mean colour.
        radius: Of the first trapped ball, in pixels of the network's size.
        contrast: By how much a line is darker than its surroundings, in L*.
        least: Share of the picture below which a region is merged with a neighbour.

    Raises:
        ValueError: If the numbers do not go together.
    """

    widths: tuple[int, ...] = (64, 128, 256, 512, 512)
    dropout: float = 0.5
    head: int = 32
    attention: bool = True
    segmentation: bool = True
    correction: bool = True
    radius: int = 4
    contrast: float = 3.0
    least: float = 0.0005

    def __post_init__(self) -> None:
        if not ATTENTION_LEVEL < len(self.widths) <= 5:
            raise ValueError(f"{len(self.widths)} levels are neither 4 nor 5")
        if not 0 <= self.dropout < 1:
            raise ValueError(f"a dropout of {self.dropout} is no probability below 1")
        if self.radius > MAX_RADIUS:
            raise ValueError(f"a ball of {self.radius} pixels is larger than {MAX_RADIUS}")


class AutoCaCoNet(Colorizer):
    """A U-Net, and flat colours between lines; see the module."""

    multiple: ClassVar[int] = 32

    def __init__(self, spec: AutoCaCoNetSpec) -> None:
        super().__init__()
        self.spec = spec
        level = ATTENTION_LEVEL if spec.attention else 0
        self.encoder = DownPath(1, spec.widths, attention=level)
        self.up = UpPath(spec.widths, dropout=spec.dropout, dropout_levels=2, attention=level)
        self.head = AbHead(spec.widths[0], spec.head)

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns L*, the regions (as `_regions`), and the map of each level, the finest first."""
        return lightness, self._regions(lightness), *self.encoder(centred(lightness))

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        del hints, palette
        lightness, regions, *maps = features
        ab = self.bounded(self.head(self.up(maps), lightness))
        return Prediction(with_mean_colors(ab, regions) if regions.shape[1] else ab)

    def _regions(self, lightness: Tensor) -> Tensor:
        """The regions as `find_regions` gives them; B×0×H×W where there is no use for them, or no picture (meta)."""
        spec = self.spec
        if self.training or lightness.is_meta or not spec.correction:
            return lightness[:, :0]
        least = round(spec.least * lightness.shape[-2] * lightness.shape[-1])
        radius = spec.radius if spec.segmentation else 0
        return find_regions(lightness, contrast=spec.contrast, radius=radius, least=least)


def find_regions(lightness: Tensor, *, contrast: float, radius: int, least: int) -> Tensor:
    """`trapped_ball.segment` of each photo of a batch.

    Args:
        lightness: B×1×H×W, L* in [0, 100].
        contrast: As in `trapped_ball.segment`, like `radius` and `least`.
        radius: In pixels.
        least: In pixels.

    Returns:
        B×1×H×W, whole numbers from 1 on, in float32 as all features are.
    """
    photos = lightness[:, 0].detach().float().cpu().numpy()
    found = [trapped_ball.segment(photo, contrast=contrast, radius=radius, least=least) for photo in photos]
    return torch.as_tensor(np.stack(found)[:, None].astype(np.float32)).to(lightness.device)


def with_mean_colors(ab: Tensor, regions: Tensor) -> Tensor:
    """`trapped_ball.mean_color` of each photo of a batch.

    Args:
        ab: B×2×H×W in CIELAB units.
        regions: B×1×H×W, from `find_regions`.

    Returns:
        B×2×H×W, float32, on the device of `ab`; no gradient goes through it.
    """
    maps = ab.detach().permute(0, 2, 3, 1).float().cpu().numpy()
    numbers = regions[:, 0].cpu().numpy().astype(np.int32)
    flat = np.stack([trapped_ball.mean_color(map_, own) for map_, own in zip(maps, numbers, strict=True)])
    return torch.as_tensor(flat).permute(0, 3, 1, 2).contiguous().to(ab.device)
