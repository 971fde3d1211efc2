"""A batch from beginning to end."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

from engine.batch.events import Begin, Done, Event, Failed, Note, Outcome, Planned, Skipped, Started, Summary
from engine.batch.journal import empty_journal, peek
from engine.batch.memory import Memory
from engine.batch.options import cores
from engine.batch.pipeline import GRACE, Busy, Pipeline
from engine.batch.place import Place, Shelf, has_journal, opened, places_for, recover, state_folder
from engine.batch.plan import MADE_HERE, Item, Plan, make_plan
from engine.batch.report import write_report
from engine.batch.scan import RECORDS, Found, scan
from engine.batch.sidecars import Recipes
from engine.batch.work import PhotoStages, PhotoWork
from engine.colorist import Colorist
from engine.errors import CancelledError, EngineError
from engine.models.store import find_model
from engine.photo import is_marked
from engine.progress import Progress
from engine.torch_loading import threads_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from engine.batch.options import BatchOptions
    from engine.batch.painters import Painter


def installed_hash(model: str) -> str:
    """The sha256 of an installed model's weights, without loading them.

    Raises:
        UnknownModelError: If there is no such model.
        BadWeightsError: If its card cannot be used.
    """
    return find_model(model).card.sha256


class BatchJob:
    """Many photos to colour.

    Args:
        options: What to do.
        load: Loads a model by its name on a device; called only if there is something to colour.
        hash_of: The sha256 of a model's weights.
    """

    def __init__(
        self,
        options: BatchOptions,
        *,
        load: Callable[[str, str], Painter] = Colorist,
        hash_of: Callable[[str], str] = installed_hash,
    ) -> None:
        self._options = options
        self._load = load
        self._hash_of = hash_of

    def run(
        self,
        progress: Progress | None = None,
        listener: Callable[[Event], None] | None = None,
        *,
        grace: float = GRACE,
    ) -> Summary:
        """Colours the photos. Photos that fail are events; the batch goes on.

        Args:
            progress: Told the share that is done and the current photo. While it is paused, nothing new is begun;
                cancelling it, paused or not, ends the run within the grace and a moment, with nothing partial left, and
                the same options go on from there.
            listener: Takes every event, one at a time, from any thread; none after the summary. It must not raise.
            grace: Seconds that a cancelled run gives to the work in hand, before its threads are left to end alone.

        Returns:
            The last event.

        Raises:
            EngineError: If nothing could be started: no photos, no such model or folder of sidecars, an output that is
                in use or cannot be written to.
        """
        run = _Run(self._options, progress or Progress(), listener or _ignore)
        recipes = Recipes(self._options, self._hash_of)
        try:
            found = run.scan()
            with contextlib.ExitStack() as held:
                shelves = run.open_shelves(found, held)
                plan = run.plan(found, shelves, recipes)
                ended = run.color(plan, recipes, self._load, grace)
                if ended:
                    run.write_reports(shelves, found)
        except CancelledError:
            pass
        return run.summary()

    def dry_run(self, progress: Progress | None = None, listener: Callable[[Event], None] | None = None) -> Summary:
        """Tells what `run` would do, by `Planned` events. Writes nothing, loads no model. Raises as `run`."""
        run = _Run(self._options, progress or Progress(), listener or _ignore)
        recipes = Recipes(self._options, self._hash_of)
        with contextlib.suppress(CancelledError):
            found = run.scan()
            plan = run.plan(found, run.peek_shelves(), recipes)
            for item in plan.items:
                run.progress.check()
                if is_marked(item.found.path):
                    run.tell(Skipped(source=item.found.path, cause=MADE_HERE))
                else:
                    run.tell(_planned(item))
        return run.summary()


def _planned(item: Item) -> Planned:
    return Planned(source=item.found.path, output=item.output, replace=item.replace, hints=item.hints)


def _ignore(event: Event) -> None:
    del event


class _Run:
    """One run of a job: its options, and what it has told so far."""

    def __init__(self, options: BatchOptions, progress: Progress, listener: Callable[[Event], None]) -> None:
        self.options = options
        self.progress = progress
        self._listener = listener
        self._lock = threading.Lock()
        self._begun = time.monotonic()
        self._total = 0
        self._ended = False
        self._outcomes: list[Outcome] = []
        self._reports: list[Path] = []
        self._places = places_for(options)
        self._known: set[str] = set()
        self._busy = Busy()

    def tell(self, event: Event) -> None:
        """Passes an event on, one at a time; none of a thread that was left behind."""
        with self._lock:
            if self._ended:
                return
            if isinstance(event, Outcome):
                self._outcomes.append(event)
            self._listener(event)
            share = len(self._outcomes) / max(self._total, 1)
        if isinstance(event, Outcome | Started) and not self.progress.cancelled:
            with contextlib.suppress(CancelledError):
                self.progress.report(share, event.source.name)

    def scan(self) -> list[Found]:
        """Finds the photos, without those that this program made."""
        for folder in {state_folder(), *(place.records for place in self._places)}:
            self._learn_outputs(folder, next((p for p in self._places if p.records == folder), Place(None, folder)))
        roots = [place.root for place in self._places if place.root is not None]
        photos: list[Found] = []
        for found in scan(
            self.options.paths, outputs=roots, on_folder=self._look_for_journal, check=self.progress.check
        ):
            if os.fspath(found.path) not in self._known:
                photos.append(found)
            elif found.named:
                self.tell(Skipped(source=found.path, cause=MADE_HERE))
        if not photos and not self._outcomes:
            places = ", ".join(str(path) for path in self.options.paths)
            raise EngineError(f"There are no photos to colour in {places}.", "Name photos, or folders that hold some.")
        return photos

    def _look_for_journal(self, folder: Path) -> None:
        if has_journal(folder):
            self._learn_outputs(folder / RECORDS, Place(folder, folder / RECORDS))

    def _learn_outputs(self, records: Path, place: Place) -> None:
        """Notes what this program made according to a journal, so that it is not taken for a photo to colour."""
        journal = peek(records)
        if journal is not None:
            self._known.update(os.fspath(place.path(key)) for key in journal.outputs())
            journal.close()

    def open_shelves(self, found: Sequence[Found], held: contextlib.ExitStack) -> list[Shelf]:
        """Opens the place of each argument that has photos; the others get one in memory that stays empty."""
        used = {self._places[one.argument].records for one in found}
        by_records: dict[Path, Shelf] = {}
        for place in self._places:
            if place.records in by_records:
                continue
            if place.records not in used:
                by_records[place.records] = Shelf(place, empty_journal())
                continue
            by_records[place.records] = shelf = held.enter_context(opened(place))
            if self.options.restart:
                shelf.journal.forget()
            for note in shelf.notes:
                self.tell(Note(text=note))
        return [Shelf(place, by_records[place.records].journal) for place in self._places]

    def peek_shelves(self) -> list[Shelf]:
        """The places with copies of their journals in memory."""
        shelves: dict[Path, Shelf] = {}
        for place in self._places:
            if place.records not in shelves:
                journal = peek(place.records) or empty_journal()
                recover(place, journal, clean=False)
                shelves[place.records] = Shelf(place, journal)
        return [Shelf(place, shelves[place.records].journal) for place in self._places]

    def plan(self, found: Sequence[Found], shelves: Sequence[Shelf], recipes: Recipes) -> Plan:
        """Settles what to do, and tells what needs nothing."""
        plan = make_plan(found, shelves, self.options, recipes, self.progress.check)
        self._total = len(plan.items) + len(plan.outcomes) + len(self._outcomes)
        self._listener(Begin(total=self._total))
        for outcome in plan.outcomes:
            self.tell(outcome)
        return plan

    def color(self, plan: Plan, recipes: Recipes, load: Callable[[str, str], Painter], grace: float) -> bool:
        """Colours what is to be coloured; whether the run came to its end."""
        if not plan.items:
            return True
        workers = min(self.options.workers, len(plan.items))
        threads = max(cores() // workers, 1)  # few photos have several cores each
        stages = PhotoStages(self.options, recipes, plan.names, load, self.tell, self.progress, threads)
        pipeline = Pipeline[Item, PhotoWork](
            stages,
            workers=workers,
            memory=Memory.of_this_machine(),
            progress=self.progress,
            grace=grace,
        )
        with threads_kept():
            ended = pipeline.run(plan.items)
        self._busy = pipeline.busy
        if not ended:
            stages.clear_up()
        return not self.progress.cancelled

    def write_reports(self, shelves: Sequence[Shelf], found: Sequence[Found]) -> None:
        """Writes a report into each output folder."""
        roots = {one.path: shelves[one.argument].place.root for one in found}
        order = {path: number for number, path in enumerate(roots)}
        outcomes = sorted((o for o in self._outcomes if o.source in order), key=lambda o: order[o.source])
        for root in dict.fromkeys(roots.values()):
            if root is None:
                continue
            rows = [outcome for outcome in outcomes if roots[outcome.source] == root]
            try:
                self._reports.append(write_report(root, rows))
            except OSError as error:
                self.tell(Note(text=f"The report could not be written to {root}: {error.strerror}."))

    def summary(self) -> Summary:
        """Tells the last event."""
        with self._lock:
            self._ended = True
        counts = Counter(type(outcome) for outcome in self._outcomes)
        summary = Summary(
            done=counts[Done],
            failed=counts[Failed],
            skipped=counts[Skipped],
            interrupted=self.progress.cancelled,
            seconds=time.monotonic() - self._begun,
            reports=tuple(self._reports),
            hinted=sum(isinstance(outcome, Done) and outcome.hints > 0 for outcome in self._outcomes),
            stages=self._busy.stages,
            busy=self._busy.shares,
        )
        self._listener(summary)
        return summary
