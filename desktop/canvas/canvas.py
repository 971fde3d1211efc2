"""What stands in the middle of the window: the photo in one of four ways, and a word on what is being done."""

from __future__ import annotations

from dataclasses import replace
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedLayout, QWidget

from desktop.canvas.compare import CompareView
from desktop.canvas.hint_stage import HintStage
from desktop.canvas.labels import StatusLabel
from desktop.canvas.overlay import OPACITY
from desktop.canvas.picture import Picture
from desktop.canvas.split import SplitView
from desktop.canvas.tiles import BUDGET, TileStore
from desktop.canvas.view import PhotoView
from desktop.canvas.viewport import STEP, Viewport
from desktop.pixels import image_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QPointF
    from PySide6.QtGui import QImage

    from desktop.canvas.compare import Candidate
    from desktop.canvas.hint_tool import HintTools
    from desktop.canvas.tool import Tool
    from desktop.tasks import Tasks
    from engine import Painting, Pyramid


class Mode(Enum):
    """How the photo is shown."""

    SINGLE = "single"
    """The coloured photo alone."""
    SPLIT = "split"
    """The original and the coloured photo, with a divider to move."""
    SIDE_BY_SIDE = "side by side"
    """The original beside the coloured photo."""
    COMPARE = "compare"
    """Candidates beside each other."""


class Canvas(QWidget):
    """Shows a photo, before and after.

    Args:
        tasks: The threads that render its tiles.
        parent: The owner.
        budget: Bytes of tiles to keep.

    Signals:
        candidate_taken (int): The user wants this candidate, counted from 0. The mode stays; the owner changes it.
        mode_changed (Mode): The photo is shown in another way.
        zoom_changed (float): Device pixels of the screen per pixel of the photo.
        split_changed (float): Where the divider stands, in [0, 1].
        picture_drawn (): All visible tiles of what was asked for last are on the screen.
        failed (Exception): A part of the photo could not be drawn.
    """

    candidate_taken = Signal(int)
    mode_changed = Signal(Mode)
    zoom_changed = Signal(float)
    split_changed = Signal(float)
    picture_drawn = Signal()
    failed = Signal(object)

    def __init__(self, tasks: Tasks, parent: QWidget | None = None, *, budget: int = BUDGET) -> None:
        super().__init__(parent)
        self.viewport = Viewport(self)
        self.store = TileStore(tasks, budget)
        self._picture: Picture | None = None
        self._mode = Mode.SINGLE
        self._zoom = 0.0
        self._held = False
        self._doing = ""
        self.single = PhotoView(self.store, self.viewport)
        self.split_view = SplitView(self.store, self.viewport)
        self.before = PhotoView(self.store, self.viewport)
        self.after = PhotoView(self.store, self.viewport)
        self.compare = CompareView(self.store, self.viewport)
        self._stage = HintStage((self.single, self.split_view, self.before, self.after), self)
        self._pages = QStackedLayout(self)
        self._place()
        self._status = StatusLabel(self)
        self._name()
        self._connect()
        self._say()

    def _place(self) -> None:
        beside = QWidget()
        layout = QHBoxLayout(beside)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        layout.addWidget(self.before, 1)
        layout.addWidget(self.after, 1)
        for page in (self.single, self.split_view, beside, self.compare):
            self._pages.addWidget(page)

    def _name(self) -> None:
        self.setAccessibleName(self.tr("Photo"))
        self.single.setAccessibleName(self.tr("Coloured photo"))
        self.before.setAccessibleName(self.tr("Original photo"))
        self.after.setAccessibleName(self.tr("Coloured photo"))
        self.compare.setAccessibleName(self.tr("Candidates"))

    def _connect(self) -> None:
        self.viewport.changed.connect(self._tell_zoom)
        self.store.failed.connect(self.failed)
        self.split_view.split_changed.connect(self.split_changed)
        self.compare.taken.connect(self.candidate_taken)
        for view in self._all_views():
            # Queued: whoever listens may change the views, and a view emits it while it draws.
            view.drawn.connect(self._tell_drawn, Qt.ConnectionType.QueuedConnection)

    # The photo

    @property
    def picture(self) -> Picture | None:
        """What is shown, as far as it is there."""
        return self._picture

    @property
    def settled(self) -> bool:
        """Whether everything that is visible is shown as it was asked for last, nothing being on its way."""
        views = self._visible_views()
        return bool(views) and all(view.settled for view in views)

    def show_draft(self, image: QImage, width: int, height: int) -> None:
        """Shows a small picture of another photo until the photo itself is there.

        Args:
            image: The whole photo, small.
            width: Of the photo at its own size, in pixels.
            height: Likewise.
        """
        self._forget_candidates()
        self._stage.leave_photo()
        self.viewport.set_photo(width, height)
        self._show(Picture(width, height, draft=image))

    def show_photo(self, pyramid: Pyramid) -> None:
        """Shows a photo, as yet without colours of its own; zoom and place stay if its draft was shown before."""
        before = self._picture
        if before is not None and before.pyramid is pyramid:
            return
        size = (pyramid.width, pyramid.height)
        if before is None or before.pyramid is not None or (before.width, before.height) != size:
            self._forget_candidates()
            self._stage.leave_photo()
            self.viewport.set_photo(*size)
        # A copy of the smallest level, which is at hand, is surely of this photo; a draft might be of the one before.
        last = pyramid.level_count - 1
        draft = image_of(pyramid.original(last, (0, 0, *pyramid.size(last))))
        self._show(Picture(*size, draft=draft, pyramid=pyramid))

    def show_painting(self, painting: Painting | None) -> None:
        """Shows the photo in these colours, as soon as all that is visible of it is rendered; None: in none.

        Colours that come faster than they can be rendered are left out, but for the newest.
        """
        if self._picture is not None and self._picture.painting is not painting:
            self._stage.note_colors()
            self._show(replace(self._picture, painting=painting))

    def clear(self) -> None:
        """Shows no photo, and lets go of all that belongs to it."""
        self._forget_candidates()
        self._stage.leave_photo()
        self._show(None)

    @property
    def status_text(self) -> str:
        """What is said over the photo: what is going on, or why there is none."""
        return self._status.text()

    def set_status(self, text: str) -> None:
        """Says what is being done, or what is wrong, over the photo; an empty text says nothing."""
        self._doing = text
        self._say()

    def _say(self) -> None:
        empty = self._picture is None
        self._status.set_central(empty)
        self._status.say(self._doing or (self.tr("No photo is open.") if empty else ""))

    def _show(self, picture: Picture | None) -> None:
        self._picture = picture
        original = None if picture is None else replace(picture, painting=None)
        self.single.set_picture(picture)
        self.split_view.set_picture(picture)
        self.before.set_picture(original)
        self.after.set_picture(picture)
        self.compare.set_picture(original)
        self.before.set_label(self.tr("Original") if picture is not None else "")
        colored = picture is not None and picture.painting is not None
        self.after.set_label(self.tr("Coloured") if colored else "")
        self._say()

    # Ways to show it

    @property
    def mode(self) -> Mode:
        """How the photo is shown."""
        return self._mode

    def set_mode(self, mode: Mode) -> None:
        """Shows the photo in another way; zoom and place stay."""
        if mode is self._mode:
            return
        focus = QApplication.focusWidget()
        focused = focus is not None and self.isAncestorOf(focus)
        self._mode = mode
        self._pages.setCurrentIndex(list(Mode).index(mode))
        if mode is not Mode.COMPARE:
            self._forget_candidates()
        views = self._visible_views()
        if focused and views:
            views[0].setFocus()
        self._status.raise_()
        self.mode_changed.emit(mode)

    @property
    def split(self) -> float:
        """Where the divider of the split view stands, in [0, 1]."""
        return self.split_view.split

    def set_split(self, split: float) -> None:
        """Moves the divider of the split view."""
        self.split_view.set_split(split)

    def hold_original(self, held: bool) -> None:
        """Shows the photo as it is, in every mode, while held."""
        self._held = held
        for view in self._all_views():
            view.hold_original(held)

    @property
    def original_held(self) -> bool:
        """Whether the photo is shown as it is."""
        return self._held

    def show_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Shows candidates side by side; call it again with the same ones when more is known of them.

        The first time the keyboard comes to them, so that a number takes one.

        Raises:
            ValueError: If there are more than four.
        """
        first = not self.compare.candidates
        self.compare.set_candidates(candidates)
        self.set_mode(Mode.COMPARE)
        if first and candidates:
            self.compare.views[0].setFocus()

    def take(self, index: int) -> None:
        """Takes a candidate, counted from 0, if its colours are there."""
        if self._mode is Mode.COMPARE:
            self.compare.take(index)

    def set_tool(self, tool: Tool) -> None:
        """Takes a tool for the pointer, in all views but those of the candidates; a tool for hints goes before it."""
        self._stage.set_tool(tool)

    # Hints

    @property
    def hint_tools(self) -> HintTools | None:
        """What draws and shows hints here."""
        return self._stage.tools

    def set_hint_tools(self, tools: HintTools | None) -> None:
        """Shows the hints of these tools; the pointer is theirs as long as one of them is chosen."""
        self._stage.set_tools(tools)

    @property
    def hints_shown(self) -> bool:
        """Whether the markers of hints are shown."""
        return self._stage.shown

    def set_hints_shown(self, shown: bool) -> None:
        """Shows or hides the markers of hints; ink is seen while it is drawn all the same."""
        self._stage.set_shown(shown)

    def set_overlay(self, image: QImage | None, opacity: float = OPACITY) -> None:
        """Lays a picture over the whole photo, stretched smoothly, or none; `heat_image` makes one of numbers."""
        self._stage.overlay.set_image(image, opacity)

    def set_places(self, places: Sequence[QPointF]) -> None:
        """Shows numbered places, in pixels of the photo; the first is 1."""
        self._stage.set_places(places)

    def _forget_candidates(self) -> None:
        self.compare.set_candidates([])

    # Zoom

    @property
    def zoom(self) -> float:
        """Device pixels of the screen per pixel of the photo."""
        return self.viewport.zoom

    def fit(self) -> None:
        """Keeps the whole photo in view."""
        self.viewport.fit()

    def actual_size(self) -> None:
        """Shows a pixel of the photo as a pixel of the screen."""
        self._view_in_use().zoom_to(1.0)

    def zoom_in(self) -> None:
        """Enlarges, about the pointer or the middle."""
        self._view_in_use().zoom_by(STEP)

    def zoom_out(self) -> None:
        """Reduces, about the pointer or the middle."""
        self._view_in_use().zoom_by(1 / STEP)

    def _view_in_use(self) -> PhotoView:
        views = self._visible_views() or [self.single]
        return next((view for view in views if view.pointed_at), views[0])

    # Others

    def _all_views(self) -> list[PhotoView]:
        return [self.single, self.split_view, self.before, self.after, *self.compare.all_views]

    def _visible_views(self) -> list[PhotoView]:
        return [view for view in self._all_views() if view.isVisible()]

    def _tell_zoom(self) -> None:
        if self.viewport.zoom != self._zoom:
            self._zoom = self.viewport.zoom
            self.zoom_changed.emit(self._zoom)

    def _tell_drawn(self) -> None:
        if self.settled:
            self._stage.note_drawn()
            self.picture_drawn.emit()

    def sizeHint(self) -> QSize:
        """Roomy."""
        return QSize(900, 640)
