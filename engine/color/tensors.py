"""CIELAB D65 for batches of pictures as tensors, B×3×H×W float32: the formulas of `lab`, on any device.

Imported only where torch is loaded anyway (networks and training).
"""

from __future__ import annotations

import torch
from torch import Tensor

from engine.color.lab import (
    DELTA,
    LINEAR_OFFSET,
    LINEAR_SLOPE,
    RELATIVE_XYZ_TO_RGB,
    RGB_TO_RELATIVE_XYZ,
)


def _mix(channels: Tensor, matrix: list[list[float]]) -> Tensor:
    """A 3×3 matrix applied over the channels of B×3×H×W."""
    weights = torch.tensor(matrix, dtype=channels.dtype, device=channels.device)
    return (weights @ channels.flatten(2)).view(channels.shape)


def linearize(srgb: Tensor) -> Tensor:
    """Display values in [0, 1] to linear light (IEC 61966-2-1), any shape."""
    return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb.clamp(min=0) + 0.055) / 1.055) ** 2.4)


def encode_srgb(linear: Tensor) -> Tensor:
    """Linear light in [0, 1] to display values in [0, 1], any shape; the gradient at zero is finite."""
    return torch.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear.clamp(min=0.0031308) ** (1 / 2.4) - 0.055)


def compress(relative: Tensor) -> Tensor:
    """CIELAB's f (CIE 15:2004), any shape."""
    # The straight piece is the root's tangent at δ³, and so above it: the smaller of the two is always the right one.
    root = (relative.clamp(min=DELTA**3).log() / 3).exp()
    return torch.minimum(root, LINEAR_SLOPE * relative + LINEAR_OFFSET)


def linear_rgb_to_lab(linear: Tensor) -> Tensor:
    """Linear light B×3×H×W in [0, 1] to CIELAB B×3×H×W."""
    f = compress(_mix(linear, RGB_TO_RELATIVE_XYZ.tolist()))
    fx, fy, fz = f.unbind(1)
    return torch.stack([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)], dim=1)


def srgb_to_lab(srgb: Tensor) -> Tensor:
    """Display values B×3×H×W in [0, 1] to CIELAB B×3×H×W."""
    return linear_rgb_to_lab(linearize(srgb))


def lab_to_linear_rgb(lab: Tensor) -> Tensor:
    """CIELAB B×3×H×W to linear light B×3×H×W, unbounded where sRGB cannot show the colour."""
    lightness, a, b = lab.unbind(1)
    fy = (lightness + 16) / 116
    f = torch.stack([fy + a / 500, fy, fy - b / 200], dim=1)
    relative = torch.where(f > DELTA, f**3, (f - LINEAR_OFFSET) / LINEAR_SLOPE)
    return _mix(relative, RELATIVE_XYZ_TO_RGB.tolist())


def lab_to_srgb(lab: Tensor) -> Tensor:
    """CIELAB B×3×H×W to display values B×3×H×W, clipped to [0, 1]."""
    return encode_srgb(lab_to_linear_rgb(lab).clamp(0, 1))


def fit_chroma(lab: Tensor, steps: int = 8) -> Tensor:
    """Reduces the chroma of colours that sRGB cannot show, at constant lightness and hue.

    Args:
        lab: B×3×H×W CIELAB.
        steps: Halvings of the interval; 8 leave the chroma within 0.4 % of the largest possible one.

    Returns:
        B×3×H×W; colours inside the gamut are unchanged.
    """
    lightness, ab = lab[:, :1], lab[:, 1:]

    def shown(scale: Tensor) -> Tensor:
        linear = lab_to_linear_rgb(torch.cat([lightness, ab * scale], dim=1))
        return ((linear >= -1e-4) & (linear <= 1 + 1e-4)).all(dim=1, keepdim=True)

    whole = torch.ones_like(lightness)
    inside, outside = torch.zeros_like(lightness), whole
    for _ in range(steps):
        middle = (inside + outside) / 2
        fits = shown(middle)
        inside, outside = torch.where(fits, middle, inside), torch.where(fits, outside, middle)
    return torch.cat([lightness, ab * torch.where(shown(whole), whole, inside)], dim=1)
