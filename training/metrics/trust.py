"""Trust: whether a hint's colour is there, where it was put.

CIEDE2000, in the neutral look, between the result under a hint and what the hint asks for: its ab at each pixel's own
L*, reduced to what sRGB shows there. Up to 3 hardly anybody sees it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from engine.color.difference import ciede2000
from engine.color.gamut import fit_chroma

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray


def trust(lab: FloatArray, owner: NDArray[np.int64], colors: FloatArray) -> float:
    """Mean CIEDE2000 over all hinted pixels.

    Args:
        lab: H×W×3 CIELAB of the result; its L* is the photo's.
        owner: H×W, which hint a pixel lies under (the latest); -1 for none. At least one pixel has a hint.
        colors: N×2, a* and b* of the hints in CIELAB units.
    """
    hinted = owner >= 0
    found = lab[hinted]
    asked = fit_chroma(np.concatenate([found[:, :1], colors[owner[hinted]]], axis=1))
    return float(ciede2000(asked, found).mean())
