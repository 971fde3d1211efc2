"""A sheet of held-out photos as a run colours them: the truth, the grey input, the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from engine.color.tensors import lab_to_srgb
from training.data.augmentation import true_pair

if TYPE_CHECKING:
    from pathlib import Path

    from engine.models.contract import Colorizer
    from training.data.batches import CropSource

PHOTOS = 8
QUALITY = 90


@torch.no_grad()
def save_sheet(path: Path, model: Colorizer, crops: CropSource, side: int) -> None:
    """Writes a JPEG with one photo a row: truth, grey, result.

    Args:
        path: The file.
        model: The network, in evaluation mode.
        crops: Photos; the first eight are shown.
        side: Side of the square that the network sees, in pixels.

    Raises:
        OSError: If the file cannot be written.
    """
    index = torch.arange(min(PHOTOS, len(crops)), device=crops.device)
    srgb = crops.crops(index, side, torch.Generator(), None).srgb
    lightness = true_pair(srgb, 1).lightness
    ab = F.interpolate(model(lightness).ab.float(), size=srgb.shape[-2:], mode="bilinear")
    grey, colored = (lab_to_srgb(torch.cat([lightness, colors], dim=1)) for colors in (ab * 0, ab))
    rows = torch.cat([srgb, grey, colored], dim=3)  # B×3×S×3S
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(_bytes(rows).numpy()).save(path, quality=QUALITY)


def _bytes(rows: Tensor) -> Tensor:
    """B×3×S×W in [0, 1] to one picture B·S×W×3, uint8, on the CPU."""
    stacked = rows.permute(0, 2, 3, 1).flatten(0, 1)
    return (stacked.clamp(0, 1) * 255).round().to(torch.uint8).cpu()
