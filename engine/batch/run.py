"""One run of a batch: what it finds, plans and tells, from the scan to the summary."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.events import Begin, Done, Event, Failed, Note, Outcome, Planned, Skipped, Started, Summary, shown
from engine.batch.journal import empty_journal, peek
from engine.batch.outage import Outages
from engine.batch.pipeline import Busy
from engine.batch.place import Place, Shelf, has_journal, opened, places_for, records_of, recover, state_folder
from engine.batch.plan import MADE_HERE, Item, Plan, make_plan
from engine.batch.remarks import check_exact_luma
from engine.batch.report import write_reports
from engine.batch.report_facts import facts_of
from engine.batch.scan import RECORDS, Found, scan
from engine.batch.storage import fetched, mirror_of, peeked, refresh
from engine.batch.storage.stores import reason_of
from engine.batch.thumbnails import FOLDER as THUMBNAILS
from engine.batch.thumbnails import Thumbnails
from engine.batch.trials import Estimate
from engine.errors import CancelledError, EngineError, PhotoError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from engine.batch.options import BatchOptions
    from engine.batch.readers import Readers
    from engine.batch.sidecars import Recipes
    from engine.progress import Progress


class Run:
    """One run of a job: what it found, and what it has told so far.

    Args:
        options: What to do.
        progress: Told how far the run is.
        listener: Takes every event.

    Attributes:
        outages: Waits where nothing can be read or saved for now.
        busy: What the threads had to do.
        estimate: What a dry run judged.
    """

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
        self._look()
        self._known: set[str] = set()
        self._notes: set[str] = set()
        self.busy = Busy()
        self.estimate = Estimate()
        self.outages = Outages(self.tell, progress)

    def tell(self, event: Event) -> None:
        """Passes an event on, one at a time; no remark twice, and nothing of a thread that was left behind."""
        with self._lock:
            if self._ended:
                return
            if isinstance(event, Note):
                if event.text in self._notes:
                    return
                self._notes.add(event.text)
            if isinstance(event, Outcome):
                self._outcomes.append(event)
            self._listener(event)
            share = len(self._outcomes) / max(self._total, 1)
        if isinstance(event, Outcome | Started) and not self.progress.cancelled:
            with contextlib.suppress(CancelledError):
                self.progress.report(share, event.source.name)

    def note(self, text: str) -> None:
        """Tells a remark about the batch as a whole."""
        self.tell(Note(text=text))

    def announce(self, item: Item, readers: Readers) -> bool:
        """Tells what is to become of a photo; whether it is to be coloured."""
        self.progress.check()
        source = item.found.path
        try:
            with peeked(source):
                marked = readers.reader().is_marked(source)
            if marked:
                self.tell(Skipped(source=source, cause=MADE_HERE))
                return False
            if self.options.luma == "exact":
                with fetched(source):
                    check_exact_luma(source)
        except PhotoError as error:
            self.tell(Failed(source=source, cause=error.cause, advice=error.advice))
            return False
        self.tell(Planned(source=source, output=item.output, replace=item.replace, hints=item.hints))
        return True

    def scan(self) -> list[Found]:
        """Finds the photos, without those that this program made."""
        self._tell_unnamed()
        state = state_folder()
        for records, place in {state: Place(None, state), **{place.records: place for place in self._places}}.items():
            self._learn_outputs(records, place)
        roots = [place.root for place in self._places if place.root is not None]
        photos: list[Found] = []
        paths = [Path(path) for path in self.options.paths]
        for found in scan(paths, outputs=roots, on_folder=self._look_for_journal, check=self.progress.check):
            if os.fspath(found.path) not in self._known:
                photos.append(found)
            elif found.named:
                self.tell(Skipped(source=found.path, cause=MADE_HERE))
        if not photos and not self._outcomes:
            places = ", ".join(str(path) for path in paths)
            raise EngineError(f"There are no photos to colour in {places}.", "Name photos, or folders that hold some.")
        return photos

    def _look(self) -> None:
        """Looks at the output folders, where those are in object storage."""
        for root in {place.root for place in self._places if place.root is not None}:
            refresh(root)

    def _tell_unnamed(self) -> None:
        """Tells of objects that cannot have a file of their name on this machine."""
        paths = (*self.options.paths, *(place.root for place in self._places if place.root is not None))
        for mirror in {mirror for mirror in map(mirror_of, paths) if mirror is not None}:
            for url in mirror.unnamed():
                self.note(f"{shown(url)} is left aside, for no file on this machine can have such a name.")

    def _look_for_journal(self, folder: Path) -> None:
        if has_journal(folder):
            records = records_of(folder)
            self._learn_outputs(records, Place(folder, records))

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
                self.note(note)
        return [by_records[place.records].beside(place) for place in self._places]

    def peek_shelves(self) -> list[Shelf]:
        """The places with copies of their journals in memory."""
        shelves: dict[Path, Shelf] = {}
        for place in self._places:
            if place.records not in shelves:
                journal = peek(place.records) or empty_journal()
                recover(place, journal, clean=False)
                shelves[place.records] = Shelf(place, journal)
        return [shelves[place.records].beside(place) for place in self._places]

    def plan(self, found: Sequence[Found], shelves: Sequence[Shelf], recipes: Recipes) -> Plan:
        """Settles what to do, and tells what needs nothing."""
        plan = make_plan(found, shelves, self.options, recipes, self.progress.check)
        self._total = len(plan.items) + len(plan.outcomes) + len(self._outcomes)
        self._listener(Begin(total=self._total))
        for outcome in plan.outcomes:
            self.tell(outcome)
        return plan

    def write_reports(self, shelves: Sequence[Shelf], found: Sequence[Found]) -> None:
        """Writes a report into each output folder."""
        roots = {one.path: shelves[one.argument].place.root for one in found}
        order = {path: number for number, path in enumerate(roots)}
        rows: dict[Path, list[Outcome]] = {root: [] for root in roots.values() if root is not None}
        for outcome in sorted((o for o in self._outcomes if o.source in order), key=lambda o: order[o.source]):
            root = roots[outcome.source]
            if root is not None:
                rows[root].append(outcome)
        facts = facts_of(self.options, time.monotonic() - self._begun)
        for root, outcomes in rows.items():
            self._look_for_thumbnails(root)
            try:
                self._reports += write_reports(root, outcomes, Thumbnails(root / RECORDS), facts, self.progress.check)
            except OSError as error:
                self.note(f"The report could not be written to {shown(root)}: {reason_of(error)}.")

    def _look_for_thumbnails(self, root: Path) -> None:
        """Looks for those that the machines of a cluster have put into object storage."""
        if self.options.cluster:
            try:
                refresh(root / RECORDS / THUMBNAILS)
            except EngineError as error:
                self.note(f"Some thumbnails are missing in the report: {error.sentence}")

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
            stages=self.busy.stages,
            busy=self.busy.shares,
            estimate=self.estimate.seconds,
            sample=self.estimate.sample,
        )
        self._listener(summary)
        return summary
