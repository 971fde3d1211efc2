"""From a network's small ab map to the full-size picture: edge-aware upsampling, look, gamut, lightness kept.

The ab map is brought to full size by a fast guided filter: near each place colour is taken to be a linear function of
lightness, ab = slope · L* + offset; slopes and offsets are found at the network's size and applied to the full-size
L*. So colour changes where the photo has edges, and the cost at full size is two multiplications a pixel. Everything at
full size happens in strips, on several threads, and never needs a float copy of the picture.

Source: K. He, J. Sun, "Fast Guided Filter", arXiv:1505.00996. Differs from it: the offsets are such that the ab map
itself is kept, where the filter would blur it twice; only the detail between its pixels is drawn from lightness. In a
pilot (true ab of 68 small pictures reduced to 48×48 and brought back) it scored 40.9 dB, the plain filter 40.0, and
cubic interpolation, which knows no edges, 41.6: their chroma was already softened by compression, which favours it.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import cv2
import numpy as np

from engine.color.cast import cast_strength, estimate_cast
from engine.color.compose import compose, compose_levels, grey_levels
from engine.color.lab import FloatArray, Pixels, lightness_of
from engine.color.trapped_ball import mean_color, regions_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

STRIP_PIXELS = 1 << 16
RADIUS = 1
"""Half side of the guided filter's window, in pixels of the ab map."""
EDGE = 8.0
"""Lightness variation, in L* units, below which colour does not follow lightness but stays smooth."""
AB_PLANES = 4
OWN = 0.9
"""How far a colour must be asked for to be a hint's own, which evenness leaves; less is what was spread around it."""
UNASKED = 0.02
"""What a colour that nobody asked for weighs in its region's mean, beside a hint's own."""
VIVID = 60.0
"""Chroma from which on vibrance leaves a colour alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How colours are shown; never what the network sees.

    Attributes:
        saturation: Multiplies chroma; 0 is grey, 1 leaves it.
        vibrance: In [-1, 1]; like saturation, more for muted colours than for vivid ones; 0 leaves it.
        temperature: Added to b*, in CIELAB units; positive is warmer.
        white_balance: Whether a cast is taken away first (`engine.color.cast`); a picture that has none stays.
        evenness: In [0, 1]; how far each region between lines takes one colour, its mean, before all else:
            AutoCaCoNet's clean-up for line art and flat shading (`engine.color.trapped_ball`); 0 leaves it.
    """

    saturation: float = 1.0
    vibrance: float = 0.0
    temperature: float = 0.0
    white_balance: bool = False
    evenness: float = 0.0

    @property
    def neutral(self) -> bool:
        """Whether it leaves every colour as it is."""
        return self == Look()


@dataclass(frozen=True, slots=True)
class Colors:
    """What a network says of one photo; small, and all that rendering needs besides the photo.

    Attributes:
        ab: h×w×2, a* and b* in CIELAB units, float32.
        guide: H×W, the L* that the network saw, float32; `ab` covers the same photo.
        asked: h×w in [0, 1], how far each colour is one that somebody asked for by hints: a look leaves it as it is by
            as much; float32. None where nobody did.
    """

    ab: FloatArray
    guide: FloatArray
    asked: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a photo is drawn, and how far reduced.

    Attributes:
        width: The whole photo's, in its own pixels.
        height: The whole photo's.
        left: The part's first column, in pixels of the reduced photo.
        top: Its first row.
        step: How many of the photo's pixels are one of the reduced photo's, on a side.
    """

    width: int
    height: int
    left: int = 0
    top: int = 0
    step: int = 1


def render(pixels: Pixels, colors: Colors, look: Look | None = None, *, threads: int | None = None) -> Pixels:
    """Colours a photo at its full size.

    The result's L* is the photo's, within rounding; a colour that sRGB cannot show at that L* loses chroma. Safe to
    call from several threads.

    Args:
        pixels: H×W or H×W×3, sRGB-encoded, uint8 or uint16: the photo, of whose colours only L* is used.
        colors: Its colours.
        look: How to show them; None leaves them as they are.
        threads: How many threads to use; None takes all cores.

    Returns:
        H×W×3 sRGB of the type of `pixels`.
    """
    height, width = pixels.shape[:2]
    planes = guided_coefficients(colors)
    if look is not None and look.evenness:
        planes = evened(planes, flat_coefficients(colors, planes), look.evenness)
    if look is not None and look.white_balance:
        planes = without_cast(planes, cast_of(colors))
    return render_part(pixels, planes, look, Part(width, height), threads=threads)


def render_part(
    pixels: Pixels, planes: FloatArray, look: Look | None, part: Part, *, threads: int | None = None
) -> Pixels:
    """Colours a part of a photo, or of a reduced copy of it; each pixel comes out as it does in the whole.

    Args:
        pixels: The part, as of `render`.
        planes: The whole photo's coefficients, as of `guided_coefficients`, with its evenness and cast dealt with.
        look: How to show the colours.
        part: Where the part lies.
        threads: How many threads to use; None takes all cores.

    Returns:
        H×W×3 sRGB of the type of `pixels`.
    """
    height, width = pixels.shape[:2]
    out = cast("Pixels", np.empty((height, width, 3), pixels.dtype))
    across = _places(part.left, width, part.step / part.width, planes.shape[2])
    down = _places(part.top, height, part.step / part.height, planes.shape[1])
    first = int(down.cell[0])
    wide = _widened(planes[:, first : int(down.cell[-1]) + 2], across)
    steps = np.diff(wide, axis=1, append=wide[:, -1:])
    rows = max(1, STRIP_PIXELS // width)
    starts = range(0, height, rows)

    def one(top: int) -> None:
        here = slice(top, min(top + rows, height))
        coefficients = _heightened(wide, steps, _Places(down.cell[here] - first, down.share[here]))
        _render_strip(pixels[here], coefficients, look, (part.left, part.top + top), out[here])

    workers = min(threads or os.cpu_count() or 1, len(starts))
    if workers == 1:
        for top in starts:
            one(top)
    else:
        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(one, starts))
    return out


def flat_coefficients(colors: Colors, planes: FloatArray) -> FloatArray:
    """Coefficients of the same photo with one colour for each region between lines: the mean of what is shown there.

    Regions and means are found at the size of the guide, where the colours follow edges already. At that of the ab map
    lines of one or two pixels are lost, and regions run into each other. Where a region has a hint, that decides.

    Args:
        colors: The photo's colours.
        planes: Theirs, as of `guided_coefficients`.

    Returns:
        4×H×W, as of `guided_coefficients`.
    """
    regions = _regions(colors.guide.tobytes(), colors.guide.shape[0], colors.guide.shape[1])
    shown = np.moveaxis(planes[:2] * colors.guide + planes[2:AB_PLANES], 0, -1)
    weights = np.float32(UNASKED) + _own(planes[AB_PLANES]) if len(planes) > AB_PLANES else None
    return guided_coefficients(Colors(mean_color(shown, regions, weights), colors.guide))


@lru_cache(maxsize=4)
def _regions(guide: bytes, height: int, width: int) -> NDArray[np.int32]:
    """The regions of a guide in float32. Kept for the next colours of the photo, for hints do not change its lines."""
    return regions_of(np.frombuffer(guide, np.float32).reshape(height, width))


def evened(planes: FloatArray, flat: FloatArray, evenness: float) -> FloatArray:
    """Coefficients part of the way to flat colours; a hint's own colour stays.

    What a hint has spread around itself is evened like the rest, unlike under the other parts of a look: it runs over
    lines, and to mend that is what evenness is for.

    Args:
        planes: As of `guided_coefficients`.
        flat: As of `flat_coefficients`.
        evenness: In [0, 1], how far.
    """
    share = np.float32(evenness)
    if len(planes) > AB_PLANES:
        share = share * (1 - _own(planes[AB_PLANES]))
    changed = planes.copy()
    changed[:AB_PLANES] += share * (flat - planes[:AB_PLANES])
    return changed


def _own(asked: FloatArray) -> FloatArray:
    """How far each colour is a hint's own, in [0, 1]; smooth."""
    share = np.clip((asked - np.float32(OWN)) * np.float32(1 / (1 - OWN)), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), np.float32)


def cast_of(colors: Colors) -> tuple[float, float]:
    """The cast that white balance takes away (`engine.color.cast`); it does not depend on the rest of a look."""
    rows, columns = colors.ab.shape[:2]
    return estimate_cast(colors.ab, _resized(colors.guide, (columns, rows), cv2.INTER_AREA))


def without_cast(planes: FloatArray, cast: tuple[float, float]) -> FloatArray:
    """Coefficients without a cast: as that is linear in L* itself, no pixel needs to be touched.

    Args:
        planes: As of `guided_coefficients`.
        cast: Its a* and b* at L* 100.
    """
    shift = np.array(cast, np.float32)[:, None, None]
    if len(planes) > AB_PLANES:
        shift = shift * (1 - planes[AB_PLANES])
    black, white = cast_strength(np.array([0, 100], np.float32))
    changed = planes.copy()
    changed[:2] -= shift * (white - black) / 100
    changed[2:AB_PLANES] -= shift * black
    return changed


def guided_coefficients(colors: Colors, radius: int = RADIUS, edge: float = EDGE) -> FloatArray:
    """Slopes and offsets of ab as a linear function of L*, at the size of the guide.

    Args:
        colors: The small ab map and its guide.
        radius: Half side of the window, in pixels of the ab map.
        edge: Lightness variation within a window below which the slopes fade, in L* units.

    Returns:
        4×H×W: slope of a*, slope of b*, offset of a*, offset of b*; and where somebody asked for colours a fifth, how
        far each colour is one of them; float32.
    """
    rows, columns = colors.ab.shape[:2]
    size = (colors.guide.shape[1], colors.guide.shape[0])
    lightness = _resized(colors.guide, (columns, rows), cv2.INTER_AREA)
    window = (2 * radius + 1, 2 * radius + 1)

    def mean(plane: FloatArray) -> FloatArray:
        return np.asarray(cv2.blur(plane, window, borderType=cv2.BORDER_REPLICATE), np.float32)

    mean_lightness = mean(lightness)
    variance = np.maximum(mean(lightness * lightness) - mean_lightness * mean_lightness, 0)
    smooth = _resized(lightness, size, cv2.INTER_CUBIC)
    slopes: list[FloatArray] = []
    offsets: list[FloatArray] = []
    for channel in (colors.ab[..., 0], colors.ab[..., 1]):
        covariance = mean(lightness * channel) - mean_lightness * mean(channel)
        slopes.append(_resized(covariance / (variance + edge * edge), size, cv2.INTER_LINEAR))
        # Where the photo has no detail, slope · smooth + offset is the ab map itself, cubically interpolated.
        offsets.append((_resized(channel, size, cv2.INTER_CUBIC) - slopes[-1] * smooth).astype(np.float32, copy=False))
    asked = () if colors.asked is None else (np.clip(_resized(colors.asked, size, cv2.INTER_LINEAR), 0, 1),)
    return np.stack([*slopes, *offsets, *asked])


def _resized(plane: NDArray[Any], size: tuple[int, int], how: int) -> FloatArray:
    """A plane at (width, height), interpolated by one of OpenCV's ways."""
    return np.asarray(cv2.resize(plane, size, interpolation=how), np.float32)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where pixels lie among the cells of a coarser grid, along one axis.

    Attributes:
        cell: The last cell whose centre is not after each pixel's (the first where there is none).
        share: How far the pixel is from there to the next cell, in [0, 1]; float32.
    """

    cell: NDArray[np.intp]
    share: FloatArray


def _places(start: int, count: int, size: float, cells: int) -> _Places:
    """The places of pixels [start, start + count), each `size` of the whole length, which has so many cells."""
    at = np.clip((np.arange(start, start + count) + 0.5) * (size * cells) - 0.5, 0, cells - 1)
    cell = at.astype(np.intp)
    return _Places(cell, (at - cell).astype(np.float32))


# Both interpolations go number by number, with nothing that a library might compute otherwise for a large picture than
# for a small one. So a part of a photo comes out the same, bit for bit, whatever it is a part of.


def _widened(planes: FloatArray, columns: _Places) -> FloatArray:
    """Planes C×h×w, linearly interpolated in width."""
    last = planes.shape[2] - 1
    wide = planes.take(np.minimum(columns.cell + 1, last), 2)
    before = planes.take(columns.cell, 2)
    wide -= before
    wide *= columns.share
    wide += before
    return wide


def _heightened(planes: FloatArray, steps: FloatArray, rows: _Places) -> FloatArray:
    """Planes C×h×w, linearly interpolated in height.

    Args:
        planes: The planes.
        steps: From each of their rows to the next.
        rows: Where the rows lie.
    """
    high = np.empty((planes.shape[0], len(rows.cell), planes.shape[2]), np.float32)
    # Where a photo is larger than the planes, many of its rows lie between the same two.
    starts = np.flatnonzero(np.diff(rows.cell, prepend=-1))
    for start, end in zip(starts, [*starts[1:], len(rows.cell)], strict=True):
        cell = rows.cell[start]
        part = high[:, start:end]
        np.multiply(steps[:, cell, None], rows.share[start:end, None], out=part)
        part += planes[:, cell, None]
    return high


def _render_strip(
    pixels: Pixels, coefficients: FloatArray, look: Look | None, place: tuple[int, int], out: Pixels
) -> None:
    """Colours h×w pixels into `out`.

    Args:
        pixels: The photo there.
        coefficients: 4×h×w or 5×h×w, as of `guided_coefficients`.
        look: How to show the colours.
        place: Column and row of the picture at which they begin.
        out: h×w×3.
    """
    lightness = lightness_of(pixels)
    ab = coefficients[:2] * lightness
    ab += coefficients[2:AB_PLANES]
    if look is not None and not look.neutral:
        own = ab.copy() if len(coefficients) > AB_PLANES else None
        _apply_look(ab, look)
        if own is not None:
            own -= ab
            own *= coefficients[AB_PLANES]
            ab += own
    if out.dtype == np.uint16:
        compose(lightness, ab, out)
    else:
        levels = cast("NDArray[np.uint8]", pixels if pixels.ndim == 2 else grey_levels(lightness))
        left, top = place
        compose_levels(levels, ab, top, cast("NDArray[np.uint8]", out), left=left)


def _apply_look(ab: FloatArray, look: Look) -> None:
    """Changes 2×H×W ab in place: saturation and vibrance scale chroma, temperature shifts b*."""
    if look.vibrance:
        muted = 1 - np.minimum(np.hypot(ab[0], ab[1]) * np.float32(1 / VIVID), 1)
        ab *= np.maximum(1 + np.float32(look.vibrance) * muted, 0)
    if look.saturation != 1:
        ab *= np.float32(look.saturation)
    if look.temperature:
        ab[1] += np.float32(look.temperature)
