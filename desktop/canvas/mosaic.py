"""The tiles of one source, laid over the place where its photo is shown.

Each level of the pyramid is cut into squares of `SIDE` pixels. Where the edge between two of them falls on the screen
is rounded to a whole device pixel once, for both, so there is neither a gap nor an overlap. A tile is rendered with an
apron of one pixel more on each side, so that smoothing across an edge sees what lies beyond.

The pixels of a level are squares of whole pixels of the photo; where its last ones reach beyond the photo's edge, their
tile ends with the photo all the same.

A tile that is shown smaller than it is, is also kept *fitted*: reduced to exactly its place on the screen, in the
background, so that drawing it is copying it. Until then it is reduced while drawing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter

from desktop.canvas.cells import APRON, SIDE, Cell, TileKey, apron_of, box_of

if TYPE_CHECKING:
    from desktop.canvas.picture import Source
    from desktop.canvas.tiles import TileStore
    from desktop.canvas.viewport import Placement

NEAREST_FROM = 4.0
"""Enlargement from which on pixels are shown as squares."""


class Mosaic:
    """A source at a place.

    Args:
        source: What is shown.
        placement: Where the whole photo lies, in device pixels of the view.
    """

    def __init__(self, source: Source, placement: Placement) -> None:
        self.source = source
        self.placement = placement
        self._width, self._height = source.pyramid.width, source.pyramid.height
        self.level = self._level()

    def _level(self) -> int:
        """The smallest level that has all the pixels of the screen."""
        pyramid, place = self.source.pyramid, self.placement
        for level in reversed(range(pyramid.level_count)):
            width, height = pyramid.size(level)
            if width >= place.width and height >= place.height:
                return level
        return 0

    def cells(self, area: QRect, level: int | None = None) -> list[Cell]:
        """The cells that an area of the view shows, those in its middle first.

        Args:
            area: In device pixels.
            level: Which level's; None for the one that fits the zoom.
        """
        level = self.level if level is None else level
        seen = area & self.placement.rect
        if seen.isEmpty():
            return []
        place, side = self.placement, SIDE << level
        columns = _span(seen.left() - place.left, seen.right() + 1 - place.left, self._width, place.width, side)
        rows = _span(seen.top() - place.top, seen.bottom() + 1 - place.top, self._height, place.height, side)
        middle = ((columns[0] + columns[-1]) / 2, (rows[0] + rows[-1]) / 2)
        found = [Cell(level, column, row) for row in rows for column in columns]
        return sorted(found, key=lambda cell: abs(cell.column - middle[0]) + abs(cell.row - middle[1]))

    def key(self, cell: Cell) -> TileKey:
        """The tile that a cell is best drawn with."""
        rect, box = self.rect_of(cell), box_of(cell, self.source.pyramid.size(cell.level))
        size = (rect.width(), rect.height())
        fitted = not self._enlarged and size != (box.width, box.height)
        return TileKey(self.source, cell, size if fitted else None)

    def keys(self, area: QRect) -> list[TileKey]:
        """The tiles that an area is best drawn with, those in its middle first."""
        return [self.key(cell) for cell in self.cells(area)]

    def base(self) -> list[TileKey]:
        """The few tiles of the smallest level: drawn wherever nothing better is there."""
        return [TileKey(self.source, cell) for cell in self.cells(self.placement.rect, self._coarsest)]

    def rect_of(self, cell: Cell) -> QRect:
        """Where a cell lies in the view, in device pixels."""
        place, side = self.placement, SIDE << cell.level
        left = _edge(cell.column * side, self._width, place.width)
        right = _edge((cell.column + 1) * side, self._width, place.width)
        top = _edge(cell.row * side, self._height, place.height)
        bottom = _edge((cell.row + 1) * side, self._height, place.height)
        return QRect(place.left + left, place.top + top, right - left, bottom - top)

    def complete(self, store: TileStore, area: QRect) -> bool:
        """Whether all the tiles that an area is best drawn with are there."""
        return all(key in store for key in self.keys(area))

    def draw(self, painter: QPainter, store: TileStore, area: QRect, *, smooth: bool = True) -> None:
        """Draws an area from the tiles that are there.

        Args:
            painter: In device pixels of the view. Its clipping is changed.
            store: The tiles.
            area: What is to be drawn.
            smooth: Whether tiles that are still to be fitted are smoothed while drawing; costs twice the time.
        """
        for cell in self.cells(area):
            rect, key = self.rect_of(cell), self.key(cell)
            part, image = rect & area, store.get(key)
            if image is not None and key.size is not None:
                painter.setClipRect(part)
                painter.drawImage(rect.topLeft(), image)
            elif not self._draw_tile(painter, store, cell, part, smooth):
                self._draw_others(painter, store, cell.level, part, smooth)

    @property
    def _enlarged(self) -> bool:
        return self.placement.width > self._width

    @property
    def _coarsest(self) -> int:
        return self.source.pyramid.level_count - 1

    def _draw_others(self, painter: QPainter, store: TileStore, level: int, part: QRect, smooth: bool) -> None:
        """Draws what other levels have: the best complete coarser one, and over it what there is of the next finer."""
        for coarser in range(level + 1, self._coarsest + 1):
            cells = self.cells(part, coarser)
            if coarser == self._coarsest or all(TileKey(self.source, cell) in store for cell in cells):
                for cell in cells:
                    self._draw_tile(painter, store, cell, self.rect_of(cell) & part, smooth)
                break
        if level > 0:
            for cell in self.cells(part, level - 1):
                self._draw_tile(painter, store, cell, self.rect_of(cell) & part, smooth)

    def _draw_tile(self, painter: QPainter, store: TileStore, cell: Cell, part: QRect, smooth: bool) -> bool:
        """Draws the part of a tile at its level's own size, scaled; False if it is not there."""
        image = store.get(TileKey(self.source, cell))
        if image is None:
            return False
        size = self.source.pyramid.size(cell.level)
        box, rect = box_of(cell, size), self.rect_of(cell)
        apron = apron_of(box, size)
        scale = (rect.width() / box.width, rect.height() / box.height)
        # Only so much of the tile as is seen: at a large zoom its whole would reach beyond what painters can count.
        left = max(math.floor((part.left() - rect.left()) / scale[0]) + box.left - apron.left - APRON, 0)
        top = max(math.floor((part.top() - rect.top()) / scale[1]) + box.top - apron.top - APRON, 0)
        right = min(math.ceil((part.right() + 1 - rect.left()) / scale[0]) + box.left - apron.left + APRON, apron.width)
        bottom = min(math.ceil((part.bottom() + 1 - rect.top()) / scale[1]) + box.top - apron.top + APRON, apron.height)
        target = QRectF(
            rect.left() + (left + apron.left - box.left) * scale[0],
            rect.top() + (top + apron.top - box.top) * scale[1],
            (right - left) * scale[0],
            (bottom - top) * scale[1],
        )
        squares = self.placement.width >= NEAREST_FROM * self._width
        smooth = (smooth or scale[0] > 1) and not squares
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.setClipRect(part)
        painter.drawImage(target, image, QRectF(left, top, right - left, bottom - top))
        return True


def _edge(place: int, length: int, shown: int) -> int:
    """Where a place of the photo lies on the screen, both from the photo's edge; beyond its end, the end."""
    return (2 * min(place, length) * shown + length) // (2 * length)


def _span(first: int, end: int, length: int, shown: int, side: int) -> range:
    """The cells of `side` pixels of the photo that show in [first, end) device pixels from the photo's edge."""
    low = max(first * length // (shown * side) - 1, 0)
    high = min(end * length // (shown * side) + 1, (length - 1) // side)
    while low < high and _edge((low + 1) * side, length, shown) <= first:
        low += 1
    while high > low and _edge(high * side, length, shown) >= end:
        high -= 1
    return range(low, high + 1)
