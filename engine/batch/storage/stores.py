"""A store of objects, as fsspec opens it: listed, read and written, with each failure sorted by what it means.

This is the one module that imports fsspec, and only when a URL was given. Settings and credentials are fsspec's own.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import importlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.batch.storage.names import discreet, is_file_name, keep_secret, parted, secret_of, without_secrets
from engine.errors import EngineError
from engine.photo import temporary_in

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

_PACKAGES = {
    "s3": "s3fs",
    "s3a": "s3fs",
    "gs": "gcsfs",
    "gcs": "gcsfs",
    "abfs": "adlfs",
    "abfss": "adlfs",
    "az": "adlfs",
}
_REFUSED = frozenset({"http", "https", "data", "memory"})
"""What cannot be listed or written, or is in the memory of one process."""
_TAGS = ("ETag", "etag", "md5Hash", "generation", "content_md5")
_TIMES = ("LastModified", "last_modified", "mtime", "updated", "timeModified", "created")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_TICK = 100
"""Nanoseconds to which times are rounded: what all file systems keep, and a float still knows."""


class StorageError(EngineError):
    """Object storage cannot be used at all."""

    title = "The storage cannot be used"


class AwayError(OSError):
    """The whole store does not answer; `strerror` says how that showed."""


class FullError(OSError):
    """The store has no room. What is uploaded lies whole on the disk of this machine, so that is not the full one."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells that an object was changed: its size, and its time of change.

    Of a store that tags what objects hold, times are only whole seconds; a hash of the tag stands in the rest of the
    second. So whatever compares size and time (the journal, a resume, a replacement) compares the tag too.

    Attributes:
        size: In bytes.
        mtime_ns: In nanoseconds.
    """

    size: int
    mtime_ns: int


def stamp_of(info: dict[str, Any]) -> Stamp:
    """The stamp of an object, from what its store says of it."""
    seconds = next((_seconds(info[name]) for name in _TIMES if info.get(name)), 0.0)
    tag = next((str(info[name]) for name in _TAGS if info.get(name)), "")
    if not tag:
        return Stamp(int(info.get("size") or 0), round(seconds * 1e9 / _TICK) * _TICK)
    digest = hashlib.sha256(tag.strip('"').encode()).digest()
    ticks = int.from_bytes(digest[:8]) % (10**9 // _TICK)
    return Stamp(int(info.get("size") or 0), int(seconds) * 10**9 + ticks * _TICK)


def _seconds(value: Any) -> float:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            return datetime.fromisoformat(value).timestamp()
        return 0.0
    return float(value)


def reason_of(error: BaseException) -> str:
    """Why something failed, in one line without a full stop."""
    said = (getattr(error, "strerror", None) or str(error) or type(error).__name__).strip().splitlines()[0]
    return discreet(said).rstrip(".")


class Store:
    """A store, and where in it the user's URL points.

    Args:
        url: The URL, as the user gave it.

    Attributes:
        url: The URL without secrets.
        scheme: s3, gs and so on.
        parts: What follows the scheme, in pieces between slashes.
        key: The key that the URL points at, as fsspec wants it.

    Raises:
        StorageError: If what is needed for it is not installed, or its kind is not one that can be used.
    """

    def __init__(self, url: str) -> None:
        keep_secret(url)
        self.scheme, rest = parted(url)
        self.url = without_secrets(url).rstrip("/")
        self._files, key = _opened(f"{self.scheme}://{secret_of(url)}{rest.rstrip('/')}", self.url)
        self.key = key.rstrip("/")
        self.parts = tuple(part for part in rest.split("/") if part)
        if not self.parts or not all(map(is_file_name, self.parts)):
            raise StorageError(f"{self.url} does not name a folder in a storage.", "Check how it is written.")
        # Most of them give files their names in a way that shows whole or not at all; where a name is given by copying,
        # writing straight to it is as good.
        kind: Any = self._files.__class__
        self._renames = kind.mv is not importlib.import_module("fsspec").AbstractFileSystem.mv

    def listing(self, key: str) -> Iterator[tuple[str, Stamp]]:
        """Every object below a key, or the one that it is; keys and stamps. Nothing where there is none.

        Raises:
            StorageError: If it cannot be listed.
        """
        found: dict[str, dict[str, Any]] = {}
        with contextlib.suppress(FileNotFoundError), self._listing():
            found = self._files.find(key, detail=True)
        for name, info in found.items():
            if info.get("type") != "directory" and not name.endswith("/"):
                yield name, stamp_of(info)

    def folder(self, key: str) -> Iterator[tuple[str, Stamp]]:
        """The objects directly in a folder. Raises as `listing`."""
        found: list[dict[str, Any]] = []
        with contextlib.suppress(FileNotFoundError), self._listing():
            found = self._files.ls(key, detail=True)
        for info in found:
            if info.get("type") != "directory" and not str(info["name"]).endswith("/"):
                yield str(info["name"]), stamp_of(info)

    def stamp(self, key: str) -> Stamp | None:
        """The stamp of an object; None if there is none.

        Raises:
            OSError: If the store does not say so; an AwayError if it says nothing at all.
        """
        with self._sorted():
            try:
                info: dict[str, Any] = self._files.info(key)
            except FileNotFoundError:
                return None
            return None if info.get("type") == "directory" else stamp_of(info)

    def get(self, key: str, file: Path) -> None:
        """Brings an object into a file, which stays the same one. Raises as `stamp`, and FileNotFoundError."""
        with self._sorted():
            self._files.get_file(key, str(file))

    def start(self, key: str, size: int) -> bytes:
        """The first bytes of an object. Raises as `get`."""
        with self._sorted():
            content: bytes = self._files.cat_file(key, start=0, end=size)
            return content

    def content(self, key: str) -> bytes | None:
        """All of a small object; None if there is none. Raises as `stamp`."""
        with self._sorted():
            try:
                content: bytes = self._files.cat_file(key)
            except FileNotFoundError:
                return None
            return content

    def put(self, file: Path, key: str, *, replace: bool) -> Stamp:
        """Makes an object of a file, whole or not at all.

        Args:
            file: The file.
            key: The object's.
            replace: Whether it takes the place of what is there. Whoever asks has looked at what that is.

        Returns:
            The object's stamp.

        Raises:
            FileExistsError: If something is there that is not to be replaced.
            OSError: As `stamp`.
        """
        if not replace and self.stamp(key) is not None:
            raise FileExistsError(errno.EEXIST, "an object of this name is already there")
        try:
            with self._sorted():
                if self._renames:
                    self._put_and_rename(file, key, replace=replace)
                else:
                    self._put_straight(file, key, replace=replace)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise FullError(error.errno, reason_of(error)) from error
            raise
        stamp = self.stamp(key)
        if stamp is None or stamp.size != file.stat().st_size:
            raise OSError(errno.EIO, "the object was changed in the moment that it was written")
        return stamp

    def remove(self, key: str) -> None:
        """Removes an object of this program's own. Raises as `stamp`."""
        with self._sorted(), contextlib.suppress(FileNotFoundError):
            self._files.rm_file(key)

    def answers(self) -> bool:
        """Whether the store says anything at all, be it that something is missing or forbidden."""
        try:
            self._files.info(self.key)
        except (FileNotFoundError, PermissionError):
            return True
        except Exception:  # noqa: BLE001 - each library has its own way of saying that nobody answers
            return False
        return True

    def _put_straight(self, file: Path, key: str, *, replace: bool) -> None:
        """For stores where an object shows when all of it is there. Not all of them know how to refuse."""
        if not replace:
            try:
                self._files.put_file(str(file), key, mode="create")
            except TypeError:
                pass
            except OSError as error:
                if error.errno not in (errno.ENOSYS, errno.EOPNOTSUPP):
                    # Not every library says it so: that of s3 calls it an invalid argument.
                    if not isinstance(error, PermissionError) and self._files.exists(key):
                        raise FileExistsError(errno.EEXIST, "an object of this name is already there") from error
                    raise
            else:
                return
        self._files.put_file(str(file), key)

    def _put_and_rename(self, file: Path, key: str, *, replace: bool) -> None:
        """For what are really file systems: written under a hidden name first."""
        parent, _, _ = key.rpartition("/")
        hidden = f"{parent}/{temporary_in(file.parent).name}"
        self._files.makedirs(parent, exist_ok=True)
        try:
            self._files.put_file(str(file), hidden)
            if self._files.info(hidden)["size"] != file.stat().st_size:
                raise OSError(errno.EIO, "it arrived cut off")
            if not replace and self._files.exists(key):
                raise FileExistsError(errno.EEXIST, "a file of this name is already there")
            self._files.mv(hidden, key)
            if self._files.exists(hidden):  # some say nothing where a file is in the way
                raise OSError(errno.EIO, "it could not be given its name")
        finally:
            with contextlib.suppress(Exception):
                if self._files.exists(hidden):
                    self._files.rm_file(hidden)

    @contextlib.contextmanager
    def _sorted(self) -> Generator[None]:
        """Raises what went wrong as what it means: for this object, or for all of the store."""
        try:
            yield
        except (FileNotFoundError, FileExistsError, PermissionError):
            raise
        except Exception as error:
            if isinstance(error, OSError) and error.errno in _FULL:
                raise  # the disk of this machine
            if not self.answers():
                raise AwayError(errno.ENETUNREACH, reason_of(error)) from error
            raise OSError(errno.EIO, reason_of(error)) from error

    @contextlib.contextmanager
    def _listing(self) -> Generator[None]:
        try:
            with self._sorted():
                yield
        except FileNotFoundError:
            raise
        except OSError as error:
            sentence = f"{self.url} cannot be listed: {reason_of(error)}."
            raise StorageError(sentence, "Check its name, the network and your credentials.") from error


def _opened(url: str, shown_as: str) -> tuple[Any, str]:
    """What fsspec makes of a URL."""
    scheme = url.partition(":")[0]
    if scheme in _REFUSED:
        raise StorageError(f"{shown_as} is no storage that photos are read from and saved to.", "Download them first.")
    try:
        core = importlib.import_module("fsspec.core")
    except ImportError as error:
        raise StorageError(
            f"{shown_as} needs fsspec, which is not installed.", "Install it with: pip install 'autochrome[storage]'"
        ) from error
    try:
        # Nothing is remembered of what the store said before: others write to it too.
        files, key = core.url_to_fs(url, use_listings_cache=False)
    except ImportError as error:
        package = _PACKAGES.get(scheme)
        if package is None:
            raise StorageError(f"{shown_as} cannot be opened: {reason_of(error)}.", "Install what it names.") from error
        raise StorageError(
            f"{shown_as} needs {package}, which is not installed.", f"Install it with: pip install {package}"
        ) from error
    except Exception as error:
        raise StorageError(f"{shown_as} cannot be opened: {reason_of(error)}.", "Check how it is written.") from error
    return files, str(key)
