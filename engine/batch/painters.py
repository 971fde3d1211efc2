"""The models of a batch: the one for all photos, and those that sidecars name, loaded when a photo needs them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from engine.colorist import Prepared
    from engine.models.contract import Features
    from engine.render import Colors

MOST = 3
"""Models in memory at once; of more, the one that was used longest ago is let go."""


class Painter(Protocol):
    """What a batch needs of an `engine.colorist.Colorist`."""

    @property
    def device_name(self) -> str:
        """Where the network runs."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know, each once."""
        ...

    def prepare(self, pixels: NDArray[Any]) -> Prepared:
        """Lightness at the network's size; on any thread."""
        ...

    def colors(self, prepared: Sequence[Prepared]) -> list[Colors]:
        """Runs the network; on one thread, or on several where it runs on the processor."""
        ...

    def encode(self, prepared: Prepared) -> Features:
        """The slow half of the network; on one thread."""
        ...

    def decode(
        self,
        features: Features,
        prepared: Prepared,
        palette: int | None = None,
        spots: NDArray[np.float32] | None = None,
    ) -> Colors:
        """The fast half, with a variant and hints; on one thread."""
        ...

    def palettes(self, features: Features) -> list[int]:
        """The variants of a photo; empty for a model without."""
        ...


class Painters:
    """Loaded models by name; safe to use from several threads.

    Args:
        usual: The model for all photos, which is kept.
        load: Loads one.
    """

    def __init__(self, usual: str, load: Callable[[str], Painter]) -> None:
        self._usual = usual
        self._load = load
        self._lock = threading.Lock()
        self._loaded: dict[str, Painter] = {}

    def get(self, model: str) -> Painter:
        """A model; loaded if it is not. Raises what loading raises."""
        painter = self._loaded.get(model)
        if painter is not None and model == self._usual:
            return painter
        with self._lock:
            painter = self._loaded.pop(model, None) or self._load(model)
            self._loaded[model] = painter  # the newest stand last
            if len(self._loaded) > MOST:
                del self._loaded[next(name for name in self._loaded if name != self._usual)]
        return painter

    def notes(self) -> list[str]:
        """What the loaded models have to say."""
        return [note for painter in list(self._loaded.values()) for note in painter.notes]
