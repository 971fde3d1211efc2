"""The memory that the photos of one worker share, bounded in bytes as on one machine (`memory`)."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


class Room:
    """Lets photos in as long as there is room for them; one that is larger than all of it goes alone.

    Args:
        budget: Bytes for all photos together.
    """

    def __init__(self, budget: int) -> None:
        self._budget = budget
        self._held = 0
        self._changed = threading.Condition()

    @contextlib.contextmanager
    def held(self, size: int) -> Generator[Callable[[int], None]]:
        """Waits for so many bytes, and holds them.

        Yields:
            Corrects how many they are, once that is known.
        """
        own = [size]
        with self._changed:
            self._changed.wait_for(lambda: not self._held or self._held + size <= self._budget)
            self._held += size

        def correct(true_size: int) -> None:
            with self._changed:
                self._held += true_size - own[0]
                own[0] = true_size
                self._changed.notify_all()

        try:
            yield correct
        finally:
            correct(0)
