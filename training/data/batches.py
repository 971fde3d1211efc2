"""Crops of many photos at once, cut and resized on the device.

The packed photos stay one flat uint8 array. A batch is a few gathers of it, added up: each pixel of a crop is the mean
of k×k samples (k = 2, or more where a crop is shrunk more than twice), with crop, mirror image and rotation in the
sampling positions. Nothing is done photo by photo, and no picture larger than the crops is ever made.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

if TYPE_CHECKING:
    from training.data.packed import PackedPhotos
    from training.recipe import AugmentationRecipe

MAX_SAMPLES = 8
"""Samples a pixel each way, at most."""
CACHED_PIXELS = 1 << 16


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


@dataclass(frozen=True, slots=True)
class _Squares:
    """Where B crops lie in their photos, in pixels; all B, float32, on the CPU.

    Attributes:
        side: Sides of the squares.
        center_x: Of the squares.
        center_y: Of the squares.
        mirror: -1 for a mirror image, else 1.
        angle: Rotation in radians.
    """

    side: Tensor
    center_x: Tensor
    center_y: Tensor
    mirror: Tensor
    angle: Tensor


class CropSource:
    """Draws batches of square crops out of packed photos.

    Args:
        photos: The packed photos.
        device: Where the batches are made; the pixels are held there once.
    """

    def __init__(self, photos: PackedPhotos, device: torch.device) -> None:
        self.device = device
        self._pixels = _as_tensor(photos.pixels).to(device)
        self._starts = torch.as_tensor(photos.starts)
        self._sizes = torch.as_tensor(photos.sizes)
        self._labels = torch.as_tensor(photos.labels).to(torch.int64)

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
        return torch.cat(chosen)

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
        index = index.cpu()
        sizes = self._sizes[index]
        squares = _place(sizes, generator, augmentation)
        # A crop is often shrunk, and must not alias: as many samples as photo pixels, at least two to smooth it.
        samples = min(max(2, math.ceil(float(squares.side.max()) / size)), MAX_SAMPLES)
        srgb = self._sample(index, sizes, squares, size, samples)
        return Crops(srgb, index.to(self.device), self._labels[index].to(self.device))

    def _sample(self, index: Tensor, sizes: Tensor, squares: _Squares, size: int, samples: int) -> Tensor:
        """B×3×S×S in [0, 1]: the mean of so many nearest-neighbour samples each way in each pixel."""
        fine = size * samples
        offsets = (torch.arange(fine) + 0.5) / fine - 0.5
        along = offsets * (squares.side * squares.mirror)[:, None]  # B×kS, of the crop's columns
        down = offsets * squares.side[:, None]  # and of its rows
        cosine, sine = squares.angle.cos()[:, None], squares.angle.sin()[:, None]
        # A place in the photo is a share of the column's plus one of the row's; a dozen numbers a row, taken to the
        # device at once.
        of_columns = torch.stack([squares.center_x[:, None] + along * cosine, squares.center_y[:, None] + along * sine])
        of_rows = torch.stack([-down * sine, down * cosine])
        of_columns, of_rows = of_columns.to(self.device), of_rows.to(self.device)  # 2×B×kS: x, y
        last = (sizes.T - 1).to(self.device, torch.float32)[..., None, None]  # 2×B×1×1: y, x
        start, width = (values.to(self.device)[:, None, None] for values in (self._starts[index], sizes[:, 1]))
        srgb = torch.empty(len(index), 3, size, size, device=self.device)
        for part in parts(len(index), size * size, self.device):
            total = torch.zeros(srgb[part].numel() // 3, 3, device=self.device)
            for at_y in range(samples):
                x_down, y_down = of_rows[:, part, at_y::samples, None]  # n×S×1
                for at_x in range(samples):
                    x_along, y_along = of_columns[:, part, None, at_x::samples]  # n×1×S
                    column = (x_along + x_down).clamp_(min=0).minimum(last[1, part]).to(torch.int32)  # n×S×S
                    row = (y_along + y_down).clamp_(min=0).minimum(last[0, part]).to(torch.int32)
                    place = row.mul_(width[part]).add_(column) + start[part]
                    total.add_(self._pixels.index_select(0, place.view(-1)))
            mean = total.mul_(1 / (255 * samples * samples))
            srgb[part] = mean.view(-1, size, size, 3).permute(0, 3, 1, 2)
        return srgb


def parts(count: int, pixels: int, device: torch.device) -> list[slice]:
    """Slices of a batch that are computed one after another: what a CPU holds in its cache; all at once elsewhere.

    On a CPU large intermediate results cost more time than the arithmetic, for each is memory that the system first
    has to give and to clear.

    Args:
        count: Pictures in the batch.
        pixels: Of each picture.
        device: Where they are.
    """
    step = max(1, CACHED_PIXELS // pixels) if device.type == "cpu" else count
    return [slice(start, start + step) for start in range(0, count, step)]


def _as_tensor(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tensor:
    """The same memory as a tensor; torch wants it writeable, though nobody writes."""
    return torch.as_tensor(pixels if pixels.flags.writeable else np.array(pixels))


def _place(sizes: Tensor, generator: torch.Generator, augmentation: AugmentationRecipe | None) -> _Squares:
    """Draws where the crops lie in photos of these sizes (B×2: height, width)."""
    height, width = sizes.to(torch.float32).unbind(1)
    short = torch.minimum(height, width)
    if augmentation is None:
        share, angle, middle = torch.ones_like(short), torch.zeros_like(short), torch.full_like(short, 0.5)
        mirror, at_x, at_y = share, middle, middle
    else:

        def draw() -> Tensor:
            return torch.rand(len(short), generator=generator)

        share = augmentation.crop + (1 - augmentation.crop) * draw()
        angle = (2 * draw() - 1) * math.radians(augmentation.rotation)
        angle = torch.where(draw() < 0.5, angle, 0.0)
        mirror = torch.where(draw() < augmentation.flip, -1.0, 1.0)
        at_x, at_y = draw(), draw()
    side = short * share
    # A rotated square reaches further; its centre stays where all of it lies inside, or at the middle.
    reach = side / 2 * (angle.cos().abs() + angle.sin().abs())
    return _Squares(side, _between(reach, width - reach, at_x), _between(reach, height - reach, at_y), mirror, angle)


def _between(low: Tensor, high: Tensor, share: Tensor) -> Tensor:
    """A position in [low, high], or their middle where low lies above high."""
    room = (high - low).clamp(min=0)
    return torch.where(high > low, low + room * share, (low + high) / 2)
