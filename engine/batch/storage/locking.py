"""One run at a time on one output, also in object storage: an object beside the outputs says who is at work.

No system lets go of an object when its writer dies, and neither the name of a machine nor the number of a process tells
whether it did: two containers may have both in common. So each machine keeps a random token beside the journal of the
output and writes it into the object. Whoever finds the token of its own folder there, and has that folder to itself by
the system's own lock, knows that the writer is dead. The name of the machine must be the same as well, for a machine
that was copied has the token of the first.
"""

from __future__ import annotations

import contextlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from engine.batch.storage.access import mirror_of
from engine.batch.storage.names import named
from engine.batch.storage.stores import reason_of
from engine.errors import EngineError
from engine.lock import in_use, owner_of, this_process

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from engine.batch.storage.mirror import Mirror

TOKEN = "lock-token"
"""The file beside the journal that tells this machine's locks from all others."""
_BYTES = 16


@contextlib.contextmanager
def locked(lock: Path, records: Path) -> Generator[None]:
    """Holds a lock in object storage while the block runs; does nothing for a path of this machine.

    A run that was killed leaves its lock; the next one with the same records takes it over, elsewhere somebody has to
    say that it is dead.

    Args:
        lock: The path that stands for the lock.
        records: The folder of the output's journal on this machine, which the caller has to itself (`RunLock`).

    Raises:
        InUseError: If another run holds it.
        EngineError: If nothing can be written there.
    """
    mirror = mirror_of(lock)
    if mirror is None:
        yield
        return
    output = lock.parent.parent
    mine = {**this_process(), "token": _token(records)}
    try:
        _take(mirror, lock, mine)
    except OSError as error:
        raise EngineError(
            f"Nothing can be written to {named(str(output))}: {reason_of(error)}.",
            "Choose another folder with --output.",
        ) from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):  # it may be away by now; what is left is known for dead here
            if _is_of(mirror.content(lock) or b"", mine):
                mirror.remove(lock)


def _take(mirror: Mirror, lock: Path, mine: Mapping[str, Any]) -> None:
    former = mirror.content(lock)
    _refuse_another(former, lock, mine)
    try:
        with contextlib.suppress(FileExistsError):  # possibly said to a second try, of which the first went well
            mirror.create(lock, json.dumps(mine).encode(), replace=former is not None)
    except OSError:
        _refuse_another(mirror.content(lock), lock, mine)
        raise
    # Whatever was said: who stands in it holds it.
    _refuse_another(mirror.content(lock) or b"", lock, mine)


def _refuse_another(content: bytes | None, lock: Path, mine: Mapping[str, Any]) -> None:
    """Raises InUseError unless a lock is free or of a run with these records."""
    if content is not None and not _is_of(content, mine):
        raise in_use(owner_of(content), lock.parent.parent, lock, left_behind=True)


def _is_of(content: bytes, mine: Mapping[str, Any]) -> bool:
    """Whether a lock is of a run with these records: this one, or one that is dead."""
    owner = owner_of(content)
    return owner is not None and all(owner.get(fact) == mine[fact] for fact in ("token", "host"))


def _token(records: Path) -> str:
    """The token of a folder of records; makes one where there is none, or half of one.

    Raises:
        EngineError: If it cannot be kept.
    """
    file = records / TOKEN
    with contextlib.suppress(OSError, ValueError):
        kept = file.read_text("ascii")
        if len(bytes.fromhex(kept)) == _BYTES:
            return kept
    token = secrets.token_hex(_BYTES)
    try:
        file.write_text(token, "ascii")
    except OSError as error:
        raise EngineError(
            f"{file} cannot be written: {error.strerror}.", "Make room there, or allow this program to write to it."
        ) from error
    return token
