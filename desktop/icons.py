"""The program's own icons, drawn in the colour of the text around them, selected text included."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

FOLDER = Path(__file__).parent.parent / "resources" / "icons"
SIZES = (16, 20, 24, 32, 48)


def icon(name: str) -> QIcon:
    """The icon `resources/icons/<name>.svg`, whose `currentColor` is the palette's text colour now.

    In a row that is selected, it is the colour of selected text.

    Call it again when the palette has changed (`QEvent.PaletteChange`).

    Raises:
        FileNotFoundError: If there is no such icon.
    """
    palette = QApplication.palette()
    normal = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText).name()
    disabled = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.WindowText).name()
    selected = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.HighlightedText).name()
    return _drawn(name, normal, disabled, selected)


@lru_cache(maxsize=256)
def _drawn(name: str, normal: str, disabled: str, selected: str) -> QIcon:
    source = (FOLDER / f"{name}.svg").read_text("utf-8")
    made = QIcon()
    modes = ((normal, QIcon.Mode.Normal), (disabled, QIcon.Mode.Disabled), (selected, QIcon.Mode.Selected))
    for color, mode in modes:
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", color).encode("utf-8")))
        for side in SIZES:
            for ratio in (1, 2):
                made.addPixmap(_pixmap(renderer, side * ratio, ratio), mode)
    return made


def _pixmap(renderer: QSvgRenderer, side: int, ratio: int) -> QPixmap:
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(QColor(Qt.GlobalColor.transparent))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, side, side))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap
