"""What happens to one photo of a batch: read, coloured, saved, and taken down in the journal."""

from __future__ import annotations

import dataclasses
import os
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.batch.events import Done, Event, Failed, Note, Outcome, Skipped, Started
from engine.batch.journal import JournalError, Row
from engine.batch.pages import read_source, reread
from engine.batch.painters import Painters
from engine.batch.place import fingerprint, remove_temporaries
from engine.batch.plan import MADE_HERE, THERE, suffix_for
from engine.errors import CancelledError, EngineError, PhotoError, SaveError
from engine.photo import SaveOptions, SourceKind, is_marked, natural_format, save_photo
from engine.render import Colors, render
from engine.torch_loading import limit_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.batch.naming import Names
    from engine.batch.options import BatchOptions
    from engine.batch.pages import Pages
    from engine.batch.painters import Painter
    from engine.batch.plan import Item
    from engine.batch.sidecars import Recipe, Recipes
    from engine.photo import Photo
    from engine.progress import Progress


class NothingToDoError(EngineError):
    """A photo turned out to need no colours; the sentence says why."""

    title = "There is nothing to do"


@dataclass(slots=True, eq=False)
class PhotoWork:
    """A photo in flight."""

    item: Item
    pages: Pages
    recipe: Recipe
    seconds: float
    colors: tuple[Colors, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """Bytes that it takes until it is saved."""
        return self.pages.cost

    @property
    def likeness(self) -> object:
        """Its model, and the network's size of its page; those of several pages, or with hints, go alone."""
        if len(self.pages.photos) > 1 or self.recipe.alone:
            return id(self)
        return self.recipe.model, self.pages.prepared[0].lightness.shape


class PhotoStages:
    """The stages of the pipeline for photos; safe to use from its threads.

    Args:
        options: What was asked for.
        recipes: How each photo is to be coloured.
        names: Gives another name to an output that turns out to need one.
        load: Loads a model.
        tell: Takes events.
        progress: Polled between pages.
        threads: How many threads one photo may use to go through the network on the processor, and to be rendered.
    """

    def __init__(
        self,
        options: BatchOptions,
        recipes: Recipes,
        names: Names,
        load: Callable[[str, str], Painter],
        tell: Callable[[Event], None],
        progress: Progress,
        threads: int,
    ) -> None:
        self._options = options
        self._recipes = recipes
        self._names = names
        self._painters = Painters(options.model, lambda model: load(model, options.device))
        self._tell = tell
        self._progress = progress
        self._threads = threads
        self._told: set[str] = set()
        self._saving: list[Path] = []
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
        begun = time.monotonic()
        if is_marked(item.found.path):
            raise NothingToDoError(MADE_HERE)
        self._progress.check()
        recipe = self._recipes.of(item.found)  # again: it may have been changed since the run began
        painter = self._painters.get(recipe.model)
        pages = read_source(item.found.path, painter.prepare, self._options.salvage, pixel_limit)
        return PhotoWork(item, pages, recipe, time.monotonic() - begun)

    def color(self, works: Sequence[PhotoWork]) -> None:
        """Runs the network over photos that are alike."""
        for work in works:
            self._tell(Started(source=work.item.found.path))
        begun = time.monotonic()
        painter = self._painters.get(works[0].recipe.model)
        if works[0].recipe.alone:
            with self._alone:  # a model remembers the photo that hints are painted on
                for work in works:
                    _color_alone(work, painter)
        else:
            colors = iter(painter.colors([page for work in works for page in work.pages.prepared]))
            for work in works:
                work.colors = tuple(next(colors) for _ in work.pages.prepared)
        for work in works:
            work.seconds += (time.monotonic() - begun) / len(works)
        self._pass_on_notes()

    def save(self, work: PhotoWork) -> None:
        """Renders and saves a photo, and takes it down."""
        begun = time.monotonic()
        first = work.pages.photos[0]
        item = self._with_true_format(work.item, first)
        row = self._row(item, work)
        journal = item.shelf.journal
        journal.store(row)
        self._saving.append(item.output.parent)
        try:
            remarks = self._written(item, work)
        finally:
            self._saving.remove(item.output.parent)
        remarks = remarks_on(work.pages.photos) + work.recipe.notes + work.notes + remarks
        row = dataclasses.replace(row, state="done", notes=remarks, seconds=work.seconds + time.monotonic() - begun)
        try:
            journal.store(row, fingerprint(item.output, row.source))
        except JournalError as error:
            # The output is there; the next run finds it by its mark.
            self._note(str(error))
        self._tell(_outcome(Done, item, row, work.recipe.hints))

    def fail(self, item: Item, error: Exception) -> None:
        """Takes down why a photo has no colours."""
        if isinstance(error, CancelledError) or self._progress.cancelled:
            return
        if isinstance(error, NothingToDoError):
            self._tell(Skipped(source=item.found.path, cause=error.sentence))
            return
        cause, advice = explain(error)
        found = item.found
        row = Row(source=item.key, size=found.size, mtime_ns=found.mtime_ns, cause=cause, advice=advice)
        try:
            item.shelf.journal.store(row)
        except JournalError as also:
            self._note(str(also))
        self._tell(_outcome(Failed, item, row))

    def clear_up(self) -> None:
        """Deletes what saves that were left behind had written so far."""
        for folder in set(self._saving):
            remove_temporaries(folder)

    def _with_true_format(self, item: Item, photo: Photo) -> Item:
        """The item, under another name if the file is of another format than its suffix says."""
        natural = natural_format(photo)
        chosen = self._options.format_for(natural)
        item = dataclasses.replace(item, natural=natural)
        if chosen == item.format:
            return item
        wish = dataclasses.replace(item.wish, suffix=suffix_for(item.found.path, chosen))
        output = self._names.settle_again(wish, item.output)
        untouched = item.shelf.is_untouched(output)
        if os.path.lexists(output) and not untouched:
            raise NothingToDoError(THERE)
        return dataclasses.replace(item, wish=wish, format=chosen, output=output, replace=untouched)

    def _row(self, item: Item, work: PhotoWork) -> Row:
        pages, first = work.pages, work.pages.photos[0]
        return Row(
            source=item.key,
            size=pages.status.size,
            mtime_ns=pages.status.mtime_ns,
            settings=work.recipe.settings(self._options, item.format),
            model=work.recipe.model_hash,
            natural=item.natural,
            marked=self._options.mark,
            output=item.shelf.place.key(item.output),
            state="saving",
            kind=first.source_kind.value,
            bits=first.bit_depth,
            pages=first.page_count,
        )

    def _written(self, item: Item, work: PhotoWork) -> tuple[str, ...]:
        """Renders and saves; remarks about what the format cannot hold."""
        output, options = item.output, self._options
        if item.replace and not item.shelf.is_untouched(output):
            raise SaveError(output, "it was changed just now and is left as it is.", "Run the same command again.")
        try:
            output.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SaveError(
                output, f"its folder cannot be made: {error.strerror}.", "Choose another folder."
            ) from error
        saving = SaveOptions(
            format=item.format,
            quality=options.quality,
            mark=options.mark,
            model=work.recipe.model,
            metadata=options.metadata,
            luma=options.luma,
        )
        return save_photo(output, self._rendered(work), work.pages.photos, saving, replace=item.replace)

    def _rendered(self, work: PhotoWork) -> Iterator[NDArray[Any]]:
        """The coloured pages, one by one."""
        for photo, colors in zip(work.pages.photos, work.colors, strict=True):
            self._progress.check()
            pixels = photo.pixels if work.pages.kept else reread(photo, work.pages.status, self._options.salvage)
            yield render(pixels, colors, work.recipe.look, threads=self._threads)
        self._progress.check()

    def _pass_on_notes(self) -> None:
        for note in self._painters.notes():
            self._note(note)

    def _note(self, text: str) -> None:
        if text not in self._told:
            self._told.add(text)
            self._tell(Note(text=text))


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


def explain(error: Exception) -> tuple[str, str]:
    """Cause and advice, in plain words, of whatever was raised about a photo."""
    if isinstance(error, PhotoError):
        return error.cause, error.advice
    if isinstance(error, EngineError):
        return error.sentence, error.advice
    if isinstance(error, MemoryError):
        return "there is not enough memory for it.", "Close other programs and run the same command again."
    return f"an unexpected error: {type(error).__name__}: {error}", "Please report this with the photo, if you can."


def remarks_on(photos: Sequence[Photo]) -> tuple[str, ...]:
    """What there is to say of a source, each remark once."""
    coloured = any(photo.source_kind is SourceKind.COLOUR for photo in photos)
    told = ["it already has colours; only its lightness was used"] if coloured else []
    return tuple(dict.fromkeys([*told, *(note for photo in photos for note in photo.notes)]))


def _outcome(kind: type[Outcome], item: Item, row: Row, hints: int = 0) -> Outcome:
    return kind(
        source=item.found.path,
        output=item.output if row.output else None,
        cause=row.cause,
        advice=row.advice,
        kind=row.kind,
        bits=row.bits,
        pages=row.pages,
        notes=row.notes,
        seconds=row.seconds,
        hints=hints,
    )
