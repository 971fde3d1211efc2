"""What an actor of the cluster does: the same to each photo as one machine does, and a reply for the driver.

An actor's threads work on a photo each, from its file to its file; they share the model and the memory. Nothing that a
photo does here is raised: it becomes a reply. What ends the process itself is Ray's to notice.
"""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import os
import pickle
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.batch.cluster.orders import Fault, Finished, Misnamed, Order, Reply, There
from engine.batch.cluster.remote import Remote
from engine.batch.cluster.room import Room
from engine.batch.cluster.slate import SAME_PATH, Slate
from engine.batch.events import Done, Event, Note, Outcome, Skipped, shown
from engine.batch.memory import Memory
from engine.batch.naming import Names, Wish
from engine.batch.options import cores
from engine.batch.outage import Outages
from engine.batch.place import Shelf, fingerprint
from engine.batch.plan import Item
from engine.batch.remarks import explain
from engine.batch.saving import Saver
from engine.batch.sidecars import Recipes
from engine.batch.storage import is_marked, look_at, mirror_of
from engine.batch.work import PhotoStages
from engine.errors import EngineError, PhotoTooLargeError
from engine.photo import natural_format
from engine.progress import Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence
    from pathlib import Path

    from engine.batch.cluster.crew import Crew
    from engine.batch.options import BatchOptions
    from engine.batch.painters import Painter
    from engine.batch.photo_work import PhotoWork
    from engine.batch.place import Place
    from engine.batch.readers import Readers
    from engine.batch.scan import Found

COLUMN = "photo"
"""Of the blocks, in and out: an order, or a reply, as bytes."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a batch is made of.

    Attributes:
        options: What was asked for; paths absolute, for an actor runs elsewhere.
        load: Loads a model by its name on a device.
        hash_of: The sha256 of a model's weights.
        readers: Makes what decodes the photos.
    """

    options: BatchOptions
    load: Callable[[str, str], Painter]
    hash_of: Callable[[str], str]
    readers: Callable[[Callable[[str], None]], Readers]


@dataclass(frozen=True, slots=True)
class Terms:
    """What all workers of a run must agree on.

    Attributes:
        model_hash: The sha256 of the model for all photos.
        seals: Of each place, by the folder of its journal: what tells it from another.
        tree: Where the driver has its mirror of what is in object storage; None without any.
    """

    model_hash: str
    seals: Mapping[Path, bytes]
    tree: Path | None = None


class Worker:
    """Colours what it is ordered to; one an actor, used by its threads at the same time.

    Args:
        parts: What the batch is made of.
        terms: What all workers agree on.
        crew: How many photos it works on at the same time, and where the network runs.
        tell: Takes events that are for people to watch.
    """

    def __init__(self, parts: Parts, terms: Terms, crew: Crew, tell: Callable[[Event], None]) -> None:
        self._remote = Remote(terms.tree, parts.options)
        self._parts = dataclasses.replace(parts, options=dataclasses.replace(self._remote.options, device=crew.device))
        self._terms = terms
        self._tell = self._remote.teller(tell)
        memory = Memory.of_this_machine()
        self._memory = memory
        self._room = Room(memory.budget * min(crew.cores, cores()) // cores())
        self._lock = threading.Lock()
        self._network = threading.Lock()
        self._own = threading.local()
        self._shelves: dict[Place, Shelf] = {}
        self._slates: dict[Path, Slate] = {}
        self._seen: set[Path] = set()
        self._stages: PhotoStages | None = None
        self._progress = Progress()
        self._outages = Outages(self._pass_on, self._progress)
        self._readers = parts.readers(self._note)

    def __call__(self, block: Any) -> Any:
        """Does a block of orders, as `sealed` makes it; a block of replies."""
        return sealed(self.replies(opened(block)))

    def replies(self, orders: Sequence[Order]) -> list[Reply]:
        """Does orders, one after the other."""
        try:
            stages = self._begun()
            stages.enter()
            orders = [self._remote.order(order) for order in orders]
            items = [(order, _item_of(order, self._shelf(order))) for order in orders]
        except Exception as error:  # noqa: BLE001 - it would be the same with every photo
            sentence, advice = map(shown, explain(error))
            return [Fault(-1, f"On the machine {socket.gethostname()}: {sentence}", advice)]
        return [self._reply(order, item, stages) for order, item in items]

    def _begun(self) -> PhotoStages:
        """The stages, with the model loaded."""
        with self._lock:
            if self._stages is None:
                self._stages = self._make_stages()
            return self._stages

    def _make_stages(self) -> PhotoStages:
        options, progress = self._parts.options, self._progress
        recipes = Recipes(options, self._parts.hash_of)
        if self._parts.hash_of(options.model) != self._terms.model_hash:
            raise EngineError(f'The model "{options.model}" is another one there.', "Install the same on all machines.")
        outages = self._outages
        saver = Saver(options, Names(()), outages, self._readers, progress, self._note, 1)
        stages = PhotoStages(options, recipes, self._parts.load, self._pass_on, outages, self._readers, saver, 1)
        stages.start()
        return stages

    def _shelf(self, order: Order) -> Shelf:
        """The place of an order with its slate, once it is sure that this machine sees what the driver sees.

        Raises:
            EngineError: If it does not.
        """
        place = order.place
        with self._lock:
            self._check_source(order.found)
            slate = self._slates.get(place.records)
            if slate is None:
                slate = self._slates[place.records] = Slate(place, self._terms.seals[place.records])
            slate.check(first=place not in self._shelves)
            if place not in self._shelves:
                near = next((shelf for shelf in self._shelves.values() if shelf.journal is slate), None)
                self._shelves[place] = Shelf(place, slate) if near is None else near.beside(place)
            if order.former is not None:
                slate.know(place.key(order.output), order.former)
            return self._shelves[place]

    def _check_source(self, found: Found) -> None:
        folder = found.path.parents[len(found.relative.parts) - 1]
        if folder in self._seen or mirror_of(folder) is not None:
            return
        with contextlib.suppress(OSError), os.scandir(folder) as listing:
            if any(listing):
                self._seen.add(folder)
                return
        raise EngineError(f"The photos in {folder} are not to be seen there.", SAME_PATH)

    def _reply(self, order: Order, item: Item, stages: PhotoStages) -> Reply:
        self._own.seconds = dict.fromkeys(("read", "network", "save"), 0.0)
        try:
            there = self._outages.attempt(lambda: self._there(order, item), item.shelf, item.output)
            return there or self._color(item, order, stages)
        except Exception as error:  # noqa: BLE001 - as in the pipeline: whatever a photo raises is its own affair
            # A machine that was thought lost may have made it in this very moment.
            with contextlib.suppress(EngineError, OSError):  # what cannot be seen now either
                there = self._there(order, item)
                if there is not None:
                    return there
            stages.fail(item, error)
            return self._finished(order, item)

    def _color(self, item: Item, order: Order, stages: PhotoStages) -> Reply:
        attempt = 0
        while True:
            limit = self._memory.allowance(attempt)
            with self._room.held(self._memory.need(attempt)) as correct:
                try:
                    with self._timed("read"):
                        work = stages.read(item, limit)
                except PhotoTooLargeError:
                    if limit is None:
                        raise
                    attempt += 1
                    continue
                correct(work.cost)
                return self._colored(work, order, stages)

    def _colored(self, work: PhotoWork, order: Order, stages: PhotoStages) -> Reply:
        natural = natural_format(work.pages.photos[0])
        if self._parts.options.format_for(natural) != work.item.format:
            return Misnamed(order.number, natural)
        # A device takes one photo at a time.
        with contextlib.nullcontext() if stages.shares_cores else self._network, self._timed("network"):
            stages.color([work])
        with self._timed("save"):
            stages.save(work)
        return self._finished(order, work.item)

    def _finished(self, order: Order, item: Item) -> Finished:
        """The reply that says what the stages have told and taken down of a photo."""
        journal, seconds = item.shelf.journal, self._own.seconds
        outcome: Outcome = self._own.outcome
        row = None if isinstance(outcome, Skipped) else journal.row(item.key)
        made = journal.made(item.shelf.place.key(item.output)) if isinstance(outcome, Done) else None
        return Finished(order.number, outcome, row, made, (seconds["read"], seconds["network"], seconds["save"]))

    def _there(self, order: Order, item: Item) -> There | None:
        """The output, if an attempt before this one has made it.

        That nothing but this program's mark tells it from a file of somebody else is why one without a mark is never
        replaced later: its time is not taken down. Nor is that of one in the place of a former output, for it may be
        that one, changed by somebody while this order waited.
        """
        look_at(item.output)
        made = fingerprint(item.output, item.key)
        if made is None or made == order.former or not item.shelf.place.holds(item.output):
            return None
        if self._parts.options.mark and not is_marked(item.output, self._readers.reader().is_marked):
            return None
        if not self._parts.options.mark or order.former is not None:
            made = dataclasses.replace(made, mtime_ns=0)
        return There(order.number, made)

    def _pass_on(self, event: Event) -> None:
        """Keeps what became of a photo for the reply; the rest is for people to watch."""
        if isinstance(event, Outcome):
            self._own.outcome = event
        else:
            self._tell(event)

    def _note(self, text: str) -> None:
        self._tell(Note(text=text))

    @contextlib.contextmanager
    def _timed(self, stage: str) -> Generator[None]:
        begun = time.monotonic()
        try:
            yield
        finally:
            self._own.seconds[stage] += time.monotonic() - begun


def _item_of(order: Order, shelf: Shelf) -> Item:
    """The item of an order; its name is settled, so that it wishes for none."""
    wish = Wish(source=order.found.path, folder=order.output.parent, suffix=order.output.suffix, usable=lambda _: False)
    return Item(
        found=order.found,
        shelf=shelf,
        wish=wish,
        natural=order.natural,
        format=order.format,
        output=order.output,
        replace=order.replace,
        hints=order.hints,
    )


def sealed(letters: Sequence[Order | Reply]) -> Any:
    """Orders or replies as a block of Ray Data."""
    pa: Any = importlib.import_module("pyarrow")  # Ray Data brings it along
    return pa.table({COLUMN: pa.array([pickle.dumps(letter) for letter in letters], pa.binary())})


def opened(block: Any) -> list[Any]:
    """The orders or replies of a block. They come from this program's own processes, as all that Ray moves."""
    return [pickle.loads(letter) for letter in block.column(COLUMN).to_pylist()]
