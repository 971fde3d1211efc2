"""Loading torch beside a window, so that the window goes on.

Importing torch and timm takes seconds. Python lets other threads run meanwhile, but for two things, which are half a
second each on a small machine: the system's loader maps hundreds of megabytes of libraries while Python's lock is held,
and the garbage collector looks through every object again and again as a million new ones appear. Here the libraries
are mapped first, by a call that gives the lock away, and the collector rests until all is there; what was loaded then
stays for good, so the collector never needs to look at it.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import importlib
import importlib.util
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

_LIBRARIES = (
    "libtorch_global_deps",
    "libc10",
    "libtorch_cpu",
    "libc10_cuda",
    "libtorch_cuda",
    "libtorch",
    "libtorch_python",
)
"""In the order in which they need each other; those of CUDA are not in every build."""
_once = threading.Lock()
_chosen: dict[str, int] = {}
"""How many threads torch chose by itself, once somebody asked for another number."""

# Threads of torch that wait for one another spin, and keep off the cores the very threads that they wait for: beside
# other work the network took up to ten times as long. If they sleep at once, it takes twice as long on a quiet machine.
# So they spin for a moment only. To be said before torch's libraries are loaded; the user's own word counts.
if "OMP_WAIT_POLICY" not in os.environ:
    os.environ.setdefault("GOMP_SPINCOUNT", "50000")


def load_torch() -> None:
    """Imports torch and timm while other threads hardly notice; at once where that was done before.

    Raises:
        ImportError: If they are not installed, or damaged.
    """
    with _once:
        if "timm" in sys.modules:
            return
        collecting = gc.isenabled()
        gc.disable()
        try:
            _map_libraries()
            for name in ("torch", "timm"):
                importlib.import_module(name)
        finally:
            gc.freeze()
            atexit.register(gc.unfreeze)  # or libraries would complain that their objects were left behind
            if collecting:
                gc.enable()


def limit_threads(count: int) -> None:
    """Has torch compute on so many threads where the calling thread asks it to; nothing where torch is not loaded.

    Several threads that each compute on all cores wait for one another more than they compute.
    """
    torch = sys.modules.get("torch")
    if torch is not None:
        _chosen.setdefault("threads", torch.get_num_threads())
        torch.set_num_threads(count)


@contextlib.contextmanager
def threads_kept() -> Generator[None]:
    """Undoes at its end what `limit_threads` has meanwhile changed for threads that are yet to come."""
    torch = sys.modules.get("torch")
    former = None if torch is None else torch.get_num_threads()
    try:
        yield
    finally:
        former = former or _chosen.get("threads")  # it may have been loaded meanwhile
        if former is not None:
            limit_threads(former)


def _map_libraries() -> None:
    """Has the system map torch's libraries. Where that fails nothing is lost: the import does it, and tells."""
    found = importlib.util.find_spec("torch")
    if sys.platform == "win32" or found is None or found.origin is None:
        return
    suffix = ".dylib" if sys.platform == "darwin" else ".so"
    # Calling it as a function of the C library, not as ctypes.CDLL(path), is what gives Python's lock away.
    dlopen = ctypes.CDLL(None).dlopen
    dlopen.argtypes, dlopen.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    for name in _LIBRARIES:
        file = Path(found.origin).parent / "lib" / f"{name}{suffix}"
        if file.exists():
            dlopen(os.fsencode(file), os.RTLD_LAZY | os.RTLD_GLOBAL)
