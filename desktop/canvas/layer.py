"""One picture among those that follow each other in a view: the one before stays until the next is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.canvas.picture import Source


class Layer:
    """What is shown, what is being rendered to be shown instead, and what comes after that.

    While a slider moves, pictures come faster than they can be rendered. One that was begun is finished and shown, so
    that something moves; of those that come meanwhile only the newest is kept.

    Attributes:
        shown: What is on the screen; None before anything.
        pending: What replaces it as soon as it is complete.
    """

    def __init__(self) -> None:
        self.shown: Source | None = None
        self.pending: Source | None = None
        self._next: Source | None = None

    @property
    def newest(self) -> Source | None:
        """What is shown in the end, if nothing else comes."""
        return self._next or self.pending or self.shown

    @property
    def rendering(self) -> Source | None:
        """What tiles are wanted of now."""
        return self.pending or self.shown

    @property
    def sources(self) -> set[Source]:
        """All of them."""
        return {source for source in (self.shown, self.pending, self._next) if source is not None}

    def show(self, source: Source | None) -> None:
        """Shows a source now, complete or not."""
        self.shown, self.pending, self._next = source, None, None

    def replace(self, source: Source) -> None:
        """Shows a source as soon as it is complete; what was on its way is given up."""
        self._next = None
        self.pending = None if source == self.shown else source

    def follow(self, source: Source) -> None:
        """Shows a source as soon as it is complete, after the one that is on its way."""
        if self.pending is None or source in (self.shown, self.pending):
            self.replace(source)
        else:
            self._next = source

    def advance(self, complete: Callable[[Source], bool]) -> bool:
        """Goes on to what is complete.

        Args:
            complete: Whether all visible tiles of a source are there.

        Returns:
            Whether something else is shown now.
        """
        before = self.shown
        while self.pending is not None and complete(self.pending):
            self.shown, self.pending, self._next = self.pending, self._next, None
        return self.shown != before
