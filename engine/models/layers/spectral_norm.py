"""Spectral norm: a weight divided by its largest singular value, which power iteration follows while it trains.

Source: Miyato et al., "Spectral Normalization for Generative Adversarial Networks", ICLR 2018. What it computes and the
names in its state are those of `torch.nn.utils.parametrizations.spectral_norm`, so weights go from one to the other.
Differs: on the meta device nothing is iterated (there the original takes seconds for a network, at each load of a
model), and under autocast the singular value stays in float32.
"""

from __future__ import annotations

from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils import parametrize

from engine.models.precision import without_autocast

FIRST_ITERATIONS = 15
EPSILON = 1e-12

Layer = TypeVar("Layer", bound=nn.Module)


class SpectralNorm(nn.Module):
    """The parametrization of one weight; its first axis are the rows of the matrix, all others its columns.

    Args:
        weight: The weight.
    """

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        matrix = weight.detach().flatten(1)
        self.register_buffer("_u", matrix.new_empty(matrix.shape[0]).normal_())
        self.register_buffer("_v", matrix.new_empty(matrix.shape[1]).normal_())
        if not weight.is_meta:
            for _ in range(FIRST_ITERATIONS):
                self._iterate(matrix)

    def forward(self, weight: Tensor) -> Tensor:
        """The weight, divided; while training, the singular vectors come one iteration closer first."""
        matrix = weight.flatten(1)
        with without_autocast(weight.device):
            if self.training:
                self._iterate(matrix.detach())
            # Copies, for a second forward pass before the backward pass would change what the first one keeps.
            left, right = self.get_buffer("_u").clone(), self.get_buffer("_v").clone()
            return weight / torch.dot(left, torch.mv(matrix, right))

    @torch.no_grad()
    def _iterate(self, matrix: Tensor) -> None:
        left, right = self.get_buffer("_u"), self.get_buffer("_v")
        left.copy_(F.normalize(torch.mv(matrix, right), dim=0, eps=EPSILON))
        right.copy_(F.normalize(torch.mv(matrix.T, left), dim=0, eps=EPSILON))


def spectral_norm(layer: Layer) -> Layer:
    """Parametrizes the `weight` of a layer; returns the layer."""
    norm = SpectralNorm(layer.get_parameter("weight"))
    # "Unsafe" leaves out a trial run; shape and type are kept.
    parametrize.register_parametrization(layer, "weight", norm, unsafe=True)
    return layer
