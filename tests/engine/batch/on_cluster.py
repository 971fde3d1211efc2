"""Batches on a cluster with the fake model, for tests: with Ray, or with a worker in this process in Ray's place.

Run as a program of its own it is a driver that can be killed: `python -m tests.engine.batch.on_cluster FOLDER ADDRESS`
prints what was done, photo by photo.
"""

import contextlib
import sys
from pathlib import Path

from engine.batch import BatchJob, BatchOptions
from engine.batch.cluster.crew import Crew, Node
from engine.batch.cluster.orders import order_of
from engine.batch.cluster.worker import Parts, Terms, Worker
from engine.batch.readers import HereReaders
from tests.painting import FakePainter

HASH = "a" * 64


class Load:
    """Loads the fake model, in any process."""

    def __init__(self, seconds=0.0):
        self.seconds = seconds

    def __call__(self, model, device):
        assert device in ("cpu", "cuda")
        return FakePainter(self.seconds)


def hash_of(model):
    return HASH


def here(note):
    return HereReaders()


def parts(*paths, seconds=0.0, load=None, **options):
    named = tuple(path if "://" in str(path) else Path(path) for path in paths)
    made = BatchOptions(paths=named, **{"jobs": 1, "cluster": True, **options})
    return Parts(made, load or Load(seconds), hash_of, here)


def cluster_job(*paths, seconds=0.0, load=None, **options):
    made = parts(*paths, seconds=seconds, load=load, **options)
    return BatchJob(made.options, load=made.load, hash_of=hash_of, readers=here)


class HereSession:
    """Does what `session.Session` does, in this process and at once.

    Args:
        lost: Says of the sources of a block whether the block gets lost before its replies have come.
        worker: Makes the worker.
    """

    def __init__(self, lost=lambda sources: False, worker=Worker):
        self.lost = lost
        self.worker = worker
        self.blocks = []
        self.told = []

    def nodes(self):
        return [Node(1, 0), Node(1, 0)]

    def events(self):
        events, self.told = self.told, []
        return events

    def replies(self, blocks, parts, terms, crew, progress):
        worker = self.worker(parts, terms, crew, self.told.append)
        for block in blocks:
            if progress.cancelled:
                return
            sources = [order.found.path for order in block]
            self.blocks.append([source.name for source in sources])
            replies = worker.replies(block)
            yield [] if self.lost(sources) else replies

    def connected(self, address):
        return contextlib.nullcontext(self)


def a_worker(made, shelf_seals, *, model_hash=HASH, told=None):
    """A worker as an actor has it."""
    return Worker(made, Terms(model_hash, shelf_seals), Crew(1, 1, 0, "cpu"), (told if told is not None else []).append)


def orders_of(plan):
    return [order_of(item, number) for number, item in enumerate(plan.items)]


def main(folder, address):
    def listen(event):
        if event.name in ("done", "failed"):
            sys.stdout.write(f"{event.name} {event.source.name}\n")
            sys.stdout.flush()

    cluster_job(folder, seconds=0.05, cluster_address=address).run(listener=listen)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
