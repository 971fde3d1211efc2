"""What the engine's thread owns: loaded models, and the sessions of the photo that is open.

No Qt here. Everything is called on one thread, the engine's (`desktop.coloring`), but for the plain values.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine import Session, list_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine import Colorist, Colors, Photo, Progress

log = logging.getLogger(__name__)

MODELS_KEPT = 4
"""Loaded models: as many as are compared side by side."""
VARIANTS = 4
"""Colourings of a photo that are offered beside the automatic one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a photo is coloured with.

    Attributes:
        model: Name of an installed model.
        variant: Which of the model's palettes for this photo, 0 for the likeliest; None leaves it to the model.
    """

    model: str
    variant: int | None = None


@dataclass(frozen=True, slots=True)
class Coloring:
    """The colours of one photo, and what they were made with.

    Attributes:
        choice: What was asked for.
        colors: The result.
        variants: How many variants the model offers for this photo.
        device: Where the network ran: cpu, cuda or mps.
        notes: What the user should know, such as that memory was short.
    """

    choice: Choice
    colors: Colors
    variants: int
    device: str
    notes: tuple[str, ...]


class Studio:
    """Loads models when they are first asked for, and colours photos with them.

    Args:
        load: Makes a `Colorist` of a model's name and a device's; tests give one of their own.
        device: auto, cpu, cuda or mps.
    """

    def __init__(self, load: Callable[[str, str], Colorist] | None = None, device: str = "auto") -> None:
        self._load = load or _load
        self._device = device
        self._models: OrderedDict[str, tuple[Colorist, str]] = OrderedDict()
        self._sessions: dict[str, Session] = {}
        self._photo: Photo | None = None

    def set_device(self, device: str) -> None:
        """Loads models on another device from now on."""
        if device != self._device:
            self._device = device
            self._models.clear()
            self._sessions.clear()

    def forget(self, model: str) -> None:
        """Lets a model go: it was removed, or replaced by another of the same name."""
        self._models.pop(model, None)
        self._sessions.pop(model, None)

    def close_photo(self, photo: Photo | None = None) -> None:
        """Lets the open photo go; if one is named, only if it is still that one."""
        if photo is None or photo is self._photo:
            self._photo = None
            self._sessions.clear()

    def colorist(self, model: str) -> Colorist:
        """A loaded model.

        Raises:
            EngineError: If it cannot be loaded; what was loaded before stays.
        """
        fingerprint = _fingerprint(model)
        known = self._models.get(model)
        if known is not None and known[1] == fingerprint:
            self._models.move_to_end(model)
            return known[0]
        loaded = self._load(model, self._device)
        self.forget(model)
        self._models[model] = (loaded, fingerprint)
        while len(self._models) > MODELS_KEPT:
            gone, _ = self._models.popitem(last=False)
            self._sessions.pop(gone, None)
        return loaded

    def color(self, photo: Photo, choice: Choice, progress: Progress) -> Coloring:
        """Colours the photo that is open on the screen; it is encoded once for each model.

        Raises:
            CancelledError: If nobody waits for it any more.
            EngineError: If it cannot be coloured.
        """
        if photo is not self._photo:
            self.close_photo()
            self._photo = photo
        return self._colored(photo, choice, progress, self._sessions)

    def color_aside(self, photo: Photo, choice: Choice, progress: Progress) -> Coloring:
        """Colours another photo, of which nothing is kept. Raises as `color`."""
        return self._colored(photo, choice, progress, {})

    def _colored(self, photo: Photo, choice: Choice, progress: Progress, sessions: dict[str, Session]) -> Coloring:
        progress.check()
        colorist = self.colorist(choice.model)
        progress.check()
        session = sessions.get(choice.model)
        if session is None:
            session = Session(colorist)
            session.set_photo(photo.pixels)
            sessions[choice.model] = session
        progress.check()
        palettes = session.palettes()[:VARIANTS]
        palette = palettes[min(choice.variant, len(palettes) - 1)] if palettes and choice.variant is not None else None
        colors = session.colorize(palette)
        return Coloring(choice, colors, len(palettes), colorist.device_name, colorist.notes)


def _load(model: str, device: str) -> Colorist:
    from engine import Colorist, load_decoders, load_torch

    load_decoders()  # the first photo is read meanwhile; see there
    load_torch()
    return Colorist(model, device)


def _fingerprint(model: str) -> str:
    """The hash on the card, by which a replaced model is noticed."""
    return next((found.card.sha256 for found in list_models() if found.id == model), "")
