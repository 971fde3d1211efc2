"""A batch from beginning to end."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from engine.batch.cluster import ClusterWork, Parts, require_ray
from engine.batch.memory import Memory
from engine.batch.options import cores
from engine.batch.pipeline import GRACE, Pipeline
from engine.batch.plan import Item, Plan
from engine.batch.readers import ReaderProcesses
from engine.batch.run import Run
from engine.batch.saving import Saver
from engine.batch.sidecars import Recipes
from engine.batch.storage import mirrored
from engine.batch.trials import estimated
from engine.batch.work import PhotoStages, PhotoWork
from engine.colorist import Colorist
from engine.errors import CancelledError
from engine.models.store import find_model
from engine.photo import remove_left
from engine.progress import Progress
from engine.torch_loading import threads_kept

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.batch.events import Event, Summary
    from engine.batch.options import BatchOptions
    from engine.batch.painters import Painter
    from engine.batch.readers import Readers


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
        readers: Makes what decodes the photos, given what takes remarks for the user; by default processes that may
            crash without harm.
    """

    def __init__(
        self,
        options: BatchOptions,
        *,
        load: Callable[[str, str], Painter] = Colorist,
        hash_of: Callable[[str], str] = installed_hash,
        readers: Callable[[Callable[[str], None]], Readers] = ReaderProcesses,
    ) -> None:
        self._options = options
        self._load = load
        self._hash_of = hash_of
        self._readers = readers
        self._run: Run | None = None

    def try_again(self) -> None:
        """Makes a run that waits for a disk try again at once; nothing where none waits. From any thread."""
        run = self._run
        if run is not None:
            run.outages.try_again()

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
        if self._options.cluster:
            require_ray()
        with mirrored(self._options) as options:
            return self._ran(Run(options, progress or Progress(), listener or _ignore), grace)

    def _ran(self, run: Run, grace: float) -> Summary:
        self._run = run
        recipes = Recipes(run.options, self._hash_of)
        try:
            found = run.scan()
            with contextlib.ExitStack() as held:
                shelves = run.open_shelves(found, held)
                plan = run.plan(found, shelves, recipes)
                if not plan.items or self._color(run, plan, recipes, grace):
                    run.write_reports(shelves, found)
        except CancelledError:
            pass
        finally:
            self._run = None
        return run.summary()

    def dry_run(
        self,
        progress: Progress | None = None,
        listener: Callable[[Event], None] | None = None,
        *,
        sample: int = 0,
    ) -> Summary:
        """Tells what `run` would do, by `Planned` events, and how long it would take. Nothing of the user's is written.

        Args:
            progress: May cancel it.
            listener: Takes the events.
            sample: How many photos to colour on trial, into a folder that is deleted again, to judge by; with 0, no
                model is loaded and the summary has no estimate.

        Raises:
            EngineError: As `run`.
        """
        with mirrored(self._options) as options:
            # What this machine takes says nothing of the others.
            run = Run(options, progress or Progress(), listener or _ignore)
            return self._ran_dry(run, 0 if options.cluster else sample)

    def _ran_dry(self, run: Run, sample: int) -> Summary:
        recipes = Recipes(run.options, self._hash_of)
        with contextlib.suppress(CancelledError), contextlib.closing(self._readers(run.note)) as readers:
            found = run.scan()
            plan = run.plan(found, run.peek_shelves(), recipes)
            items = [item for item in plan.items if run.announce(item, readers)]
            if sample and items:
                workers = min(self._options.workers, len(items))
                stages = self._stages(run, plan, recipes, readers, max(cores() // workers, 1))
                with threads_kept():
                    run.estimate = estimated(stages, items, workers, sample, run.progress)
        return run.summary()

    def _color(self, run: Run, plan: Plan, recipes: Recipes, grace: float) -> bool:
        """Colours what is to be coloured; whether the run came to its end."""
        if self._options.cluster:
            parts = Parts(self._options, self._load, self._hash_of, self._readers)
            ClusterWork(parts, run, plan.names, recipes).color(plan.items)
            return not run.progress.cancelled
        workers = min(self._options.workers, len(plan.items))
        threads = max(cores() // workers, 1)  # few photos have several cores each
        with contextlib.closing(self._readers(run.note)) as readers, threads_kept():
            stages = self._stages(run, plan, recipes, readers, threads)
            pipeline = Pipeline[Item, PhotoWork](
                stages,
                workers=workers,
                memory=Memory.of_this_machine(),
                progress=run.progress,
                grace=grace,
            )
            ended = pipeline.run(plan.items)
        remove_left()  # what an outage took away and brought back
        run.busy = pipeline.busy
        if not ended:
            stages.clear_up()
        return not run.progress.cancelled

    def _stages(self, run: Run, plan: Plan, recipes: Recipes, readers: Readers, threads: int) -> PhotoStages:
        saver = Saver(self._options, plan.names, run.outages, readers, run.progress, run.note, threads)
        return PhotoStages(self._options, recipes, self._load, run.tell, run.outages, readers, saver, threads)


def _ignore(event: Event) -> None:
    del event
