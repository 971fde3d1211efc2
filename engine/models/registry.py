"""The architectures that weights can be of: listed here, in one place, by name.

To add one: write its family's file beside this one, with a frozen spec of its numbers, and add a line to `ARCHITECTURES`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import BadWeightsError
from engine.models.contract import Colorizer
from engine.models.photo import LITE, PhotoNet, PhotoSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """A family of networks.

    Attributes:
        spec: The numbers with their defaults, a frozen dataclass.
        build: Makes a network of such numbers; `pretrained` starts its encoder from published weights, where it can.
        summary: What it is, one sentence.
    """

    spec: Any
    build: Callable[[Any, bool], Colorizer]
    summary: str


def _photo(spec: PhotoSpec, pretrained: bool) -> Colorizer:  # noqa: FBT001 - one signature for all families
    return PhotoNet(spec, pretrained=pretrained)


ARCHITECTURES: Mapping[str, Architecture] = {
    "photo": Architecture(spec=PhotoSpec(), build=_photo, summary="Encode once; hints and palettes in the decoder."),
    "photo-lite": Architecture(spec=LITE, build=_photo, summary="`photo` at half the width, for weak machines."),
}


def build_network(architecture: str, numbers: Mapping[str, Any], *, pretrained: bool = False) -> Colorizer:
    """Makes a network, its weights not yet loaded.

    Args:
        architecture: A name in `ARCHITECTURES`.
        numbers: Fields of the architecture's spec; absent ones take its defaults.
        pretrained: Starts the encoder from timm's published weights (downloads them): for training only.

    Raises:
        BadWeightsError: If there is no such architecture, or it has no such number.
    """
    family = ARCHITECTURES.get(architecture)
    if family is None:
        known = ", ".join(ARCHITECTURES)
        raise BadWeightsError(f'There is no architecture "{architecture}".', f"Known: {known}.")
    fields = {field.name for field in dataclasses.fields(family.spec)}
    unknown = [name for name in numbers if name not in fields]
    if unknown:
        raise BadWeightsError(f'The architecture "{architecture}" has no number called "{unknown[0]}".')
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in numbers.items()}
    return family.build(dataclasses.replace(family.spec, **values), pretrained)
