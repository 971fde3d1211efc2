"""The faces by which a batch reads and writes, whatever lies behind a path: a file, or an object mirrored here.

Each of these does nothing for a path that is in no mirror, and costs nothing then.
"""

from __future__ import annotations

import contextlib
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.storage.names import is_url, named
from engine.errors import EngineError, UnreadablePhotoError
from engine.photo import is_marked as is_file_marked

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from engine.batch.options import BatchOptions
    from engine.batch.storage.mirror import Mirror

_mirrors: list[Mirror] = []
"""Those that are in use: more than one only where a process has several runs."""


def open_mirror(options: BatchOptions) -> tuple[BatchOptions, Mirror | None]:
    """A mirror for the URLs of a batch, not yet filled; None where it names none. `close_mirror` closes it.

    Returns:
        The options with paths of the mirror in the place of URLs, and the mirror.

    Raises:
        StorageError: If something in it cannot be used.
    """
    urls = [
        str(each) for each in (*options.paths, options.output, options.sidecars) if each is not None and is_url(each)
    ]
    if not urls:
        return options, None
    from engine.batch.storage.mirror import Mirror  # only now, for what it needs is not always installed

    mirror = Mirror(dict.fromkeys(urls))
    _mirrors.append(mirror)
    places = {url: mirror.place(url) for url in urls}

    def place(each: Path | str) -> Path:
        return (places.get(each) if isinstance(each, str) else None) or Path(each)

    local = dataclasses.replace(
        options,
        paths=tuple(place(path) for path in options.paths),
        output=None if options.output is None else place(options.output),
        sidecars=None if options.sidecars is None else place(options.sidecars),
    )
    return local, mirror


def close_mirror(mirror: Mirror) -> None:
    """Ends the use of a mirror, and removes it."""
    _mirrors.remove(mirror)
    mirror.close()


@contextlib.contextmanager
def mirrored(options: BatchOptions) -> Generator[BatchOptions]:
    """Has what a batch reads in a mirror, as far as it is named by URLs, while the block runs.

    Yields:
        The options, with paths that stand for the URLs.

    Raises:
        EngineError: If a URL cannot be used; also what the block raises, with URLs in its words.
    """
    local, mirror = open_mirror(options)
    if mirror is None:
        yield local
        return
    try:
        for path in local.paths:
            refresh(path, beside=True)
        if local.sidecars is not None:
            refresh(local.sidecars)
        yield local
    except EngineError as error:
        error.sentence, error.advice = named(error.sentence), named(error.advice)
        error.args = (f"{error.sentence} {error.advice}".strip(),)
        raise
    finally:
        close_mirror(mirror)


def mirror_of(path: Path | str) -> Mirror | None:
    """The mirror that holds a path; None for a path of this machine."""
    return next((each for each in _mirrors if each.holds(path)), None)


def refresh(path: Path | str, *, beside: bool = False) -> None:
    """Looks at what lies in a place (`Mirror.refresh`)."""
    mirror = mirror_of(path)
    if mirror is not None:
        mirror.refresh(Path(path), beside=beside)


def look_into(folder: Path, suffix: str) -> None:
    """Looks for a folder's files of a suffix, where nobody has yet (`Mirror.look_into`)."""
    mirror = mirror_of(folder)
    if mirror is not None:
        mirror.look_into(folder, suffix)


def look_at(path: Path) -> None:
    """Looks whether one thing is there (`Mirror.look_at`)."""
    mirror = mirror_of(path)
    if mirror is not None:
        mirror.look_at(path)


def know(path: Path, size: int, mtime_ns: int) -> None:
    """Takes it from another process what an object is like."""
    mirror = mirror_of(path)
    if mirror is not None:
        mirror.know(path, size, mtime_ns)


def fetched(path: Path) -> contextlib.AbstractContextManager[None]:
    """Has a file's bytes here while the block runs (`Mirror.fetched`)."""
    mirror = mirror_of(path)
    return contextlib.nullcontext() if mirror is None else mirror.fetched(path)


def peeked(path: Path) -> contextlib.AbstractContextManager[None]:
    """Has the first of a file's bytes here while the block runs (`Mirror.peeked`)."""
    mirror = mirror_of(path)
    return contextlib.nullcontext() if mirror is None else mirror.peeked(path)


def is_marked(path: Path, look: Callable[[Path], bool] = is_file_marked) -> bool:
    """Whether this program made a picture; brings no more of it here than is needed to tell.

    Args:
        path: The picture.
        look: Reads the file.
    """
    if mirror_of(path) is None:
        return look(path)
    try:
        with peeked(path):
            if look(path):
                return True
        with fetched(path):
            return look(path)
    except UnreadablePhotoError as error:
        if isinstance(error.__cause__, PermissionError | FileNotFoundError):
            return False  # as of a file that cannot be read: what nobody can tell is somebody else's
        raise


@contextlib.contextmanager
def outgoing(output: Path, *, replace: bool) -> Generator[tuple[Path, bool]]:
    """Where to write an output (`Mirror.outgoing`).

    Yields:
        The file, and whether to replace what is there.
    """
    mirror = mirror_of(output)
    if mirror is None:
        yield output, replace
        return
    with mirror.outgoing(output, replace=replace) as file:
        yield file, False


def push(file: Path) -> None:
    """Sends a file of this program's own to where its path says (`Mirror.push`)."""
    mirror = mirror_of(file)
    if mirror is not None:
        mirror.push(file)
