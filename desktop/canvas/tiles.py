"""The tiles of a canvas: rendered in the background, the wanted ones first, and kept within a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from itertools import chain, zip_longest
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, Signal

from desktop.canvas.cells import rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from PySide6.QtGui import QImage

    from desktop.canvas.cells import TileKey
    from desktop.canvas.picture import Source
    from desktop.tasks import Task, Tasks

BUDGET = 256 << 20
IN_FLIGHT = 3
"""Tiles that are rendered or queued at a time; few, so that a wish of now does not wait for those of before."""
PRIORITY = 1


class Wishes(NamedTuple):
    """What a view needs now, what it will perhaps need soon, and which sources it may come back to."""

    needed: Sequence[TileKey] = ()
    ahead: Sequence[TileKey] = ()
    sources: frozenset[Source] = frozenset()


class TileStore(QObject):
    """Tiles, and the wishes for more.

    Args:
        tasks: The threads to render on.
        budget: Bytes to keep. What the views need at once is kept beyond that, for the screen bounds it.

    Signals:
        arrived (TileKey): A tile is there.
        failed (Exception): A tile could not be rendered; once for each source.
    """

    arrived = Signal(object)
    failed = Signal(object)

    def __init__(self, tasks: Tasks, budget: int = BUDGET) -> None:
        super().__init__()
        self._tasks = tasks
        self._budget = budget
        self._images: OrderedDict[TileKey, QImage] = OrderedDict()
        self._bytes = 0
        self._running: dict[TileKey, Task[tuple[QImage, QImage]]] = {}
        self._broken: dict[TileKey, Exception] = {}
        self._wishes: WeakKeyDictionary[QObject, Wishes] = WeakKeyDictionary()
        self._queue: list[TileKey] = []
        self._ahead: list[TileKey] = []

    @property
    def size(self) -> int:
        """Bytes of the tiles that are there."""
        return self._bytes

    @property
    def idle(self) -> bool:
        """Whether no tile is on its way."""
        return not any(not task.cancelled for task in self._running.values())

    def __contains__(self, key: TileKey) -> bool:
        return key in self._images or key in self._broken

    def __len__(self) -> int:
        return len(self._images)

    def get(self, key: TileKey) -> QImage | None:
        """A tile, if it is there; it counts as used now."""
        image = self._images.get(key)
        if image is not None:
            self._images.move_to_end(key)
        return image

    def want(self, view: QObject, wishes: Wishes) -> None:
        """Takes the wishes of a view, the most urgent first, instead of those it had before.

        Tiles of sources that no view names any more are dropped, and their rendering is given up.
        """
        before = self._wishes.get(view)
        self._wishes[view] = wishes
        if before is None or before.sources != wishes.sources:
            self._drop_unnamed()
        self._queue = list(_in_turns(other.needed for other in self._wishes.values()))
        self._ahead = list(_in_turns(other.ahead for other in self._wishes.values()))
        for key in chain(reversed(self._ahead), reversed(self._queue)):
            self.get(key)
        self._start()

    def _drop_unnamed(self) -> None:
        named = {source for wishes in self._wishes.values() for source in wishes.sources}
        for key in [key for key in self._images if key.source not in named]:
            self._bytes -= self._images.pop(key).sizeInBytes()
        for key in [key for key in self._running if key.source not in named]:
            self._running.pop(key).cancel()
        for key in [key for key in self._broken if key.source not in named]:
            del self._broken[key]

    def _start(self) -> None:
        """Sends out as many tiles as may be on their way."""
        for key in [key for key, task in self._running.items() if task.cancelled]:
            del self._running[key]  # by whoever owns the threads; nobody calls back for it
        while len(self._running) < IN_FLIGHT:
            key = self._next(self._queue)
            if key is None and self._room_ahead():
                key = self._next(self._ahead)
            if key is None or not self._render(key):
                return

    def _next(self, keys: list[TileKey]) -> TileKey | None:
        return next((key for key in keys if key not in self and key.whole not in self._running), None)

    def _room_ahead(self) -> bool:
        """Whether tiles that may be needed soon fit beside those that are needed."""
        wanted = set(self._queue) | set(self._ahead)
        held = sum(image.sizeInBytes() for key, image in self._images.items() if key in wanted)
        return held < self._budget * 3 // 4

    def _render(self, key: TileKey) -> bool:
        whole = self._images.get(key.whole)
        task = self._tasks.run(
            lambda _: rendered(key, whole),
            done=lambda images: self._take(key, images),
            failed=lambda error: self._fail(key, error),
            priority=PRIORITY,
        )
        if task.cancelled:
            return False  # the threads have ended
        self._running[key.whole] = task
        return True

    def _take(self, key: TileKey, images: tuple[QImage, QImage]) -> None:
        self._running.pop(key.whole, None)
        for arrived, image in zip((key.whole, key), images, strict=True):
            if arrived not in self._images:
                self._images[arrived] = image
                self._bytes += image.sizeInBytes()
        self._evict()
        self._start()
        self.arrived.emit(key)

    def _fail(self, key: TileKey, error: Exception) -> None:
        self._running.pop(key.whole, None)
        told = any(other.source == key.source for other in self._broken)
        self._broken[key] = self._broken[key.whole] = error
        if not told:
            self.failed.emit(error)
        self._start()
        self.arrived.emit(key)  # nothing better will come

    def _evict(self) -> None:
        """Drops what was not used for longest: first what no view wants, then what it may want soon."""
        needed = set(self._queue)
        for kept in (needed | set(self._ahead), needed):
            if self._bytes <= self._budget:
                return
            for key in [key for key in self._images if key not in kept]:
                self._bytes -= self._images.pop(key).sizeInBytes()
                if self._bytes <= self._budget:
                    return


def _in_turns(lists: Iterable[Sequence[TileKey]]) -> Iterator[TileKey]:
    """The first of each, then the second of each, and so on; each once."""
    seen: dict[TileKey, None] = {}
    for keys in zip_longest(*lists):
        seen.update((key, None) for key in keys if key is not None)
    return iter(seen)
