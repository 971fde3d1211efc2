"""Reads every file of a folder in a process of its own, with little memory and little time, and tells what came of it.

    python -m tests.engine.photo.reading_bombs FOLDER ROOM SECONDS

One line of JSON a file: its name, what was said of it, its notes, and by how many bytes the most memory ever held grew.
"""

import json
import os
import resource
import sys
from pathlib import Path

from engine.errors import EngineError
from engine.photo import is_marked, load_decoders, read_pages, read_thumbnail
from tests.engine.photo.files import encoded, scene


def most_memory():
    """The most memory that this process ever held, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def warm(folder):
    """Has every decoder take what it takes once."""
    load_decoders()
    path = folder / "warm"
    for name in ("JPEG", "PNG", "TIFF", "GIF", "BMP", "WEBP", "AVIF"):
        path.write_bytes(encoded(scene(), name))
        list(read_pages(path))
    path.unlink()


def read(path):
    """What is said of a file, read in every way."""
    marked = is_marked(path)
    assert marked is False
    try:
        read_thumbnail(path, 64)
        photos = list(read_pages(path))
    except EngineError as error:
        return {"error": type(error).__name__, "said": str(error), "notes": []}
    return {"error": "", "said": f"{len(photos)} pages", "notes": photos[0].notes}


def main():
    folder, room, seconds = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    warm(folder)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (used + room, used + room))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    for path in sorted(folder.iterdir()):
        before = most_memory()
        told = read(path)
        sys.stdout.write(json.dumps({"name": path.name, "grown": most_memory() - before, **told}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
