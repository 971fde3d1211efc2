"""A picture as metrics look at it: what several of them need is computed once, and only if one asks."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from engine.color.lab import FloatArray, srgb_to_lab
from training.data.packed import Photo, colorfulness
from training.methods import with_ab

if TYPE_CHECKING:
    from torch import Tensor


class View:
    """A picture.

    Args:
        srgb: H×W×3 uint8.
    """

    def __init__(self, srgb: Photo) -> None:
        self.srgb = srgb

    @cached_property
    def levels(self) -> FloatArray:
        """H×W×3 sRGB in [0, 1]."""
        return np.asarray(self.srgb / np.float32(255), np.float32)

    @cached_property
    def lab(self) -> FloatArray:
        """H×W×3 CIELAB."""
        return srgb_to_lab(self.levels)

    @property
    def sparse_lab(self) -> FloatArray:
        """Every second pixel of every second row in CIELAB: enough for means, at a quarter of the time."""
        return self.lab[::2, ::2]

    @cached_property
    def grey(self) -> View:
        """The picture without its colours, at the same L*."""
        return View(with_ab(self.srgb, np.zeros(2, np.float32)))

    @cached_property
    def colorfulness(self) -> float:
        """Hasler and Süsstrunk's, of 0-255."""
        return colorfulness(self.srgb)

    @cached_property
    def tensor(self) -> Tensor:
        """1×3×H×W sRGB in [0, 1]."""
        import torch

        return torch.as_tensor(np.ascontiguousarray(np.moveaxis(self.levels, -1, 0)))[None]
