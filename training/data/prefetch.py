"""The next batches, made in the background while the network learns from the last one.

Torch lets go of Python's lock while it computes, so one thread is enough. What it makes depends on the keys alone,
never on when: a batch is known by its seed and its place in the run, so a run with a background is bit for bit the run
without.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from types import TracebackType

Key = TypeVar("Key")
Made = TypeVar("Made")


class Prefetcher(Generic[Key, Made]):
    """An iterator over `make(key)` for each of the keys, some of them ahead of time.

    It is a context manager: leaving it stops the background. Gradients are off in what it makes, and devices should
    bear their number, for a thread begins with device 0.

    Args:
        make: Makes one batch; called in the order of the keys, one at a time.
        keys: The keys, such as the number of photos seen before each batch; read only as far as needed.
        depth: So many batches wait ready at most; 0 makes each when it is asked for, without a background.

    Attributes:
        waited: Seconds for which batches were waited for, or made, while the caller could do nothing else.
    """

    def __init__(self, make: Callable[[Key], Made], keys: Iterable[Key], depth: int = 2) -> None:
        self.waited = 0.0
        self._make = make
        self._keys = iter(keys)
        self._depth = depth
        self._ready: deque[Made] = deque()
        self._changed = threading.Condition()
        self._error: BaseException | None = None
        self._done = False
        self._thread: threading.Thread | None = None
        if depth > 0:
            self._thread = threading.Thread(target=self._run, name="next batches", daemon=True)
            self._thread.start()

    def __iter__(self) -> Iterator[Made]:
        return self

    def __next__(self) -> Made:
        """The next batch.

        Raises:
            StopIteration: After the last key, and once it was closed.
            BaseException: Whatever `make` or the keys raised, in the place of the batch that failed.
        """
        start = time.perf_counter()
        try:
            return self._take() if self._thread is not None else self._make_here()
        finally:
            self.waited += time.perf_counter() - start

    def __enter__(self) -> Prefetcher[Key, Made]:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stops the background after the batch that it is at, and lets the ready ones go."""
        with self._changed:
            self._done = True
            self._ready.clear()
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join()
        self._error = None

    def _take(self) -> Made:
        with self._changed:
            while not self._ready and not self._done:
                self._changed.wait()
            if self._ready:
                made = self._ready.popleft()
                self._changed.notify_all()
                return made
            error, self._error = self._error, None
        if error is not None:
            raise error
        raise StopIteration

    def _make_here(self) -> Made:
        if self._done:
            raise StopIteration
        try:
            with torch.no_grad():
                return self._make(next(self._keys))
        except BaseException:
            self._done = True
            raise

    def _run(self) -> None:
        try:
            with torch.no_grad():
                for key in self._keys:
                    if not self._wait_for_room():
                        return
                    self._put(self._make(key))
        except BaseException as error:  # noqa: BLE001 - raised again where the batch is asked for
            self._error = error
        with self._changed:
            self._done = True
            self._changed.notify_all()

    def _wait_for_room(self) -> bool:
        """Waits until another batch is wanted; false once nobody wants any."""
        with self._changed:
            while len(self._ready) >= self._depth and not self._done:
                self._changed.wait()
            return not self._done

    def _put(self, made: Made) -> None:
        with self._changed:
            if not self._done:
                self._ready.append(made)
            self._changed.notify_all()
