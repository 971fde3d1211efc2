"""`unet-vae`: a U-Net whose bottleneck is variational, with interpolated skips, in RGB.

Paper: "Enhancing Image Colorization Architectures" (a student project's slides), section "UNet-VAE Hybrid
Architecture", its sizes at 150 px: 150 → 74 → 36 → 17, latent 64×17×17, 17 → 38 → 80 → 164 → 150; and "4 layer K=3
S=2" as its second variant (`levels=4, down=3, up=3` here). The bottleneck is that of D. Kingma, M. Welling,
"Auto-Encoding Variational Bayes", ICLR 2014; the divergence is its appendix B.

The slides call the decoder's stride 1; their sizes are those of K=6 transposed convolutions of stride 2 without padding
(2·17+4 = 38, 2·38+4 = 80, 2·80+4 = 164), and so it is here. The last step, 164 → 150, they leave open: a 1×1
convolution and a crop of 7 px on each side, by which each output pixel lies exactly where the photo's does.

Skips as the slides' channels have them: the deepest encoder level joins the latent (128×17×17), the next one, resized
from 36 to 38, the second decoder level (128×38×38), and the last decoder level gets none (64×80×80).

Differs (left open there): ReLU between layers, a sigmoid at the end, 1×1 convolutions to mean and logarithm of the
variance. Outside of training the latent is its mean, so a photo has one colouring. Where a size leaves the picture a
few pixels short (K=3 with four levels: 143 of 150), its last row and column are repeated.

Weights: none published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.rgb import ab_of_srgb

MAX_LEVELS = 5
MAX_KERNEL = 16
SMALLEST = 32
"""Every network takes pictures of this many px on a side."""
LOG_VARIANCE = (-20.0, 20.0)
"""Beyond these a variance is 0 or would overflow; no trained network comes near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UNetVaeSpec:
    """The numbers of a `unet-vae` network.

    Attributes:
        channels: Channels of every level and of the latent.
        levels: Halvings on the way down, doublings on the way up: 2 to 5.
        down: Kernel of the encoder's convolutions, stride 2 without padding.
        up: Kernel of the decoder's transposed convolutions, stride 2 without padding; `down` plus an even number.

    Raises:
        ValueError: If the numbers do not go together.
    """

    channels: int = 64
    levels: int = 3
    down: int = 4
    up: int = 6

    def __post_init__(self) -> None:
        if not 2 <= self.levels <= MAX_LEVELS:
            raise ValueError(f"a network has 2 to {MAX_LEVELS} levels, not {self.levels}")
        if not 2 <= self.down <= self.up <= MAX_KERNEL or (self.up - self.down) % 2:
            raise ValueError(f"kernels of {self.down} down and {self.up} up do not bring a pixel back to its place")
        side = SMALLEST
        for _ in range(self.levels):
            side = (side - self.down) // 2 + 1
        if side < 1:
            raise ValueError(f"of {SMALLEST} px nothing is left after {self.levels} kernels of {self.down}")


def gaussian_divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Kullback-Leibler divergence of a diagonal normal distribution from the standard one, in nats, in float32.

    ½ Σ (μ² + σ² − 1 − ln σ²): Kingma and Welling 2014, appendix B.

    Args:
        mean: B×..., μ.
        log_variance: B×..., ln σ².

    Returns:
        B divergences, summed over all dimensions of the latent.
    """
    mean, log_variance = mean.float(), log_variance.float()
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).flatten(1).sum(dim=1)


class UNetVae(Colorizer):
    """L* to RGB through a variational bottleneck; see the module.

    Args:
        spec: The numbers of the network.
    """

    multiple: ClassVar[int] = SMALLEST

    def __init__(self, spec: UNetVaeSpec) -> None:
        super().__init__()
        width = spec.channels
        self.encoder = nn.ModuleList(
            [nn.Conv2d(1 if level == 0 else width, width, spec.down, stride=2) for level in range(spec.levels)]
        )
        self.mean = nn.Conv2d(width, width, 1)
        self.log_variance = nn.Conv2d(width, width, 1)
        joined = [2 * width] * (spec.levels - 1) + [width]
        self.decoder = nn.ModuleList([nn.ConvTranspose2d(inputs, width, spec.up, stride=2) for inputs in joined])
        self.final = nn.Conv2d(width, 3, 1)
        # Down, a cell's centre moves by (K-1)/2 of its level's pixels, up by as much against that: what remains.
        self.shift = (2**spec.levels - 1) * (spec.up - spec.down) // 2

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns mean and log variance of the latent, the skips, and the lightness for its size."""
        level = lightness / 100.0
        levels: list[Tensor] = []
        for shrink in self.encoder:
            level = F.relu(shrink(level))
            levels.append(level)  # B×64×74×74, 36×36, 17×17 for 150 px
        mean, log_variance = self.mean(level), self.log_variance(level).clamp(*LOG_VARIANCE)
        return mean, log_variance, *levels[:0:-1], lightness

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`. While training the latent is drawn, and the prediction tells its divergence."""
        mean, log_variance, *skips, lightness = features
        level, kl = mean, None
        if self.training:
            level = mean + torch.randn_like(mean) * (log_variance / 2).exp()
            kl = gaussian_divergence(mean, log_variance)
        for grow, skip in zip(self.decoder, [*skips, None], strict=True):
            if skip is not None:
                level = torch.cat([level, _resized(skip, level)], dim=1)
            level = F.relu(grow(level))  # B×64×38×38, 80×80, 164×164 for 150 px
        srgb = torch.sigmoid(self._placed(self.final(level), lightness).float())
        return Prediction(self.bounded(ab_of_srgb(srgb)), srgb=srgb, kl=kl)

    def _placed(self, larger: Tensor, like: Tensor) -> Tensor:
        """B×C×h×w cut to the height and width of `like`, each pixel where its photo's is; repeated where it ends."""
        rows, columns = like.shape[2], like.shape[3]
        cut = larger[:, :, self.shift : self.shift + rows, self.shift : self.shift + columns]
        missing = (0, columns - cut.shape[3], 0, rows - cut.shape[2])
        return F.pad(cut, missing, mode="replicate") if any(missing) else cut


def _resized(skip: Tensor, like: Tensor) -> Tensor:
    """Bilinear resize of B×C×h×w to the height and width of `like`."""
    size = cast("tuple[int, int]", tuple(like.shape[2:]))
    return F.interpolate(skip, size=size, mode="bilinear", align_corners=False)
