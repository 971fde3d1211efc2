"""Object storage for tests: a folder of this machine, by URLs.

`objects://` is a store in this process whose objects appear whole, have tags, and whose failures a test can order.
`file://` is fsspec's own, which every process can see. Run as a program of its own this is a batch that can be killed:
`python -m tests.engine.batch.on_storage SOURCE OUTPUT` prints what was done, photo by photo.
"""

import hashlib
import os
import shutil
import sys
from pathlib import Path
from typing import ClassVar

from fsspec import AbstractFileSystem
from fsspec.implementations.local import LocalFileSystem

from engine.batch import BatchJob, BatchOptions
from engine.batch.readers import HereReaders
from tests.painting import FakePainter


class Objects(LocalFileSystem):
    """A store of objects; `before(act, key)` may raise, or do something in between."""

    protocol = "objects"
    cachable = False
    acts: ClassVar[list] = []
    before = staticmethod(lambda act, key: None)
    mv = AbstractFileSystem.mv

    @classmethod
    def _strip_protocol(cls, path):
        return LocalFileSystem._strip_protocol(str(path).removeprefix("objects://"))

    def _note(self, act, key):
        Objects.acts.append((act, str(key)))
        Objects.before(act, str(key))

    def info(self, path, **kwargs):
        found = super().info(path, **kwargs)
        if found["type"] != "file":
            return found
        tag = hashlib.md5(Path(found["name"]).read_bytes(), usedforsecurity=False).hexdigest()
        return {
            "name": found["name"],
            "type": "file",
            "size": found["size"],
            "ETag": f'"{tag}"',
            "mtime": found["mtime"],
        }

    def find(self, path, **kwargs):
        self._note("find", path)
        return super().find(path, **kwargs)

    def get_file(self, path, file, **kwargs):
        self._note("get", path)
        shutil.copyfile(self._strip_protocol(path), file)

    def put_file(self, file, path, mode="overwrite", **kwargs):
        self._note("put", path)
        if mode == "create" and os.path.exists(path):
            raise FileExistsError(path)
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, f"{path}.uploading")
        os.replace(f"{path}.uploading", path)


def options(*names, **given):
    """Options of a batch whose names may be URLs."""
    return BatchOptions(paths=tuple(name if "://" in str(name) else Path(name) for name in names), jobs=2, **given)


def job(*names, painter=None, **given):
    """A batch with the fake model."""
    made = painter or FakePainter()
    return BatchJob(
        options(*names, **given),
        load=lambda model, device: made,
        hash_of=lambda model: "a" * 64,
        readers=lambda note: HereReaders(),
    )


def run(*names, **given):
    """Runs a batch; its summary and its events."""
    events = []
    return job(*names, **given).run(listener=events.append), events


def main(source, output):
    def listen(event):
        if event.name in ("done", "failed"):
            sys.stdout.write(f"{event.name} {event.source.name}\n")
            sys.stdout.flush()

    job(source, output=output, painter=FakePainter(0.02)).run(listener=listen)


if __name__ == "__main__":
    main(*sys.argv[1:])
