"""What a network puts into its colours that is not in the photo, and what its own picture loses of it.

Checkerboards, borders and casts are given in CIELAB units, so they can be held against what the eye notices (about 1
for large areas) and compared between networks.

**Checkerboard.** Transposed convolutions and strides give each pixel a treatment that depends on its place in a raster
of 2 or 4 pixels (A. Odena et al., "Deconvolution and Checkerboard Artifacts", Distill 2016). The network sees photos so
blurred that nothing of that size is left in them. From its ab goes what is smooth: with m the mean over 4×4 pixels,
taken twice, (1 − m)² ab, which leaves patterns that repeat every 2 or 4 pixels exactly as they are. The rest is cut
into overlapping blocks of 16×16, each weighted by a Hann window w and transformed. The mean power over the blocks (P.
Welch's periodogram, 1967), with g the filter's gain, is

    P(u, v) = mean |FFT(w · rest)(u, v)|² / (g(u, v) Σ w)²,  summed over a* and b*,

so that a pattern of period 16/u, 16/v has there its mean square. At the 15 frequencies of patterns that repeat every 4
pixels or 2, u, v ∈ {0, 4, 8, 12} without (0, 0), we take what P has more than its surroundings: of the four lines
through (u, v), the largest geometric mean of P at distance 2 on both sides, for an edge in the colours has power along
a line, and no peaks there.

    checkerboard = √ Σ max(P − surroundings, 0)

is the root mean square of the pattern alone. It is found even where its strength or sign changes over the picture.

**Border.** A photo, and the same photo with mirror images of itself all around: what lay at the border lies inside now,
and among the same things. With d² = mean |Δab|² between the two over a region,

    border = √ max(d²(outer eighth on each side) − d²(middle half), 0),

the root mean square of what the border alone does; the second term takes away what the wider view changes anywhere. A
network that has learned that skies lie above changes colours at the border on purpose; this measure cannot tell that
from a fault of its padding.

**Detail.** A network that speaks RGB makes a picture of its own. With h what a lightness has beyond its mean over 9×9
pixels, of that picture and of the photo,

    detail = Σ h(picture) · h(photo) / Σ h(photo)²

over the middle half, and the same over the outer eighth: 1 where all is kept, near 0 where the picture is soft. Only
its colours are used in the end, so this tells why such networks need the photographer's lightness.

**Cast.** The mean a* and b* over the photos, to be held against those of the truth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from engine.color.tensors import srgb_to_lab
from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.colorist import Colorist
    from engine.models.contract import Colorizer
    from training.evaluation import Sample

BLOCK = 16
STEP = BLOCK // 4
"""Between the frequencies of patterns that repeat every 4 pixels; every second one repeats after 2."""
LINES = ((0, 2), (2, 0), (2, 2), (2, -2))
"""Steps to the surroundings: a Hann window spreads a frequency over its direct neighbours, not further."""
SMOOTHING = (1.0, 2.0, 3.0, 4.0, 3.0, 2.0, 1.0)
"""The mean over 4 pixels, taken twice; times 16."""
LOST = 6
"""Pixels on each side that the filter, two such means deep, takes for itself."""
SMALLEST = BLOCK + 2 * LOST
BLUR = 3.0
"""Standard deviation of the blur in pixels of the output; of a period of 4 pixels it leaves 0.002 %."""
DETAIL = 9
"""What is finer than this many pixels is detail."""
PHOTOS = 24
"""So many photos tell an evaluation what a network adds and loses."""
BAND = 8
"""The border is this part of the height on the upper and lower side, and of the width on the others."""


class ArtefactError(EngineError):
    """A picture is too small to be measured."""

    title = "This cannot be measured"


@dataclass(frozen=True, slots=True, kw_only=True)
class Artefacts:
    """What a network adds and loses; means over photos.

    Attributes:
        checkerboard: Root mean square of patterns with a period of 2 or 4 pixels of the output, in CIELAB units.
        border: Root mean square of the difference that lying at the border makes, in CIELAB units.
        detail: Share of the photo's detail in the middle of the network's own picture; None where it makes none.
        border_detail: The same in its outer eighth.
        cast: Mean a* and b*.
    """

    checkerboard: float
    border: float
    detail: float | None
    border_detail: float | None
    cast: tuple[float, float]


@torch.inference_mode()
def measure_artefacts(network: Colorizer, lightness: Tensor) -> Artefacts:
    """Measures a network on photos.

    Args:
        network: In evaluation mode.
        lightness: B×1×H×W, L* in [0, 100]; H and W multiples of the network's `multiple`.

    Raises:
        ArtefactError: If the output is smaller than 28×28 pixels.
    """
    blurred = _blurred(lightness, BLUR * network.output_stride)
    prediction = network(lightness)
    detail = None if prediction.srgb is None else details(prediction.srgb, lightness)
    a, b = prediction.ab.mean(dim=(0, 2, 3)).tolist()
    return Artefacts(
        checkerboard=float(checkerboard(_inside(network(blurred).ab)).mean()),
        border=float(border(network, lightness).mean()),
        detail=None if detail is None else float(detail[0].mean()),
        border_detail=None if detail is None else float(detail[1].mean()),
        cast=(a, b),
    )


def artefacts_of(colorist: Colorist, samples: Sequence[Sample]) -> Artefacts:
    """`measure_artefacts` of a loaded model on the first photos of an evaluation, at the side it is used with.

    Args:
        colorist: The model.
        samples: The photos, square.

    Raises:
        ArtefactError: If its output is smaller than 28×28 pixels.
    """
    lightness = np.stack([colorist.prepare(sample.srgb).lightness for sample in samples[:PHOTOS]])
    device = next((value.device for value in colorist.network.buffers()), torch.device("cpu"))
    return measure_artefacts(colorist.network, torch.as_tensor(lightness)[:, None].to(device))


def checkerboard(ab: Tensor) -> Tensor:
    """Root mean square of patterns with a period of 2 or 4 pixels.

    Args:
        ab: B×2×h×w in CIELAB units, of something smooth; from 28×28 pixels on. Its outer 6 pixels do not count.

    Returns:
        B strengths in CIELAB units.

    Raises:
        ArtefactError: If ab is smaller.
    """
    if min(ab.shape[2:]) < SMALLEST:
        raise ArtefactError(
            f"Checkerboards are looked for in colours of {SMALLEST}\N{MULTIPLICATION SIGN}{SMALLEST} pixels or more; "
            f"these are {ab.shape[2]}\N{MULTIPLICATION SIGN}{ab.shape[3]}.",
            "Give larger photos.",
        )
    power = _power(ab.float())
    pairs = [power.roll(line, dims=(1, 2)) * power.roll((-line[0], -line[1]), dims=(1, 2)) for line in LINES]
    surroundings = torch.stack(pairs).amax(dim=0).sqrt()
    excess = (power - surroundings).clamp(min=0)[:, ::STEP, ::STEP].flatten(1)
    return excess[:, 1:].sum(dim=1).sqrt()  # the first is the mean colour


def _power(ab: Tensor) -> Tensor:
    """P of the module for B×2×h×w: B×16×16. At (0, 0), where the filter leaves nothing, it is 0."""
    kernel = torch.tensor(SMOOTHING, device=ab.device) / sum(SMOOTHING)
    low = torch.outer(kernel, kernel)[None, None]
    rest = ab.flatten(0, 1)[:, None]
    for _ in range(2):
        rest = rest[..., 3:-3, 3:-3] - F.conv2d(rest, low)
    frequency = torch.arange(BLOCK, device=ab.device)[:, None] * torch.arange(-3, 4, device=ab.device)
    response = (torch.cos(2 * math.pi / BLOCK * frequency) * kernel).sum(dim=1)  # of the mean, in one direction
    gain = (1 - torch.outer(response, response)).square()
    gain[0, 0] = math.inf
    hann = torch.hann_window(BLOCK, device=ab.device)
    window = hann[:, None] * hann
    blocks = rest.unfold(2, BLOCK, BLOCK // 2).unfold(3, BLOCK, BLOCK // 2)  # 2B×1×m×n×16×16
    untyped: Any = torch.fft  # torch's stubs do not know its functions
    magnitude: Tensor = untyped.fft2(blocks * window).abs() / (gain * window.sum())
    power = magnitude.square().mean(dim=(1, 2, 3))
    return power.view(-1, 2, BLOCK, BLOCK).sum(dim=1)


def border(network: Colorizer, lightness: Tensor) -> Tensor:
    """Root mean square of the difference that lying at the border makes to a network.

    Args:
        network: In evaluation mode.
        lightness: B×1×H×W, L* in [0, 100]; H and W multiples of the network's `multiple`.

    Returns:
        B strengths in CIELAB units.
    """
    margins = [network.multiple * math.ceil(side / network.multiple / 2) for side in lightness.shape[2:]]
    wide = network(_mirrored(lightness, margins[0], margins[1])).ab
    ab = network(lightness).ab
    top, left = (margin // network.output_stride for margin in margins)
    rows, columns = ab.shape[2:]
    change = (wide[:, :, top : top + rows, left : left + columns] - ab).square().sum(dim=1)  # B×h×w
    middle, outer = _regions(change)
    return (change[:, outer].mean(dim=1) - change[:, middle].mean(dim=1)).clamp(min=0).sqrt()


def details(srgb: Tensor, lightness: Tensor) -> tuple[Tensor, Tensor]:
    """How much of a photo's detail a picture of it has.

    Args:
        srgb: B×3×H×W in [0, 1], the picture.
        lightness: B×1×H×W, L* of the photo in [0, 100].

    Returns:
        B shares for the middle half, and B for the outer eighth on each side.
    """
    made, true = (_fine(planes)[:, 0] for planes in (srgb_to_lab(srgb)[:, :1], lightness))
    shares = [
        (made * true)[:, region].sum(dim=1) / true[:, region].square().sum(dim=1).clamp(min=1e-6)
        for region in _regions(true)
    ]
    return shares[0], shares[1]


def _fine(planes: Tensor) -> Tensor:
    """B×1×H×W without its mean over 9×9 pixels, the border repeated."""
    reach = DETAIL // 2
    return planes - F.avg_pool2d(F.pad(planes, (reach,) * 4, mode="replicate"), DETAIL, stride=1)


def _regions(planes: Tensor) -> tuple[Tensor, Tensor]:
    """Masks h×w of the middle half and of the outer eighth on each side of B×h×w."""
    rows, columns = planes.shape[1:]
    middle = torch.zeros(rows, columns, dtype=torch.bool, device=planes.device)
    middle[rows // 4 : rows - rows // 4, columns // 4 : columns - columns // 4] = True
    outer = torch.ones_like(middle)
    down, across = max(rows // BAND, 1), max(columns // BAND, 1)
    outer[down : rows - down, across : columns - across] = False
    return middle, outer


def _inside(ab: Tensor) -> Tensor:
    """B×2×h×w without its border, as far as that leaves enough, and as far as the filter does not take it anyway."""
    rows, columns = ab.shape[2:]
    down, across = (max(min(side // BAND - LOST, (side - SMALLEST) // 2), 0) for side in (rows, columns))
    return ab[:, :, down : rows - down, across : columns - across]


def _blurred(planes: Tensor, deviation: float) -> Tensor:
    """A Gaussian blur of B×1×H×W, the border repeated."""
    reach = math.ceil(4 * deviation)
    offsets = torch.arange(-reach, reach + 1, device=planes.device, dtype=planes.dtype)
    weights = torch.exp(-(offsets**2) / (2 * deviation**2))
    weights = weights / weights.sum()
    planes = F.conv2d(F.pad(planes, (reach, reach, 0, 0), mode="replicate"), weights.view(1, 1, 1, -1))
    return F.conv2d(F.pad(planes, (0, 0, reach, reach), mode="replicate"), weights.view(1, 1, -1, 1))


def _mirrored(planes: Tensor, rows: int, columns: int) -> Tensor:
    """B×1×H×W with mirror images of itself around it, so many rows and columns on each side."""
    high = torch.cat([planes[:, :, :rows].flip(2), planes, planes[:, :, -rows:].flip(2)], dim=2)
    return torch.cat([high[..., :columns].flip(3), high, high[..., -columns:].flip(3)], dim=3)
