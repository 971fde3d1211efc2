"""How ink looks: drawn once, piece by piece as the stroke grows, on a picture of its own that is laid over the photo.

Pieces of a stroke overlap, so they are drawn opaque on that picture; only the whole is made transparent, and the
photo's lightness shows through everywhere alike.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QTransform

from desktop.canvas.ink_shape import Disc, draw_run, seen_runs
from engine import Hint, HintKind, HintPoint

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.canvas.surface import PhotoSurface

OPACITY = 0.6
LIGHT, DARK = QColor("#ffffff"), QColor("#141416")
"""The two tones of whatever has to be seen on any photo."""
EDGES = ((LIGHT, 1.0), (DARK, 2.0))
"""The edges of ink and how far they reach, in the view's coordinates: grey ink on a grey photo is seen by them."""
PATIENCE_MS, PORTION = 8, 8
"""How long drawing goes on at once, and how many points are drawn between two looks at the clock."""
THINNEST = 0.75
"""Ink is no thinner than this, in device pixels, however small the photo is shown."""
HATCH = 8
"""From one line of the hatching to the next, in the view's coordinates."""
_OVER, _UNDER = (
    QPainter.CompositionMode.CompositionMode_SourceOver,
    QPainter.CompositionMode.CompositionMode_DestinationOver,
)


@lru_cache(maxsize=256)
def kind_of(color: str | None) -> HintKind:
    """What a hint of a colour says."""
    return Hint((HintPoint(0.0, 0.0),), 1.0, color).kind


def hatching(ratio: float, ground: QColor, line: QColor) -> QBrush:
    """Diagonal lines.

    Args:
        ratio: Device pixels per pixel of the view.
        ground: Between the lines.
        line: Of the lines.
    """
    side = max(round(HATCH * ratio), 4)
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(ground)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(line, side * 0.3, Qt.PenStyle.SolidLine, Qt.PenCapStyle.SquareCap))
    for offset in (-side, 0, side):
        painter.drawLine(QPointF(offset, side), QPointF(offset + side, 0))
    painter.end()
    return QBrush(image)


@lru_cache(maxsize=64)
def brush_of(color: str | None, ratio: float, *, erasing: bool = False) -> QBrush:
    """What ink is filled with: a colour, a grey, a hatching for "keep"; an eraser's trail is white.

    Args:
        color: Of the ink.
        ratio: Device pixels per pixel of the view.
        erasing: Whether it is an eraser's trail.
    """
    if erasing:
        return QBrush(LIGHT)
    return hatching(ratio, QColor("#6d6d70"), LIGHT) if color is None else QBrush(QColor(color))


class Ink:
    """A stroke as it is drawn: its points may grow.

    Args:
        points: The stroke.
        radius: In pixels of the photo.
        color: Of the ink.
        erasing: Whether it is an eraser's trail.
    """

    __slots__ = ("color", "erasing", "points", "radius")

    def __init__(self, points: Sequence[HintPoint], radius: float, color: str | None, *, erasing: bool = False) -> None:
        self.points = points
        self.radius = radius
        self.color = color
        self.erasing = erasing

    def is_same(self, other: Ink) -> bool:
        """Whether it is the same stroke, which may have grown."""
        looks = (self.radius, self.color, self.erasing) == (other.radius, other.color, other.erasing)
        return looks and self.points is other.points


class InkPicture:
    """Some strokes, drawn once and for all for one place of the photo in a view.

    Args:
        size: In device pixels.
        place: From pixels of the photo to device pixels.
        ratio: Device pixels per pixel of the view.
    """

    def __init__(self, size: QSize, place: QTransform, ratio: float) -> None:
        self.image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
        self.image.fill(Qt.GlobalColor.transparent)
        self.place = place
        self._ratio = ratio
        self._drawn: list[tuple[Ink, int]] = []

    def is_at(self, size: QSize, place: QTransform) -> bool:
        """Whether it shows the photo where it is now."""
        return self.image.size() == size and self.place == place

    def is_begun(self, inks: Sequence[Ink]) -> bool:
        """Whether all that is drawn belongs to these strokes."""
        return len(self._drawn) <= len(inks) and all(
            drawn.is_same(ink) for (drawn, _), ink in zip(self._drawn, inks, strict=False)
        )

    def has_any(self, inks: Sequence[Ink]) -> bool:
        """Whether anything that is drawn belongs to these strokes."""
        return any(drawn.is_same(ink) for drawn, _ in self._drawn for ink in inks)

    def go_on(self, inks: Sequence[Ink]) -> bool:
        """Draws what strokes have more than before; False if there is more than can be drawn within `PATIENCE_MS`."""
        self._drawn += [(ink, 0) for ink in inks[len(self._drawn) :]]
        if all(count == len(ink.points) for ink, count in self._drawn):
            return True
        clock = QElapsedTimer()
        clock.start()
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        done = True
        for index, (ink, count) in enumerate(self._drawn):
            while count < len(ink.points) and (done := clock.elapsed() < PATIENCE_MS):
                until = min(count + PORTION, len(ink.points))
                self._draw_piece(painter, ink, ink.points[max(count - 1, 0) : until])
                count = until
            self._drawn[index] = (ink, count)
        painter.end()
        return done

    def _draw_piece(self, painter: QPainter, ink: Ink, points: Sequence[HintPoint]) -> None:
        """Draws from the first of some points to the last."""
        place, seen = self.place, QRectF(self.image.rect())
        discs = [
            Disc(
                place.dx() + x * place.m11(),
                place.dy() + y * place.m22(),
                max(ink.radius * pressure * place.m11(), THINNEST),
            )
            for x, y, pressure in points
        ]
        brush = brush_of(ink.color, self._ratio, erasing=ink.erasing)
        for run in seen_runs(discs, seen):
            draw_run(painter, brush, run)
            # Drawn below what is there, edges stay at the edge of the whole.
            painter.setCompositionMode(_UNDER)
            for tone, reach in EDGES:
                draw_run(painter, QBrush(tone), run, reach * self._ratio)
            painter.setCompositionMode(_OVER)


class InkLayer:
    """The ink of some strokes in one view.

    A stroke's new piece is drawn at once. When the photo is moved or zoomed, all of the ink has to be drawn anew; of a
    long stroke that takes longer than a frame, so it is done little by little, and what was there before is shown
    meanwhile, moved and zoomed.
    """

    def __init__(self) -> None:
        self._shown: InkPicture | None = None
        self._coming: InkPicture | None = None

    def clear(self) -> None:
        """Holds nothing any more."""
        self._shown = self._coming = None

    def draw(self, painter: QPainter, view: PhotoSurface, inks: Sequence[Ink], shift: QPointF | None = None) -> None:
        """Draws what is exposed of some strokes.

        Args:
            painter: In device pixels of the view.
            view: Where.
            inks: The strokes; of those that were drawn before only what is new costs time.
            shift: How far from their place they are shown, in device pixels.
        """
        ratio = view.devicePixelRatioF()
        place = view.transform * QTransform.fromScale(ratio, ratio)
        shown = self._follow(view, place, inks)
        painter.save()
        painter.setClipRect(view.exposed_pixels & view.placement().rect)
        painter.setOpacity(OPACITY)
        if shift is not None:
            painter.translate(shift.toPoint())
        if shown.place != place:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setTransform(shown.place.inverted()[0] * place, combine=True)
        painter.drawImage(0, 0, shown.image)
        painter.restore()

    def _follow(self, view: PhotoSurface, place: QTransform, inks: Sequence[Ink]) -> InkPicture:
        """The best picture that there is."""
        size, shown = view.device_rect.size(), self._shown
        if shown is not None and not shown.has_any(inks):
            shown = self._shown = None
        if shown is not None and shown.is_begun(inks):
            complete = shown.go_on(inks)
            if shown.is_at(size, place):
                self._coming = None
                if not complete:
                    QTimer.singleShot(0, view, view.update)
                return shown
        if self._coming is None or not self._coming.is_at(size, place) or not self._coming.is_begun(inks):
            self._coming = InkPicture(size, place, view.devicePixelRatioF())
        if self._coming.go_on(inks) or shown is None:
            self._shown, self._coming = self._coming, None
            return self._shown
        QTimer.singleShot(0, view, view.update)
        return shown
