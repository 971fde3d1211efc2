"""Normalisation layers by name."""

from __future__ import annotations

from torch import nn

NORMS = ("batch", "instance", "none")


def norm_layer(kind: str, channels: int) -> nn.Module:
    """A normalisation of B×`channels`×h×w.

    Args:
        kind: batch; instance (with learned scale and shift; needs more than one pixel); or none.
        channels: Channels of the map.

    Raises:
        ValueError: If there is no such normalisation.
    """
    if kind == "batch":
        return nn.BatchNorm2d(channels)
    if kind == "instance":
        return nn.InstanceNorm2d(channels, affine=True)
    if kind == "none":
        return nn.Identity()
    raise ValueError(f'"{kind}" is none of the normalisations {", ".join(NORMS)}')
