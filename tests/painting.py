"""A model that needs no network, and photos to colour with it."""

import os
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from engine.batch import BatchJob, BatchOptions
from engine.batch.readers import HereReaders
from engine.colorist import Prepared
from engine.render import Colors

AB = (25.0, 30.0)


class FakePainter:
    """Paints everything orange."""

    device_name = "cpu"

    def __init__(self, seconds=0.0):
        self.notes: tuple[str, ...] = ()
        self.seconds = seconds
        self.batches = []
        self.decoded = []

    def prepare(self, pixels):
        grey = pixels if pixels.ndim == 2 else pixels[..., 0]
        scale = 100.0 / np.iinfo(pixels.dtype).max
        return Prepared(cv2.resize(grey.astype(np.float32) * np.float32(scale), (32, 32)))

    def colors(self, prepared):
        self.batches.append(len(prepared))
        time.sleep(self.seconds)
        ab = np.broadcast_to(np.asarray(AB, np.float32), (8, 8, 2)).copy()
        return [Colors(ab, photo.lightness) for photo in prepared]

    def encode(self, prepared):
        return (prepared,)

    def decode(self, features, prepared, palette=None, spots=None):
        """The colour of the last hint everywhere; each call is noted."""
        assert features == (prepared,)
        self.decoded.append((palette, spots))
        ab = AB if spots is None or len(spots) == 0 else spots[-1, 2:4]
        return Colors(np.broadcast_to(np.asarray(ab, np.float32), (8, 8, 2)).copy(), prepared.lightness)

    def palettes(self, features):
        return [2, 0, 1]


def job(*paths, painter=None, model_hash="a" * 64, readers=None, **options):
    """A batch with the fake model, which decodes here unless it is given readers."""
    made = painter or FakePainter()
    return BatchJob(
        BatchOptions(paths=tuple(Path(path) for path in paths), **{"jobs": 2, **options}),
        load=lambda model, device: made,
        hash_of=lambda model: model_hash,
        readers=lambda note: readers or HereReaders(),
    )


def run(*paths, **options):
    """Runs a batch; its summary and its events."""
    events = []
    return job(*paths, **options).run(listener=events.append), events


def make_photo(path, *, width=48, height=32, seed=0, mode="L", **save):
    """A grey photo on disk, each seed another."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    ramp = np.linspace(20, 220, width * height).reshape(height, width) + 15 * np.sin(np.arange(width) + seed)
    picture = Image.fromarray(ramp.astype(np.uint8))
    with open(path, "wb") as file:
        suffix = os.fsdecode(path).rpartition(".")[2].lower()
        kind = {"jpg": "JPEG", "jpeg": "JPEG", "tif": "TIFF"}.get(suffix, suffix.upper())
        picture.convert(mode).save(file, kind, **save)
    return Path(path)


def pixels(path):
    """What a file holds."""
    with Image.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def is_coloured(path):
    """Whether a picture was painted."""
    picture = pixels(path).astype(int)
    return bool((picture[..., 0] - picture[..., 2]).mean() > 10)


def of(events, name):
    """The events of a name."""
    return [event for event in events if event.name == name]


def files_below(folder):
    """Every file but our own records and the report's page, as paths below the folder, in order."""
    found = (path.relative_to(folder) for path in Path(folder).rglob("*") if not path.is_dir())
    return sorted(str(path) for path in found if ".autochrome" not in path.parts and path.name != "report.html")


def contents(folder):
    """Every file with its bytes and its time of change."""
    return {
        path: ((Path(folder) / path).read_bytes(), (Path(folder) / path).stat().st_mtime_ns)
        for path in files_below(folder)
    }
