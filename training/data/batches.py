"""Crops of many photos at once, cut and resized on the device.

The packed photos stay one flat uint8 array; a batch is one gather of it at twice the size, averaged, with crop, flip
and rotation in the sampling positions. Nothing is done photo by photo.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from training.data.packed import PackedPhotos
    from training.recipe import AugmentationRecipe


@dataclass(frozen=True, slots=True)
class Crops:
    """A batch of crops.

    Attributes:
        srgb: B×3×S×S sRGB in [0, 1].
        index: B indices of the photos.
        labels: B labels, -1 where unknown.
    """

    srgb: Tensor
    index: Tensor
    labels: Tensor


class CropSource:
    """Draws batches of square crops out of packed photos.

    Args:
        photos: The packed photos.
        device: Where the batches are made; the pixels are held there once.
    """

    def __init__(self, photos: PackedPhotos, device: torch.device) -> None:
        self.device = device
        pixels = photos.pixels if photos.pixels.flags.writeable else np.array(photos.pixels)
        self._pixels = torch.as_tensor(pixels).to(device)
        self._starts = torch.as_tensor(photos.starts).to(device)
        self._sizes = torch.as_tensor(photos.sizes).to(device).to(torch.float32)
        self._labels = torch.as_tensor(photos.labels).to(device).to(torch.int64)

    def __len__(self) -> int:
        return len(self._starts)

    def indices(self, seen: int, batch: int, seed: int) -> Tensor:
        """The photos of the batch that follows `seen` photos: each epoch is a shuffle of its own, known by its seed."""
        count = len(self)
        chosen: list[Tensor] = []
        while batch > 0:
            epoch, place = divmod(seen, count)
            order = torch.randperm(count, generator=torch.Generator().manual_seed(seed * 100_003 + epoch))
            part = order[place : place + batch]
            chosen.append(part)
            seen, batch = seen + len(part), batch - len(part)
        return torch.cat(chosen).to(self.device)

    def crops(
        self, index: Tensor, size: int, generator: torch.Generator, augmentation: AugmentationRecipe | None
    ) -> Crops:
        """Cuts one square crop out of each photo.

        Args:
            index: B photos.
            size: Side S of the crops in pixels.
            generator: Of all that is drawn (on the CPU, so that a run does not depend on the device).
            augmentation: Crop, flip and rotation; None takes the centre square.
        """
        batch = len(index)
        height, width = self._sizes[index].unbind(1)
        short = torch.minimum(height, width)

        def draw() -> Tensor:
            return torch.rand(batch, generator=generator).to(self.device)

        if augmentation is None:
            share, angle = torch.ones_like(short), torch.zeros_like(short)
            mirror, at_x, at_y = torch.ones_like(short), torch.full_like(short, 0.5), torch.full_like(short, 0.5)
        else:
            share = augmentation.crop + (1 - augmentation.crop) * draw()
            angle = (2 * draw() - 1) * math.radians(augmentation.rotation)
            angle = torch.where(draw() < 0.5, angle, 0.0)
            mirror = torch.where(draw() < augmentation.flip, -1.0, 1.0)
            at_x, at_y = draw(), draw()
        side = short * share
        # A rotated square reaches further; its centre stays where all of it lies inside, or at the middle.
        reach = side / 2 * (angle.cos().abs() + angle.sin().abs())
        centre_x = _between(reach, width - reach, at_x)
        centre_y = _between(reach, height - reach, at_y)

        # Twice as many samples as pixels, then averaged: a crop is often shrunk, and must not alias.
        fine = size * 2
        offsets = (torch.arange(fine, device=self.device) + 0.5) / fine - 0.5
        u = (offsets[None, None, :] * (side * mirror)[:, None, None]).expand(batch, fine, fine)
        v = (offsets[None, :, None] * side[:, None, None]).expand(batch, fine, fine)
        cosine, sine = angle.cos()[:, None, None], angle.sin()[:, None, None]
        x = centre_x[:, None, None] + u * cosine - v * sine
        y = centre_y[:, None, None] + u * sine + v * cosine
        sampled = self._sample(index, x, y)  # B×2S×2S×3
        srgb = F.avg_pool2d(sampled.permute(0, 3, 1, 2), 2) / 255.0
        return Crops(srgb.contiguous(), index, self._labels[index])

    def _sample(self, index: Tensor, x: Tensor, y: Tensor) -> Tensor:
        """Nearest-neighbour samples at positions in pixels; two a pixel each way are averaged afterwards."""
        height, width = self._sizes[index].unbind(1)
        column = torch.minimum(x.floor().clamp(min=0), (width - 1)[:, None, None]).to(torch.int64)
        row = torch.minimum(y.floor().clamp(min=0), (height - 1)[:, None, None]).to(torch.int64)
        place = self._starts[index][:, None, None] + row * width.to(torch.int64)[:, None, None] + column
        return self._pixels[place.reshape(-1)].reshape(*x.shape, 3).to(torch.float32)


def _between(low: Tensor, high: Tensor, share: Tensor) -> Tensor:
    """A position in [low, high], or their middle where low lies above high."""
    room = (high - low).clamp(min=0)
    return torch.where(high > low, low + room * share, (low + high) / 2)
