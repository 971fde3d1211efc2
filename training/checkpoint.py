"""A run's state on disk: written beside, then put in place of the old one, which stays whole until then."""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any

import torch

from engine.errors import EngineError
from training.recipe import RecipeError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "checkpoint.pt"
BESIDE = "checkpoint.new"


class CheckpointError(EngineError):
    """The state of a run could not be written; the checkpoint before it is whole."""

    title = "The run could not be saved"


def write_checkpoint(folder: Path, state: dict[str, Any]) -> None:
    """Replaces the checkpoint of a run's folder.

    Raises:
        CheckpointError: If it cannot be written, for example because the disk is full.
    """
    beside = folder / BESIDE
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            torch.save(state, file)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / NAME)
        _persist(folder)
    except (OSError, RuntimeError) as error:  # torch wraps what the system said
        beside.unlink(missing_ok=True)
        raise CheckpointError(
            f"The checkpoint in {folder} could not be written: {_reason(error)}.", _advice(folder)
        ) from error


def read_checkpoint(folder: Path, device: torch.device) -> dict[str, Any] | None:
    """The state that `write_checkpoint` wrote, or None where there is none.

    Raises:
        RecipeError: If it is damaged.
    """
    path = folder / NAME
    if not path.exists():
        return None
    try:
        return torch.load(path, map_location=device, weights_only=True)
    except (OSError, EOFError, RuntimeError, ValueError, KeyError, pickle.UnpicklingError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise RecipeError(f"{path} is damaged: {reason}.", "Train anew with another --output.") from error


def _persist(folder: Path) -> None:
    """Makes the new name survive a loss of power, where folders can be synced."""
    if os.name != "nt":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _reason(error: BaseException) -> str:
    """What the system said, behind whatever torch made of it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and cause.strerror:
            return cause.strerror
        cause = cause.__cause__ or cause.__context__
    return str(error).splitlines()[0] if str(error) else type(error).__name__


def _advice(folder: Path) -> str:
    if (folder / NAME).exists():
        return "The one before it is whole. Make room, then go on with --resume."
    return "Make room, or choose another folder with --output."
