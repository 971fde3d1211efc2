"""Opens checkpoints that others made: tensors by name, and nothing else.

A `.pth` file is a pickle, which can name any function of this machine to be called. It is opened by torch's restricted
unpickler alone (`weights_only=True`), which builds tensors and plain containers and refuses a file that wants more,
before anything of it is run.
"""

from __future__ import annotations

import pickle
import stat
import warnings
from typing import TYPE_CHECKING, Any, cast

import torch
from safetensors import SafetensorError
from safetensors.torch import load

from engine.errors import BadWeightsError, OutOfMemoryError
from engine.models.header import PICKLE_SUFFIXES, read_header

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

MAX_BYTES = 4 << 30
"""Larger than any published colorizer, with the state of its optimizer."""
WRAPPINGS = ("params", "params_ema", "state_dict", "model")
"""Keys under which training programs keep the tensors of the network, in the order in which they are asked for."""
_KNOWN = f"Known: .safetensors, and checkpoints of PyTorch ({', '.join(sorted(PICKLE_SUFFIXES))})."
_AGAIN = "Download it again."


def read_checkpoint(file: Path) -> dict[str, Tensor]:
    """The tensors of a foreign checkpoint, by the names that its authors gave them.

    Args:
        file: A .safetensors file or a checkpoint of PyTorch.

    Returns:
        The tensors on the CPU, taken out of what they were wrapped in.

    Raises:
        BadWeightsError: If the file is missing, something else, damaged, or wants more than tensors.
        OutOfMemoryError: If there is too little memory for it.
    """
    _check_file(file)
    try:
        content = _load_safetensors(file) if file.suffix.lower() == ".safetensors" else _load_pickle(file)
    except MemoryError as error:
        raise OutOfMemoryError(f"There is not enough memory to open {file}.", "Close other programs.") from error
    return _tensors(_unwrapped(content), file)


def _check_file(file: Path) -> None:
    """What can be told without opening it as a checkpoint."""
    try:
        facts = file.stat()
        if not stat.S_ISREG(facts.st_mode):
            raise BadWeightsError(f"{file} is not a file.", _KNOWN)
        with file.open("rb") as opened:
            start = opened.read(512).lstrip()
    except FileNotFoundError as error:
        raise BadWeightsError(f"There is no file {file}.") from error
    except OSError as error:
        raise BadWeightsError(f"{file} cannot be read: {error.strerror}.") from error
    if not 0 < facts.st_size <= MAX_BYTES:
        what = "empty" if facts.st_size == 0 else f"larger than any checkpoint ({facts.st_size >> 20} MiB)"
        raise BadWeightsError(f"{file} is {what}.", _AGAIN)
    if start.startswith(b"<"):
        raise BadWeightsError(f"{file} is a web page, not a checkpoint.", "Download the file that the page links to.")
    if file.suffix.lower() not in {".safetensors", *PICKLE_SUFFIXES}:
        raise BadWeightsError(f"{file} is not a checkpoint by its name.", _KNOWN)


def _load_safetensors(file: Path) -> Any:
    read_header(file)
    try:
        return load(file.read_bytes())
    except (SafetensorError, OSError, ValueError) as error:
        raise BadWeightsError(f"{file} is damaged: {error}.", _AGAIN) from error


def _load_pickle(file: Path) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an unusual file is refused below, or is none the worse for it
            return torch.load(file, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise BadWeightsError(
            f"{file} holds something other than tensors, or is no checkpoint at all; nothing of it was run.",
            "Take the weights that the authors published for use, and not those of an interrupted training.",
        ) from error
    except MemoryError:
        raise
    except Exception as error:  # a damaged or hostile pickle fails in whatever way its bytes lead to
        raise BadWeightsError(f"{file} is damaged: it cannot be opened as a checkpoint.", _AGAIN) from error


def _unwrapped(content: Any) -> Any:
    """The innermost table of tensors."""
    while isinstance(content, dict):
        table = cast("dict[Any, Any]", content)
        inner = next((table[key] for key in WRAPPINGS if isinstance(table.get(key), dict)), None)
        if inner is None:
            return table
        content = inner
    return content


def _tensors(content: Any, file: Path) -> dict[str, Tensor]:
    """The table, if each of its values is an ordinary tensor of numbers under a name."""
    table = cast("dict[Any, Any]", content if isinstance(content, dict) else {})
    if not table:
        raise BadWeightsError(f"{file} holds no table of tensors.", "Take the weights that the authors published.")
    tensors: dict[str, Tensor] = {}
    for name, value in table.items():
        if not isinstance(name, str) or not isinstance(value, torch.Tensor) or not _is_plain(value):
            raise BadWeightsError(
                f'{file} holds {type(value).__name__} "{str(name)[:80]}" among its tensors.',
                "Take the weights that the authors published for use.",
            )
        tensors[name] = value.detach()
    return tensors


def _is_plain(value: Tensor) -> bool:
    numbers = value.is_floating_point() or value.dtype == torch.int64
    return numbers and value.layout == torch.strided and value.device.type == "cpu"
