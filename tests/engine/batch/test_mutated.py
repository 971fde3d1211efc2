"""Three hundred damaged and hostile pictures through one reading process: each is a photo or an error about it.

`python -m tests.engine.photo.fuzzing --minutes 60` goes on where this ends.
"""

import sys
from pathlib import Path

import pytest

from engine.batch.readers import Allowance, ReaderProcesses
from engine.errors import PhotoError
from engine.photo import Photo
from tests.engine.photo.mutations import PIXEL_LIMIT, hostile_pictures, mutated, sound_pictures

COUNT = 300
MOST_WORK = 10
MOST_MEMORY = 512 << 20
ENDS_OF_PROCESSES = ("crashed", "longer than", "stopped by the system", "without sense", "unexpected error", "started")


def pictures():
    """Name → file, 300 of them: all hostile ones, and mutations of each sound one in turn."""
    sound = sound_pictures()
    made = dict(hostile_pictures())
    for seed in range(COUNT - len(made)):
        name = list(sound)[seed % len(sound)]
        made[f"{seed} {name}"] = mutated(sound[name], seed)
    return made


def figure(pid, file, name):
    """A figure that Linux tells of a process."""
    lines = Path(f"/proc/{pid}/{file}").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def outcome(reader, path):
    """Photos, or the error about them; those named so are read as if they had to be salvaged."""
    try:
        photos = list(reader.pages(path, salvage=path.stem.endswith("salvaged"), pixel_limit=PIXEL_LIMIT))
    except PhotoError as error:
        return error
    assert photos
    assert all(isinstance(photo, Photo) and photo.width * photo.height <= PIXEL_LIMIT for photo in photos)
    return photos


@pytest.mark.skipif(sys.platform != "linux", reason="the figures of Linux")
def test_three_hundred_mutated_pictures(tmp_path, record_property):
    made = pictures()
    assert len(made) == COUNT
    allowance = Allowance(seconds=MOST_WORK, pixels_a_second=1e12)
    readers = ReaderProcesses(allowance=allowance)
    photos = 0
    try:
        reader = readers.reader()
        assert not reader.is_marked(tmp_path)
        (pid,) = readers.process_ids
        for number, (name, content) in enumerate(made.items()):
            ways = ("", " salvaged") if number % 3 == 0 else ("",)
            for way in ways:
                path = tmp_path / f"{Path(name).stem}{way}{Path(name).suffix}"
                path.write_bytes(content)
                found = outcome(reader, path)
                if isinstance(found, PhotoError):
                    assert found.path == path
                    assert found.cause.endswith(".")
                    assert not any(end in found.cause for end in ENDS_OF_PROCESSES), (name, found)
                else:
                    photos += 1
                assert readers.process_ids == (pid,), name
        peak = figure(pid, "status", "VmHWM:") * 1024
    finally:
        readers.close()
    record_property("peak_memory", peak)
    print(f"\n{COUNT} pictures: {photos} photos; the reader took {peak / 1e6:.0f} MB at most")  # noqa: T201
    assert photos > COUNT // 10
    assert peak < MOST_MEMORY
