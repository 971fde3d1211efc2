"""How large a photo may be on this machine."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import PhotoTooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

BYTES_PER_PIXEL = 24
"""Memory that one pixel needs from file to file, at its peak, for an RGB photo of 16 bits: 6 bytes as decoded, 6 after
its profile, 6 coloured, and 6 decoded again when the saved file is checked. Grey of 8 bits needs about 8."""

_SHARE_OF_MEMORY = 0.8
_SMALLEST_LIMIT = 16_000_000
_UNKNOWN_MEMORY = 4 << 30


def default_pixel_limit() -> int:
    """The most pixels that a photo may have here: four fifths of the available memory at `BYTES_PER_PIXEL`.

    Available is the least of what the system has left, what a container's limit leaves, and this process's own limit on
    its address space. The limit is never under 16 megapixels.
    """
    memory = min(_available_memory(), default=_UNKNOWN_MEMORY)
    return max(int(memory * _SHARE_OF_MEMORY) // BYTES_PER_PIXEL, _SMALLEST_LIMIT)


def check_size(path: Path, width: int, height: int, limit: int | None) -> None:
    """Refuses a picture that does not fit, from its header alone.

    Args:
        path: The file, for the message.
        width: Width in pixels that the header promises.
        height: Height in pixels that the header promises.
        limit: The most pixels allowed; `default_pixel_limit()` if None.

    Raises:
        PhotoTooLargeError: If the picture has more pixels.
    """
    limit = default_pixel_limit() if limit is None else limit
    if width * height > limit:
        raise too_large(path, width * height, limit)


def too_large(path: Path, pixels: int, limit: int | None = None) -> PhotoTooLargeError:
    """The error about a picture of `pixels` pixels where `limit` are allowed."""
    limit = default_pixel_limit() if limit is None else limit
    needed = pixels * BYTES_PER_PIXEL / _SHARE_OF_MEMORY / (1 << 30)
    return PhotoTooLargeError(
        path,
        f"it has {pixels / 1e6:,.0f} megapixels; {limit / 1e6:,.0f} fit into the memory that is free here.",
        f"Close other programs, or use a machine with {needed:,.1f} GB of free memory.",
    )


def _available_memory() -> Iterator[int]:
    """Every answer that this system gives to the question of how many bytes are left."""
    yield from _system_memory()
    yield from _container_memory()
    yield from _address_space()


def _system_memory() -> Iterator[int]:
    """What the kernel says is available without swapping; half of all memory where it does not tell."""
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                yield int(line.split()[1]) * 1024
                return
    except (OSError, ValueError):
        pass
    try:
        yield os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    except (AttributeError, OSError, ValueError):
        return


def _container_memory() -> Iterator[int]:
    """What a control group (version 2) leaves: its limit less what is used and cannot be given back."""
    group = Path("/sys/fs/cgroup")
    try:
        limit = int((group / "memory.max").read_text("ascii"))
        used = int((group / "memory.current").read_text("ascii"))
        counters = dict(line.split() for line in (group / "memory.stat").read_text("ascii").splitlines())
        yield max(limit - used + int(counters.get("inactive_file", 0)), 0)
    except (OSError, ValueError):
        return


def _address_space() -> Iterator[int]:
    """The limit that this process has on its own address space, less what it already uses."""
    if sys.platform == "win32":
        return
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        return
    try:
        used = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        used = 0
    yield max(soft - used, 0)
