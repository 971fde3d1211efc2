"""What happens to one photo of a batch: read, coloured, saved, and taken down in the journal."""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from engine.batch.estimate import Trial
from engine.batch.events import Event, Failed, Note, Skipped, Started, shown
from engine.batch.journal import Row
from engine.batch.memory import EXACT_LUMA_BYTES
from engine.batch.pages import read_source
from engine.batch.painters import Painters
from engine.batch.photo_work import PhotoWork
from engine.batch.plan import MADE_HERE
from engine.batch.remarks import NothingToDoError, check_exact_luma, explain
from engine.batch.saving import Saver, outcome_of
from engine.batch.storage import fetched
from engine.errors import CancelledError
from engine.render import Colors
from engine.torch_loading import limit_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from engine.batch.options import BatchOptions
    from engine.batch.outage import Outages
    from engine.batch.painters import Painter
    from engine.batch.plan import Item
    from engine.batch.readers import Readers
    from engine.batch.sidecars import Recipes


class PhotoStages:
    """The stages of the pipeline for photos; safe to use from its threads.

    Args:
        options: What was asked for.
        recipes: How each photo is to be coloured.
        load: Loads a model.
        tell: Takes events.
        outages: Waits where the disk of the photos, or that of the outputs, is away.
        readers: Decode the photos.
        saver: Saves them.
        threads: How many threads one photo may use where the network runs on the processor.
    """

    def __init__(
        self,
        options: BatchOptions,
        recipes: Recipes,
        load: Callable[[str, str], Painter],
        tell: Callable[[Event], None],
        outages: Outages,
        readers: Readers,
        saver: Saver,
        threads: int,
    ) -> None:
        self._options = options
        self._recipes = recipes
        self._painters = Painters(options.model, lambda model: load(model, options.device))
        self._tell = tell
        self._outages = outages
        self._readers = readers
        self._saver = saver
        self._threads = threads
        self._alone = threading.Lock()

    def start(self) -> None:
        """Loads the model for all photos."""
        self._painters.get(self._options.model)
        self._pass_on_notes()

    @property
    def shares_cores(self) -> bool:
        """Whether the network runs on the processor, and so on the cores of the threads that read and save."""
        return self._painters.get(self._options.model).device_name == "cpu"

    def enter(self) -> None:
        """Keeps the network, when it runs on this thread, to its share of the cores."""
        limit_threads(self._threads)

    def read(self, item: Item, pixel_limit: int | None) -> PhotoWork:
        """Reads a photo's pages."""
        # All of it again after an outage: a sidecar on the same disk seemed not to be there either.
        return self._outages.read(lambda: self._fetched_and_read(item, pixel_limit), item.shelf, item.found)

    def _fetched_and_read(self, item: Item, pixel_limit: int | None) -> PhotoWork:
        begun = time.monotonic()
        with fetched(item.found.path):
            work = self._read(item, pixel_limit)
        work.seconds = time.monotonic() - begun
        return work

    def _read(self, item: Item, pixel_limit: int | None) -> PhotoWork:
        begun = time.monotonic()
        reader = self._readers.reader()
        if reader.is_marked(item.found.path):
            raise NothingToDoError(MADE_HERE)
        exact = self._options.luma == "exact"
        if exact:
            check_exact_luma(item.found.path)
        recipe = self._recipes.of(item.found)  # again: it may have been changed since the run began
        painter = self._painters.get(recipe.model)
        pages = read_source(item.found.path, painter.prepare, self._options.salvage, pixel_limit, reader)
        first = pages.photos[0]
        extra = EXACT_LUMA_BYTES * first.width * first.height if exact else 0
        return PhotoWork(item, pages, recipe, time.monotonic() - begun, extra)

    def color(self, works: Sequence[PhotoWork]) -> None:
        """Runs the network over photos that are alike."""
        for work in works:
            self._tell(Started(source=work.item.found.path))
        begun = time.monotonic()
        self._color(works)
        for work in works:
            work.seconds += (time.monotonic() - begun) / len(works)
        self._pass_on_notes()

    def _color(self, works: Sequence[PhotoWork]) -> None:
        painter = self._painters.get(works[0].recipe.model)
        if works[0].recipe.alone:
            with self._alone:  # a model remembers the photo that hints are painted on
                for work in works:
                    _color_alone(work, painter)
        else:
            colors = iter(painter.colors([page for work in works for page in work.pages.prepared]))
            for work in works:
                work.colors = tuple(next(colors) for _ in work.pages.prepared)

    def save(self, work: PhotoWork) -> None:
        """Renders and saves a photo, and takes it down."""
        self._tell(self._saver.save(work))

    def try_out(self, item: Item, folder: Path) -> Trial:
        """Does all of it to a photo but for the journal, into a folder that is not the user's. Waits for no disk.

        Raises:
            Exception: As `read`, `color` and `save`.
        """
        begun = time.monotonic()
        work = self._fetched_and_read(item, None)
        read = time.monotonic()
        self._color([work])
        colored = time.monotonic()
        self._saver.save_aside(work, folder)
        apart = read - begun + time.monotonic() - colored
        return Trial(item.found.size, apart, colored - read)

    def fail(self, item: Item, error: Exception) -> None:
        """Takes down why a photo has no colours."""
        if isinstance(error, CancelledError):
            return
        if isinstance(error, NothingToDoError):
            self._tell(Skipped(source=item.found.path, cause=error.sentence))
            return
        cause, advice = (shown(said) for said in explain(error))  # it may quote a name, and those may be no text
        found = item.found
        row = Row(source=item.key, size=found.size, mtime_ns=found.mtime_ns, cause=cause, advice=advice)
        with contextlib.suppress(CancelledError):  # what was cut off has not failed
            self._saver.take_down(item, row)
            self._tell(outcome_of(Failed, item, row))

    def cut_short(self) -> None:
        """Ends whatever is being decoded."""
        self._readers.close()

    def clear_up(self) -> None:
        """Deletes what saves that were left behind had written so far."""
        self._saver.clear_up()

    def _pass_on_notes(self) -> None:
        for note in self._painters.notes():
            self._tell(Note(text=note))


def _color_alone(work: PhotoWork, painter: Painter) -> None:
    """Colours the pages of a photo with its variant and hints; the hints are those of its first page."""
    recipe, colors, notes = work.recipe, list[Colors](), list[str]()
    for photo, prepared in zip(work.pages.photos, work.pages.prepared, strict=True):
        features = painter.encode(prepared)
        palette = None
        if recipe.variant is not None:
            palettes = painter.palettes(features)
            if recipe.variant < len(palettes):
                palette = palettes[recipe.variant]
            else:
                notes.append(f'the model "{recipe.model}" has no variant {recipe.variant}; its own choice was used')
        spots = None
        if recipe.sidecar is not None and recipe.hints and photo.page == 0:
            rows, columns = prepared.lightness.shape
            spots = recipe.sidecar.hint_set(photo.width, photo.height).spots(rows, columns)
        colors.append(painter.decode(features, prepared, palette, spots))
    if recipe.hints and len(work.pages.photos) > 1:
        notes.append("its hints were used for the first page")
    work.colors, work.notes = tuple(colors), tuple(dict.fromkeys(notes))
