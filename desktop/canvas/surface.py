"""What is seen of a photo: its layers drawn from tiles, and the wishes for tiles that are lacking."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QWidget

from desktop.canvas.labels import MARGIN, chip_size, draw_chip
from desktop.canvas.layer import Layer
from desktop.canvas.mosaic import Mosaic
from desktop.canvas.tiles import Wishes
from desktop.theme import theme_colors

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from desktop.canvas.cells import TileKey
    from desktop.canvas.picture import Picture, Source
    from desktop.canvas.tiles import TileStore
    from desktop.canvas.viewport import Placement, Viewport

SMOOTH_AREA = 2_500_000
"""Device pixels of a view up to which reducing tiles while drawing is smooth; larger views wait for fitted tiles."""


class Part(NamedTuple):
    """A layer in a view, and where it shows, in device pixels."""

    layer: Layer
    area: QRect


class PhotoSurface(QWidget):
    """Shows one photo, and follows a viewport; see `PhotoView` for what the user does with it.

    Args:
        store: Its tiles.
        viewport: What part of it is seen; views of one viewport move together.
        parent: The owner.

    Signals:
        drawn (): All visible tiles of the newest picture are on the screen; emitted once for each picture and place.
    """

    drawn = Signal()

    def __init__(self, store: TileStore, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewport = viewport
        self._store = store
        self._picture: Picture | None = None
        self._layer = Layer()
        self._original_held = False
        self._mosaics: dict[Source, Mosaic] = {}
        self._unseen = True
        self._label = ""
        self.exposed = QRect()
        """What is being painted, in the view's coordinates."""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(80, 60)
        viewport.changed.connect(self._moved)
        store.arrived.connect(self._arrived)

    # What is shown

    @property
    def picture(self) -> Picture | None:
        """What is shown, as far as it is there."""
        return self._picture

    def set_picture(self, picture: Picture | None) -> None:
        """Shows a picture.

        Another photo is shown at once; the same photo in other colours as soon as all its visible tiles are there.
        """
        before, self._picture = self._picture, picture
        source = None if picture is None else self._source_of(picture)
        same = before is not None and picture is not None and before.pyramid is picture.pyramid
        if source is None or not same or not self.isVisible():
            self._layer.show(source)
        else:
            self._layer.follow(source)
        self.changed()

    def hold_original(self, held: bool) -> None:
        """Shows the photo as it is while held."""
        if held == self._original_held:
            return
        self._original_held = held
        source = None if self._picture is None else self._source_of(self._picture)
        if source is not None:
            self._layer.replace(source)
        self.changed()

    @property
    def original_held(self) -> bool:
        """Whether the photo is shown as it is, for as long as that is held."""
        return self._original_held

    def set_label(self, label: str) -> None:
        """A text in the upper left corner; empty for none."""
        self._label = label
        self.update()

    @property
    def settled(self) -> bool:
        """Whether all visible tiles of the newest picture are there, and nothing is on its way."""
        if self._picture is None or self._picture.pyramid is None:
            return False
        return all(self._is_settled(part) for part in self.parts())

    def parts(self) -> list[Part]:
        """The layers of this view and where they show."""
        return [Part(self._layer, self.device_rect)]

    def _is_settled(self, part: Part) -> bool:
        shown = part.layer.shown
        return shown is not None and part.layer.pending is None and self._complete(shown, part.area)

    def _source_of(self, picture: Picture) -> Source | None:
        return picture.original if self._original_held else picture.source

    # Where it is

    @property
    def device_rect(self) -> QRect:
        """The whole view in device pixels."""
        ratio = self.devicePixelRatioF()
        return QRect(QPoint(0, 0), QSize(round(self.width() * ratio), round(self.height() * ratio)))

    def placement(self) -> Placement:
        """Where the whole photo lies, in device pixels of this view."""
        picture = self._picture
        size = QSize(1, 1) if picture is None else QSize(picture.width, picture.height)
        return self.viewport.placement(self.device_rect.size(), size)

    def seen(self) -> QRectF:
        """What shows of the photo, in the view's coordinates."""
        seen, ratio = QRectF(self.placement().rect & self.device_rect), self.devicePixelRatioF()
        return QRectF(seen.x() / ratio, seen.y() / ratio, seen.width() / ratio, seen.height() / ratio)

    def photo_at(self, point: QPointF) -> QPointF:
        """The place in the photo, in its pixels, that lies under a point of this view."""
        share = self.placement().share_at(point * self.devicePixelRatioF())
        picture = self._picture
        return QPointF() if picture is None else QPointF(share.x() * picture.width, share.y() * picture.height)

    @property
    def transform(self) -> QTransform:
        """From pixels of the photo to the view's coordinates, for many places at once."""
        picture, place, ratio = self._picture, self.placement(), self.devicePixelRatioF()
        if picture is None:
            return QTransform()
        across, down = place.width / picture.width / ratio, place.height / picture.height / ratio
        return QTransform(across, 0, 0, down, place.left / ratio, place.top / ratio)

    @property
    def scale(self) -> float:
        """How far apart in this view, in its coordinates, neighbouring pixels of the photo are."""
        return self.transform.m11()

    def point_of(self, place: QPointF) -> QPointF:
        """The point of this view under which a place in the photo, in its pixels, lies."""
        picture = self._picture
        if picture is None:
            return QPointF()
        share = QPointF(place.x() / picture.width, place.y() / picture.height)
        return self.placement().point_at(share) / self.devicePixelRatioF()

    def update_place(self, area: QRectF, margin: float) -> None:
        """Draws a part of the photo again.

        Args:
            area: In pixels of the photo.
            margin: What is drawn around it, in the view's coordinates.
        """
        part = self.transform.mapRect(area).adjusted(-margin, -margin, margin, margin)
        self.update((part & QRectF(self.rect())).toAlignedRect())

    def pan(self, across: float, down: float) -> None:
        """Moves the photo, in the view's coordinates."""
        ratio = self.devicePixelRatioF()
        self.viewport.pan(across * ratio, down * ratio)

    # Tiles

    def _mosaic(self, source: Source) -> Mosaic:
        mosaic, placement = self._mosaics.get(source), self.placement()
        if mosaic is None or mosaic.placement != placement:
            mosaic = self._mosaics[source] = Mosaic(source, placement)
        return mosaic

    def _complete(self, source: Source, area: QRect) -> bool:
        return self._mosaic(source).complete(self._store, area)

    def _moved(self) -> None:
        if self.isVisible():
            self.changed()

    def changed(self) -> None:
        """What is shown, or where, is another: new wishes, and a new picture on the screen."""
        self._unseen = True
        self._advance()
        self._wish()
        self.update()

    def _advance(self) -> bool:
        parts = self.parts()
        went = [part.layer.advance(lambda source, area=part.area: self._complete(source, area)) for part in parts]
        return any(went)

    def _wish(self) -> None:
        sources = self._sources()
        self._mosaics = {source: mosaic for source, mosaic in self._mosaics.items() if source in sources}
        needed: list[TileKey] = []
        ahead: list[TileKey] = []
        if self.isVisible():
            for layer, area in self.parts():
                needed += self._needed(layer, area)
                ahead += self._needed_ahead(layer)
            ahead += self._needed_when_held()
        self._store.want(self, Wishes(list(dict.fromkeys(needed)), list(dict.fromkeys(ahead)), frozenset(sources)))

    def _needed(self, layer: Layer, area: QRect) -> list[TileKey]:
        if layer.shown is None or layer.rendering is None:
            return []
        shown, coming = self._mosaic(layer.shown), self._mosaic(layer.rendering)
        keys = shown.base() + coming.keys(area)
        return keys if shown is coming else keys + coming.base() + shown.keys(area)

    def _needed_ahead(self, layer: Layer) -> list[TileKey]:
        """A little around the view, for panning; with several parts, what the others hide."""
        if layer.rendering is None:
            return []
        view = self.device_rect
        across, down = view.width() // 4, view.height() // 4
        return self._mosaic(layer.rendering).keys(view.adjusted(-across, -down, across, down))

    def _needed_when_held(self) -> list[TileKey]:
        original = None if self._picture is None else self._picture.original
        return [] if original is None else self._mosaic(original).keys(self.device_rect)

    def _sources(self) -> set[Source]:
        """Everything that is shown or may be shown again at any time."""
        found = {source for part in self.parts() for source in part.layer.sources}
        if self._picture is not None:
            found |= {source for source in (self._picture.original, self._picture.source) if source is not None}
        return found

    def _arrived(self, key: TileKey) -> None:
        if not self.isVisible():
            return
        parts = self.parts()
        if not any(key.source in part.layer.sources for part in parts):
            return
        if self._advance():
            self._unseen = True
            self._wish()
            self.update()
        elif any(key.source == part.layer.shown for part in parts):
            self.update(_scaled(self._mosaic(key.source).rect_of(key.cell), 1 / self.devicePixelRatioF()))

    # Drawing

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draws what is there of the photo, and over it what the view and its tool have to say."""
        painter = QPainter(self)
        self.exposed = event.rect()
        painter.save()
        self.to_device(painter)
        self._draw_photo(painter, self.exposed_pixels)
        painter.restore()
        self.draw_over(painter)
        painter.end()
        if self._unseen and self.settled:
            self._unseen = False
            self.drawn.emit()

    def draw_over(self, painter: QPainter) -> None:
        """Draws labels over the photo, in the view's coordinates."""
        label = self.tr("Original") if self._original_held and self._picture is not None else self._label
        if label:
            size = chip_size(self.fontMetrics(), label)
            corner = self.seen().topLeft().toPoint() + QPoint(MARGIN, MARGIN)
            draw_chip(painter, QRect(corner, size), label, self.palette())

    @property
    def exposed_pixels(self) -> QRect:
        """What is being painted, in device pixels."""
        return _scaled(self.exposed, self.devicePixelRatioF()).adjusted(-1, -1, 1, 1)

    def to_device(self, painter: QPainter) -> None:
        """Lets a painter count in device pixels, and start at a whole one even where the view does not."""
        ratio = self.devicePixelRatioF()
        painter.scale(1 / ratio, 1 / ratio)
        transform = painter.deviceTransform()
        painter.translate(round(transform.dx()) - transform.dx(), round(transform.dy()) - transform.dy())

    def _draw_photo(self, painter: QPainter, exposed: QRect) -> None:
        ground = theme_colors(self.palette()).canvas
        if self._picture is None:
            painter.fillRect(exposed, ground)
            return
        photo = self.placement().rect
        if not photo.contains(exposed):
            for rect in _outside(exposed, photo):
                painter.fillRect(rect, ground)
        view = self.device_rect
        smooth = view.width() * view.height() <= SMOOTH_AREA
        for layer, area in self.parts():
            # The view may end within a pixel; what lies there is drawn too.
            seen = area.adjusted(-(area.left() <= 0), -1, area.right() >= view.right(), 1) & exposed & photo
            if seen.isEmpty():
                continue
            if layer.shown is None or not self._covers(layer.shown):
                self._draw_draft(painter, seen, photo)
            if layer.shown is not None:
                self._mosaic(layer.shown).draw(painter, self._store, seen, smooth=smooth)

    def _covers(self, source: Source) -> bool:
        return all(key in self._store for key in self._mosaic(source).base())

    def _draw_draft(self, painter: QPainter, seen: QRect, photo: QRect) -> None:
        painter.setClipRect(seen)
        draft = None if self._picture is None else self._picture.draft
        if draft is None or draft.isNull():
            painter.fillRect(seen, theme_colors(self.palette()).canvas)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(photo, draft)

    # Coming and going

    def showEvent(self, event: QShowEvent) -> None:
        """Counts for the viewport from now on."""
        super().showEvent(event)
        self._join()
        self.changed()

    def hideEvent(self, event: QHideEvent) -> None:
        """Wants no tiles any more; shows the newest picture when it comes back."""
        super().hideEvent(event)
        self.viewport.remove_view(self)
        for part in self.parts():
            part.layer.show(part.layer.newest)
        self._wish()

    def event(self, event: QEvent) -> bool:
        """Takes note of a screen of another scale."""
        if event.type() == QEvent.Type.DevicePixelRatioChange and self.isVisible():
            self._join()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tells the viewport."""
        super().resizeEvent(event)
        if self.isVisible():
            self._join()

    def _join(self) -> None:
        size = self.device_rect.size()
        self.viewport.set_view(self, size.width(), size.height())
        self.changed()


def _scaled(rect: QRect, by: float) -> QRect:
    """A rectangle in other pixels, with all that it touches."""
    return QRectF(rect.x() * by, rect.y() * by, rect.width() * by, rect.height() * by).toAlignedRect()


def _outside(whole: QRect, inner: QRect) -> list[QRect]:
    """What a rectangle leaves of another, as rectangles."""
    inner = inner & whole
    if inner.isEmpty():
        return [whole]
    upper = QRect(whole.left(), whole.top(), whole.width(), inner.top() - whole.top())
    lower = QRect(whole.left(), inner.bottom() + 1, whole.width(), whole.bottom() - inner.bottom())
    left = QRect(whole.left(), inner.top(), inner.left() - whole.left(), inner.height())
    right = QRect(inner.right() + 1, inner.top(), whole.right() - inner.right(), inner.height())
    return [rect for rect in (upper, lower, left, right) if not rect.isEmpty()]
