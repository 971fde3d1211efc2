"""Object storage as a worker has it: a mirror of its own, of nothing but what it is ordered to do."""

from __future__ import annotations

import atexit
import dataclasses
import socket
from typing import TYPE_CHECKING

from engine.batch.events import Note, Resumed, Started, Waiting, shown
from engine.batch.storage import close_mirror, know, mirror_of, open_mirror

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from engine.batch.cluster.orders import Order
    from engine.batch.events import Event
    from engine.batch.options import BatchOptions


class Remote:
    """Turns the driver's paths into the worker's, as far as they stand for objects, and back.

    Args:
        theirs: Where the driver has its mirror; None where nothing is in object storage.
        options: What was asked for, with URLs.

    Attributes:
        options: The same with paths of this mirror.

    Raises:
        StorageError: If the storage cannot be used on this machine.
    """

    def __init__(self, theirs: Path | None, options: BatchOptions) -> None:
        self._theirs = theirs
        self.options, mirror = open_mirror(options)
        self._ours = None if mirror is None else mirror.folder
        if mirror is not None:
            atexit.register(close_mirror, mirror)

    def order(self, order: Order) -> Order:
        """An order with paths of this mirror, in which the photo is then known."""
        found = dataclasses.replace(order.found, path=self._here(order.found.path))
        place = order.place
        if place.root is not None:
            place = dataclasses.replace(place, root=self._here(place.root))
        if place.root is not None and mirror_of(place.root) is not None:
            place.root.mkdir(parents=True, exist_ok=True)
        if mirror_of(found.path) is not None:
            know(found.path, found.size, found.mtime_ns)
        return dataclasses.replace(order, found=found, place=place, output=self._here(order.output))

    def teller(self, tell: Callable[[Event], None]) -> Callable[[Event], None]:
        """Tells the driver events in its own paths."""

        def told(event: Event) -> None:
            if isinstance(event, Started):
                event = dataclasses.replace(event, source=self._there(event.source))
            elif isinstance(event, Waiting) and event.folder == self._ours:  # the disk of this very machine
                event = dataclasses.replace(event, advice=f"{event.advice} It is a disk of {socket.gethostname()}.")
            elif isinstance(event, Waiting | Resumed) and event.folder != self._ours:
                event = dataclasses.replace(event, folder=self._there(event.folder))
            elif isinstance(event, Note):
                event = dataclasses.replace(event, text=shown(event.text))
            tell(event)

        return tell if self._ours is None else told

    def _here(self, path: Path) -> Path:
        return _moved(path, self._theirs, self._ours)

    def _there(self, path: Path) -> Path:
        return _moved(path, self._ours, self._theirs)


def _moved(path: Path, start: Path | None, end: Path | None) -> Path:
    """A path below one folder as the same below another."""
    if start is None or end is None or not path.is_relative_to(start):
        return path
    return end / path.relative_to(start)
