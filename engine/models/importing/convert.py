"""From a foreign checkpoint to an installed model."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

import torch

from engine.errors import BadWeightsError, EngineError, OutOfMemoryError
from engine.models.card import is_model_id
from engine.models.contract import AB_BOUND
from engine.models.importing.checkpoint import read_checkpoint
from engine.models.importing.published import PUBLISHED
from engine.models.installing import install_weights
from engine.models.registry import build_network
from engine.models.store import model_folders

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

    from engine.models.card import InstalledModel
    from engine.models.contract import Colorizer
    from engine.models.importing.published import Published
    from engine.models.store import ModelFolders

TOLERANCE = 1e-3
"""Weights are kept in float16 if that moves no colour of a trial further than this, in ab/110; else in float32."""
TRIAL_SIDE = 128
"""Pixels on a side of the trial's picture."""
COUNTER = "num_batches_tracked"
"""A batch norm's counter, which nothing reads in use and which PyTorch before 0.4.1 did not save."""


def import_checkpoint(
    file: Path,
    architecture: str,
    folders: ModelFolders | None = None,
    name: str | None = None,
    *,
    replace: bool = False,
) -> InstalledModel:
    """Installs a published checkpoint among the user's own models.

    Args:
        file: The authors' file: a checkpoint of PyTorch or a .safetensors file.
        architecture: A name in `engine.models.importing.published.PUBLISHED`.
        folders: Where to; None for this installation's.
        name: What the model shall be called; None for the name of the architecture.
        replace: Whether a model of the same name among the user's own is replaced.

    Returns:
        The model, as any other that is installed.

    Raises:
        BadWeightsError: If there is no such architecture, the name cannot be one, or the file cannot be used: it is
            something else, wants more than tensors, does not fit (the first tensor that differs is named), or holds a
            value that is not finite.
        ModelStoreError: If the name is taken, or the files cannot be written.
        OutOfMemoryError: If there is too little memory.
    """
    published = PUBLISHED.get(architecture)
    if published is None:
        known = ", ".join(PUBLISHED)
        raise BadWeightsError(f'"{architecture}" is not an architecture that can be imported.', f"Known: {known}.")
    name = architecture if name is None else name
    if not is_model_id(name):
        advice = "Lower-case letters, digits, dots, dashes and underscores can be used."
        raise BadWeightsError(f'A model cannot be called "{name}".', advice)
    folders = folders or model_folders()
    try:
        network = _network(file, architecture, published)
        tensors, precision = _stored(network)
    except (MemoryError, torch.OutOfMemoryError) as error:
        raise OutOfMemoryError(f"There is not enough memory to import {file}.", "Close other programs.") from error
    card = _card(name, network, published, _origin(file, published, precision))
    del network
    return install_weights(tensors, card, folders, replace=replace)


def _network(file: Path, architecture: str, published: Published) -> Colorizer:
    """Our network with the file's weights, all of them checked."""
    foreign = read_checkpoint(file)
    try:
        state = published.rename(foreign)
    except EngineError as error:
        raise BadWeightsError(f"{file} cannot be imported. {error.sentence}", error.advice) from error
    with torch.device("meta"):
        wanted = build_network(published.architecture, published.network).state_dict()
    for key, value in wanted.items():
        if key.endswith(COUNTER):
            state.setdefault(key, torch.zeros((), dtype=value.dtype))
    _compare(state, wanted, file, architecture)
    network = build_network(published.architecture, published.network)
    network.load_state_dict({key: _widened(value) for key, value in state.items()}, strict=True, assign=True)
    return network.eval().requires_grad_(False)


def _compare(state: Mapping[str, Tensor], wanted: Mapping[str, Tensor], file: Path, architecture: str) -> None:
    """Names, shapes, types and values; the first that is wrong is named, foreign names by themselves."""

    def misfit(difference: str) -> BadWeightsError:
        return BadWeightsError(
            f'{file} is not a published checkpoint of "{architecture}": {difference}.',
            f"Choose the architecture that it is of: {', '.join(PUBLISHED)}.",
        )

    extra = next((key for key in state if key not in wanted), None)
    if extra is not None:
        raise misfit(f'"{extra}" has no place there')
    for key, value in wanted.items():
        found = state.get(key)
        if found is None:
            raise misfit(f'it lacks "{key}"')
        if found.shape != value.shape:
            raise misfit(f'"{key}" is {_dimensions(found)}, not {_dimensions(value)}')
        if found.is_floating_point() != value.is_floating_point():
            raise misfit(f'"{key}" is of another type')
        if found.is_floating_point() and not bool(torch.isfinite(found).all()):
            raise BadWeightsError(f'{file} cannot be used: "{key}" holds a value that is not finite.')


def _dimensions(value: Tensor) -> str:
    return "\N{MULTIPLICATION SIGN}".join(map(str, value.shape)) or "a single number"


def _widened(value: Tensor) -> Tensor:
    """A tensor of its own, floating-point ones in float32."""
    return (value.float() if value.is_floating_point() else value).clone(memory_format=torch.contiguous_format)


def _stored(network: Colorizer) -> tuple[dict[str, Tensor], str]:
    """The weights as they are to be kept, and the name of their precision: half, unless that would be seen.

    The network is left with rounded weights.
    """
    full = {key: value.detach() for key, value in network.state_dict().items()}
    half = {key: value.half() if value.is_floating_point() else value for key, value in full.items()}
    if not all(bool(torch.isfinite(value).all()) for value in half.values()):
        return full, "float32"
    exact = _trial(network)
    network.load_state_dict({key: _widened(value) for key, value in half.items()}, strict=True, assign=True)
    moved = (_trial(network) - exact).abs().max() / AB_BOUND
    # Written so that a colour that is not finite counts as moved.
    return (half, "float16") if bool(moved <= TOLERANCE) else (full, "float32")


def _trial(network: Colorizer) -> Tensor:
    """The ab 1×2×h×w of a picture with every lightness, edges and fine detail, the same at each call."""
    side = -(-TRIAL_SIDE // network.multiple) * network.multiple
    y, x = torch.meshgrid(torch.linspace(0, 1, side), torch.linspace(0, 1, side), indexing="ij")
    waves = 0.2 * torch.sin(40 * x * y) * torch.cos(25 * (x - y))
    lightness = (x + waves + 0.3 * (y > 0.5) - 0.15).clamp(0, 1) * 100
    with torch.inference_mode():
        return network(lightness[None, None]).ab


def _origin(file: Path, published: Published, precision: str) -> dict[str, str]:
    """What the card tells about where the weights came from."""
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    return {
        "home": published.home,
        "file": file.name,
        "sha256": digest,
        "precision": precision,
        "imported": dt.datetime.now(tz=dt.UTC).date().isoformat(),
    }


def _card(name: str, network: Colorizer, published: Published, origin: dict[str, str]) -> dict[str, Any]:
    """The card, but for the hash of the weights."""
    return {
        "id": name,
        "purpose": published.purpose,
        "architecture": published.architecture,
        "licence": published.licence,
        "parameters": sum(value.numel() for value in network.parameters()),
        "inference_side": published.inference_side,
        "network": dict(published.network),
        "training": {"collections": list(published.collections)},
        "origin": origin,
    }
