"""A picture laid over the photo, with numbered places: where a hint would help."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QColor, QImage, QPainter

from desktop.canvas.ink import LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from desktop.canvas.surface import PhotoSurface

OPACITY = 0.7
STEPS, DENSEST = 4, 0.75
COARSEST, FINEST = 40, 600
"""Pixels of the longer side: of regions that are told apart, and of the picture that is made of them."""
APRON = 2
"""Pixels of the overlay drawn beyond what is exposed, so that it is smooth across the edge."""


class Overlay(QObject):
    """What is laid over the photo in all views of a canvas.

    Args:
        parent: The owner.

    Signals:
        changed (): Something else is.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._opacity = OPACITY
        self._places: tuple[QPointF, ...] = ()

    @property
    def image(self) -> QImage | None:
        """The picture, over the whole photo."""
        return self._image

    def set_image(self, image: QImage | None, opacity: float = OPACITY) -> None:
        """Lays a picture over the photo, or none."""
        self._image, self._opacity = image, opacity
        self.changed.emit()

    @property
    def places(self) -> tuple[QPointF, ...]:
        """The places, in pixels of the photo; the first is number 1."""
        return self._places

    def set_places(self, places: Sequence[QPointF]) -> None:
        """Shows places."""
        self._places = tuple(places)
        self.changed.emit()

    def draw(self, painter: QPainter, view: PhotoSurface) -> None:
        """Draws what is exposed of the picture, smoothly. `painter`: in device pixels of the view."""
        image, photo = self._image, view.placement().rect
        seen = photo & view.exposed_pixels
        if image is None or image.isNull() or seen.isEmpty():
            return
        part, target = _part(image, photo, seen)
        painter.save()
        painter.setClipRect(seen)
        painter.setOpacity(self._opacity)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, image, QRectF(part))
        painter.restore()


def _part(image: QImage, photo: QRect, seen: QRect) -> tuple[QRect, QRectF]:
    """The pixels of an overlay that are seen, and where they lie: all of it may be more than painters can count."""
    across, down = photo.width() / image.width(), photo.height() / image.height()
    left = max(math.floor((seen.left() - photo.left()) / across) - APRON, 0)
    top = max(math.floor((seen.top() - photo.top()) / down) - APRON, 0)
    right = min(math.ceil((seen.right() + 1 - photo.left()) / across) + APRON, image.width())
    bottom = min(math.ceil((seen.bottom() + 1 - photo.top()) / down) + APRON, image.height())
    part = QRect(left, top, right - left, bottom - top)
    target = QRectF(photo.left() + left * across, photo.top() + top * down, part.width() * across, part.height() * down)
    return part, target


def heat_image(shares: NDArray[np.float32], color: QColor) -> QImage:
    """A picture for `Overlay.set_image`: steps of a colour, like the heights on a map, the denser the higher the share.

    Where a hint would help is a region, not a pixel: what is finer than a region is evened out.

    Args:
        shares: H×W, in [0, 1].
        color: Of what is highest.
    """
    smooth, side = _coarse(np.clip(np.nan_to_num(shares), 0, 1))
    times = 1
    while max(smooth.shape) < FINEST:
        smooth, times = _doubled(_doubled(smooth, 0), 1), 2 * times
    # The last squares may have reached beyond the edge.
    smooth = smooth[: round(shares.shape[0] * times / side), : round(shares.shape[1] * times / side)]
    step = (smooth * STEPS + 0.5).astype(np.uint8)
    below, beside = step[1:] != step[:-1], step[:, 1:] != step[:, :-1]
    step[1:][below] = step[:, 1:][beside] = STEPS + 1
    values = _tones(color)[step]
    height, width = values.shape[:2]
    return QImage(values.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied).copy()


def _tones(color: QColor) -> NDArray[np.uint8]:
    """The pixel of each step, and of the lines between them."""
    alphas = [*(DENSEST * step / STEPS for step in range(STEPS + 1)), 1.0]
    colors = [*([color] * (STEPS + 1)), LIGHT]
    tones = [
        (alpha * np.array([tone.blue(), tone.green(), tone.red(), 255])).round()
        for alpha, tone in zip(alphas, colors, strict=True)
    ]
    return np.array(tones, np.uint8)


def _coarse(shares: NDArray[np.float32]) -> tuple[NDArray[np.float32], int]:
    """Means of squares, so many that they show regions, and the side of a square."""
    side = max(math.ceil(max(shares.shape) / COARSEST), 1)
    below, right = (-length % side for length in shares.shape)
    padded = np.pad(shares, ((0, below), (0, right)), mode="edge")
    rows, columns = padded.shape[0] // side, padded.shape[1] // side
    return padded.reshape(rows, side, columns, side).mean(axis=(1, 3), dtype=np.float32), side


def _doubled(values: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Twice as many values along an axis, with the corners cut: repeated, it gives smooth curves."""
    rows = np.moveaxis(values, axis, 0)
    before, after = np.concatenate([rows[:1], rows[:-1]]), np.concatenate([rows[1:], rows[-1:]])
    doubled = np.empty((2 * rows.shape[0], rows.shape[1]), np.float32)
    doubled[::2] = 0.75 * rows + 0.25 * before
    doubled[1::2] = 0.75 * rows + 0.25 * after
    return np.moveaxis(doubled, 0, axis)
