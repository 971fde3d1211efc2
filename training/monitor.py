"""How a run is doing, on photos that it never trains on: decibels over grey, colourfulness, bits below the marginal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from engine.color.tensors import lab_to_srgb
from engine.models.bins import soft_encode
from training.data.augmentation import true_pair
from training.data.batches import CropSource

if TYPE_CHECKING:
    from torch import nn

    from training.data.packed import PackedPhotos

SIZE = 128
BATCH = 32


class Monitor:
    """Measures a network on held-out photos: centre squares at 128 px, no hints.

    A quick look while training; `autochrome evaluate` is the measurement.

    Args:
        photos: The held-out photos.
        device: Where to compute.
    """

    def __init__(self, photos: PackedPhotos, device: torch.device) -> None:
        self.crops = CropSource(photos, device)

    @torch.no_grad()
    def measure(self, model: nn.Module) -> dict[str, float]:
        """Mean gain over grey in dB, the share of the truth's chroma, and ab bits a pixel."""
        gains: list[Tensor] = []
        chroma = true_chroma = bits = 0.0
        for start in range(0, len(self.crops), BATCH):
            index = torch.arange(start, min(start + BATCH, len(self.crops)), device=self.crops.device)
            srgb = self.crops.crops(index, SIZE, torch.Generator(), None).srgb
            pair = true_pair(srgb)
            prediction = model(pair.lightness)
            ab = torch.nn.functional.interpolate(prediction.ab, size=srgb.shape[-2:], mode="bilinear")
            gains.append(_psnr(pair.lightness, ab, srgb) - _psnr(pair.lightness, ab * 0, srgb))
            chroma += _chroma(prediction.ab)
            true_chroma += _chroma(pair.ab)
            if prediction.logits is not None and prediction.bins is not None:
                nearest, weight = soft_encode(pair.ab.permute(0, 2, 3, 1), prediction.bins)
                log_probability = prediction.logits.log_softmax(1).permute(0, 2, 3, 1).gather(-1, nearest)
                bits -= float((log_probability * weight).sum(-1).mean(dim=(1, 2)).sum()) / math.log(2)
        count = len(self.crops)
        return {
            "gain_db": round(float(torch.cat(gains).mean()), 3),
            "chroma_share": round(chroma / max(true_chroma, 1e-6), 3),
            "bits": round(bits / count, 3),
        }


def _chroma(ab: Tensor) -> float:
    """The sum over B pictures of their mean chroma; ab is B×2×h×w."""
    return float(torch.hypot(ab[:, 0], ab[:, 1]).mean(dim=(1, 2)).sum())


def _psnr(lightness: Tensor, ab: Tensor, srgb: Tensor) -> Tensor:
    """PSNR in dB of each of B pictures against the truth B×3×S×S."""
    error = (lab_to_srgb(torch.cat([lightness, ab], dim=1)) - srgb).square().mean(dim=(1, 2, 3))
    return -10 * error.clamp(min=1e-10).log10()
