"""The divergence of a variational network's latent. Source: D. P. Kingma, M. Welling, ICLR 2014, equation 10."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


def kl(divergence: Tensor, pixels: int) -> Tensor:
    """Mean divergence in nats a pixel, to stand beside a reconstruction error that is a mean over pixels too.

    Args:
        divergence: B, the Kullback-Leibler divergence from the standard normal of each image's latent, in nats.
        pixels: H·W of the network's input.
    """
    return divergence.float().mean() / pixels
