"""Two to four colourings of one photo side by side, each with its name; one click, or its number, takes one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.canvas.labels import StatusLabel
from desktop.canvas.picture import Picture
from desktop.canvas.tool import PanTool
from desktop.canvas.view import PhotoView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent

    from desktop.canvas.tiles import TileStore
    from desktop.canvas.viewport import Viewport
    from engine import Painting

MOST = 4
GAP = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A colouring to choose from.

    Attributes:
        title: Its name: a model's, or a variant's.
        detail: A few words more.
        painting: Its colours; None while they are still computed.
        error: Why there are none; empty unless it failed.
    """

    title: str
    detail: str = ""
    painting: Painting | None = None
    error: str = ""


class CandidateView(PhotoView):
    """The photo in the colours of a candidate: a click is not for zooming, it takes them."""

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The second half of a double click is a click like the first."""
        self.mousePressEvent(event)


class Pane(QWidget):
    """One candidate: its photo, its name, and a button to take it.

    Args:
        number: Its key, from 1.
        store: Tiles.
        viewport: What part of the photo is seen.
        parent: The owner.

    Signals:
        taken (): The user wants this one.
    """

    taken = Signal()

    def __init__(self, number: int, store: TileStore, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self._candidate: Candidate | None = None
        self.view = CandidateView(store, viewport, self)
        self.view.set_tool(PanTool(self.take))
        self._status = StatusLabel(self.view)
        self._title = _elastic(QLabel(self))
        font = self._title.font()
        font.setBold(True)
        self._title.setFont(font)
        self._detail = _elastic(QLabel(self))
        self.button = QPushButton(self.tr("Take this one"), self)
        self.button.clicked.connect(self.take)
        self.button.setAutoDefault(False)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        caption = QHBoxLayout()
        caption.setContentsMargins(4, 0, 0, 0)
        caption.addLayout(words, 1)
        caption.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view, 1)
        layout.addLayout(caption)

    @property
    def candidate(self) -> Candidate | None:
        """What is shown."""
        return self._candidate

    def set_candidate(self, candidate: Candidate, picture: Picture | None) -> None:
        """Shows a candidate.

        Args:
            candidate: Which.
            picture: The photo that it colours; its own painting does not count.
        """
        self._candidate = candidate
        ready = candidate.painting is not None
        # The number is the key that takes it.
        self._title.setText(f"{self._number}   {candidate.title}")
        self._detail.setText(candidate.detail)
        self._detail.setToolTip(candidate.detail)
        self.button.setEnabled(ready)
        take = self.tr("Take {title}").format(title=candidate.title)
        self.button.setAccessibleName(take)
        self.button.setToolTip(self.tr("{take} (key {number})").format(take=take, number=self._number))
        self.view.setAccessibleName(self.tr("Photo coloured by {title}").format(title=candidate.title))
        self.view.setAccessibleDescription(candidate.error or candidate.detail)
        self._status.say("" if ready else candidate.error or self.tr("Colouring…"))
        if picture is not None:
            own = Picture(picture.width, picture.height, picture.draft, picture.pyramid, candidate.painting)
            self.view.set_picture(own)
        else:
            self.view.set_picture(None)

    def keep_detail(self, kept: bool) -> None:
        """Whether there is a line for the detail, empty or not: captions beside each other are equally high."""
        self._detail.setVisible(kept)

    def clear(self) -> None:
        """Shows nothing, and holds nothing."""
        self._candidate = None
        self.view.set_picture(None)

    def take(self) -> None:
        """Takes this one, if its colours are there."""
        if self._candidate is not None and self._candidate.painting is not None:
            self.taken.emit()


class CompareView(QWidget):
    """Candidates side by side, all showing the same part of the photo.

    Args:
        store: Tiles.
        viewport: What part of the photo is seen.
        parent: The owner.

    Signals:
        taken (int): The user wants this one, counted from 0.
    """

    taken = Signal(int)

    def __init__(self, store: TileStore, viewport: Viewport, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._candidates: list[Candidate] = []
        self._panes = [Pane(number, store, viewport, self) for number in range(1, MOST + 1)]
        for index, pane in enumerate(self._panes):
            pane.taken.connect(lambda index=index: self.taken.emit(index))
            pane.hide()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(GAP, GAP, GAP, GAP)
        self._grid.setSpacing(GAP)
        self._arranged = (0, 0)
        self._nothing = QLabel(self.tr("There is nothing to compare yet."), self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._arrange()

    @property
    def candidates(self) -> list[Candidate]:
        """What is shown."""
        return list(self._candidates)

    @property
    def panes(self) -> list[Pane]:
        """Those of the candidates, in their order."""
        return self._panes[: len(self._candidates)]

    @property
    def all_views(self) -> list[PhotoView]:
        """The photos of all panes, shown or not."""
        return [pane.view for pane in self._panes]

    @property
    def views(self) -> list[PhotoView]:
        """The photos of the candidates, in their order."""
        return [pane.view for pane in self.panes]

    def set_picture(self, picture: Picture | None) -> None:
        """Takes the photo that the candidates colour."""
        self._picture = picture
        self._fill()

    def set_candidates(self, candidates: Sequence[Candidate]) -> None:
        """Shows candidates; those that are shown already stay as they are.

        Raises:
            ValueError: If there are more than four.
        """
        if len(candidates) > MOST:
            raise ValueError(f"at most {MOST} candidates can be compared")
        self._candidates = list(candidates)
        self._fill()
        self._arrange()

    def _fill(self) -> None:
        for pane, candidate in zip(self._panes, self._candidates, strict=False):
            pane.set_candidate(candidate, self._picture)
            pane.keep_detail(any(other.detail for other in self._candidates))
        for pane in self._panes[len(self._candidates) :]:
            pane.clear()

    def take(self, index: int) -> None:
        """Takes a candidate, counted from 0, if its colours are there."""
        if 0 <= index < len(self._candidates):
            self._panes[index].take()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """1 to 4 take a candidate."""
        number = event.key() - Qt.Key.Key_0
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not 1 <= number <= len(self._candidates):
            super().keyPressEvent(event)
        else:
            self.take(number - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arranges the candidates so that they are as large as possible."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        count = len(self._candidates)
        columns = self._best_columns(count) if count else 0
        self._nothing.setVisible(count == 0)
        self._nothing.setGeometry(self.rect())
        if (count, columns) == self._arranged:
            return
        self._arranged = (count, columns)
        for pane in self._panes:
            self._grid.removeWidget(pane)
            pane.setVisible(pane in self._panes[:count])
        for index, pane in enumerate(self._panes[:count]):
            self._grid.addWidget(pane, index // columns, index % columns)
        for line in range(MOST):
            self._grid.setColumnStretch(line, int(line < columns))
            self._grid.setRowStretch(line, int(bool(columns) and line < math.ceil(count / columns)))

    def _best_columns(self, count: int) -> int:
        """The number of columns that gives the photo the most room."""
        size = self._picture or Picture(3, 2)
        caption = self._panes[0].button.sizeHint().height() + GAP

        def enlargement(columns: int) -> float:
            rows = math.ceil(count / columns)
            room = QSize(self.width() // columns - GAP, self.height() // rows - GAP - caption)
            return min(room.width() / size.width, room.height() / size.height)

        return max(range(1, count + 1), key=enlargement)


def _elastic(label: QLabel) -> QLabel:
    """A label that gives way rather than keep its pane wide: panes are to be equally wide."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
    return label
