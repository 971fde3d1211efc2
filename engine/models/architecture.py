"""What the registry knows of a family of networks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.models.contract import Colorizer


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
