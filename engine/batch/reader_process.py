"""A process that decodes pictures for a batch, so that a decoder that crashes or runs away takes nothing along.

It takes requests from its standard input and answers on its standard output, one after the other, as
`reader_messages` puts them. It loads neither torch nor Qt. Before each page it takes what the request allows:

- memory: what it has after its imports, and `BYTES_PER_PIXEL` for each pixel that the page may have (RLIMIT_AS);
- work: seconds of processor time, after which the system ends it (RLIMIT_CPU);
- files: none may be written (RLIMIT_FSIZE).

Where memory runs out all the same, it is the first to be chosen by the system, before the batch (oom_score_adj). It
ends with the batch, however that ends: its input is closed then, and where there is PR_SET_PDEATHSIG, the system kills
it. Ctrl-C and SIGTERM are the batch's affair. Windows knows none of these limits; there the batch's own clock ends what
takes too long.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import queue
import signal
import sys
import threading
from io import FileIO
from pathlib import Path
from typing import TYPE_CHECKING, cast

import cv2

from engine.batch.reader_messages import Message, of_error, of_photo, receive, send
from engine.errors import PhotoError, PhotoTooLargeError, UnreadablePhotoError
from engine.photo import BYTES_PER_PIXEL, is_marked, load_decoders, read_photo

if TYPE_CHECKING:
    from io import RawIOBase

ROOM = 256 << 20
"""Bytes that decoding may take beside its pixels: the file's own, tables, libraries that are loaded when needed."""
GROWTH = 256 << 20
"""Bytes that the process may keep from page to page before it makes way for a new one."""
SHARE = 0.8
"""Of what is free, `default_pixel_limit` promises this share to pixels; so that much more is to be free."""
_PR_SET_PDEATHSIG = 1
_SHIELD = 500


def main() -> None:
    """Serves requests until there are no more."""
    requests, answers = _own_pipes()
    _die_with_parent()
    _offer_to_the_system()
    cv2.setNumThreads(1)
    load_decoders()
    limits = Limits()
    send(answers, Message({"ready": True}))
    waiting: queue.SimpleQueue[Message] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(requests, waiting), daemon=True).start()
    while not limits.outgrown:
        request = waiting.get()
        limits.move(int(request.header["pixel_limit"]), int(request.header["seconds"]))
        send(answers, _answer(request))
    os._exit(0)  # what libraries do when a program ends could still go wrong


def _answer(request: Message) -> Message:
    """Does what a request asks for."""
    header = request.header
    path = Path(os.fsdecode(bytes.fromhex(header["path"])))
    if header["do"] == "is_marked":
        return Message({"marked": is_marked(path)})
    try:
        return of_photo(
            read_photo(path, page=header["page"], salvage=header["salvage"], pixel_limit=header["pixel_limit"])
        )
    except PhotoError as error:
        return of_error(error)
    except MemoryError:
        return of_error(PhotoTooLargeError(path, "there is not enough memory to read it.", "Close other programs."))
    except Exception as error:  # noqa: BLE001 - a fault of ours costs this photo, and is told
        return of_error(UnreadablePhotoError(path, f"an unexpected error: {type(error).__name__}: {error}"))


def _own_pipes() -> tuple[RawIOBase, RawIOBase]:
    """The pipes of the requests and the answers; whatever else reads or prints here gets nothing and is not seen."""
    requests, answers = FileIO(os.dup(0), "rb"), FileIO(os.dup(1), "wb")
    with open(os.devnull, "r+b", buffering=0) as nothing:
        for standard in range(3):
            os.dup2(nothing.fileno(), standard)
    return requests, answers


def _listen(requests: RawIOBase, waiting: queue.SimpleQueue[Message]) -> None:
    """Passes requests on; when their pipe ends, so does this process, whatever it is doing."""
    try:
        while True:
            waiting.put(receive(requests, lambda: 0))
    except (EOFError, OSError):
        os._exit(0)


def _die_with_parent() -> None:
    """Leaves Ctrl-C and SIGTERM to the batch, and asks to be killed when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _offer_to_the_system() -> None:
    """When memory runs out, this process is to be killed and not the batch."""
    score = Path("/proc/self/oom_score_adj")
    with contextlib.suppress(OSError, ValueError):
        score.write_text(str(min(int(score.read_text("ascii")) + _SHIELD, 1000)), "ascii")


class Limits:
    """What this process may use; begins with what it has now."""

    def __init__(self) -> None:
        self._figures = _open_figures()
        self._base = self._used()
        self._given = {name: _limit(name) for name in ("RLIMIT_AS", "RLIMIT_CPU")}
        _set_limit("RLIMIT_CORE", 0)
        _set_limit("RLIMIT_FSIZE", 0)

    @property
    def outgrown(self) -> bool:
        """Whether decoders have kept so much memory that a new process is better."""
        return self._used() > self._base + GROWTH

    def move(self, pixels: int, seconds: int) -> None:
        """Sets the limits for one page.

        Args:
            pixels: The most that it may have.
            seconds: Of processor time, counted from now.
        """
        if self._base:
            self._move("RLIMIT_AS", self._used() + int(pixels * BYTES_PER_PIXEL / SHARE) + ROOM)
        spent = os.times()
        self._move("RLIMIT_CPU", int(spent.user + spent.system) + 1 + seconds)

    def _move(self, name: str, most: int) -> None:
        given = self._given[name]
        _set_limit(name, most if given is None else min(most, given))

    def _used(self) -> int:
        """Bytes of address space in use; 0 where the system does not tell."""
        if self._figures is None:
            return 0
        return int(os.pread(self._figures, 100, 0).split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _open_figures() -> int | None:
    """What the system tells of this process's memory: kept open, for it is asked at each page."""
    try:
        return os.open("/proc/self/statm", os.O_RDONLY)
    except OSError:
        return None


def _limit(name: str) -> int | None:
    """A limit that this process was given; None if there is none."""
    if sys.platform == "win32":
        return None
    import resource

    soft, _ = resource.getrlimit(cast("int", getattr(resource, name)))
    return None if soft == resource.RLIM_INFINITY else soft


def _set_limit(name: str, most: int) -> None:
    """Lowers or raises a limit of this process, as far as the system lets it."""
    if sys.platform == "win32":
        return
    import resource

    kind = cast("int", getattr(resource, name))
    _, hard = resource.getrlimit(kind)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
