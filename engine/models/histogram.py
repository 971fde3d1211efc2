"""`histogram`: no learning at all; colours are carried over from the most similar of a few hundred colour photos.

Papers: the "No-ML" way of "Enhancing Image Colorization Architectures" (a student project's slides), which names
histogram matching and pixel correlation and no more. The rest is T. Welsh, M. Ashikhmin, K. Mueller, "Transferring
Color to Greyscale Images", SIGGRAPH 2002: the reference's lightness is remapped to the photo's, each pixel is compared
with a few hundred samples of the reference by its lightness and by the deviation of lightness around it, half and half,
and takes a* and b* of the best.

Differs: lightness is remapped by its whole histogram, where Welsh et al. match mean and deviation. The samples lie on a
grid, where theirs are jittered, so that a photo has one colouring. The neighbourhood is 5×5 px of the reference and the
same share of the photo, for references are small. The reference is not chosen by hand: it is the one whose histogram of
lightness is nearest, by the earth mover's distance (Y. Rubner et al., IJCV 2000), which in one dimension is the area
between the cumulated histograms.

Weights: none, only the references, which training collects.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional as F

from engine.color.tensors import linear_rgb_to_lab, linearize
from engine.models.contract import Colorizer, Features, HintTensors, Prediction
from engine.models.precision import without_autocast

NEIGHBOURHOOD = 5
"""Side of the neighbourhood in pixels of the reference; Welsh et al. found 5 to do for most photos."""
GRID = 16
"""The reference is sampled at so many places each way; Welsh et al. take about 200 samples."""
LEVELS = 101
"""Levels of lightness, 0 to 100, at which cumulated histograms are compared."""
PIXELS_AT_ONCE = 1 << 13
"""Pixels that are compared with all samples at once, to bound the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistogramSpec:
    """The numbers of a `histogram` colorizer.

    Attributes:
        references: How many colour photos are kept.
        side: Their side in pixels.

    Raises:
        ValueError: If the references are smaller than the grid of samples.
    """

    references: int = 256
    side: int = 64

    def __post_init__(self) -> None:
        if self.side < GRID:
            raise ValueError(f"references of {self.side} px cannot be sampled at {GRID} places")


class HistogramTransfer(Colorizer):
    """L* to ab, by the reference whose lightness is spread most alike; see the module.

    Args:
        spec: The numbers.
    """

    multiple: ClassVar[int] = 16

    def __init__(self, spec: HistogramSpec) -> None:
        super().__init__()
        self.reference_count = spec.references
        shape = (spec.references, 3, spec.side, spec.side)
        self.register_buffer("references", torch.zeros(shape, dtype=torch.uint8))

    def encode(self, lightness: Tensor) -> Features:
        """See `Colorizer`; returns the finished ab, for nothing that can change later matters to it."""
        with without_autocast(lightness.device):
            references = self.get_buffer("references")
            known = cumulated(_lab(references.float() / 255)[:, :1])  # N×101
            distance = (cumulated(lightness.float())[:, None] - known).abs().sum(dim=2)  # B×N
            chosen = references[distance.argmin(dim=1)]  # B×3×s×s
            return (carry_colors(lightness, chosen.float() / 255),)

    def decode(self, features: Features, hints: HintTensors | None = None, palette: Tensor | None = None) -> Prediction:
        """See `Colorizer`."""
        return Prediction(self.bounded(features[0].float()))


def cumulated(lightness: Tensor) -> Tensor:
    """The share of pixels that are at most as light as each level.

    Args:
        lightness: B×1×H×W, L* in [0, 100].

    Returns:
        B×101, rising to 1; one step a unit of L*.
    """
    ordered = lightness.flatten(1).sort(dim=1).values.contiguous()
    levels = torch.arange(LEVELS, device=lightness.device, dtype=ordered.dtype).expand(len(ordered), -1).contiguous()
    return torch.searchsorted(ordered, levels, right=True) / ordered.shape[1]


def match_histogram(values: Tensor, target: Tensor) -> Tensor:
    """Remaps values so that they are spread as the target's are: each goes to the target's value of its own rank.

    Args:
        values: B×N, any.
        target: B×M, any.

    Returns:
        B×N; equal values stay equal, a larger one never becomes smaller.
    """
    ordered = values.sort(dim=1).values.contiguous()
    below, upto = (torch.searchsorted(ordered, values.contiguous(), right=right) for right in (False, True))
    rank = (below + upto).to(values.dtype) / (2 * values.shape[1])  # of the middle of equal values, in (0, 1)
    places = (rank * target.shape[1] - 0.5).clamp(0, target.shape[1] - 1)
    wanted = target.sort(dim=1).values
    low = places.floor().long()
    high = (low + 1).clamp(max=target.shape[1] - 1)
    return torch.lerp(wanted.gather(1, low), wanted.gather(1, high), places - low)


def carry_colors(lightness: Tensor, reference_srgb: Tensor) -> Tensor:
    """Colours a grey photo by a colour photo, as Welsh et al. 2002 do.

    Args:
        lightness: B×1×H×W, L* in [0, 100].
        reference_srgb: B×3×h×w in [0, 1], a colour photo for each; h and w at least 16.

    Returns:
        B×2×H×W, a* and b* in CIELAB units, float32.
    """
    with without_autocast(lightness.device):
        lightness, lab = lightness.float(), _lab(reference_srgb.float())
        matched = match_histogram(lab[:, 0].flatten(1), lightness.flatten(1)).view_as(lab[:, :1])
        share = NEIGHBOURHOOD / min(lab.shape[2:])
        photo = _look(lightness, share)  # B×2×H×W
        samples = _sampled(torch.cat([_look(matched, share), lab[:, 1:]], dim=1))  # B×4×256
        look, ab = samples[:, :2].transpose(1, 2), samples[:, 2:]
        pixels = photo.flatten(2).transpose(1, 2)  # B×HW×2
        parts = torch.split(pixels, PIXELS_AT_ONCE, dim=1)
        best = torch.cat([_nearest(part, look) for part in parts], dim=1)
        return ab.gather(2, best[:, None].expand(-1, 2, -1)).view(-1, 2, *lightness.shape[2:])


def _lab(srgb: Tensor) -> Tensor:
    """B×3×h×w sRGB in [0, 1] as CIELAB."""
    return linear_rgb_to_lab(linearize(srgb))


def _look(lightness: Tensor, share: float) -> Tensor:
    """Lightness B×1×H×W and its deviation in neighbourhoods of that share of the short side: B×2×H×W."""
    reach = round(min(lightness.shape[2:]) * share) // 2
    padded = F.pad(lightness, (reach,) * 4, mode="replicate")
    # About the photo's mean, so that the square of a flat neighbourhood is not lost in that of its lightness.
    centred = padded - lightness.mean(dim=(2, 3), keepdim=True)
    mean = F.avg_pool2d(centred, 2 * reach + 1, stride=1)
    variance = F.avg_pool2d(centred.square(), 2 * reach + 1, stride=1) - mean.square()
    return torch.cat([lightness, variance.clamp(min=0).sqrt()], dim=1)


def _sampled(planes: Tensor) -> Tensor:
    """B×C×h×w at the middles of a grid of 16×16 cells: B×C×256."""
    rows, columns = (
        ((torch.arange(GRID, device=planes.device) + 0.5) * (side / GRID)).long() for side in planes.shape[2:]
    )
    return planes[:, :, rows][:, :, :, columns].flatten(2)


def _nearest(pixels: Tensor, samples: Tensor) -> Tensor:
    """For each of B×N×2 the index of the nearest of B×M×2, lightness and deviation weighing the same: B×N."""
    return torch.cdist(pixels, samples, p=1.0).argmin(dim=2)
