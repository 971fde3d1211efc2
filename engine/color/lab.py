"""CIELAB D65 for pictures, in float32.

Sources: the transfer function and primaries of sRGB are IEC 61966-2-1:1999; CIELAB is CIE 15:2004, equations 8.3-8.11.
The white point is the row sum of the sRGB matrix, which is D65 and makes every grey exactly neutral (a* = b* = 0).
"""

from __future__ import annotations

from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float32]
Pixels = NDArray[np.uint8] | NDArray[np.uint16]

# Linear sRGB to XYZ, IEC 61966-2-1 with the precision of Lindbloom's derivation from the primaries.
RGB_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]],
    dtype=np.float64,
)
WHITE = RGB_TO_XYZ.sum(axis=1)
# To and from X/Xn, Y/Yn, Z/Zn, which is all that CIELAB looks at.
RGB_TO_RELATIVE_XYZ = RGB_TO_XYZ / WHITE[:, None]
RELATIVE_XYZ_TO_RGB = cast("NDArray[np.float64]", np.linalg.inv(RGB_TO_RELATIVE_XYZ))

# CIE 15:2004: below (6/29)^3 the cube root is replaced by its tangent.
DELTA = 6.0 / 29.0
LINEAR_SLOPE = 1.0 / (3.0 * DELTA**2)
LINEAR_OFFSET = 4.0 / 29.0


def linearize(srgb: NDArray[Any]) -> NDArray[Any]:
    """The sRGB transfer function: display values in [0, 1] to linear light in [0, 1], any shape."""
    return np.where(srgb <= 0.04045, srgb / 12.92, ((np.maximum(srgb, 0.0) + 0.055) / 1.055) ** 2.4)


def encode_srgb(linear: NDArray[Any]) -> NDArray[Any]:
    """The inverse transfer function: linear light in [0, 1] to display values in [0, 1], any shape."""
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * np.maximum(linear, 0.0) ** (1 / 2.4) - 0.055)


def compress(relative: NDArray[Any]) -> NDArray[Any]:
    """CIELAB's f: X/Xn (or Y/Yn, Z/Zn) to its cube root, with a tangent near black."""
    return np.where(relative > DELTA**3, np.cbrt(relative), LINEAR_SLOPE * relative + LINEAR_OFFSET)


def expand(compressed: NDArray[Any]) -> NDArray[Any]:
    """The inverse of `compress`."""
    return np.where(compressed > DELTA, compressed**3, (compressed - LINEAR_OFFSET) / LINEAR_SLOPE)


def srgb_to_lab(srgb: NDArray[Any]) -> FloatArray:
    """Display values to CIELAB.

    Args:
        srgb: H×W×3 (or ...×3) sRGB in [0, 1].

    Returns:
        The same shape: L* in [0, 100], a* and b* in CIELAB units; float32.
    """
    linear = linearize(np.asarray(srgb, dtype=np.float32))
    f = compress(linear @ RGB_TO_RELATIVE_XYZ.T.astype(np.float32))
    fx, fy, fz = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116.0 * fy - 16.0, 500.0 * (fx - fy), 200.0 * (fy - fz)], axis=-1).astype(np.float32)


def lab_to_linear_rgb(lab: NDArray[Any]) -> FloatArray:
    """CIELAB to linear light, unbounded: a channel outside [0, 1] says that sRGB cannot show the colour.

    Args:
        lab: ...×3, L* in [0, 100], a* and b* in CIELAB units.

    Returns:
        The same shape, linear sRGB, not clipped; float32.
    """
    lab = np.asarray(lab, dtype=np.float32)
    fy = (lab[..., 0] + 16.0) / 116.0
    f = np.stack([fy + lab[..., 1] / 500.0, fy, fy - lab[..., 2] / 200.0], axis=-1)
    return (expand(f) @ RELATIVE_XYZ_TO_RGB.T.astype(np.float32)).astype(np.float32)


def lab_to_srgb(lab: NDArray[Any]) -> FloatArray:
    """CIELAB to display values, clipped to [0, 1] channel by channel.

    Clipping moves lightness and hue of colours that sRGB cannot show; bring them in with `gamut.fit_chroma` first.

    Args:
        lab: ...×3, L* in [0, 100], a* and b* in CIELAB units.

    Returns:
        The same shape, sRGB in [0, 1]; float32.
    """
    return encode_srgb(np.clip(lab_to_linear_rgb(lab), 0.0, 1.0)).astype(np.float32)


@cache
def _levels_in_linear_light(maximum: int) -> FloatArray:
    """Linear light of each display level 0 … maximum; float32."""
    return linearize(np.arange(maximum + 1, dtype=np.float64) / maximum).astype(np.float32)


@cache
def grey_lightness_table(maximum: int) -> FloatArray:
    """L* of each grey level 0 … maximum (255 or 65535); float32 with maximum + 1 entries."""
    luminance = linearize(np.arange(maximum + 1, dtype=np.float64) / maximum)
    return (116.0 * compress(luminance) - 16.0).astype(np.float32)


def lightness_of(pixels: Pixels) -> FloatArray:
    """L* of a picture at the full precision of its levels.

    A grey picture needs a table look-up only; of a colour picture the luminance Y is computed through CIELAB.

    Args:
        pixels: H×W or H×W×3, sRGB-encoded, uint8 or uint16 over the full range of the type.

    Returns:
        H×W, L* in [0, 100]; float32.
    """
    maximum = int(np.iinfo(pixels.dtype).max)
    if pixels.ndim == 2:
        return grey_lightness_table(maximum)[pixels]
    levels = _levels_in_linear_light(maximum)
    weights = RGB_TO_XYZ[1].astype(np.float32)
    luminance = levels[pixels[..., 0]] * weights[0]
    luminance += levels[pixels[..., 1]] * weights[1]
    luminance += levels[pixels[..., 2]] * weights[2]
    dark = luminance <= DELTA**3
    lightness = 116.0 * np.cbrt(luminance) - 16.0
    lightness[dark] = 116.0 * (LINEAR_SLOPE * luminance[dark] + LINEAR_OFFSET) - 16.0
    return np.clip(lightness, 0.0, 100.0).astype(np.float32)
