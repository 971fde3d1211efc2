"""Whether a photo keeps its colours at other sizes of the scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from engine.colorist import Colorist
    from training.data.packed import Photo
    from training.evaluation import Sample

SCALES = (0.5, 2.0, 4.0)
MAP_SIDE = 64


def size_stability(
    colorist: Colorist, samples: Sequence[Sample], on_photo: Callable[[], None] | None = None
) -> dict[str, float]:
    """Mean ab distance of a photo's colours at 0.5, 2 and 4 times its size from those at its own size.

    Args:
        colorist: The model.
        samples: The photos.
        on_photo: Told after each photo.

    Returns:
        By scale ("0.5x", "2x", "4x"), the mean over photos and pixels of the Euclidean distance in a*, b*: each size is
        coloured as a picture of its own, and the ab maps are compared at 64×64.
    """
    distances: dict[str, list[float]] = {f"{scale:g}x": [] for scale in SCALES}
    for sample in samples:
        pictures = [sample.srgb, *(_scaled(sample.srgb, scale) for scale in SCALES)]
        own, *others = _small_maps(colorist, pictures)
        for found, other in zip(distances.values(), others, strict=True):
            found.append(float(np.linalg.norm(own - other, axis=-1).mean()))
        if on_photo is not None:
            on_photo()
    return {scale: float(np.mean(found)) for scale, found in distances.items()}


def _scaled(picture: Photo, scale: float) -> Photo:
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def _small_maps(colorist: Colorist, pictures: Sequence[Photo]) -> list[NDArray[np.float32]]:
    found = colorist.colors([colorist.prepare(picture) for picture in pictures])
    size = (MAP_SIDE, MAP_SIDE)
    return [np.asarray(cv2.resize(each.ab, size, interpolation=cv2.INTER_AREA), np.float32) for each in found]
