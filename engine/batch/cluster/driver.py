"""The machine where the command runs: it alone writes the journal, settles names, and tells what became of the photos.

It works in windows of the plan. Of each, every photo is taken down as `saving` before the first is handed out, so that
a run that dies leaves no output that nobody knows; what it does not get to is as good as new for the next run.
"""

from __future__ import annotations

import dataclasses
import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.batch.cluster.crew import crew_of
from engine.batch.cluster.orders import Fault, Finished, Misnamed, Reply, There, order_of
from engine.batch.cluster.session import ClusterError, connected
from engine.batch.cluster.slate import seal_of
from engine.batch.cluster.worker import Terms
from engine.batch.events import Done, Failed, Outcome, Resumed, Skipped, Waiting, shown
from engine.batch.journal import JournalError, Row
from engine.batch.pipeline import Busy
from engine.batch.place import remove_temporaries
from engine.batch.remarks import NothingToDoError, explain
from engine.batch.saving import outcome_of, with_format
from engine.batch.storage import is_url, mirror_of
from engine.errors import CancelledError, EngineError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.batch.cluster.crew import Crew
    from engine.batch.cluster.session import Session
    from engine.batch.cluster.worker import Parts
    from engine.batch.events import Event
    from engine.batch.journal import Made
    from engine.batch.naming import Names
    from engine.batch.options import BatchOptions
    from engine.batch.place import Shelf
    from engine.batch.plan import Item
    from engine.batch.run import Run
    from engine.batch.sidecars import Recipes

WINDOW = 100_000
"""Photos that are handed out together. More would only leave more to look at after a run that was killed."""
ATTEMPTS = 2
"""How often a photo is handed out whose block Ray gave up: first with others, then alone."""
RENAMES = 2
"""How often a photo may turn out to be of another format than its name, before it must be changing all the time."""

_LOST = "the processes that worked on it ended again and again, on every machine that tried."
_LOST_ADVICE = "Look at their memory, and run the same command without --cluster to see what happens."
_FOUND = "its coloured copy was there when its work was repeated, after a machine or a process was lost"


@dataclass(frozen=True, slots=True)
class _Task:
    """A photo that is handed out.

    Attributes:
        item: What is to become of it.
        lost: How often its block was given up.
        renamed: How often its output got another name.
    """

    item: Item
    lost: int = 0
    renamed: int = 0


Entry = tuple["Item", Row, "Made | None", "Outcome | None"]


class ClusterWork:
    """Colours a plan on a cluster.

    Args:
        parts: What the batch is made of.
        run: Takes events, and knows what is waited for.
        names: Gives another name to an output that turns out to need one.
        recipes: How each photo is to be coloured.
    """

    def __init__(self, parts: Parts, run: Run, names: Names, recipes: Recipes) -> None:
        self._options = parts.options
        self._parts = dataclasses.replace(parts, options=_absolute(parts.options))
        self._run = run
        self._names = names
        self._recipes = recipes
        self._model_hash = parts.hash_of(parts.options.model)
        self._away: set[Path] = set()
        self._tree = _tree_of(run.options)

    def color(self, items: Sequence[Item]) -> None:
        """Colours photos, until they are done or the run is cancelled.

        Raises:
            EngineError: If the cluster cannot be used, or not be gone on with.
        """
        begun = time.monotonic()
        try:
            with connected(self._options.cluster_address) as session:
                crew = crew_of(session.nodes(), self._options)
                self._run.busy = Busy(workers=crew.actors * crew.cores)
                for start in range(0, len(items), WINDOW):
                    self._color_window(session, crew, items[start : start + WINDOW])
        finally:
            self._run.busy.seconds = time.monotonic() - begun
            # What processes were writing when they were lost, or ended with the connection.
            for folder in {item.output.parent for item in items}:
                remove_temporaries(folder)

    def _color_window(self, session: Session, crew: Crew, items: Sequence[Item]) -> None:
        tasks, block = [_Task(item) for item in items], crew.block
        while tasks and not self._run.progress.cancelled:
            tasks = self._hand_out(session, crew, tasks, block)
            if any(task.lost for task in tasks):
                crew, block = crew.one_by_one, 1

    def _hand_out(self, session: Session, crew: Crew, tasks: Sequence[_Task], block: int) -> list[_Task]:
        """Has photos coloured; those that are to be handed out again."""
        self._take_down([(task.item, self._saving(task.item), None, None) for task in tasks])
        orders = [order_of(task.item, number) for number, task in enumerate(tasks)]
        blocks = [orders[start : start + block] for start in range(0, len(orders), block)]
        places = {task.item.shelf.place for task in tasks}
        terms = Terms(self._model_hash, {place.records: seal_of(place) for place in places}, self._tree)
        waiting = dict(enumerate(tasks))
        again: list[_Task] = []
        for replies in session.replies(blocks, self._parts, terms, crew, self._run.progress):
            self._pass_on(session.events())
            again += self._taken(replies, waiting)
        self._pass_on(session.events())
        if not self._run.progress.cancelled:
            again += self._lost(list(waiting.values()))
        return again

    def _taken(self, replies: Sequence[Reply], waiting: dict[int, _Task]) -> list[_Task]:
        """Takes down what was replied; those that are to be handed out again, under another name."""
        entries: list[Entry] = []
        again: list[_Task] = []
        for reply in replies:
            if isinstance(reply, Fault):
                raise ClusterError(reply.sentence, reply.advice)
            task = waiting.pop(reply.number, None)
            if task is None:
                continue
            if isinstance(reply, Misnamed):
                again += self._renamed(task, reply)
            elif isinstance(reply, There):
                entries.append(self._found(task.item, reply.made))
            elif isinstance(reply, Finished):
                self._count(reply)
                outcome = _as_here(reply.outcome, task.item)
                if reply.row is None:
                    self._run.tell(outcome)
                else:
                    entries.append((task.item, reply.row, reply.made, outcome))
        self._take_down(entries)
        return again

    def _renamed(self, task: _Task, reply: Misnamed) -> list[_Task]:
        """The photo with another name, as one machine gives it in the middle of its work (`saving`)."""
        item = task.item
        if task.renamed == RENAMES:
            self._fail(item, "it is of another format each time that it is read.", "See what writes to it.")
            return []
        step = partial(with_format, item, reply.natural, self._options, self._names)
        try:
            return [_Task(self._run.outages.attempt(step, item.shelf, item.output), task.lost, task.renamed + 1)]
        except CancelledError:
            raise
        except NothingToDoError as error:
            self._run.tell(Skipped(source=item.found.path, cause=error.sentence))
        except (EngineError, OSError) as error:
            self._fail(item, *map(shown, explain(error)))
        return []

    def _found(self, item: Item, made: Made) -> Entry:
        """Of a photo whose output is there: as the journal has it, but for the state."""
        row = item.shelf.journal.row(item.key) or self._saving(item)
        row = dataclasses.replace(row, state="done", notes=(_FOUND,))
        return item, row, made, outcome_of(Done, item, row, item.hints)

    def _lost(self, tasks: Sequence[_Task]) -> list[_Task]:
        """Photos without a reply: they are handed out once more, each alone, and then given up."""
        again = [dataclasses.replace(task, lost=task.lost + 1) for task in tasks]
        for task in again:
            if task.lost == ATTEMPTS:
                self._fail(task.item, _LOST, _LOST_ADVICE)
        return [task for task in again if task.lost < ATTEMPTS]

    def _fail(self, item: Item, cause: str, advice: str) -> None:
        found = item.found
        row = Row(source=item.key, size=found.size, mtime_ns=found.mtime_ns, cause=cause, advice=advice)
        self._take_down([(item, row, None, outcome_of(Failed, item, row))])

    def _saving(self, item: Item) -> Row:
        """What the journal says of a photo before it is handed out, as far as it is known without reading it."""
        found = item.found
        row = Row(
            source=item.key,
            size=found.size,
            mtime_ns=found.mtime_ns,
            natural=item.natural,
            marked=self._options.mark,
            output=item.shelf.place.key(item.output),
            state="saving",
        )
        try:
            recipe = self._recipes.of(found)
        except EngineError:  # its worker will say what is wrong
            return row
        return dataclasses.replace(row, settings=recipe.settings(self._options, item.format), model=recipe.model_hash)

    def _take_down(self, entries: Sequence[Entry]) -> None:
        """Writes into the journals, and then tells what became of the photos."""
        for shelf, item in {entry[0].shelf.journal: (entry[0].shelf, entry[0]) for entry in entries}.values():
            rows = [(row, made) for item, row, made, _ in entries if item.shelf.journal is shelf.journal]
            final = all(row.state != "saving" for row, _ in rows)
            self._store(shelf, item.output, rows, final=final)
        for _, _, _, outcome in entries:
            if outcome is not None:
                self._run.tell(outcome)

    def _store(self, shelf: Shelf, output: Path, rows: Sequence[tuple[Row, Made | None]], *, final: bool) -> None:
        try:
            self._run.outages.attempt(lambda: shelf.journal.store_all(rows), shelf, output)
        except JournalError as error:
            if not final:
                raise
            # The outputs are there; the next run finds them.
            self._run.note(str(error))

    def _count(self, reply: Finished) -> None:
        stages = self._run.busy.stages
        for stage, seconds in zip(("read", "network", "save"), reply.seconds, strict=True):
            stages[stage] += seconds

    def _pass_on(self, events: Sequence[Event]) -> None:
        """Tells what workers told. Many of them wait for one disk; it is told once that it is away, and is back."""
        for event in events:
            if isinstance(event, Waiting):
                if event.folder in self._away:
                    continue
                self._away.add(event.folder)
            elif isinstance(event, Resumed):
                if event.folder not in self._away:
                    continue
                self._away.discard(event.folder)
            self._run.tell(event)


def _absolute(options: BatchOptions) -> BatchOptions:
    """The options for processes with another current folder."""

    def absolute(path: Path | str) -> Path | str:
        return path if is_url(path) else Path(os.path.abspath(path))

    return dataclasses.replace(
        options,
        paths=tuple(absolute(path) for path in options.paths),
        output=None if options.output is None else absolute(options.output),
        sidecars=None if options.sidecars is None else absolute(options.sidecars),
    )


def _tree_of(options: BatchOptions) -> Path | None:
    """Where this process has the mirror of what is in object storage, if there is one."""
    places = (*options.paths, options.output, options.sidecars)
    return next((mirror.folder for each in places if each is not None and (mirror := mirror_of(each))), None)


def _as_here(outcome: Outcome, item: Item) -> Outcome:
    """An outcome with the paths of this machine: in object storage, a worker has its own."""
    output = None if outcome.output is None else item.output
    return dataclasses.replace(outcome, source=item.found.path, output=output)
