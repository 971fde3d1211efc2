"""Spreads what hints say beyond a prediction along lightness edges, so that every model honours hints.

The residual r, what is added to the predicted ab, minimises

    Σ w_ij |r_i − r_j|²  +  10 Σ m_i |r_i − (hint_i − prediction_i)|²  +  3e-4 Σ |r_i|²

over a small grid: w_ij = exp(−ΔL*² / 2σ²) + 1e-4 between each pixel and its eight neighbours, m_i the share of the
pixel that hints cover. A "keep" spot wants the colours without any hint. Both channels share one matrix, which is
banded and positive definite: a banded Cholesky factorisation solves a 64×64 grid in a few milliseconds.

The same solve, of a residual of 1 under a colour and 0 under "keep", says how far each pixel's colour is one that hints
asked for.

Source: A. Levin, D. Lischinski, Y. Weiss, "Colorization Using Optimization", SIGGRAPH 2004. Differs from it: the
difference from a prediction is spread, not the colour; lightness is compared directly, not by local correlation; and a
little decay lets the prediction win far from all hints.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from engine.color.lab import FloatArray

SIGMA = 4.0
"""Lightness difference, in L* units, over which colour hardly flows."""
LEAST = 1e-4
"""What flows over any edge."""
HINT_WEIGHT = 10.0
DECAY = 3e-4
"""How far a hint reaches. On 60 photos, over a model's own colours, 1e-4 gives 0.1 dB less with one hint and changes
more of what looks different, 1e-3 gives 0.4 dB less and halves that change."""
GRID_PIXELS = 64 * 64
"""A larger map is solved at about so many pixels, and the residual brought back to its size."""
AB_LIMIT = 110.0
SPOT_FIELDS = 6
KEEP = 1.0
NEIGHBOURS = ((0, 1), (1, -1), (1, 0), (1, 1))
"""Half of the eight, (down, right); the other half are the same pairs seen from the other side."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Colours that agree with hints.

    Attributes:
        ab: h×w×2, a* and b* within ±110; float32.
        asked: h×w in [0, 1], how far each colour is one that hints asked for; float32.
    """

    ab: FloatArray
    asked: FloatArray


def propagate(ab: FloatArray, lightness: FloatArray, spots: NDArray[Any], kept: FloatArray | None = None) -> Spread:
    """Changes predicted colours so that they agree with hints.

    Args:
        ab: h×w×2, the prediction in CIELAB units.
        lightness: h×w, L* in [0, 100] of the same photo at the same size.
        spots: N×6, later ones lying over earlier ones: x, y in [0, 1] from the top-left corner; a*, b* in CIELAB
            units; radius in pixels of `ab`; kind (0 colour, 1 keep).
        kept: h×w×2, the colours that "keep" stands for: of a network that saw the hints, those without; None for `ab`.

    Returns:
        The colours; without spots the prediction itself.

    Raises:
        ValueError: If the shapes do not go together, or a number is not finite.
    """
    spots = np.asarray(spots, np.float32).reshape(-1, SPOT_FIELDS)
    if ab.shape != (*lightness.shape, 2):
        raise ValueError(f"ab is {ab.shape} over a lightness of {lightness.shape}")
    if not all(np.isfinite(values).all() for values in (ab, lightness, spots)):
        raise ValueError("a colour, a lightness or a hint is not finite")
    if len(spots) == 0:
        return Spread(ab, np.zeros(lightness.shape, np.float32))
    height, width = lightness.shape
    shrink = min(1.0, (GRID_PIXELS / (height * width)) ** 0.5)
    size = (max(1, round(width * shrink)), max(1, round(height * shrink)))
    if size == (width, height):
        residual = _residual(ab, lightness, spots, kept)
    else:
        scaled = spots * np.array([1, 1, 1, 1, size[0] / width, 1], np.float32)
        small = _residual(
            _resized(ab, size), _resized(lightness, size), scaled, None if kept is None else _resized(kept, size)
        )
        residual = np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR), np.float32)
    changed = np.asarray(np.clip(ab + residual[..., :2], -AB_LIMIT, AB_LIMIT), np.float32)
    return Spread(changed, np.clip(residual[..., 2], 0, 1))


def covered(spots: FloatArray, size: tuple[int, int]) -> tuple[FloatArray, FloatArray]:
    """Which pixels spots cover, and with what.

    Args:
        spots: N×6 as of `propagate`.
        size: (h, w) of the grid.

    Returns:
        h×w shares in [0, 1], and h×w×3 the mean of what covers a pixel: a*, b*, and how much of it is "keep". A spot
        has a soft edge, one pixel wide, and marks the pixel that it lies in however small it is.
    """
    height, width = size
    share = np.zeros((height, width), np.float32)
    inked = np.zeros((height, width, 3), np.float32)
    for x, y, a, b, radius, kind in spots.tolist():
        column, row = min(max(x * width - 0.5, 0), width - 1), min(max(y * height - 0.5, 0), height - 1)
        reach = max(radius, 0.5) + 0.5
        columns = np.arange(max(0, int(column - reach)), min(width, int(column + reach) + 2), dtype=np.float32)
        rows = np.arange(max(0, int(row - reach)), min(height, int(row + reach) + 2), dtype=np.float32)
        here = (slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1))
        ink = np.clip(reach - np.hypot(columns[None] - np.float32(column), rows[:, None] - np.float32(row)), 0, 1)
        keep = float(kind == KEEP)
        # Only where the spot is: a long scribble has a thousand of them.
        inked[here] *= (1 - ink)[..., None]
        inked[here] += ink[..., None] * np.array([a * (1 - keep), b * (1 - keep), keep], np.float32)
        share[here] *= 1 - ink
        share[here] += ink
    return share, np.asarray(inked / np.maximum(share, 1e-6)[..., None], np.float32)


def _residual(ab: FloatArray, lightness: FloatArray, spots: FloatArray, kept: FloatArray | None) -> FloatArray:
    """The residual on the grid itself, and how far it was asked for, h×w×3."""
    share, ink = covered(spots, (lightness.shape[0], lightness.shape[1]))
    pull = np.float32(HINT_WEIGHT) * share
    keep = ink[..., 2:]
    back = np.zeros_like(ab)
    if kept is not None and keep.any():
        # What is like a kept place goes back to it as a whole, before what is left is spread.
        alike = _solve(lightness, pull, pull[..., None] * keep)
        back = np.clip(alike, 0, 1) * (kept - ab)
    to_keep = ab if kept is None else kept
    wanted = np.concatenate([ink[..., :2] + keep * to_keep - (ab + back), 1 - keep], axis=2, dtype=np.float32)
    residual = _solve(lightness, pull, pull[..., None] * wanted)
    residual[..., :2] += back
    return residual


def _solve(lightness: FloatArray, pull: FloatArray, right: FloatArray) -> FloatArray:
    """Solves (Laplacian + pull + decay) r = right; the grid is numbered along its shorter side, for a narrow band."""
    from scipy import linalg  # pyright: ignore[reportMissingTypeStubs] - here, for a program need not load it to start

    if lightness.shape[0] < lightness.shape[1]:
        turned = _solve(lightness.T, pull.T, np.moveaxis(right, 0, 1))
        return np.moveaxis(turned, 0, 1)
    height, width = lightness.shape
    band = np.zeros((width + 2, height, width))  # row k: the pairs of pixels n and n + k
    diagonal = pull + DECAY
    band[0] = diagonal
    for down, across in NEIGHBOURS:
        here = (slice(0, height - down), slice(max(0, -across), width - max(0, across)))
        there = (slice(down, height), slice(max(0, across), width - max(0, -across)))
        step = (lightness[there] - lightness[here]).astype(np.float64)
        weight = np.exp(-np.square(step) / (2 * SIGMA**2)) + LEAST
        band[down * width + across][here] -= weight
        band[0][here] += weight
        band[0][there] += weight
    flat = right.reshape(height * width, -1).astype(np.float64)
    untyped: Any = linalg
    solved = untyped.solveh_banded(band.reshape(width + 2, -1), flat, overwrite_ab=True, lower=True, check_finite=False)
    return np.asarray(solved.reshape(height, width, -1), np.float32)


def _resized(plane: FloatArray, size: tuple[int, int]) -> FloatArray:
    return np.asarray(cv2.resize(plane, size, interpolation=cv2.INTER_AREA), np.float32)
