"""A mirror: a tree on the disk of this machine that is a picture of what lies in object storage.

For each object it has a placeholder: a file of the object's size and time of change that takes no space. So the scan,
the plan, names, fingerprints and the journal work on it as on any folder. A placeholder holds the object's bytes only
while somebody reads them (`fetched`), so that the disk never has more than what is in flight. Nothing of the user's is
ever in a mirror, and each process has its own: none can take away what another is reading.
"""

from __future__ import annotations

import contextlib
import errno
import filecmp
import os
import secrets
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.batch.storage.names import is_file_name, make_known, secret_of
from engine.batch.storage.scratch import Scratch
from engine.batch.storage.stores import AwayError, Stamp, StorageError, Store, reason_of
from engine.errors import SaveError, UnreadablePhotoError
from engine.photo import is_temporary

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping
    from pathlib import Path

START = 128 << 10
"""Bytes in which the mark of nearly every picture stands."""
_TRIES = 3
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
_OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True)
class _Anchor:
    """Where a folder of the mirror and a key of its store are the same.

    Attributes:
        store: The store.
        folder: The folder.
        key: The key, with its slash at the end if it has one.
    """

    store: Store
    folder: Path
    key: str

    def key_of(self, path: Path) -> str:
        below = path.relative_to(self.folder).as_posix()
        return self.key.rstrip("/") if below == "." else self.key + below

    def path_of(self, key: str) -> Path | None:
        """The path for a key; None where no file here can be called so."""
        parts = key.removeprefix(self.key).split("/")
        return self.folder.joinpath(*parts) if all(map(is_file_name, parts)) else None


class Mirror:
    """The mirror of one run, or of one process of a cluster; safe to use from several threads.

    Args:
        urls: Everything that the user named in object storage.

    Attributes:
        folder: Where the tree begins.

    Raises:
        StorageError: If something in it cannot be used.
    """

    def __init__(self, urls: Iterable[str]) -> None:
        stores = {url: Store(url) for url in urls}
        _refuse_two_users(stores)
        self._scratch = Scratch()
        self.folder = self._scratch.folder / "objects"
        self._anchors = [_anchor(store, self.folder) for store in stores.values()]
        self._places = {url: self.folder.joinpath(store.scheme, *store.parts) for url, store in stores.items()}
        self._whole: set[Path] = set()
        self._lock = threading.Lock()
        self._unnamed: list[str] = []
        self._unfinished: set[Path] = set()

    def close(self) -> None:
        """Removes the tree."""
        self._scratch.close()

    def place(self, url: str) -> Path:
        """The path that stands for a URL that the user named."""
        return self._places[url]

    def holds(self, path: Path | str) -> bool:
        """Whether a path is one of this mirror."""
        return os.fspath(path).startswith(f"{self.folder}{os.sep}")

    def is_top(self, folder: Path) -> bool:
        """Whether nothing of this program can lie beside a folder: it is a bucket or a server."""
        return len(folder.relative_to(self.folder).parts) <= 2

    def refresh(self, path: Path, *, beside: bool = False) -> None:
        """Looks at all objects below a folder, or at one object.

        Args:
            path: Of the folder or object.
            beside: Whether what lies beside one object counts too: its output may have to.

        Raises:
            StorageError: If the store cannot be listed.
        """
        anchor = self._anchor_of(path)
        listed = list(anchor.store.listing(anchor.key_of(path)))
        self._lay_all(anchor, listed)
        if path.is_file():
            if beside:
                self._lay_all(anchor, anchor.store.folder(anchor.key_of(path.parent)))
        else:
            with self._lock:
                self._whole.add(path)

    def look_into(self, folder: Path, suffix: str) -> None:
        """Makes sure that a folder's own files of a suffix are known here. Raises as `refresh`."""
        if any(folder.is_relative_to(each) for each in self._whole):
            return
        anchor = self._anchor_of(folder)
        files = [each for each in anchor.store.folder(anchor.key_of(folder)) if each[0].endswith(suffix)]
        self._lay_all(anchor, files, new=True)

    def look_at(self, path: Path) -> None:
        """Makes sure that one object is known here as it is now, or is not.

        Raises:
            OSError: If the store does not tell.
        """
        anchor = self._anchor_of(path)
        stamp = anchor.store.stamp(anchor.key_of(path))
        if stamp is None:
            path.unlink(missing_ok=True)
        else:
            lay(path, stamp)

    def know(self, path: Path, size: int, mtime_ns: int) -> None:
        """Takes it from another process what an object is like."""
        lay(path, Stamp(size, mtime_ns))

    def unnamed(self) -> list[str]:
        """The objects that cannot have a file of their name here, each told once."""
        with self._lock:
            keys, self._unnamed = self._unnamed, []
        return keys

    @contextlib.contextmanager
    def fetched(self, path: Path) -> Generator[None]:
        """Has an object's bytes in its file while the block runs. What is not there stays so.

        Raises:
            UnreadablePhotoError: If they cannot be had, or change each time that they are looked at.
        """
        stamp = _stamp_of(path)
        if stamp is None:
            yield
            return
        try:
            stamp = self._fill(path, stamp)
            yield
        finally:
            if stamp is not None:
                _empty(path, stamp)

    @contextlib.contextmanager
    def peeked(self, path: Path) -> Generator[None]:
        """As `fetched`, with the first bytes alone."""
        stamp = _stamp_of(path)
        if stamp is None:
            yield
            return
        anchor = self._anchor_of(path)
        try:
            with _explained(path):
                start = anchor.store.start(anchor.key_of(path), START)
                with path.open("r+b") as file:
                    file.write(start[: stamp.size])
            yield
        finally:
            _empty(path, stamp)

    @contextlib.contextmanager
    def outgoing(self, path: Path, *, replace: bool) -> Generator[Path]:
        """Gives a file to write an output to, and makes an object of it when the block ends well.

        Args:
            path: The output.
            replace: Whether it takes the place of the one that was known here, and of no other.

        Raises:
            SaveError: If the object cannot be written; what was there is as it was.
        """
        folder = self._scratch.folder / _OUTGOING / secrets.token_hex(6)
        folder.mkdir(parents=True)
        file = folder / path.name  # stores guess from the name what is in it
        try:
            yield file
            self._push(file, path, replace=replace)
        finally:
            file.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                folder.rmdir()

    def push(self, path: Path) -> None:
        """Writes a file of this program's own, made at its place in the mirror, over the object of its name.

        Raises:
            OSError: If that cannot be; an AwayError if the store does not answer.
        """
        anchor = self._anchor_of(path)
        anchor.store.put(path, anchor.key_of(path), replace=True)

    def content(self, path: Path) -> bytes | None:
        """All of a small object, as it is now; None if there is none. Raises as `push`."""
        anchor = self._anchor_of(path)
        return anchor.store.content(anchor.key_of(path))

    def create(self, path: Path, content: bytes, *, replace: bool) -> None:
        """Writes a small object. Raises as `push`, and FileExistsError."""
        anchor = self._anchor_of(path)
        with self.outgoing_folder() as folder:
            file = folder / path.name
            file.write_bytes(content)
            anchor.store.put(file, anchor.key_of(path), replace=replace)

    def remove(self, path: Path) -> None:
        """Removes an object of this program's own. Raises as `push`."""
        anchor = self._anchor_of(path)
        anchor.store.remove(anchor.key_of(path))

    def unfinished(self, folder: Path) -> list[Path]:
        """What was found below a folder that some run, dead or alive, was or is uploading; each told once."""
        with self._lock:
            paths = {path for path in self._unfinished if path.is_relative_to(folder)}
            self._unfinished -= paths
        return sorted(paths)

    def answers(self, path: Path) -> bool:
        """Whether the store of a path answers."""
        return self._anchor_of(path).store.answers()

    @contextlib.contextmanager
    def outgoing_folder(self) -> Generator[Path]:
        """A folder for a moment, outside of the tree."""
        folder = self._scratch.folder / _OUTGOING / secrets.token_hex(6)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            for file in folder.iterdir():
                file.unlink(missing_ok=True)
            folder.rmdir()

    def _push(self, file: Path, path: Path, *, replace: bool) -> None:
        anchor = self._anchor_of(path)
        key, known = anchor.key_of(path), _stamp_of(path)
        try:
            if replace and anchor.store.stamp(key) != known and not self._is_same(anchor, key, file):
                raise SaveError(path, "it was changed just now and is left as it is.", "Run the same command again.")
            stamp = anchor.store.put(file, key, replace=replace)
        except FileExistsError as error:
            # A try before this one, of which nobody heard that it went well?
            if not self._is_same(anchor, key, file):
                with contextlib.suppress(OSError):
                    self.look_at(path)
                cause = "an object of this name is already there and is left as it is."
                raise SaveError(path, cause, "Run the same command again.") from error
            self.look_at(path)
        except PermissionError as error:
            cause = f"the storage refuses it: {reason_of(error)}."
            raise SaveError(path, cause, "Check what your credentials allow.") from error
        except OSError as error:
            raise SaveError(path, f"the storage says: {reason_of(error)}.", "Run the same command again.") from error
        else:
            lay(path, stamp)

    def _is_same(self, anchor: _Anchor, key: str, file: Path) -> bool:
        """Whether an object holds just what a file holds."""
        stamp = anchor.store.stamp(key)
        if stamp is None or stamp.size != file.stat().st_size:
            return False
        with self.outgoing_folder() as folder:
            there = folder / "there"
            anchor.store.get(key, there)
            return filecmp.cmp(there, file, shallow=False)

    def _fill(self, path: Path, stamp: Stamp) -> Stamp | None:
        """Fills a placeholder; the stamp of what is in it, None where the object is gone, and the file with it."""
        anchor = self._anchor_of(path)
        key = anchor.key_of(path)
        with _explained(path):
            for _ in range(_TRIES):
                try:
                    anchor.store.get(key, path)
                    now = anchor.store.stamp(key)
                except FileNotFoundError:
                    now = None
                if now is None:
                    path.unlink(missing_ok=True)
                    return None
                if now == stamp and path.stat().st_size == stamp.size:
                    os.utime(path, ns=(stamp.mtime_ns, stamp.mtime_ns))
                    return stamp
                stamp = now
        raise UnreadablePhotoError(
            path,
            "it changed while it was being read.",
            "Run the same command again when nothing writes to it any more.",
        )

    def _anchor_of(self, path: Path) -> _Anchor:
        """The anchor that a path hangs from."""
        for anchor in self._anchors:
            if path == anchor.folder or path.is_relative_to(anchor.folder):
                return anchor
        raise StorageError(f"{path} is in no storage that was named.", "")

    def _lay_all(self, anchor: _Anchor, listed: Iterable[tuple[str, Stamp]], *, new: bool = False) -> None:
        for key, stamp in listed:
            path = anchor.path_of(key)
            if path is not None and is_temporary(path):
                with self._lock:
                    self._unfinished.add(path)
                continue
            try:
                if path is None:
                    raise OSError  # noqa: TRY301 - as where the disk refuses the name
                lay(path, stamp, new=new)
            except (OSError, UnicodeError) as error:
                if isinstance(error, OSError) and error.errno in _NO_ROOM:  # nothing is left out for that
                    sentence = f"What is in {anchor.store.url} cannot be noted on this machine: {reason_of(error)}."
                    raise StorageError(sentence, "Free some space (TMPDIR), and run the same command again.") from error
                if new and path is not None and path.is_file():
                    continue  # another thread may be reading it
                with self._lock:
                    self._unnamed.append(f"{anchor.store.scheme}://{key.lstrip('/')}")


def lay(path: Path, stamp: Stamp, *, new: bool = False) -> None:
    """Lays a placeholder, or empties what is in its place: the same file, of another content.

    Args:
        path: Where.
        stamp: What the object is like.
        new: Whether to leave alone what is in its place.

    Raises:
        OSError: If no file can have this name.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb" if new else "wb") as file:
        file.truncate(stamp.size)
    os.utime(path, ns=(stamp.mtime_ns, stamp.mtime_ns))


def _empty(path: Path, stamp: Stamp) -> None:
    """Lays a placeholder again, unless the mirror was closed meanwhile: a cancelled run leaves threads behind."""
    if path.parent.is_dir():
        lay(path, stamp)


def _stamp_of(path: Path) -> Stamp | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return Stamp(status.st_size, status.st_mtime_ns) if path.is_file() else None


def _anchor(store: Store, tree: Path) -> _Anchor:
    """Ties a store to the tree where the pieces of its URL and of its key begin to be the same."""
    keys = store.key.split("/")
    same = 0
    for part, key in zip(reversed(store.parts), reversed(keys), strict=False):
        if part != key:
            break
        same += 1
    folder = tree.joinpath(store.scheme, *store.parts[: len(store.parts) - same])
    start = "/".join(keys[: len(keys) - same])
    key = f"{start}/" if same < len(keys) else start
    url = "://".join((store.scheme, "/".join(store.parts[: len(store.parts) - same])))
    make_known(folder, _start_of(url, store))
    return _Anchor(store, folder, key)


def _refuse_two_users(stores: Mapping[str, Store]) -> None:
    """One host as two users see it would be two trees of the same names."""
    secrets_of: dict[tuple[str, str], str] = {}
    for url, store in stores.items():
        if secrets_of.setdefault((store.scheme, store.parts[0]), secret_of(url)) != secret_of(url):
            raise StorageError(
                f"{store.scheme}://{store.parts[0]} is named with two users or passwords.",
                "Name it with the same in all URLs.",
            )


def _start_of(url: str, store: Store) -> str:
    """How the URLs below an anchor begin."""
    if not url.endswith("://"):
        return f"{url}/"
    return f"{url}/" if store.url.startswith(f"{url}/") else url


@contextlib.contextmanager
def _explained(path: Path) -> Generator[None]:
    """Says of a photo why the store does not give it."""
    try:
        yield
    except FileNotFoundError as error:
        raise UnreadablePhotoError(path, "it is not there any more.", "Run the same command again.") from error
    except PermissionError as error:
        cause = f"the storage refuses it: {reason_of(error)}."
        raise UnreadablePhotoError(path, cause, "Check what your credentials allow.") from error
    except AwayError as error:
        raise UnreadablePhotoError(path, f"the storage does not answer: {reason_of(error)}.") from error
    except OSError as error:
        raise UnreadablePhotoError(path, f"it could not be fetched: {reason_of(error)}.", "") from error
