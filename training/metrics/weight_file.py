"""Weights that a metric needs and that only the user can provide: nothing is ever downloaded, and nothing unpickled."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file  # pyright: ignore[reportUnknownVariableType] - its PathLike is bare
from torch import Tensor

from engine.errors import EngineError

if TYPE_CHECKING:
    from pathlib import Path


class MetricWeightsError(EngineError):
    """A weight file that a metric needs is missing, unreadable, or of another network."""

    title = "This weight file cannot be used"


def read_tensors(file: Path, network: str) -> dict[str, Tensor]:
    """The tensors of a weight file by name, on the CPU.

    Args:
        file: A .safetensors file, or a PyTorch file that holds a plain dictionary of tensors.
        network: Whose weights they should be, for messages.

    Raises:
        MetricWeightsError: If there is no such file, or it is none of both.
    """
    advice = f"Name a .safetensors file, or a PyTorch file with a plain dictionary of tensors, of {network}."
    if not file.is_file():
        raise MetricWeightsError(f"There is no file {file}.", advice)
    try:
        if file.suffix == ".safetensors":
            return load_file(file)
        found: Any = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, RuntimeError, ValueError, EOFError, SafetensorError) as error:
        raise MetricWeightsError(f"{file} cannot be read: {_first_line(error)}.", advice) from error
    except Exception as error:  # the unpickler raises what it likes
        raise MetricWeightsError(f"{file} holds more than tensors: {_first_line(error)}.", advice) from error
    values = cast("dict[Any, Any]", found) if isinstance(found, dict) else {}
    if not values or not all(isinstance(value, Tensor) for value in values.values()):
        raise MetricWeightsError(f"{file} holds no dictionary of tensors.", advice)
    return {str(name): value for name, value in values.items()}


def _first_line(error: Exception) -> str:
    return str(error).split("\n", maxsplit=1)[0].rstrip(".") or type(error).__name__
