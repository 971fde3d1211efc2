"""What a view shows, as far as it is known yet, and what its tiles are rendered from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from engine import Painting, Pyramid


class Source:
    """A photo in certain colours, or as it is: what a tile is a part of.

    Two sources are the same when they are of the same photo and the same painting, by identity.

    Args:
        pyramid: The photo.
        painting: Its colours; None for the photo as it is.
    """

    __slots__ = ("_hash", "painting", "pyramid")

    def __init__(self, pyramid: Pyramid, painting: Painting | None = None) -> None:
        self.pyramid = pyramid
        self.painting = painting
        # An identity stays with an object as long as a source holds it, so no other source can take it over.
        self._hash = hash((id(pyramid), id(painting)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and self.pyramid is other.pyramid and self.painting is other.painting

    def __hash__(self) -> int:
        return self._hash

    def pixels(self, level: int, box: tuple[int, int, int, int]) -> NDArray[np.uint8]:
        """A part of a level, H×W×3 sRGB; for any thread.

        Args:
            level: Of the pyramid.
            box: (left, top, width, height) in pixels of that level.
        """
        if self.painting is None:
            return self.pyramid.original(level, box)
        return self.pyramid.colored(level, box, self.painting)


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A photo in a view.

    Attributes:
        width: Of the photo at its own size, in pixels.
        height: Likewise.
        draft: A small picture of the whole photo, shown until the photo itself is there.
        pyramid: The photo; None while it is still read.
        painting: Its colours; None shows the photo as it is.
    """

    width: int
    height: int
    draft: QImage | None = None
    pyramid: Pyramid | None = None
    painting: Painting | None = None

    @property
    def original(self) -> Source | None:
        """The photo as it is."""
        return None if self.pyramid is None else Source(self.pyramid)

    @property
    def source(self) -> Source | None:
        """The photo in its colours, as far as there are any."""
        return None if self.pyramid is None else Source(self.pyramid, self.painting)
