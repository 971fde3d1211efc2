"""From a run to a published weight: float16 safetensors and a card."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w
import torch
from safetensors.torch import save

from training.recipe import Recipe, RecipeError, to_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import nn

SETTINGS = ("data", "augmentation", "loss", "adversary", "schedule")
"""The tables of a recipe that its card repeats; the network has a table of its own there."""


def export(
    model: nn.Module, recipe: Recipe, folder: Path, *, photos: int, sources: Sequence[str], start: str = ""
) -> tuple[Path, Path]:
    """Writes `<id>.safetensors` (float16) and its card `<id>.toml`.

    Args:
        model: The network with its averaged weights.
        recipe: What made it.
        folder: Where to.
        photos: How many photos it was trained on.
        sources: The collections they came from.
        start: The model whose weights the training started from; empty for none.

    Returns:
        The paths of the weights and the card. The card's metrics are filled in by `autochrome evaluate --card`.

    Raises:
        RecipeError: If they cannot be written; what was there before stays whole.
    """
    tensors = {
        name: (value.half() if value.is_floating_point() else value).contiguous().cpu()
        for name, value in model.state_dict().items()
    }
    content = save(tensors)
    weights, card = folder / f"{recipe.id}.safetensors", folder / f"{recipe.id}.toml"
    training: dict[str, Any] = {"photos": photos, "collections": list(sources), "torch": str(torch.__version__)}
    text = tomli_w.dumps(_card(model, recipe, content, training | _began(recipe, start)))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(weights, content)
        _replace(card, text.encode())
    except OSError as error:
        raise RecipeError(
            f"The weights cannot be written to {folder}: {error.strerror or error}.",
            "Make room there, then run the same command with --resume: nothing of the training is lost.",
        ) from error
    return weights, card


def _replace(path: Path, content: bytes) -> None:
    """Writes beside a file and then takes its place."""
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _began(recipe: Recipe, start: str) -> dict[str, str]:
    """Which trained weights took part, for the card."""
    facts = {
        "start": start,
        "teacher": recipe.teacher,
        "encoder_weights": "timm's published weights" if recipe.pretrained else Path(recipe.encoder_weights).name,
    }
    if not any(facts.values()):
        return {"began": "from random weights"}
    return {name: fact for name, fact in facts.items() if fact}


def _card(model: nn.Module, recipe: Recipe, content: bytes, training: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": recipe.id,
        "purpose": recipe.purpose,
        "architecture": recipe.architecture,
        "licence": "Apache-2.0",
        "sha256": hashlib.sha256(content).hexdigest(),
        "parameters": sum(value.numel() for value in model.parameters()),
        "inference_side": recipe.inference_side,
        "saturation": recipe.saturation,
        "evenness": recipe.evenness,
        "date": dt.datetime.now(tz=dt.UTC).date().isoformat(),
        "commit": _commit(),
        "network": recipe.network,
        "training": training,
        "recipe": {key: to_table(recipe)[key] for key in SETTINGS},
    }


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return asked.stdout.strip()
