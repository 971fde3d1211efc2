"""Which part of a photo is seen, and how large: one for all views that move together."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, QSize, Signal

LARGEST = 32.0
"""The largest zoom."""
FIT_LARGEST = 3.0
"""A small photo is enlarged no further than this to fill its view."""
NOISE = 1e-6
"""Device pixels that places are off by, for they are kept in shares of the photo."""
STEP = 1.25
"""What one press of a key zooms by."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Where the whole of a photo lies in a view.

    Whole numbers, for tiles are drawn at whole pixels; its size depends on the zoom alone, never on where it lies.

    Attributes:
        left: In device pixels from the view's left edge; negative where the photo goes beyond it.
        top: Likewise.
        width: Of the photo as it is shown, in device pixels.
        height: Likewise.
    """

    left: int
    top: int
    width: int
    height: int

    @property
    def rect(self) -> QRect:
        """The same as a rectangle."""
        return QRect(self.left, self.top, self.width, self.height)

    def share_at(self, point: QPointF) -> QPointF:
        """The place of a point of the view, in device pixels, as shares of the photo's width and height."""
        return QPointF((point.x() - self.left) / self.width, (point.y() - self.top) / self.height)

    def point_at(self, share: QPointF) -> QPointF:
        """The point of the view, in device pixels, of a place in shares of the photo's width and height."""
        return QPointF(self.left + share.x() * self.width, self.top + share.y() * self.height)


class Viewport(QObject):
    """Zoom and centre of a photo.

    The zoom is the number of device pixels of the screen per pixel of the photo, the centre the place in the middle of
    the view, in shares of the photo's width and height; so a photo of another size can share both and shows the
    same part at the same size. Distances given to its methods are in device pixels.

    Zooming in always keeps the point of the photo that it goes about. Zooming out and panning keep the view filled as
    far as the photo reaches, and what is smaller than the view in its middle.

    Signals:
        changed (): Zoom or centre, or the size that they are of, are others.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._photo = QSize()
        self._views: dict[int, QSize] = {}
        self._zoom = 1.0
        self._center = QPointF(0.5, 0.5)
        self._fitting = True

    @property
    def zoom(self) -> float:
        """Device pixels per pixel of the photo."""
        return self._zoom

    @property
    def center(self) -> QPointF:
        """The place in the middle of the view, in shares of the photo's width and height."""
        return QPointF(self._center)

    @property
    def fitting(self) -> bool:
        """Whether the whole photo is kept in view, whatever the view's size."""
        return self._fitting

    @property
    def fit_zoom(self) -> float:
        """The zoom at which the whole photo is in view."""
        view = self._view
        if self._photo.isEmpty() or view.isEmpty():
            return 1.0
        across, down = view.width() / self._photo.width(), view.height() / self._photo.height()
        return min(across, down, FIT_LARGEST)

    @property
    def pannable(self) -> bool:
        """Whether the photo is larger than the view."""
        shown, view = self._shown, self._view
        return shown.width() > view.width() + 0.5 or shown.height() > view.height() + 0.5

    def set_photo(self, width: int, height: int) -> None:
        """Takes the size of another photo, in its pixels, and fits it."""
        self._photo = QSize(width, height)
        self._center, self._fitting = QPointF(0.5, 0.5), True
        self._settle()

    def set_view(self, view: object, width: int, height: int) -> None:
        """Takes the size of a view, in device pixels. Of several, the narrowest and the lowest count."""
        if self._views.get(id(view)) != QSize(width, height):
            self._views[id(view)] = QSize(width, height)
            self._settle()

    def remove_view(self, view: object) -> None:
        """Forgets a view."""
        if self._views.pop(id(view), None) is not None and self._views:
            self._settle()

    def fit(self) -> None:
        """Keeps the whole photo in view from now on."""
        self._fitting = True
        self._settle()

    def zoom_to(self, zoom: float, about: QPointF | None = None) -> None:
        """Changes the zoom.

        Args:
            zoom: The new one; brought to what is allowed.
            about: The point that keeps its place, from the middle of the view; None for the middle itself.
        """
        before, offset = self._shown, about or QPointF()
        outward, zoom = zoom < self._zoom, self._allowed(zoom)
        if outward:
            self._fitting = math.isclose(zoom, self.fit_zoom, rel_tol=1e-6)
        elif zoom > self._zoom:
            self._fitting = False
        self._zoom = zoom
        if not before.isEmpty():
            after = self._shown
            self._center += QPointF(
                offset.x() / before.width() - offset.x() / after.width(),
                offset.y() / before.height() - offset.y() / after.height(),
            )
        if outward:
            self._center = self._clamped(self._center)
        self.changed.emit()

    def zoom_by(self, factor: float, about: QPointF | None = None) -> None:
        """Multiplies the zoom, with a stop at 100 % where it would be passed. `about` as in `zoom_to`."""
        zoom = self._zoom * factor
        passes = min(self._zoom, zoom) < 1 < max(self._zoom, zoom) and not math.isclose(self._zoom, 1)
        self.zoom_to(1.0 if passes else zoom, about)

    def pan(self, across: float, down: float) -> None:
        """Moves the photo by device pixels, no further than its edges."""
        shown = self._shown
        if shown.isEmpty():
            return
        moved = self._center - QPointF(across / shown.width(), down / shown.height())
        # Where zooming in has led beyond the edges, the way back is free.
        nearest = self._clamped(moved)
        center = QPointF(
            _between(moved.x(), self._center.x(), nearest.x()), _between(moved.y(), self._center.y(), nearest.y())
        )
        if center != self._center:
            self._center, self._fitting = center, False
            self.changed.emit()

    def placement(self, view: QSize, photo: QSize) -> Placement:
        """Where a photo lies in a view.

        Args:
            view: The view's size, in device pixels.
            photo: The photo's size; if it is another than that of `set_photo`, the photo is shown as large as that one.
        """
        zoom = self._zoom
        if photo != self._photo and not self._photo.isEmpty():
            zoom *= min(self._photo.width() / photo.width(), self._photo.height() / photo.height())
        width, height = photo.width() * zoom, photo.height() * zoom
        return Placement(
            _rounded(view.width() / 2 - self._center.x() * width),
            _rounded(view.height() / 2 - self._center.y() * height),
            max(1, _rounded(width)),
            max(1, _rounded(height)),
        )

    @property
    def _view(self) -> QSize:
        if not self._views:
            return QSize()
        sizes = self._views.values()
        return QSize(min(size.width() for size in sizes), min(size.height() for size in sizes))

    @property
    def _shown(self) -> QRectF:
        return QRectF(0, 0, self._photo.width() * self._zoom, self._photo.height() * self._zoom)

    def _allowed(self, zoom: float) -> float:
        fit = self.fit_zoom
        return min(max(zoom, min(fit, 1.0)), max(LARGEST, fit))

    def _settle(self) -> None:
        """Zoom and centre again in bounds after a size has changed."""
        if self._fitting:
            self._zoom, self._center = self.fit_zoom, QPointF(0.5, 0.5)
        else:
            self._zoom = self._allowed(self._zoom)
            self._center = self._clamped(self._center)
        self.changed.emit()

    def _clamped(self, center: QPointF) -> QPointF:
        shown, view = self._shown, self._view
        if shown.isEmpty() or view.isEmpty():
            return center
        return QPointF(
            _clamped_share(center.x(), view.width() / shown.width()),
            _clamped_share(center.y(), view.height() / shown.height()),
        )


def _clamped_share(center: float, seen: float) -> float:
    """A centre at which the share `seen` of the photo lies within it; its middle where all of it is seen."""
    return 0.5 if seen >= 1 else min(max(center, seen / 2), 1 - seen / 2)


def _between(wanted: float, now: float, nearest: float) -> float:
    """Where a pan may go: the wanted place if allowed, else the nearest allowed one, or staying if that is nearer."""
    low, high = min(now, nearest), max(now, nearest)
    return min(max(wanted, low), high)


def _rounded(value: float) -> int:
    """To the nearest whole number, halves downward, even such as a little noise has raised: or edges would jump."""
    return math.ceil(value - 0.5 - NOISE)
