"""What a process that decodes would do if decoders went wrong; the photo's name says how. Run by the tests alone."""

import os
import sys
from pathlib import Path

import numpy as np

from engine.batch import reader_process
from engine.batch.reader_messages import Message
from engine.errors import UnsupportedPhotoError
from engine.photo import read_photo

KEPT = []


def main():
    """As a real one, but not killed by the system when its parent is gone: the end of the pipe must do."""
    reader_process._die_with_parent = lambda: None
    reader_process.read_photo = decode
    true_answer, reader_process.of_photo = reader_process.of_photo, lambda photo: lie(photo, true_answer)
    reader_process.main()


def decode(path, **options):
    """Does what the name says, or reads the photo."""
    way = WAYS.get(path.stem)
    if way is not None:
        way(path)
    return read_photo(path, **options)


def lie(photo, true_answer):
    """An answer that no sound process would give."""
    if photo.path.stem == "lies":
        return Message({"page": "__import__('os')"})
    return true_answer(photo)


def _wait(path):
    """Runs away: until somebody closes the other end of a named pipe."""
    with open(path.with_suffix(".fifo"), "rb") as pipe:
        pipe.read()


def _work(path):
    """Runs away: computes for ever."""
    while True:
        np.arange(1000).sum()


def _modules(path):
    raise UnsupportedPhotoError(path, " ".join(sorted(name for name in sys.modules if "." not in name)))


def _write(path):
    path.with_suffix(".written").write_bytes(b"1")


def _take_memory(path):
    KEPT.append(np.ones(8 << 30, np.uint8))


def _keep_memory(path):
    KEPT.append(np.empty(reader_process.GROWTH + (64 << 20), np.uint8))


def _print(path):
    sys.stdout.write("decoders are talkative\n" * 1000)
    sys.stdout.flush()
    os.write(1, b"decoders are talkative\n")
    os.write(2, b"libjpeg: this is bad\n")


def _signal(number):
    return lambda path: os.kill(os.getpid(), number)


WAYS = {
    "crash": _signal(11),
    "killed": _signal(9),
    "wait": _wait,
    "work": _work,
    "exit": lambda path: os._exit(0),
    "modules": _modules,
    "write": _write,
    "memory": _take_memory,
    "growth": _keep_memory,
    "print": _print,
    "unexpected": lambda path: Path("/").nothing,
}
