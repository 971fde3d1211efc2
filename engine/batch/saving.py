"""Saving a photo of a batch: rendered, written under its own name, and taken down before and after.

Each step is one that may be done again, for a full disk or one that is away makes it wait and try anew (`outage`).
"""

from __future__ import annotations

import dataclasses
import os
import time
from typing import TYPE_CHECKING, Any, TypeVar

from engine.batch.events import Done, Outcome
from engine.batch.journal import JournalError, Row
from engine.batch.pages import reread
from engine.batch.place import fingerprint, remove_temporaries
from engine.batch.plan import THERE, suffix_for
from engine.batch.remarks import NothingToDoError, remarks_on
from engine.batch.scan import RECORDS
from engine.batch.storage import fetched, outgoing, push
from engine.batch.storage.stores import reason_of
from engine.batch.thumbnails import Thumbnails
from engine.errors import CancelledError, SaveError
from engine.photo import SaveOptions, natural_format, save_photo
from engine.render import render

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from engine.batch.naming import Names
    from engine.batch.options import BatchOptions
    from engine.batch.outage import Outages
    from engine.batch.photo_work import PhotoWork
    from engine.batch.plan import Item
    from engine.batch.readers import Readers
    from engine.photo import OutputFormat
    from engine.progress import Progress

Result = TypeVar("Result")


class Saver:
    """Saves the coloured photos of a batch; safe to use from several threads.

    Args:
        options: What was asked for.
        names: Gives another name to an output that turns out to need one.
        outages: Waits where nothing can be saved for now.
        readers: Read the pages that were not kept.
        progress: Polled between pages.
        note: Takes remarks about the batch as a whole.
        threads: How many threads one photo may use to be rendered.
    """

    def __init__(
        self,
        options: BatchOptions,
        names: Names,
        outages: Outages,
        readers: Readers,
        progress: Progress,
        note: Callable[[str], None],
        threads: int,
    ) -> None:
        self._options = options
        self._names = names
        self._outages = outages
        self._readers = readers
        self._progress = progress
        self._note = note
        self._threads = threads
        self._folders: list[Path] = []

    def save(self, work: PhotoWork) -> Outcome:
        """Renders and saves a photo, and takes it down.

        Raises:
            NothingToDoError: If it turns out that its output is there.
            EngineError: If it cannot be saved.
        """
        begun = time.monotonic() - self._outages.waited
        natural = natural_format(work.pages.photos[0])
        item = self._waiting(work.item, lambda: with_format(work.item, natural, self._options, self._names))
        row = self._row(item, work)
        journal = item.shelf.journal
        self._waiting(item, lambda: journal.store(row))
        self._folders.append(item.output.parent)
        try:
            remarks = self._waiting(item, lambda: self._read_and_written(item, work))
        finally:
            self._folders.remove(item.output.parent)
        remarks = remarks_on(work.pages.photos) + work.recipe.notes + work.notes + remarks
        seconds = work.seconds + time.monotonic() - self._outages.waited - begun
        done = dataclasses.replace(row, state="done", notes=remarks, seconds=seconds)
        try:
            self._waiting(item, lambda: self._finish(item, done))
        except JournalError as error:
            # The output is there; the next run finds it by its mark.
            self._note(str(error))
        return outcome_of(Done, item, done, work.recipe.hints)

    def _finish(self, item: Item, row: Row) -> None:
        """Takes down that an output is there."""
        item.shelf.check()  # where its disk is away, it would seem not to be
        item.shelf.journal.store(row, fingerprint(item.output, row.source))

    def save_aside(self, work: PhotoWork, folder: Path) -> None:
        """Renders and saves a photo into a folder that is not the user's, and takes nothing down.

        Raises:
            EngineError: If it cannot be saved.
        """
        format = self._options.format_for(natural_format(work.pages.photos[0]))
        item = dataclasses.replace(work.item, format=format)
        save_photo(folder / "trial", self._rendered(work), work.pages.photos, self._how(item, work), replace=True)

    def take_down(self, item: Item, row: Row) -> None:
        """Takes down why a photo has no colours; what cannot be written is a remark.

        Raises:
            CancelledError: If the run was cancelled; whatever failed then need not be the photo's fault.
        """
        if self._progress.cancelled:
            raise CancelledError("The run was cancelled.")
        try:
            self._waiting(item, lambda: item.shelf.journal.store(row))
        except JournalError as error:
            self._note(str(error))

    def clear_up(self) -> None:
        """Deletes what saves that were left behind had written so far."""
        for folder in set(self._folders):
            remove_temporaries(folder)

    def _waiting(self, item: Item, step: Callable[[], Result]) -> Result:
        return self._outages.attempt(step, item.shelf, item.output)

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

    def _read_and_written(self, item: Item, work: PhotoWork) -> tuple[str, ...]:
        """As `_written`; where that reads the source again, it waits for its disk too."""
        if work.pages.kept and self._options.luma != "exact":
            return self._written(item, work)

        def read_and_written() -> tuple[str, ...]:
            with fetched(item.found.path):
                return self._written(item, work)

        return self._outages.read(read_and_written, item.shelf, item.found)

    def _written(self, item: Item, work: PhotoWork) -> tuple[str, ...]:
        """Renders and saves; remarks about what the format cannot hold."""
        output = item.output
        try:
            item.shelf.make_folder(output.parent)
        except OSError as error:
            raise SaveError(
                output, f"its folder cannot be made: {error.strerror}.", "Choose another folder."
            ) from error
        if item.replace and not item.shelf.is_untouched(output):
            raise SaveError(output, "it was changed just now and is left as it is.", "Run the same command again.")
        refused: list[OSError] = []

        def keep_thumbnail(before: NDArray[Any], after: NDArray[Any]) -> None:
            try:
                self._keep_thumbnail(item, before, after)
            except OSError as error:
                item.shelf.check()  # raises where the disk is away: then all of it is tried again
                refused.append(error)

        with outgoing(output, replace=item.replace) as (file, replace):
            pictures = self._rendered(work, keep_thumbnail)
            remarks = save_photo(file, pictures, work.pages.photos, self._how(item, work), replace=replace)
        for error in refused:  # only now: where the disk is full, the photo was not saved either
            self._note(f"Some thumbnails are missing in the report: they could not be written ({reason_of(error)}).")
        return remarks

    def _how(self, item: Item, work: PhotoWork) -> SaveOptions:
        options = self._options
        return SaveOptions(
            format=item.format,
            quality=options.quality,
            mark=options.mark,
            model=work.recipe.model,
            metadata=options.metadata,
            luma=options.luma,
        )

    def _rendered(
        self, work: PhotoWork, show: Callable[[NDArray[Any], NDArray[Any]], None] | None = None
    ) -> Iterator[NDArray[Any]]:
        """The coloured pages, one by one; `show` is given the first, before and after."""
        pages = work.pages
        for photo, colors in zip(pages.photos, work.colors, strict=True):
            self._progress.check()
            pixels = photo.pixels
            if not pages.kept:
                pixels = reread(photo, pages.status, self._options.salvage, self._readers.reader())
            colored = render(pixels, colors, work.recipe.look, threads=self._threads)
            if photo.page == 0 and show is not None:
                show(pixels, colored)
            yield colored
        self._progress.check()

    def _keep_thumbnail(self, item: Item, before: NDArray[Any], after: NDArray[Any]) -> None:
        """Keeps a small copy for the report, where there will be one; raises an OSError where that cannot be."""
        root = item.shelf.place.root
        if root is None:
            return
        item.shelf.check()
        thumbnails = Thumbnails(root / RECORDS)
        thumbnails.keep(item.key, before, after)
        push(thumbnails.file(item.key))


def with_format(item: Item, natural: OutputFormat, options: BatchOptions, names: Names) -> Item:
    """The item, under another name if its file is of another format than its suffix says.

    Args:
        item: What is to become of a photo.
        natural: The output format that it would have by itself, as reading it has told.
        options: What was asked for.
        names: Gives the other name.

    Raises:
        NothingToDoError: If a file of that name is there.
        OSError: If the output folder is gone.
    """
    chosen = options.format_for(natural)
    item = dataclasses.replace(item, natural=natural)
    if chosen == item.format:
        return item
    item.shelf.check()
    wish = dataclasses.replace(item.wish, suffix=suffix_for(item.found.path, chosen))
    output = names.settle_again(wish, item.output)
    untouched = item.shelf.is_untouched(output)
    if os.path.lexists(output) and not untouched:
        raise NothingToDoError(THERE)
    return dataclasses.replace(item, wish=wish, format=chosen, output=output, replace=untouched)


def outcome_of(kind: type[Outcome], item: Item, row: Row, hints: int = 0) -> Outcome:
    """What became of a photo, as it was taken down."""
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
