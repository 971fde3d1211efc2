"""Draws one photo of the grid: its thumbnail, what became of it, its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.icons import icon
from desktop.library.contents import PhotoState
from desktop.library.photo_list import PhotoRole

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QFontMetrics, QImage

    from desktop.library.loader import Thumbnail

_Index = QModelIndex | QPersistentModelIndex

MARGIN = 6
_GAP = 4
_BADGE = 18
_ROUNDING = 6.0
_OUTLINE = 2.0
_SELECTED_SHARE = 0.2
_HOVERED_SHARE = 0.08
_TAIL_SHARE = 0.7
_TAIL = re.compile(r"\d*\D*\.\w+$")


class PhotoDelegate(QStyledItemDelegate):
    """Thumbnails sit on the bottom of a square, names below them; badges differ in shape, not in colour alone.

    The option it is given must be complete: it takes nothing from the model but what `PhotoRole` tells.

    Args:
        parent: The view.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._side = 128

    def set_side(self, side: int) -> None:
        """Sets the longer side of thumbnails, in device-independent pixels."""
        self._side = side

    def cell(self, option_height: int) -> QSize:
        """The least room that a photo takes, for a height of its text."""
        return QSize(self._side + 2 * MARGIN, self._side + option_height + 2 * MARGIN + _GAP)

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """The same for all photos."""
        del index
        return self.cell(option.fontMetrics.height())  # pyright: ignore[reportAttributeAccessIssue]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Draws a photo."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, palette = _rect(option), _palette(option)
        _draw_background(painter, rect, option)
        square = _square(rect, self._side, option)
        frame = self._draw_thumbnail(painter, square, palette, index.data(PhotoRole.THUMBNAIL))
        _draw_badges(painter, frame, palette, _badges(index))
        _draw_name(painter, rect, square.bottom() + _GAP, option, index.data())
        painter.restore()

    def _draw_thumbnail(
        self, painter: QPainter, square: QRect, palette: QPalette, thumbnail: Thumbnail | None
    ) -> QRect:
        """Draws the picture, or what stands for it; where it is."""
        image = thumbnail.image if thumbnail is not None else None
        frame = _frame_of(image, square, painter.device().devicePixelRatioF()) if image is not None else _blank(square)
        if image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(frame, image)
        else:
            painter.fillRect(frame, palette.color(QPalette.ColorRole.AlternateBase))
        if thumbnail is not None and image is None:
            side = min(square.width() // 3, 40)
            place = QRect(0, 0, side, side)
            place.moveCenter(frame.center())
            icon("badge-unreadable").paint(painter, place)
        _draw_outline(painter, frame, _faint(palette))
        return frame


def ground_color(palette: QPalette, group: QPalette.ColorGroup, *, selected: bool, hovered: bool = False) -> QColor:
    """What a photo's name stands on: the list's ground, with a little of the highlight on it."""
    share = _SELECTED_SHARE if selected else _HOVERED_SHARE if hovered else 0.0
    base = palette.color(group, QPalette.ColorRole.Base)
    highlight = palette.color(group, QPalette.ColorRole.Highlight)
    parts = ((base.red(), highlight.red()), (base.green(), highlight.green()), (base.blue(), highlight.blue()))
    return QColor(*(round(under * (1 - share) + over * share) for under, over in parts))


def shortened(name: str, metrics: QFontMetrics, width: int) -> str:
    """A name that fits a width: what is left out is in the middle, so that its last number and its suffix stay."""
    if metrics.horizontalAdvance(name) <= width:
        return name
    tail = _TAIL.search(name)
    room = width - metrics.horizontalAdvance(tail.group()) if tail is not None else 0
    if tail is None or room < (1 - _TAIL_SHARE) * width:
        return metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width)
    return metrics.elidedText(name[: tail.start()], Qt.TextElideMode.ElideRight, room) + tail.group()


def _rect(option: QStyleOptionViewItem) -> QRect:
    return option.rect  # pyright: ignore[reportAttributeAccessIssue]


def _palette(option: QStyleOptionViewItem) -> QPalette:
    return option.palette  # pyright: ignore[reportAttributeAccessIssue]


def _state(option: QStyleOptionViewItem) -> QStyle.StateFlag:
    return option.state  # pyright: ignore[reportAttributeAccessIssue]


def _group(option: QStyleOptionViewItem) -> QPalette.ColorGroup:
    active = _state(option) & QStyle.StateFlag.State_Active
    return QPalette.ColorGroup.Active if active else QPalette.ColorGroup.Inactive


def _faint(palette: QPalette) -> QColor:
    color = QColor(palette.color(QPalette.ColorRole.Text))
    color.setAlphaF(0.25)
    return color


def _square(rect: QRect, side: int, option: QStyleOptionViewItem) -> QRect:
    """Where the thumbnail goes; smaller where the view is narrow."""
    height: int = option.fontMetrics.height()  # pyright: ignore[reportAttributeAccessIssue]
    fitting = min(side, rect.width() - 2 * MARGIN, rect.height() - 2 * MARGIN - _GAP - height)
    return QRect(rect.x() + (rect.width() - fitting) // 2, rect.y() + MARGIN, fitting, fitting)


def _frame_of(image: QImage, square: QRect, ratio: float) -> QRect:
    """Where the picture is drawn: on the bottom of the square, at its own size where it is not too large."""
    size = QSize(round(image.width() / ratio), round(image.height() / ratio))
    if size.width() > square.width() or size.height() > square.height():
        size.scale(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
    size = size.expandedTo(QSize(1, 1))
    left = square.x() + (square.width() - size.width()) // 2
    return QRect(left, square.y() + square.height() - size.height(), size.width(), size.height())


def _blank(square: QRect) -> QRect:
    """Where a picture that is not there yet might be."""
    height = square.height() * 3 // 4
    return QRect(square.x(), square.y() + square.height() - height, square.width(), height)


def _draw_outline(painter: QPainter, frame: QRect, color: QColor) -> None:
    """Four thin rectangles: much quicker than an antialiased outline."""
    right, bottom = frame.right(), frame.bottom()
    painter.fillRect(frame.x(), frame.y(), frame.width(), 1, color)
    painter.fillRect(frame.x(), bottom, frame.width(), 1, color)
    painter.fillRect(frame.x(), frame.y() + 1, 1, frame.height() - 2, color)
    painter.fillRect(right, frame.y() + 1, 1, frame.height() - 2, color)


def _draw_background(painter: QPainter, rect: QRect, option: QStyleOptionViewItem) -> None:
    """Selected photos have an outline and a tint of the highlight; within it, the one with the focus has a ring."""
    area = QRectF(rect).adjusted(_OUTLINE, _OUTLINE, -_OUTLINE, -_OUTLINE)
    palette, group, state = _palette(option), _group(option), _state(option)
    selected = bool(state & QStyle.StateFlag.State_Selected)
    hovered = bool(state & QStyle.StateFlag.State_MouseOver)
    focused = bool(state & QStyle.StateFlag.State_HasFocus)
    if selected or hovered:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground_color(palette, group, selected=selected, hovered=hovered))
        painter.drawRoundedRect(area, _ROUNDING, _ROUNDING)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if selected:
        painter.setPen(QPen(palette.color(group, QPalette.ColorRole.Highlight), _OUTLINE))
        painter.drawRoundedRect(area, _ROUNDING, _ROUNDING)
    if focused:
        inside = _OUTLINE + 0.5  # half a pixel, for a line of one pixel is drawn around the middle of it
        inner = area.adjusted(inside, inside, -inside, -inside)
        painter.setPen(QPen(palette.color(group, QPalette.ColorRole.Text), 1.0))
        painter.drawRoundedRect(inner, _ROUNDING - _OUTLINE, _ROUNDING - _OUTLINE)


def _draw_name(painter: QPainter, rect: QRect, top: int, option: QStyleOptionViewItem, name: str) -> None:
    painter.setPen(_palette(option).color(_group(option), QPalette.ColorRole.Text))
    metrics: QFontMetrics = option.fontMetrics  # pyright: ignore[reportAttributeAccessIssue]
    line = QRect(rect.x() + MARGIN, top, rect.width() - 2 * MARGIN, metrics.height())
    shown = shortened(name, metrics, line.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter, shown)


def _badges(index: _Index) -> list[str]:
    state: PhotoState = index.data(PhotoRole.STATE)
    badges = {PhotoState.COLORED: ["badge-colored"], PhotoState.FAILED: ["badge-failed"]}.get(state, [])
    hints = ["badge-hints"] if index.data(PhotoRole.HINTS) else []
    edited = ["badge-edited"] if index.data(PhotoRole.EDITED) else []
    return [*badges, *hints, *edited]


def _draw_badges(painter: QPainter, frame: QRect, palette: QPalette, badges: list[str]) -> None:
    """Draws badges into the lower right corner of a picture, each on its own disc: pictures are of any brightness."""
    for number, name in enumerate(badges):
        center = QPointF(frame.right() - 4 - _BADGE / 2 - number * (_BADGE + 3), frame.bottom() - 4 - _BADGE / 2)
        painter.setPen(QPen(_faint(palette), 1.0))
        painter.setBrush(palette.brush(QPalette.ColorRole.Window))
        painter.drawEllipse(center, _BADGE / 2 + 1, _BADGE / 2 + 1)
        side = _BADGE - 4
        icon(name).paint(painter, QRect(round(center.x() - side / 2), round(center.y() - side / 2), side, side))
