"""Regions of line art, though its lines have gaps, and one mean colour for each: plain numbers in, plain numbers out.

Paper: Zhang, Chen, Zhang, Hu, Martin, "Vectorizing Cartoon Animations", IEEE TVCG 15(4), 2009. A ball that is too large
for the gaps of a line cannot leave the region in which it is trapped; what it covers is filled. Smaller and smaller
balls fill what is left: first corners, at last single pixels. Then what is too small is merged with its neighbour, and
the regions grow over the lines.

Differs: a ball fills by distances and components and not by moving about, which gives the same regions in one pass a
radius. What is merged is chosen by its size alone (crumbs in corners and gaps) and goes to the neighbour that is alike
in lightness, for a grey picture has no other colour to compare by. Lines are found in L*, not drawn by hand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray

    Mask = NDArray[np.bool_]
    Regions = NDArray[np.int32]

LINE_WINDOW = 9
"""Side in pixels of the surroundings that a line is darker than."""
BALL = 4
"""Radius of the first ball where `regions_of` chooses, in pixels of a picture of `SIDE`² pixels."""
CONTRAST = 3.0
"""By how much a line is darker than its surroundings there, in L*."""
LEAST = 0.0005
"""Share of the picture below which a region is merged there."""
SIDE = 256


def line_art(lightness: FloatArray, contrast: float, window: int = LINE_WINDOW) -> Mask:
    """Where the lines are: whatever is darker than its surroundings by more than `contrast`.

    The dark side of an edge counts too, so that two areas without a line between them still part; the inside of a dark
    area does not.

    Args:
        lightness: H×W, L* in [0, 100].
        contrast: In L*.
        window: Side of the surroundings, in pixels.
    """
    plane = np.asarray(lightness, np.float32)
    surroundings = cv2.blur(plane, (window, window), borderType=cv2.BORDER_REPLICATE)
    return plane < surroundings - np.float32(contrast)


def trapped_ball(lines: Mask, radius: int) -> Regions:
    """Fills what lies between lines, with balls from `radius` pixels down to single pixels.

    A gap of at most 2·`radius` pixels does not join what lies on its two sides. Radius 0 is a plain flood fill, which
    leaks through every gap.

    Args:
        lines: H×W, true on a line.
        radius: Of the first ball, in pixels.

    Returns:
        H×W, the number of each pixel's region from 1 on; 0 on lines.
    """
    regions = np.zeros(lines.shape, np.int32)
    for ball in range(radius, -1, -1):
        filled = _fill(lines | (regions > 0), ball)
        regions = np.where(filled > 0, filled + regions.max(), regions)
    return regions


def _fill(walls: Mask, radius: int) -> Regions:
    """All that a ball of this radius covers without touching a wall; numbered from 1, 0 elsewhere."""
    room = cv2.distanceTransform((~walls).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    centres = np.asarray(room) > radius if walls.any() else ~walls  # without a wall, OpenCV has no distances
    if not centres.any():
        return np.zeros(walls.shape, np.int32)
    _, components = cv2.connectedComponents(centres.astype(np.uint8), connectivity=4, ltype=cv2.CV_32S)
    distance, nearest = _nearest(centres)
    covered = (distance <= radius) & ~walls  # these distances are approximate, and could reach into a wall
    return np.where(covered, np.asarray(components, np.int32).ravel()[nearest], 0).astype(np.int32)


def _nearest(seeds: Mask) -> tuple[FloatArray, NDArray[np.int64]]:
    """How far each pixel is from the nearest seed, and which that is, as an index into the flat picture."""
    distance, labels = cv2.distanceTransformWithLabels(
        (~seeds).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5, labelType=cv2.DIST_LABEL_PIXEL
    )
    label = np.asarray(labels, np.int32)
    seed_of = np.zeros(int(label.max()) + 1, np.int64)
    seed_of[label[seeds]] = np.flatnonzero(seeds)
    return np.asarray(distance, np.float32), seed_of[label]


def merge_crumbs(regions: Regions, lightness: FloatArray, least: int) -> Regions:
    """Merges each region of fewer than `least` pixels with the region it touches that is nearest to it in lightness.

    Two regions that are both large enough stay apart, whatever crumbs lie between them. A small region that lines
    surround touches none and stays: an eye keeps its white.

    Args:
        regions: H×W, as `trapped_ball` returns them.
        lightness: H×W, L* in [0, 100].
        least: In pixels.

    Returns:
        H×W, numbered from 1 without holes, 0 where no region is.
    """
    count = int(regions.max()) + 1
    area = np.bincount(regions.ravel(), minlength=count).astype(np.float64)
    light = np.bincount(regions.ravel(), weights=lightness.ravel(), minlength=count)
    neighbours = _neighbours(regions, count)
    owner = np.arange(count)
    order: list[int] = (np.argsort(area[1:], kind="stable") + 1).tolist()
    for crumb in order:
        if area[crumb] >= least or owner[crumb] != crumb:
            continue
        touching = {_root(owner, n) for n in neighbours[crumb]} - {crumb}
        if not touching:
            continue
        mean = light[crumb] / area[crumb]
        chosen = min(touching, key=lambda n: (abs(light[n] / area[n] - mean), n))
        owner[crumb] = chosen
        area[chosen] += area[crumb]
        light[chosen] += light[crumb]
        neighbours[chosen] |= neighbours[crumb]
    roots = np.array([_root(owner, n) for n in range(count)])
    _, numbered = np.unique(roots, return_inverse=True)  # 0 stays 0: it is its own root, and the smallest
    return numbered.astype(np.int32)[regions]


def _neighbours(regions: Regions, count: int) -> list[set[int]]:
    """For each region those that share an edge of a pixel with it; lines (0) are nobody's neighbour."""
    beside = np.stack([regions[:, :-1].ravel(), regions[:, 1:].ravel()])
    below = np.stack([regions[:-1].ravel(), regions[1:].ravel()])
    pairs = np.concatenate([beside, below], axis=1)
    pairs = np.unique(pairs[:, (pairs[0] != pairs[1]) & (pairs > 0).all(axis=0)], axis=1)
    found: list[set[int]] = [set() for _ in range(count)]
    both: list[list[int]] = pairs.T.tolist()
    for one, other in both:
        found[one].add(other)
        found[other].add(one)
    return found


def _root(owner: NDArray[np.int64], region: int) -> int:
    """The region that has taken in this one, and is its own owner."""
    while owner[region] != region:
        region = int(owner[region])
    return region


def grow(regions: Regions) -> Regions:
    """Lets the regions grow over the lines: each pixel of 0 joins the region nearest to it.

    Where there is no region at all, the whole picture becomes one.
    """
    inside = regions > 0
    if not inside.any():
        return np.ones_like(regions)
    _, nearest = _nearest(inside)
    return regions.ravel()[nearest]


def segment(lightness: FloatArray, *, contrast: float, radius: int, least: int, window: int = LINE_WINDOW) -> Regions:
    """All of it: lines, trapped balls, merging, growing.

    Args:
        lightness: H×W, L* in [0, 100].
        contrast: By how much a line is darker than its surroundings, in L*.
        radius: Of the first ball, in pixels; 0 for a plain flood fill.
        least: Smaller regions are merged, in pixels.
        window: Side of the surroundings that a line is darker than, in pixels.

    Returns:
        H×W, the number of each pixel's region, from 1 on.
    """
    regions = trapped_ball(line_art(lightness, contrast, window), radius)
    return grow(merge_crumbs(regions, lightness, least))


def regions_of(lightness: FloatArray) -> Regions:
    """`segment` with numbers that suit cartoons, in proportion to the picture: its size does not change the regions.

    Args:
        lightness: H×W, L* in [0, 100].
    """
    scale = lightness.size**0.5 / SIDE
    return segment(
        lightness,
        contrast=CONTRAST,
        radius=max(1, round(BALL * scale)),
        least=round(LEAST * lightness.size),
        window=2 * max(1, round(LINE_WINDOW // 2 * scale)) + 1,
    )


def mean_color(ab: FloatArray, regions: Regions, weights: FloatArray | None = None) -> FloatArray:
    """Gives each region one colour, the mean of what it had; lightness, and with it the shading, is not touched.

    Args:
        ab: H×W×2 in CIELAB units.
        regions: H×W, as `segment` returns them.
        weights: H×W, how much each pixel counts, above 0; None for all alike.

    Returns:
        H×W×2, float32.

    Raises:
        ValueError: If the two differ in size.
    """
    if ab.shape[:2] != regions.shape:
        raise ValueError(f"ab of {ab.shape[0]}×{ab.shape[1]} and regions of {regions.shape[0]}×{regions.shape[1]}")
    numbers = regions.ravel()
    weight = np.ones(numbers.size) if weights is None else weights.ravel().astype(np.float64)
    total = np.bincount(numbers, weights=weight)
    total[total == 0] = 1  # a number that no pixel has
    means = [np.bincount(numbers, weights=weight * ab[..., axis].ravel()) / total for axis in range(2)]
    return np.stack(means, axis=-1).astype(np.float32)[regions]
