"""Mean pairwise squared error: whether places differ from each other as they do in the truth.

Source: D. Eigen, C. Puhrsch, R. Fergus, "Depth Map Prediction from a Single Image using a Multi-Scale Deep Network",
NeurIPS 2014, equation 3 with lambda = 1; TensorFlow has it as `mean_pairwise_squared_error`. It says nothing of an
image's mean colour, which a network may then cast in any hue; `mean_color` is what it leaves free, and the two together
are the mean squared error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.models.contract import AB_BOUND

if TYPE_CHECKING:
    from torch import Tensor


def pairwise(ab: Tensor, truth: Tensor) -> Tensor:
    """Mean over images and channels of (1/n)Σd² − (1/n²)(Σd)², d the error of ab/110 at each of n places.

    That is the variance of d: half the mean of (d_i − d_j)² over all n² ordered pairs of places, and a quarter of the
    factor that TensorFlow's first version had.

    Args:
        ab: B×2×h×w in CIELAB units.
        truth: The same.
    """
    error = (ab - truth) / AB_BOUND
    # As the mean square of what differs from the mean: the difference of two large sums would cancel in float32.
    return (error - error.mean(dim=(2, 3), keepdim=True)).square().mean()


def mean_color(ab: Tensor, truth: Tensor) -> Tensor:
    """Mean over images and channels of ((1/n)Σd)², the squared error of each image's mean colour in ab/110.

    Args:
        ab: B×2×h×w in CIELAB units.
        truth: The same.
    """
    return ((ab - truth) / AB_BOUND).mean(dim=(2, 3)).square().mean()
