"""What decoding needs, loaded ahead of the first photo.

imagecodecs loads each of its libraries when it is first used. The system's loader does that one library at a time, so
a thread that reads its first photo while torch is being loaded would wait for it, and all of Python with that thread.
"""

from __future__ import annotations

import importlib
import sys

import imagecodecs

_FIRST_USED = ("cms_transform", "deflate_encode", "delta_encode", "jpeg8_decode", "png_decode")


def load_decoders() -> None:
    """Loads the libraries that reading and saving photos need. May be called again, on any thread."""
    for name in _FIRST_USED:
        getattr(imagecodecs, name)
    if sys.platform != "win32":
        for name in ("fcntl", "resource"):  # for locks, and for the limit on memory
            importlib.import_module(name)
