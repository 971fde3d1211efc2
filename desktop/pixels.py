"""Between the engine's pixels and Qt's images; the only place that knows both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtGui import QImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FORMATS = {
    1: (QImage.Format.Format_Grayscale8, QImage.Format.Format_RGB32),
    3: (QImage.Format.Format_RGB888, QImage.Format.Format_RGB32),
    4: (QImage.Format.Format_RGBA8888, QImage.Format.Format_ARGB32_Premultiplied),
}
"""By channels: what the array is, and what is quick to draw."""


def image_of(pixels: NDArray[np.uint8]) -> QImage:
    """An image that owns its memory.

    Args:
        pixels: H×W (grey), H×W×3 (sRGB) or H×W×4 (with alpha, not premultiplied), uint8.

    Returns:
        An image in a format that is quick to draw; null where the picture has no pixels. May be made on any thread.
    """
    if pixels.size == 0:
        return QImage()
    height, width = pixels.shape[:2]
    kind, quick = _FORMATS[1 if pixels.ndim == 2 else pixels.shape[2]]
    contiguous = np.ascontiguousarray(pixels)
    wrapped = QImage(contiguous.data, width, height, contiguous.strides[0], kind)
    return wrapped.convertToFormat(quick)  # a copy: the array may go


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """The pixels of an image: H×W×3 sRGB, uint8, a copy; transparent parts lie on white."""
    opaque = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    height, width = opaque.height(), opaque.width()
    raw: Any = opaque.constBits()
    values = np.frombuffer(raw, np.uint8).reshape(height, opaque.bytesPerLine())[:, : 4 * width]
    bgra = values.reshape(height, width, 4)
    white = (255 - bgra[..., 3:]).astype(np.uint8)
    return np.ascontiguousarray((bgra[..., :3] + white)[..., ::-1])
