"""From a weight file to a network: strictly, or not at all.

The file is read once, so what was hashed is what is loaded. Each step trusts only what the steps before it have
checked; the network is returned last, so whoever asked keeps the one they had on any failure.
"""

from __future__ import annotations

import hashlib
from itertools import chain
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load

from engine.errors import BadWeightsError, OutOfMemoryError
from engine.models.contract import AB_BOUND
from engine.models.header import WeightHeader, open_weights, parse_header
from engine.models.registry import build_network

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

    from engine.models.card import InstalledModel
    from engine.models.contract import Colorizer

FLOATING = ("F16", "BF16", "F32")
WHOLE = {torch.int64: ("I64",), torch.uint8: ("U8",)}
"""The types of a file that a tensor of the network can be filled from."""
TRIAL_SIDE = 64
"""Pixels on a side of the picture that a model is tried on."""


def load_network(model: InstalledModel, device: torch.device | str = "cpu") -> Colorizer:
    """Makes the network of a model, its weights checked in full.

    Args:
        model: The model, from `engine.models.store`.
        device: Where the network shall be.

    Returns:
        The network in evaluation mode, its floating-point tensors in float32 and frozen (`requires_grad` is false).

    Raises:
        BadWeightsError: If the file is damaged, incomplete or something else; if its hash is not the card's; if it does
            not fit the card's architecture (the first tensor that differs is named); or if a value is not finite.
        OutOfMemoryError: If the device or this machine has too little memory.
    """
    try:
        header, content = _read(model)
        network = _build_without_memory(model)
        _compare(header, network, model)
        tensors = _tensors(content, model.weights)
        _compare_twins(network, tensors, model)
        network = _fill(network, tensors, model)
        return network.eval().requires_grad_(False).to(device)
    except (MemoryError, torch.OutOfMemoryError) as error:
        advice = "Close other programs, or choose a smaller model."
        raise OutOfMemoryError(f'There is not enough memory for the model "{model.id}".', advice) from error


def verify_weights(model: InstalledModel) -> tuple[str, ...]:
    """Loads a model in full and tries it on a tiny picture.

    Returns:
        What was checked, a sentence each.

    Raises:
        BadWeightsError: As `load_network`; or if the card counts other parameters, or the trial gives no colours.
        OutOfMemoryError: As `load_network`.
    """
    network = load_network(model)
    card = model.card
    count = sum(value.numel() for value in network.parameters())
    if count != card.parameters:
        raise BadWeightsError(f"The card of {model.weights} counts {card.parameters} parameters; there are {count}.")
    _try_out(network, model)
    return (
        f"The file is whole, and its SHA-256 is the card's: {card.sha256}.",
        f'Its {len(network.state_dict())} tensors are those of the architecture "{card.architecture}".',
        f"It has the {count} parameters that the card counts, and every value is finite.",
        f"A trial on {TRIAL_SIDE}\N{MULTIPLICATION SIGN}{TRIAL_SIDE} pixels gives finite colours.",
    )


def _read(model: InstalledModel) -> tuple[WeightHeader, bytes]:
    """The whole file, its header and hash checked."""
    file, size = open_weights(model.weights)
    with file:
        try:
            content = file.read(size + 1)  # one byte more than there should be: the file may be growing
        except OSError as error:
            raise BadWeightsError(f"{model.weights} cannot be read: {error.strerror}.") from error
    header = parse_header(memoryview(content), len(content), model.weights)
    if hashlib.sha256(content).hexdigest() != model.card.sha256:
        raise BadWeightsError(
            f"{model.weights} is damaged, or is not the file that its card describes: its SHA-256 is another.",
            "Download it again, with its card.",
        )
    return header, content


def _build_without_memory(model: InstalledModel) -> Colorizer:
    """The architecture on the meta device: names, shapes and types of its tensors, without their memory."""
    try:
        with torch.device("meta"):
            return build_network(model.card.architecture, model.card.network)
    except BadWeightsError as error:
        raise BadWeightsError(f"{model.weights} cannot be used. {error.sentence}", error.advice) from error


def _compare(header: WeightHeader, network: Colorizer, model: InstalledModel) -> None:
    """Names, shapes and types of the file against those of the network; the first that differs is named."""
    wanted: Mapping[str, Tensor] = network.state_dict()
    for name, value in wanted.items():
        entry = header.tensors.get(name)
        if entry is None:
            raise _misfit(model, f'it lacks "{name}" ({_dimensions(value.shape)})')
        if entry.shape != tuple(value.shape):
            raise _misfit(model, f'"{name}" is {_dimensions(entry.shape)}, not {_dimensions(value.shape)}')
        if entry.dtype not in (FLOATING if value.is_floating_point() else WHOLE.get(value.dtype, ())):
            kind = str(value.dtype).removeprefix("torch.")
            raise _misfit(model, f'"{name}" is of type {entry.dtype}, not {kind}')
    extra = next((name for name in header.tensors if name not in wanted), None)
    if extra is not None:
        raise _misfit(model, f'"{extra}" has no place there')


def _misfit(model: InstalledModel, difference: str) -> BadWeightsError:
    return BadWeightsError(
        f'{model.weights} does not fit the architecture "{model.card.architecture}" of its card: {difference}.',
        "Use the card that came with the weights.",
    )


def _dimensions(shape: tuple[int, ...]) -> str:
    return "\N{MULTIPLICATION SIGN}".join(map(str, shape)) or "a single number"


def _tensors(content: bytes, path: Path) -> dict[str, Tensor]:
    """The floating-point tensors in float32, each value finite; the others as they are."""
    try:
        stored = load(content)
    except (SafetensorError, ValueError, KeyError) as error:  # our own check found nothing, the library's did
        raise BadWeightsError(f"{path} is damaged: {error}.", "Download it again.") from error
    tensors: dict[str, Tensor] = {}
    for name in list(stored):
        value = stored.pop(name)
        if value.is_floating_point():
            if not bool(torch.isfinite(value).all()):
                raise BadWeightsError(f'{path} cannot be used: "{name}" holds a value that is not finite.')
            value = value.float()
        tensors[name] = value
    return tensors


def _compare_twins(network: Colorizer, tensors: Mapping[str, Tensor], model: InstalledModel) -> None:
    """A layer used at two places has two names in the file; were its values two, the last would win unnoticed."""
    names: dict[int, str] = {}
    for name, value in network.state_dict(keep_vars=True).items():
        twin = names.setdefault(id(value), name)
        if not torch.equal(tensors[twin], tensors[name]):
            raise _misfit(model, f'"{name}" and "{twin}" are one tensor, and have different values')


def _fill(network: Colorizer, tensors: dict[str, Tensor], model: InstalledModel) -> Colorizer:
    """Puts the tensors in place of those without memory."""
    network.load_state_dict(tensors, strict=True, assign=True)
    if _has_meta(network):
        # Buffers that no file holds are computed by the constructor, which the meta device has kept from doing so. The
        # file has the network's own shapes by now, so a card cannot ask for more memory here than the file itself has.
        network = build_network(model.card.architecture, model.card.network)
        network.load_state_dict(tensors, strict=True, assign=True)
    return network


def _has_meta(network: torch.nn.Module) -> bool:
    return any(value.is_meta for value in chain(network.parameters(), network.buffers()))


def _try_out(network: Colorizer, model: InstalledModel) -> None:
    """Colours a ramp from black to white."""
    side = -(-TRIAL_SIDE // network.multiple) * network.multiple
    lightness = torch.linspace(0.0, 100.0, side).expand(1, 1, side, side)
    try:
        with torch.inference_mode():
            ab: Any = network(lightness).ab
    except (RuntimeError, ValueError, IndexError) as error:
        raise BadWeightsError(f"{model.weights} cannot be used: the network fails ({error}).") from error
    usable = ab.ndim == 4 and tuple(ab.shape[:2]) == (1, 2) and bool(torch.isfinite(ab).all())
    # What overflowed within the network comes out of its clamp as a bound everywhere.
    if not usable or bool((ab.abs() >= AB_BOUND).all()):
        raise BadWeightsError(f"{model.weights} cannot be used: a trial gives no colours that could be shown.")
