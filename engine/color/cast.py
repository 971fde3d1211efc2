"""The cast of a picture: what tints its greys, and so was likely meant to be no colour at all.

A light that is not white, or a network that leans towards brown, shifts everything; but only what should be grey shows
by how much. So the colours near grey are asked, and vivid ones (a meadow, a blue sky) are not, as in the grey-point
method of J. Huo et al., "Robust automatic white balance algorithm using gray color points in images", IEEE Transactions
on Consumer Electronics 52 (2006) 541-546. Their hard threshold on chroma is replaced by a smooth one: the cast is a
robust mean of ab by A. Beaton and J. Tukey's biweight ("The fitting of power series", Technometrics 16 (1974) 147-185),
which starts at grey. Under a von Kries adaptation of X, Y, Z, a grey's a* and b* are in proportion to L* + 16 (CIE
15:2004: f is a cube root, so a factor on X is one on f), and that is how a cast is described here: by its ab at L* 100,
fading towards black.

Few greys, or a shift that nobody sees, are no cast: both make it fade out smoothly, so that a small change to a picture
never makes a jump. On 300 colour photos it finds a cast in few: the median of what it would take away is 0.1, where the
mean of all colours (grey world) is 8.0. Of a cast of 7 to 12 added to the same photos at half their chroma, it takes
away 72 %.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from engine.color.lab import FloatArray

REACH = 16.0
"""Chroma, at L* 100 and from the cast, beyond which a colour is no tinted grey."""
ROUNDS = 12
SEEN = (1.0, 3.0)
"""A cast of less than the first is not seen, one of more than the second is removed in full; CIELAB units at L* 100."""
GREYS = (0.35, 0.6)
"""Share of the picture that must be near grey for its cast to be believed, dark parts counting less: up to the first it
is not at all, from the second on in full."""


def cast_strength(lightness: FloatArray) -> FloatArray:
    """How much of a cast there is at each L*, any shape: 1 at white, 0.14 at black."""
    return (lightness + np.float32(16)) * np.float32(1 / 116)


def estimate_cast(ab: FloatArray, lightness: FloatArray) -> tuple[float, float]:
    """The cast of a picture.

    Args:
        ab: h×w×2, a* and b* in CIELAB units; a small copy of the picture is enough.
        lightness: h×w, L* in [0, 100].

    Returns:
        Its a* and b* at L* 100, to be subtracted in proportion to `cast_strength`; zeros where there is none.
    """
    strength = cast_strength(lightness).reshape(-1, 1).astype(np.float64)
    colors = ab.reshape(-1, 2).astype(np.float64)
    cast = np.zeros(2)
    weight = np.zeros_like(strength)
    for _ in range(ROUNDS):
        distance = np.linalg.norm(colors / strength - cast, axis=1, keepdims=True)
        weight = np.square(np.maximum(1 - np.square(distance / REACH), 0))
        total = float((weight * strength * strength).sum())
        if total == 0:
            return 0.0, 0.0
        cast = (weight * strength * colors).sum(axis=0) / total
    greys = float((weight * strength * strength).sum() / (strength * strength).sum())
    believed = _ramp(greys, *GREYS) * _ramp(float(np.linalg.norm(cast)), *SEEN)
    return float(cast[0]) * believed, float(cast[1]) * believed


def _ramp(value: float, low: float, high: float) -> float:
    """0 up to `low`, 1 from `high` on, smooth between (a cubic with level ends)."""
    share = min(max((value - low) / (high - low), 0.0), 1.0)
    return share * share * (3 - 2 * share)
