"""One run at a time on one output, also in object storage: an object beside the outputs says who is at work."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from engine.batch.storage.access import mirror_of
from engine.batch.storage.names import named
from engine.batch.storage.stores import reason_of
from engine.errors import EngineError
from engine.lock import holder_of, in_use, owner_of, this_run

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@contextlib.contextmanager
def locked(lock: Path) -> Generator[None]:
    """Holds a lock in object storage while the block runs; does nothing for a path of this machine.

    A run that was killed leaves its lock; on the same machine the next one takes it over, elsewhere somebody has to say
    that it is dead.

    Args:
        lock: The path that stands for the lock.

    Raises:
        InUseError: If another run holds it.
        EngineError: If nothing can be written there.
    """
    mirror = mirror_of(lock)
    if mirror is None:
        yield
        return
    output = lock.parent.parent
    try:
        former = mirror.content(lock)
        if former is not None and holder_of(former) is not None:
            raise in_use(holder_of(former), output, lock)
        with contextlib.suppress(FileExistsError):
            mirror.create(lock, this_run(), replace=former is not None)
        # Whatever was said to it, possibly to a second try: who stands in it holds it.
        now = mirror.content(lock) or b""
        if now != this_run():
            raise in_use(owner_of(now), output, lock)
    except OSError as error:
        raise EngineError(
            f"Nothing can be written to {named(str(output))}: {reason_of(error)}.",
            "Choose another folder with --output.",
        ) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it may be away by now; what is left is known for dead here
            if mirror.content(lock) == this_run():
                mirror.remove(lock)
