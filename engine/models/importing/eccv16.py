"""Published weights of `eccv16` in our names. Source: the layout of richzhang/colorization, `colorizers/eccv16.py`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

_BLOCK = re.compile(r"model([1-8])\.(\d+\.\w+)")


def rename(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of a published checkpoint under our names; names that are none of theirs stay as they are.

    Args:
        state: Tensors by the authors' names.

    Returns:
        The state of an `engine.models.colorful.Eccv16Net` of the same size.
    """
    return {_renamed(name): value for name, value in state.items()}


def _renamed(name: str) -> str:
    block = _BLOCK.fullmatch(name)
    if block is not None:
        return f"trunk.{int(block[1]) - 1}.{block[2]}"
    return "centres.weight" if name == "model_out.weight" else name
