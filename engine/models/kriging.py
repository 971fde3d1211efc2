"""Kriging: what hints say beyond a prediction, spread to all that looks alike, by learned likeness.

The error of a prediction is taken for a Gaussian process over the pixels of one photo. Its covariance

    K(x, y) = g(x) g(y) Σ_m a_m exp(−½ |f_m(x) − f_m(y)|²)

is learned: each f_m holds features made of the encoder's pyramid, beside the lightness and the place, each at a scale
of its own, so that one m speaks of the neighbourhood and another of what looks the same far away; g says how wrong the
prediction is likely to be. With residuals r at hints H (hint − prediction) the best guess elsewhere is

    residual(x) = K(x, H) (K(H, H) + σ²)⁻¹ r,

and its variance says where the next hint helps most. "Keep" asks for the colours without any hint. Where nothing is
like a hint, the prediction stays as it is. The last kernel reaches furthest; a hint that nobody could have expected
says nothing of its process (`engine.models.credibility`), and so is about its own surroundings alone.

Source: D. G. Krige (1951); C. E. Rasmussen and C. K. I. Williams, "Gaussian Processes for Machine Learning", MIT Press
2006, algorithm 2.1. Differs from them: the features are learned through the solve, on top of a frozen network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from engine.models.contract import AB_BOUND

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.models.contract import HintTensors

WIDTH = 64
FEATURES = 16
PLACES = (0.06, 0.25, 0.8)
"""Scales of the place at the start, in sides of a square photo: the neighbourhood, the surroundings, all of it."""
LIGHTNESSES = (5.0, 8.0, 15.0)
"""Scales of the lightness at the start, in L*."""
SHARES = (1.0, 0.6, 0.3)
NOISE = 0.05
MAX_COMPONENTS = len(PLACES)
UNUSED = 1.0
"""Variance of a row that is no hint: its covariance with all else is nought."""
LARGEST_GAIN = 3.0


@dataclass(frozen=True, slots=True)
class LikenessMaps:
    """What each pixel of a photo is like.

    Attributes:
        features: B×M×E×h×w, in units of their own scales.
        gain: B×1×h×w, positive: how wrong the prediction is likely to be there.
    """

    features: Tensor
    gain: Tensor


class Kriging(nn.Module):
    """See the module.

    Args:
        pyramid: Channels of the features, the finest first.
        components: Number of kernels that are added up, M.

    Raises:
        ValueError: If there are too many components.
    """

    def __init__(self, pyramid: tuple[int, ...], components: int = MAX_COMPONENTS) -> None:
        super().__init__()
        if not 1 <= components <= MAX_COMPONENTS:
            raise ValueError(f"{components} kernels are not 1 to {MAX_COMPONENTS}")
        self.components = components
        self.norms = nn.ModuleList([nn.GroupNorm(1, channels) for channels in pyramid])
        self.reduce = nn.ModuleList([nn.Conv2d(channels, WIDTH, 1) for channels in pyramid])
        self.mix = nn.Conv2d(WIDTH, WIDTH, 1)
        self.out = nn.Conv2d(WIDTH, components * FEATURES, 1)
        self.gain = nn.Conv2d(WIDTH, 1, 1)
        self.log_place = nn.Parameter(torch.tensor(PLACES[:components]).log())
        self.log_lightness = nn.Parameter(torch.tensor(LIGHTNESSES[:components]).log())
        self.log_share = nn.Parameter(torch.tensor(SHARES[:components]).log())
        self.log_noise = nn.Parameter(torch.tensor([NOISE]).log())
        # At the start the kernel knows places and lightness alone, and spreads hints much as propagation does.
        nn.init.normal_(self.out.weight, std=0.02)
        for bias in (self.out.bias, self.gain.bias):
            if bias is not None:
                nn.init.zeros_(bias)
        nn.init.zeros_(self.gain.weight)

    @property
    def noise(self) -> Tensor:
        """Variance of what a hint says, as a share of that of the process: 1."""
        return self.log_noise.exp()

    def maps(self, pyramid: tuple[Tensor, ...], lightness: Tensor) -> LikenessMaps:
        """What each pixel is like.

        Args:
            pyramid: B×C×h×w features, the finest first; coarser ones are brought to its size.
            lightness: B×1×H×W, L* of the photo.
        """
        fine = pyramid[0]
        batch, _, height, width = fine.shape
        total = torch.zeros((), device=fine.device)
        for level, norm, reduce in zip(pyramid, self.norms, self.reduce, strict=True):
            made = reduce(norm(level.float()))
            total = total + F.interpolate(made, size=(height, width), mode="bilinear", align_corners=False)
        hidden = F.gelu(total)
        hidden = hidden + F.gelu(self.mix(hidden))
        learned = self.out(hidden).view(batch, self.components, FEATURES, height, width)
        small = F.interpolate(lightness.float(), size=(height, width), mode="area")
        tone = small[:, None] / _column(self.log_lightness.exp())
        place = _places(height, width, fine.device) / _column(self.log_place.exp())
        features = torch.cat([learned, place.expand(batch, -1, -1, -1, -1), tone], dim=2)
        return LikenessMaps(features, self.gain(hidden).clamp(-LARGEST_GAIN, LARGEST_GAIN).exp())

    def spread(
        self,
        maps: LikenessMaps,
        hints: HintTensors,
        ab: Tensor,
        reach: Tensor | None = None,
        kept: Tensor | None = None,
    ) -> tuple[Tensor, Tensor]:
        """A prediction that agrees with its hints.

        Args:
            maps: Of the photo.
            hints: Their tokens count; a token is a hint at a point.
            ab: B×2×h×w, the prediction in CIELAB units.
            reach: B×N in [0, 1], how much each hint says of the process that reaches furthest; None for 1.
            kept: B×2×h×w, the colours that "keep" stands for; None for `ab`.

        Returns:
            B×2×h×w in CIELAB units, not bounded; and B×1×h×w in [0, 1], how far each colour is one that hints asked
            for: a residual of 1 under each colour, spread in the same way.
        """
        places, mask = hints.tokens[..., :2].float(), hints.token_mask.float()
        ab = ab.float()
        if places.shape[1] == 0:
            return ab, ab.new_zeros(ab.shape[0], 1, *ab.shape[2:])
        kind = hints.tokens[..., 4:5].float()
        there, gain = self._at(maps, places)
        gain = gain * mask
        told = torch.ones(*mask.shape, self.components, device=ab.device)
        if reach is not None and self.components > 1:
            told[..., -1] = reach
        among = self._covariance(there, gain, there, gain, told, told)
        among = among + torch.diag_embed(self.noise + (1 - mask) * UNUSED)
        everywhere = maps.features.flatten(3).transpose(2, 3)
        to_all = self._covariance(everywhere, maps.gain.flatten(1), there, gain, None, told)
        linalg: Any = torch.linalg  # torch's stub does not know what is in it
        solve: Callable[[Tensor, Tensor], Tensor] = linalg.solve

        def spread(values: Tensor) -> Tensor:
            """B×N×C at the hints to B×C×h×w."""
            found = to_all @ solve(among, values * mask[..., None])
            return found.transpose(1, 2).reshape(ab.shape[0], -1, *ab.shape[2:])

        shares = spread(torch.cat([1 - kind, kind], dim=-1)).clamp(0, 1)
        if kept is not None:  # what is like a kept place goes back to it as a whole, before what is left is spread
            ab = ab + shares[:, 1:] * (kept.float() - ab)
        wanted = torch.where(
            kind > 0, _sampled(ab if kept is None else kept.float(), places), hints.tokens[..., 2:4].float() * AB_BOUND
        )
        return ab + spread(wanted - _sampled(ab, places)), shares[:, :1]

    def correlation(self, maps: LikenessMaps) -> Tensor:
        """How much the errors of any two pixels have in common: B×hw×hw correlations, in [0, 1]."""
        features = maps.features.flatten(3).transpose(2, 3)
        ones = torch.ones_like(maps.gain).flatten(1)
        return self._covariance(features, ones, features, ones) / self.log_share.exp().sum()

    def _at(self, maps: LikenessMaps, places: Tensor) -> tuple[Tensor, Tensor]:
        """Features B×M×N×E and gains B×N at B×N×2 places in [0, 1]."""
        batch, components, width, _, _ = maps.features.shape
        features = _sampled(maps.features.flatten(1, 2), places)  # B×N×ME
        features = features.view(batch, -1, components, width).transpose(1, 2)
        return features, _sampled(maps.gain, places)[..., 0]

    def _covariance(
        self,
        one: Tensor,
        one_gain: Tensor,
        other: Tensor,
        other_gain: Tensor,
        one_told: Tensor | None = None,
        other_told: Tensor | None = None,
    ) -> Tensor:
        """K between B×M×P×E and B×M×N×E features: B×P×N; with their gains, and how much each tells of each m, B×…×M."""
        squares = one.square().sum(-1)[..., :, None] + other.square().sum(-1)[..., None, :]
        distance = (squares - 2 * one @ other.transpose(-1, -2)).clamp(min=0)
        kernels = self.log_share.exp()[None, :, None, None] * torch.exp(-0.5 * distance)
        if one_told is not None:
            kernels = kernels * one_told.transpose(1, 2)[..., :, None]
        if other_told is not None:
            kernels = kernels * other_told.transpose(1, 2)[..., None, :]
        return kernels.sum(dim=1) * one_gain[:, :, None] * other_gain[:, None, :]


def _column(scales: Tensor) -> Tensor:
    return scales[None, :, None, None, None]


def _places(height: int, width: int, device: torch.device) -> Tensor:
    """1×1×2×h×w: x and y of the pixels' centres, in sides of a square of the same area."""
    side = (height * width) ** 0.5
    across = ((torch.arange(width, device=device) + 0.5) / side).expand(height, width)
    down = ((torch.arange(height, device=device) + 0.5) / side)[:, None].expand(height, width)
    return torch.stack([across, down])[None, None]


def _sampled(maps: Tensor, places: Tensor) -> Tensor:
    """B×C×h×w at B×N×2 places in [0, 1], bilinearly: B×N×C."""
    grid = places[:, :, None] * 2 - 1
    seen = F.grid_sample(maps, grid, align_corners=False, padding_mode="border")
    return seen[..., 0].transpose(1, 2)
