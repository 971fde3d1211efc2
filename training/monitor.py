"""How a run is doing, on photos that it never trains on: decibels over grey, colourfulness, bits below the marginal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.color.tensors import lab_to_srgb
from engine.models.bins import soft_encode
from training.data.augmentation import block_mean, true_pair
from training.data.batches import CropSource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.models.contract import Colorizer
    from training.data.packed import PackedPhotos

SIZE = 128
BATCH = 32


class Monitor:
    """Measures a network on held-out photos: centre squares, no hints.

    A quick look while training; `autochrome evaluate` is the measurement.

    Args:
        photos: The held-out photos.
        device: Where to compute.
        side: Side of the squares in pixels, a multiple of the network's.
        most: So many photos are measured at most.
    """

    def __init__(self, photos: PackedPhotos, device: torch.device, side: int = SIZE, most: int | None = None) -> None:
        self.crops = CropSource(photos, device)
        self.side = side
        self.count = min(len(self.crops), most or len(self.crops))

    @torch.no_grad()
    def measure(self, model: Colorizer) -> dict[str, float]:
        """Mean gain over grey in dB, the share of the true chroma, and ab bits a pixel where there is a distribution.

        Args:
            model: The network, in evaluation mode.
        """
        gains: list[Tensor] = []
        chroma = true_chroma = bits = 0.0
        for srgb in self._batches():
            lightness = true_pair(srgb, 1).lightness
            prediction = model(lightness)
            small = true_pair(srgb, self.side // prediction.ab.shape[-1])
            ab = torch.nn.functional.interpolate(prediction.ab, size=srgb.shape[-2:], mode="bilinear")
            gains.append(_psnr(lightness, ab, srgb) - _psnr(lightness, ab * 0, srgb))
            chroma += _chroma(prediction.ab)
            true_chroma += _chroma(small.ab)
            if prediction.logits is not None and prediction.bins is not None:
                coarse = block_mean(small.ab, small.ab.shape[-1] // prediction.logits.shape[-1])
                nearest, weight = soft_encode(coarse.permute(0, 2, 3, 1), prediction.bins)
                log_probability = prediction.logits.log_softmax(1).permute(0, 2, 3, 1).gather(-1, nearest)
                bits -= float((log_probability * weight).sum(-1).mean(dim=(1, 2)).sum()) / math.log(2)
        found = {
            "gain_db": round(float(torch.cat(gains).mean()), 3),
            "chroma_share": round(chroma / max(true_chroma, 1e-6), 3),
        }
        return found | ({"bits": round(bits / self.count, 3)} if bits else {})

    @torch.no_grad()
    def measure_own(self, model: Colorizer) -> dict[str, float]:
        """The losses of a network that is trained by a likelihood of its own, for its colours take long to draw."""
        sums: dict[str, float] = {}
        for srgb in self._batches():
            for name, value in (model.own_losses(true_pair(srgb, 1).lightness, srgb) or {}).items():
                sums[name] = sums.get(name, 0.0) + float(value) * len(srgb)
        return {name: round(total / self.count, 4) for name, total in sums.items()}

    def _batches(self) -> Iterator[Tensor]:
        """The photos, B×3×S×S sRGB at a time."""
        starts = range(0, self.count, BATCH)
        return (self._cut(torch.arange(start, min(start + BATCH, self.count))) for start in starts)

    def _cut(self, index: Tensor) -> Tensor:
        return self.crops.crops(index.to(self.crops.device), self.side, torch.Generator(), None).srgb


def _chroma(ab: Tensor) -> float:
    """The sum over B pictures of their mean chroma; ab is B×2×h×w."""
    return float(torch.hypot(ab[:, 0], ab[:, 1]).mean(dim=(1, 2)).sum())


def _psnr(lightness: Tensor, ab: Tensor, srgb: Tensor) -> Tensor:
    """PSNR in dB of each of B pictures against the truth B×3×S×S."""
    error = (lab_to_srgb(torch.cat([lightness, ab], dim=1)) - srgb).square().mean(dim=(1, 2, 3))
    return -10 * error.clamp(min=1e-10).log10()
