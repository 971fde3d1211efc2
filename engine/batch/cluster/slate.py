"""Places as a worker sees them: the journal is on another machine, and a slate in memory stands in for it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.journal import Journal, JournalError, Row, connected_memory
from engine.batch.place import LOCK
from engine.batch.storage import url_of
from engine.errors import EngineError

if TYPE_CHECKING:
    from engine.batch.journal import Made
    from engine.batch.place import Place

SAME_PATH = "Mount the same folder under the same path on every machine of the cluster."


def seal_of(place: Place) -> bytes:
    """What tells the folder of a run's outputs from every other: its lock, which names the run.

    Empty for no folder, and for one in object storage, which is the same from everywhere.
    """
    return b"" if place.root is None or url_of(place.root) is not None else _read(place)


class Slate(Journal):
    """Takes down what a worker saves, until the driver is told.

    Args:
        place: What it is the slate of.
        seal: The lock of the place as the driver has it.
    """

    def __init__(self, place: Place, seal: bytes) -> None:
        super().__init__(connected_memory(), Path(":memory:"))
        self._place = place
        self._seal = seal

    def check(self, *, first: bool) -> None:
        """Makes sure that this machine sees the folder that the driver sees, and that the run is still on.

        Args:
            first: Whether it was never seen before. One that is away later is an outage, and waited for.

        Raises:
            EngineError: If it is missing here, another one, or another run's by now.
        """
        if seal_of(self._place) != self._seal and (first or self._place.records.is_dir()):
            raise EngineError(f"The folder {self._place.title} there is not the one of this run.", SAME_PATH)

    def know(self, output: bytes, made: Made) -> None:
        """Takes down an output of an earlier run, so that it may be replaced as long as nobody changes it."""
        self.store(Row(source=made.source, output=output), made)

    def reconnect(self) -> None:
        """Whether the folder that is there after an outage is the one that was away.

        Raises:
            JournalError: If it is not.
        """
        if seal_of(self._place) != self._seal:
            raise JournalError(f"{self._place.title} is not the folder that it was.", "Put the former one back.")


def _read(place: Place) -> bytes:
    try:
        return (place.records / LOCK).read_bytes()
    except OSError:
        return b""
