"""Published weights of `siggraph17` in our names.

Source: the layout of richzhang/colorization, `colorizers/siggraph17.py`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

_PLACES = {
    **{f"model{number}": f"down.{number - 1}" for number in (1, 2, 3)},
    **{f"model{number}": f"middle.{number - 4}" for number in (4, 5, 6, 7)},
    "model8up.0": "up_quarter.up",
    "model3short8.0": "up_quarter.shortcut",
    "model9up.0": "up_half.up",
    "model2short9.0": "up_half.shortcut",
    "model10up.0": "up_full.up",
    "model1short10.0": "up_full.shortcut",
    "model_class.0": "bin_head",
    "model_out.0": "ab_head",
}
_BODIES = {"model8": "up_quarter.body", "model9": "up_half.body", "model10": "up_full.body"}
"""Blocks that begin with a ReLU of their own there; here it belongs to the sum before, so that all else moves up."""


def rename(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a published checkpoint under our names; names that are none of theirs stay as they are.

    Args:
        state: Tensors by the authors' names.

    Returns:
        The state of an `engine.models.siggraph17.Siggraph17Net` of the same size.
    """
    return {_renamed(name): value for name, value in state.items()}


def _renamed(name: str) -> str:
    body = re.fullmatch(r"(model\d+)\.([1-9]\d*)\.(\w+)", name)
    if body is not None and body[1] in _BODIES:
        return f"{_BODIES[body[1]]}.{int(body[2]) - 1}.{body[3]}"
    for theirs, ours in _PLACES.items():
        if name.startswith(f"{theirs}."):
            return ours + name.removeprefix(theirs)
    return name
