"""Which hints a network finds credible: those speak of the whole photo, the others of one thing.

A network that takes hints has learned from true ones, which tell of a photo's light and of all its colours; so it lets
each hint reach far. A colour that nobody could have expected, a coat painted crimson, is a wish for that coat alone: it
is kept from the network and only spread over what is alike. What divides the two is the network's own distribution
without hints: the probability of all colours that it finds no likelier than the hint's (the p-value of the hint, by
highest density). On validation photos it is calibrated: of true colours 3.6 % lie below 0.036 and 5 % below 0.053, of
colours in the opposite hue the half lies below 0.005.

Source: R. J. Hyndman, "Computing and Graphing Highest Density Regions", The American Statistician 50 (1996).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

if TYPE_CHECKING:
    from engine.models.contract import Prediction

LEAST = 0.03
"""A hint of a lower probability than this is not credible."""
SMOOTH = 8.0
"""Standard deviation in CIELAB units by which the distribution is smoothed: its bins lie 10 apart."""


def credibility(prediction: Prediction, spots: Tensor) -> Tensor:
    """How credible a network finds hints.

    Args:
        prediction: What the network says of B photos without hints.
        spots: B×N×6 hints as `engine.models.conditioning.SPOT_FIELDS` says.

    Returns:
        B×N in [0, 1]: 1 for what it could expect, and less in proportion to the hint's probability below `LEAST`.
        "Keep" is always credible, and so is everything to a network without a distribution.
    """
    if prediction.logits is None or prediction.bins is None:
        return torch.ones(spots.shape[:2], device=spots.device)
    found = (tail(prediction.logits, prediction.bins, spots) / LEAST).clamp(max=1)
    return torch.where(spots[..., 5] > 0, 1.0, found)


def tail(logits: Tensor, bins: Tensor, spots: Tensor) -> Tensor:
    """The probability of all colours that are no likelier than each hint's: B×N in [0, 1].

    Args:
        logits: B×Q×h×w, before softmax.
        bins: Q×2, a* and b* of the bins.
        spots: B×N×6.
    """
    places = spots[..., :2][:, :, None] * 2 - 1
    probability = F.grid_sample(logits.float().softmax(dim=1), places, align_corners=False, padding_mode="border")
    probability = probability[..., 0].transpose(1, 2)  # B×N×Q
    density = probability @ _near(bins, bins)
    asked = (probability * _near(spots[..., 2:4], bins)).sum(dim=-1, keepdim=True)
    return (probability * (density <= asked)).sum(dim=-1)


def _near(colors: Tensor, bins: Tensor) -> Tensor:
    """...×2 colours to ...×Q: 1 at a bin's own colour, falling as a Gaussian."""
    return torch.exp(-(colors[..., None, :] - bins).square().sum(dim=-1) / (2 * SMOOTH**2))
