"""Photo-level palettes: clusters of small ab maps, of which a photo has one and may be given another."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

MAP_SIDE = 4


def small_maps(ab: Tensor) -> Tensor:
    """B×2×h×w colours to B×2×4×4 maps of their means."""
    return F.adaptive_avg_pool2d(ab, MAP_SIDE)


def nearest_palette(maps: Tensor, palettes: Tensor) -> Tensor:
    """The palette of each photo: B indices, for B×2×4×4 maps and K×2×4×4 palettes."""
    return torch.cdist(maps.flatten(1), palettes.flatten(1)).argmin(dim=1)


def cluster(maps: Tensor, count: int, seed: int, rounds: int = 30) -> Tensor:
    """K-means (Lloyd, from k-means++ seeds) over small ab maps.

    Args:
        maps: N×2×4×4 in CIELAB units.
        count: Number of palettes K.
        seed: Of the start.
        rounds: Lloyd iterations.

    Returns:
        K×2×4×4 palettes, the most frequent first.
    """
    points = maps.flatten(1)
    generator = torch.Generator().manual_seed(seed)
    centres = points[torch.randint(len(points), (1,), generator=generator)]
    while len(centres) < count:
        distance = torch.cdist(points, centres).amin(dim=1).square() + 1e-6
        chosen = torch.multinomial(distance.cpu(), 1, generator=generator).to(points.device)
        centres = torch.cat([centres, points[chosen]])
    for _ in range(rounds):
        member = torch.cdist(points, centres).argmin(dim=1)
        sums = torch.zeros_like(centres).index_add_(0, member, points)
        counts = torch.bincount(member, minlength=count)
        centres = torch.where(counts[:, None] > 0, sums / counts.clamp(min=1)[:, None], centres)
    counts = torch.bincount(torch.cdist(points, centres).argmin(dim=1), minlength=count)
    return centres[counts.argsort(descending=True)].reshape(count, 2, MAP_SIDE, MAP_SIDE)
