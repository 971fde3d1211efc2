"""The squares that the levels of a photo are cut into, and how the tile of one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt

from desktop.pixels import image_of

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from desktop.canvas.picture import Source

SIDE = 512
APRON = 1


class Cell(NamedTuple):
    """A square of a level."""

    level: int
    column: int
    row: int


class TileKey(NamedTuple):
    """What a tile is known by.

    Attributes:
        source: What it is a part of.
        cell: Which part.
        size: (width, height) that it is fitted to, in device pixels; None for the tile at its level's own size.
    """

    source: Source
    cell: Cell
    size: tuple[int, int] | None = None

    @property
    def whole(self) -> TileKey:
        """The same tile at its level's own size."""
        return self if self.size is None else TileKey(self.source, self.cell)


class Box(NamedTuple):
    """A part of a level, in its pixels."""

    left: int
    top: int
    width: int
    height: int


def box_of(cell: Cell, size: tuple[int, int]) -> Box:
    """The pixels of a cell, without apron.

    Args:
        cell: The cell.
        size: (width, height) of its level.
    """
    left, top = cell.column * SIDE, cell.row * SIDE
    return Box(left, top, min(SIDE, size[0] - left), min(SIDE, size[1] - top))


def apron_of(box: Box, size: tuple[int, int]) -> Box:
    """A cell's pixels with their apron, which ends where the level ends. Arguments as in `box_of`."""
    left, top = max(box.left - APRON, 0), max(box.top - APRON, 0)
    right, bottom = min(box.left + box.width + APRON, size[0]), min(box.top + box.height + APRON, size[1])
    return Box(left, top, right - left, bottom - top)


def rendered(key: TileKey, whole: QImage | None = None) -> tuple[QImage, QImage]:
    """Makes a tile; for any thread.

    Args:
        key: Which one.
        whole: The tile at its level's own size with its apron, where it is there already.

    Returns:
        The tile at its level's own size with its apron, and the one of the key; the same where it is not fitted.
    """
    size = key.source.pyramid.size(key.cell.level)
    box = box_of(key.cell, size)
    apron = apron_of(box, size)
    if whole is None:
        whole = image_of(key.source.pixels(key.cell.level, apron))
    if key.size is None:
        return whole, whole
    # Averages the pixels below each of the screen's, and none beyond: so no apron is needed here.
    inner = whole.copy(box.left - apron.left, box.top - apron.top, box.width, box.height)
    keep, how = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return whole, inner.scaled(*key.size, keep, how)
