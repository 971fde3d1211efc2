"""What the engine's thread owns: loaded models, the sessions of the photo that is open, and encoded photos beside it.

A photo is encoded once for each model. When it is closed its encoding is kept without its pixels, and so are those of
its neighbours in the folder, which are encoded while nobody asks for anything; within a budget of bytes.

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
    from pathlib import Path
    from typing import Any

    import numpy as np
    from numpy.typing import NDArray

    from engine import Colorist, Colors, HintSet, Photo, Progress, Suggestion

log = logging.getLogger(__name__)

MODELS_KEPT = 4
"""Loaded models: as many as are compared side by side."""
VARIANTS = 4
"""Colourings of a photo that are offered beside the automatic one."""
AHEAD_BYTES = 256 << 20
"""Encoded photos beside the open one may take so much."""
PLACES = 5
"""So many places are named where a hint would help most."""


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
        hints: What was known of the colours; None for nothing.
    """

    choice: Choice
    colors: Colors
    variants: int
    device: str
    notes: tuple[str, ...]
    hints: HintSet | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What there is to know of one place of the photo.

    Attributes:
        x: The place, in pixels of the photo.
        y: Likewise.
        lightness: L* there, in [0, 100].
        suggestions: Colours that the model finds likely there, the likeliest first.
    """

    x: float
    y: float
    lightness: float
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """Where hints would help.

    Attributes:
        need: h×w in [0, 1]: how much a hint there would help; the whole photo at a small size.
        places: The best places, the best first, in pixels of the photo.
    """

    need: NDArray[np.float32]
    places: tuple[tuple[float, float], ...]


class Studio:
    """Loads models when they are first asked for, and colours photos with them.

    Args:
        load: Makes a `Colorist` of a model's name and a device's; tests give one of their own.
        device: auto, cpu, cuda or mps.
        ahead: Bytes of encoded photos that are kept beside the open one.
    """

    def __init__(
        self, load: Callable[[str, str], Colorist] | None = None, device: str = "auto", *, ahead: int = AHEAD_BYTES
    ) -> None:
        self._load = load or _load
        self._device = device
        self._models: OrderedDict[str, tuple[Colorist, str]] = OrderedDict()
        self._sessions: dict[str, Session] = {}
        self._photo: Photo | None = None
        self._resting = Resting(ahead)

    def set_device(self, device: str) -> None:
        """Loads models on another device from now on."""
        if device != self._device:
            self._device = device
            self._models.clear()
            self._sessions.clear()
            self._resting.clear()

    def forget(self, model: str) -> None:
        """Lets a model go: it was removed, or replaced by another of the same name."""
        self._models.pop(model, None)
        self._sessions.pop(model, None)
        self._resting.forget(model)

    def close_photo(self, photo: Photo | None = None) -> None:
        """Lets the open photo go; if one is named, only if it is still that one. Its encoding stays for a while."""
        if photo is None or photo is self._photo:
            for model, session in self._sessions.items():
                if self._photo is not None:
                    self._resting.put(self._photo, model, session)
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
            self.forget(next(iter(self._models)))
        return loaded

    def color(self, photo: Photo, choice: Choice, hints: HintSet | None, progress: Progress) -> Coloring:
        """Colours the photo that is open on the screen; it is encoded once for each model.

        Raises:
            CancelledError: If nobody waits for it any more.
            EngineError: If it cannot be coloured.
        """
        return self._colored(self._opened(photo, choice.model, progress), choice, hints, progress)

    def color_aside(self, photo: Photo, choice: Choice, hints: HintSet | None, progress: Progress) -> Coloring:
        """Colours another photo, of which nothing is kept. Raises as `color`."""
        progress.check()
        session = Session(self.colorist(choice.model))
        progress.check()
        session.set_photo(photo.pixels)
        return self._colored(session, choice, hints, progress)

    def sight(
        self, photo: Photo, choice: Choice, hints: HintSet | None, place: tuple[float, float], progress: Progress
    ) -> Sight:
        """What there is to know of a place of the open photo. Raises as `color`."""
        session = self._opened(photo, choice.model, progress)
        return Sight(*place, session.lightness_at(*place), tuple(session.suggestions(*place, hints)))

    def advice(self, photo: Photo, choice: Choice, hints: HintSet | None, progress: Progress) -> Advice:
        """Where in the open photo a hint would help most. Raises as `color`."""
        session = self._opened(photo, choice.model, progress)
        need = session.where_to_hint(hints)
        progress.check()
        return Advice(need, tuple(session.best_places(need, PLACES)))

    def reference_hints(self, photo: Photo, choice: Choice, reference: NDArray[Any], progress: Progress) -> HintSet:
        """Hints for the open photo out of a similar colour photo. Raises as `color`.

        Args:
            photo: The open photo.
            choice: What it is coloured with.
            reference: H×W×3 pixels of the colour photo.
            progress: Tells whether anybody waits for it.
        """
        return self._opened(photo, choice.model, progress).reference_hints(reference)

    def encode_ahead(self, photo: Photo, model: str, progress: Progress) -> None:
        """Encodes a photo that may be opened next; of a model that is loaded. Raises as `color`."""
        if model not in self._models or self._resting.has(photo, model):
            return
        session = Session(self.colorist(model))
        progress.check()
        session.set_photo(photo.pixels)
        self._resting.put(photo, model, session)

    def _opened(self, photo: Photo, model: str, progress: Progress) -> Session:
        """The encoded photo that is open on the screen."""
        progress.check()
        if photo is not self._photo:
            self.close_photo()
            self._photo = photo
        colorist = self.colorist(model)
        progress.check()
        session = self._sessions.get(model) or self._resting.take(photo, model)
        if session is None:
            session = Session(colorist)
            session.set_photo(photo.pixels)
        self._sessions[model] = session
        progress.check()
        return session

    def _colored(self, session: Session, choice: Choice, hints: HintSet | None, progress: Progress) -> Coloring:
        progress.check()
        palettes = session.palettes()[:VARIANTS]
        palette = palettes[min(choice.variant, len(palettes) - 1)] if palettes and choice.variant is not None else None
        colors = session.colorize(palette, hints)
        colorist, _ = self._models[choice.model]
        return Coloring(choice, colors, len(palettes), colorist.device_name, colorist.notes, hints)


class Resting:
    """Encoded photos without their pixels, the longest unused let go first.

    Args:
        budget: Bytes that they may take together.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._sessions: OrderedDict[tuple[Path, int, str], tuple[Session, int]] = OrderedDict()

    def has(self, photo: Photo, model: str) -> bool:
        """Whether a photo is there; it counts as used."""
        key = _key(photo, model)
        if key in self._sessions:
            self._sessions.move_to_end(key)
        return key in self._sessions

    def put(self, photo: Photo, model: str, session: Session) -> None:
        """Keeps an encoded photo, if it is one."""
        size = session.rest()
        self._sessions.pop(_key(photo, model), None)
        if size > 0:
            self._sessions[_key(photo, model)] = (session, size)
        while self._sessions and self.nbytes > self._budget:
            self._sessions.popitem(last=False)

    def take(self, photo: Photo, model: str) -> Session | None:
        """An encoded photo with its pixels again; None where it is not there, or its file has other content now."""
        session, _ = self._sessions.pop(_key(photo, model), (None, 0))
        return session if session is not None and session.resume(photo.pixels) else None

    def forget(self, model: str) -> None:
        """Lets all photos go that a model encoded."""
        for key in [key for key in self._sessions if key[2] == model]:
            del self._sessions[key]

    def clear(self) -> None:
        """Lets all go."""
        self._sessions.clear()

    @property
    def nbytes(self) -> int:
        """What they take."""
        return sum(size for _, size in self._sessions.values())


def _key(photo: Photo, model: str) -> tuple[Path, int, str]:
    return photo.path, photo.page, model


def _load(model: str, device: str) -> Colorist:
    from engine import Colorist, load_decoders, load_torch

    load_decoders()  # the first photo is read meanwhile; see there
    load_torch()
    return Colorist(model, device)


def _fingerprint(model: str) -> str:
    """The hash on the card, by which a replaced model is noticed."""
    return next((found.card.sha256 for found in list_models() if found.id == model), "")
