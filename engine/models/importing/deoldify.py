"""Published weights of DeOldify, artistic and stable (and video, which is stable's twin), in our names.

Source: the layout of jantic/DeOldify, `deoldify/unet.py`, over fastai 1.0.51: a list of twelve layers, of which 0 is
the encoder, 1 a norm, 3 the middle, 4 to 7 the way up, 8 the step to full size, 10 a residual block, and 11 the last
convolution; the others have no tensors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

_RULES = [
    (re.compile(theirs), ours)
    for theirs, ours in (
        (r"layers\.0\.0\.(.+)", r"encoder.conv1.\1"),
        (r"layers\.0\.1\.(.+)", r"encoder.bn1.\1"),
        *((rf"layers\.0\.{stage + 3}\.(.+)", rf"encoder.layer{stage}.\1") for stage in (1, 2, 3, 4)),
        (r"layers\.1\.(.+)", r"norm.\1"),
        (r"layers\.3\.(.+)", r"middle.\1"),
        *(
            (rf"layers\.{number + 4}\.{theirs}", rf"levels.{number}.{ours}")
            for number in range(4)
            for theirs, ours in (
                (r"shuf\.conv\.0\.(.+)", r"up.conv.\1"),
                (r"shuf\.conv\.1\.(.+)", r"up.norm.\1"),
                (r"bn\.(.+)", r"skip_norm.\1"),
                # What they call the query is compared over the places that are gathered from: it is our key.
                (r"conv2?\.3\.query\.(.+)", r"attention.key.\1"),
                (r"conv2?\.3\.key\.(.+)", r"attention.query.\1"),
                (r"conv2?\.3\.value\.(.+)", r"attention.value.\1"),
                (r"conv2?\.3\.gamma", "attention.gate"),
                (r"conv1?\.([02]\..+)", r"convs.0.\1"),
                (r"conv2\.([02]\..+)", r"convs.1.\1"),
            )
        ),
        (r"layers\.8\.conv\.0\.(.+)", r"last_up.conv.\1"),
        (r"layers\.10\.layers\.([01])\.0\.(.+)", r"cross.\1.\2"),
        (r"layers\.11\.0\.(.+)", r"out.\1"),
    )
]
_SPECTRAL = {
    "weight_orig": "parametrizations.weight.original",
    "weight_u": "parametrizations.weight.0._u",
    "weight_v": "parametrizations.weight.0._v",
}
_WEIGHT_NORM = {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}
"""Of the old norms of torch, which the checkpoints were saved with, in the names of the new ones."""


def rename(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a published checkpoint under our names; names that are none of theirs stay as they are.

    Args:
        state: Tensors by the authors' names.

    Returns:
        The state of an `engine.models.deoldify.DeOldifyNet` of the same size. Attention's projections, which are
        one-dimensional convolutions there, are given the shape of two-dimensional ones.
    """
    renamed: dict[str, Tensor] = {}
    for name, value in state.items():
        place = _renamed(name)
        projection = ".attention." in place and value.ndim == 3
        renamed[place] = value[..., None] if projection else value
    return renamed


def _renamed(name: str) -> str:
    for theirs, ours in _RULES:
        match = theirs.fullmatch(name)
        if match is not None:
            place, _, last = match.expand(ours).rpartition(".")
            norm = _WEIGHT_NORM if place == "last_up.conv" else _SPECTRAL
            return f"{place}.{norm.get(last, last)}"
    return name
