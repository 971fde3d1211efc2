"""The journal: what became of each photo, kept so that a resumed run redoes nothing.

The outputs are the truth; the journal makes a resume fast and tells what may be replaced. A photo passes through three
states. `saving` is written before its output is published, `done` after; a run that dies in between leaves `saving`,
and the next one looks whether the output came into being. `failed` is tried again.

Paths are kept as bytes, for a name need not be text, and relative to the output folder where that is possible, so that
a drive may be mounted elsewhere.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import sqlite3
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from engine.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

FILE = "journal.sqlite"
VERSION = 1
_MEMORY = Path(":memory:")

_SCHEMA = (
    """
    CREATE TABLE photos (
        source BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, settings TEXT NOT NULL,
        model TEXT NOT NULL, natural TEXT NOT NULL, marked INTEGER NOT NULL, output BLOB NOT NULL, state TEXT NOT NULL,
        cause TEXT NOT NULL, advice TEXT NOT NULL, kind TEXT NOT NULL, bits INTEGER NOT NULL, pages INTEGER NOT NULL,
        notes TEXT NOT NULL, seconds REAL NOT NULL
    ) WITHOUT ROWID
    """,
    """
    CREATE TABLE outputs (
        name BLOB PRIMARY KEY, source BLOB NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL
    ) WITHOUT ROWID
    """,
)

State = Literal["saving", "done", "failed"]

BY_HAND = "by hand"
"""How `Row.settings` of a photo begins that was saved in a window with more than a batch makes of all photos: no batch
replaces it. Where its sidecar said all of that, a colon and `sidecars.digest_of` follow, and a batch replaces it when
the sidecar says something else."""


class JournalError(EngineError):
    """The journal cannot be used: made by a newer version, or its disk refuses to write.

    What SQLite raised is its `__cause__`.
    """

    title = "The record of this folder cannot be used"

    @property
    def code(self) -> int:
        """SQLite's primary result code; 0 where SQLite raised nothing, or none of its codes."""
        code: int = getattr(self.__cause__, "sqlite_errorcode", None) or 0
        return code & 0xFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One photo.

    Attributes:
        source: Its path as `Place` keys it.
        size: Its size in bytes when it was read.
        mtime_ns: Its time of change when it was read.
        settings: `BatchOptions.settings` that it was coloured with.
        model: The sha256 of the weights.
        natural: The output format that the source would have by itself.
        marked: Whether the output says that its colours are synthetic.
        output: Path of the coloured copy; empty where there is none.
        state: saving, done or failed.
        cause: Why it failed.
        advice: What the user can do about it.
        kind: What the source was: grey, bitonal, toned, colour.
        bits: Bits of the source's channels.
        pages: How many pages the source has.
        notes: Remarks.
        seconds: The work that it took.
    """

    source: bytes
    size: int = 0
    mtime_ns: int = 0
    settings: str = ""
    model: str = ""
    natural: str = ""
    marked: bool = True
    output: bytes = b""
    state: State = "failed"
    cause: str = ""
    advice: str = ""
    kind: str = ""
    bits: int = 0
    pages: int = 0
    notes: tuple[str, ...] = ()
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Made:
    """A file that this program made.

    Attributes:
        source: The photo that it was made of.
        size: Its size in bytes.
        mtime_ns: Its time of change; 0 where it is not known, and the file therefore never replaced.
    """

    source: bytes
    size: int
    mtime_ns: int


_LATEST = (1 << 63) - 1


def time_of_change(status: os.stat_result) -> int:
    """When a file was changed, in nanoseconds, as far as SQLite can count: into the year 2262.

    Whatever is compared with a `Row` or a `Made` must come from here, too.
    """
    return max(min(status.st_mtime_ns, _LATEST), -_LATEST)


_COLUMNS = tuple(field.name for field in dataclasses.fields(Row))
_STORE = f"INSERT OR REPLACE INTO photos ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_LOAD = f"SELECT {', '.join(_COLUMNS)} FROM photos"


class Journal:
    """An open journal; safe to use from several threads. Made by `open_journal` or `peek`.

    Args:
        connection: Of a database with the schema of this version.
        file: Where it lies, for messages.
    """

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file
        self._lock = threading.Lock()
        self._first: bytes | None = None
        self._lost = False

    @property
    def lost(self) -> bool:
        """Whether `reconnect` failed and nothing can be read or written until it is called again."""
        return self._lost

    def row(self, source: bytes) -> Row | None:
        """What is known of a photo."""
        found = self._select(f"{_LOAD} WHERE source = ?", source)
        return _row(found[0]) if found else None

    def below(self, prefix: bytes) -> list[Row]:
        """What is known of all photos whose key begins with some bytes, a separator at their end; empty for all."""
        if not prefix:
            return [_row(values) for values in self._select(_LOAD)]
        end = prefix[:-1] + bytes([prefix[-1] + 1])
        return [_row(values) for values in self._select(f"{_LOAD} WHERE source >= ? AND source < ?", prefix, end)]

    def made(self, output: bytes) -> Made | None:
        """What is known of an output."""
        found = self._select("SELECT source, size, mtime_ns FROM outputs WHERE name = ?", output)
        return Made(*found[0]) if found else None

    def outputs(self) -> list[bytes]:
        """Every file that this program made here."""
        return [name for (name,) in self._select("SELECT name FROM outputs")]

    def unfinished(self) -> list[Row]:
        """Photos whose output was being saved when a run ended."""
        return [_row(values) for values in self._select(f"{_LOAD} WHERE state = 'saving'")]

    def store(self, row: Row, made: Made | None = None) -> None:
        """Writes down what became of a photo, on the disk and not only in a cache when this returns.

        Args:
            row: The photo.
            made: Its output, where it now has one.

        Raises:
            JournalError: If it cannot be written.
        """
        self.store_all([(row, made)])

    def store_all(self, entries: Sequence[tuple[Row, Made | None]]) -> None:
        """Writes down what became of several photos, all or none; it takes hardly longer than one alone.

        Args:
            entries: Of each photo, what `store` takes.

        Raises:
            JournalError: If they cannot be written.
        """
        with self._writing():
            for row, made in entries:
                self._connection.execute(_STORE, _values(row))
                if made is not None:
                    self._connection.execute(
                        "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?)",
                        (row.output, made.source, made.size, made.mtime_ns),
                    )
        if entries:
            self._first = self._first or entries[0][0].source

    def forget(self) -> None:
        """Forgets what was done, but not which files are this program's own.

        Raises:
            JournalError: If it cannot be written.
        """
        with self._writing():
            self._connection.execute("DELETE FROM photos")

    def reconnect(self) -> None:
        """Opens the file again, after its disk was away: what was open then is dead even where it does not say so.

        Nothing is made here. A journal that does not know what was written down through this one is another folder's.

        Raises:
            JournalError: If it cannot be opened, is another, or another run holds it; it is `lost` then.
        """
        with self._lock:
            self._lost = True
            self._connection.close()
            if not os.path.isfile(self._file):  # unlike Path's, it raises nothing on a dead disk
                raise JournalError(f"{self._file} is not there.", "Connect its disk again.")
            try:
                connection = _connected(self._file)
                if not self._is_known_to(connection):
                    connection.close()
                    raise JournalError(f"{self._file} belongs to another folder.", "Put the former one back.")
            except sqlite3.Error as error:
                advice = "Check that its disk is connected."
                raise JournalError(f"{self._file} cannot be opened: {error}.", advice) from error
            self._connection, self._lost = connection, False

    def _is_known_to(self, connection: sqlite3.Connection) -> bool:
        """Whether a connection is to the journal that this one wrote to, as far as it wrote anything."""
        found = connection.execute("SELECT 1 FROM photos WHERE source = ?", (self._first,)).fetchone()
        return self._first is None or found is not None

    def close(self) -> None:
        """Closes it; what is written later raises `JournalError`."""
        with self._lock:
            self._connection.close()

    def _select(self, query: str, *values: bytes) -> list[tuple[Any, ...]]:
        with self._lock:
            try:
                return self._connection.execute(query, values).fetchall()
            except sqlite3.Error as error:
                raise JournalError(f"{self._file} cannot be read: {error}.", "Check that its disk is there.") from error

    @contextlib.contextmanager
    def _writing(self) -> Generator[None]:
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield
                    self._connection.execute("COMMIT")
                except BaseException:
                    with contextlib.suppress(sqlite3.Error):  # a full disk rolls back by itself
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.Error as error:
                raise JournalError(
                    f"{self._file} cannot be written: {error}.", "Check that the disk has space and is connected."
                ) from error


def open_journal(folder: Path) -> tuple[Journal, tuple[str, ...]]:
    """Opens the journal of a folder, or makes it. A damaged one is set aside as `journal.sqlite.bad`.

    Args:
        folder: Where it lies.

    Returns:
        The journal, and remarks for the user.

    Raises:
        JournalError: If a newer version made it, or it cannot be written.
    """
    file = folder / FILE
    try:
        return Journal(_connected(file), file), ()
    except sqlite3.OperationalError as error:
        advice = "Check the folder's permissions and its disk."
        raise JournalError(f"{file} cannot be opened: {error}.", advice) from error
    except sqlite3.DatabaseError:
        aside = file.with_name(f"{FILE}.bad")
        file.replace(aside)
        for rest in ("-wal", "-shm", "-journal"):
            file.with_name(FILE + rest).unlink(missing_ok=True)
        note = f"The record {file} was damaged and is set aside as {aside.name}."
        return Journal(_connected(file), file), (f"{note} Coloured photos are recognised by their mark.",)


def peek(folder: Path) -> Journal | None:
    """A copy of a folder's journal in memory: nothing of it is written, or even locked.

    Returns:
        The copy; None where there is no such journal, or one that is damaged.

    Raises:
        JournalError: If it is there and cannot be copied. Not to know what this program made is dangerous.
    """
    file = folder / FILE
    if not os.path.isfile(file):
        return None
    try:
        with tempfile.TemporaryDirectory(prefix="autochrome-") as copies:
            copy = Path(shutil.copy(file, copies))
            log = file.with_name(f"{FILE}-wal")
            if log.is_file():
                shutil.copy(log, copies)
            with contextlib.closing(_connected(copy)) as connection:
                memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
                connection.backup(memory)
        return Journal(memory, file)
    except FileNotFoundError:  # its run has just ended
        return None
    except OSError as error:
        advice = "Check its disk, and that there is space in the folder for temporary files."
        raise JournalError(f"{file} cannot be read: {error.strerror}.", advice) from error
    except (sqlite3.Error, JournalError):
        return None


def empty_journal() -> Journal:
    """A journal in memory, for a dry run where there is none yet."""
    return Journal(connected_memory(), _MEMORY)


def connected_memory() -> sqlite3.Connection:
    """A connection to an empty database in memory, with the schema of this version."""
    return _connected(_MEMORY)


def _connected(file: Path) -> sqlite3.Connection:
    """A connection to a sound database of this version's schema, made if there is none."""
    connection = sqlite3.connect(file, timeout=1.0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")  # the file may have been made by others
        # With exclusive locking, WAL needs no memory shared between processes, which network folders do not have.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        _choose_mode(connection)
        connection.execute("PRAGMA synchronous = FULL")
        _check(connection, file)
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            connection.execute("BEGIN IMMEDIATE")
            for statement in (*_SCHEMA, f"PRAGMA user_version = {VERSION}", "COMMIT"):
                connection.execute(statement)
    except BaseException:
        connection.close()
        raise
    return connection


def _choose_mode(connection: sqlite3.Connection) -> None:
    """WAL where the folder allows it, a rollback journal elsewhere."""
    with contextlib.suppress(sqlite3.OperationalError):
        if connection.execute("PRAGMA journal_mode = WAL").fetchone() == ("wal",):
            return
    connection.execute("PRAGMA journal_mode = DELETE")


def _check(connection: sqlite3.Connection, file: Path) -> None:
    """Refuses a database that is damaged, or that only a newer version understands."""
    if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise sqlite3.DatabaseError("damaged")
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise JournalError(f"{file} was made by a newer version of Autochrome.", "Use that version, or --output.")


def _values(row: Row) -> tuple[Any, ...]:
    values = dataclasses.astuple(dataclasses.replace(row, notes=()))
    return tuple((dict(zip(_COLUMNS, values, strict=True)) | {"notes": json.dumps(row.notes)}).values())


def _row(values: tuple[Any, ...]) -> Row:
    fields: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
    fields["notes"], fields["marked"] = tuple(json.loads(fields["notes"])), bool(fields["marked"])
    return Row(**fields)
