"""One function for each act of the background; it returns an operation, which `Operation.start` runs on `Tasks`.

What is inside an operation runs on another thread and touches no widget.
"""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QCoreApplication

from desktop.kept import read_kept
from desktop.pixels import image_of
from engine import (
    EngineError,
    Pyramid,
    Sidecar,
    add_model,
    broken_models,
    list_models,
    read_header,
    read_pages,
    read_photo,
    read_thumbnail,
    remove_model,
    render,
    save_as,
    save_beside,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    from numpy.typing import NDArray
    from PySide6.QtGui import QImage

    from desktop.coloring import Engine
    from desktop.kept import Kept, Ticket
    from desktop.studio import Choice, Coloring
    from desktop.tasks import Task, Tasks
    from engine import BrokenModel, HintSet, InstalledModel, Look, Photo, PhotoHeader, Progress, Saved, SaveOptions

T = TypeVar("T")
Stamp = tuple[int, int] | None

DRAFT_PIXELS = 6_000_000
"""From so many pixels on a photo is first shown as a quick draft."""
DRAFT_SIDE = 1600
NOTHING_CHOSEN = Sidecar()


@dataclass(frozen=True, slots=True)
class Operation(Generic[T]):
    """An act of the background, not yet begun.

    Attributes:
        work: Does it, on another thread.
    """

    work: Callable[[Progress], T]

    def start(
        self,
        tasks: Tasks,
        *,
        done: Callable[[T], object],
        failed: Callable[[Exception], object] | None = None,
        reported: Callable[[float, str], object] | None = None,
        priority: int = 0,
    ) -> Task[T]:
        """Begins it; arguments as of `Tasks.run`."""
        return tasks.run(self.work, done=done, failed=failed, reported=reported, priority=priority)


@dataclass(frozen=True, slots=True)
class Opened:
    """A photo that was read, ready for the screen.

    Attributes:
        photo: The photo.
        pyramid: Its sizes for the screen.
        stamp: Which content of the file it is: see `stamp_of`.
        ticket: What was asked for of its edits.
        kept: What its sidecar says.
    """

    photo: Photo
    pyramid: Pyramid
    stamp: Stamp
    ticket: Ticket
    kept: Kept


@dataclass(frozen=True, slots=True)
class Draft:
    """A quick small picture of a large photo.

    Attributes:
        image: The picture.
        header: The size of the photo itself.
    """

    image: QImage
    header: PhotoHeader


def stamp_of(path: Path) -> Stamp:
    """Size and time of change of a file, which tell one content from another; None where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns


def read_draft(path: Path, page: int) -> Operation[Draft | None]:
    """A draft of a photo that is so large that reading it in full takes long; None where it is not."""

    def work(progress: Progress) -> Draft | None:
        header = read_header(path, page)
        if header.width * header.height < DRAFT_PIXELS or page > 0:
            return None
        progress.check()
        return Draft(image_of(read_thumbnail(path, DRAFT_SIDE)), header)

    return Operation(work)


def read_for_screen(ticket: Ticket, page: int) -> Operation[Opened]:
    """Reads a photo in full with what is kept of its edits, and makes the sizes of it that the screen needs."""
    path = ticket.path

    def work(progress: Progress) -> Opened:
        stamp = stamp_of(path)
        photo = read_photo(path, page=page)
        progress.check()
        kept = read_kept(ticket, (photo.width, photo.height) if page == 0 else None)
        return Opened(photo, Pyramid.build(photo.pixels, photo.alpha, progress), stamp, ticket, kept)

    return Operation(work)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveRequest:
    """A photo to be saved in colour.

    Attributes:
        path: The file.
        choice: What to colour it with.
        look: How to show the colours.
        options: Format, quality, metadata, mark; the format may be "same".
        hints: What is known of the first page's colours; None for nothing.
        known: The page that is open, with its colours, which are not made again; None where the photo is not open.
        stamp: Which content of the file that page is. If the file has other content now, the page is not used.
        destination: Where to; None for beside the photo, under a name that is free.
        replace: Whether the user agreed to replace the file that is at `destination`.
        sidecar: What a person chose for this photo, empty for nothing; None where no sidecar of it tells: then no batch
            may ever colour over the result.
    """

    path: Path
    choice: Choice
    look: Look
    options: SaveOptions
    hints: HintSet | None = None
    known: tuple[Photo, Coloring] | None = None
    stamp: Stamp = None
    destination: Path | None = None
    replace: bool = False
    sidecar: Sidecar | None = NOTHING_CHOSEN


class MissingPhotoError(EngineError):
    """The photo that was to be saved is no longer there."""

    title = "This photo could not be read"


def save_colored(request: SaveRequest, engine: Engine) -> Operation[Saved]:
    """Saves a photo in colour, every page of it."""

    def work(progress: Progress) -> Saved:
        current = request if stamp_of(request.path) in (None, request.stamp) else replace(request, known=None)
        photos = _all_pages(current, progress)
        pictures = _pictures(current, photos, engine, progress)
        options = replace(request.options, model=request.choice.model)
        if request.destination is None:
            if request.sidecar is not None and request.sidecar.is_empty:
                return save_beside(pictures, photos, options, look=request.look)
            return save_beside(pictures, photos, options, sidecar=request.sidecar)
        return save_as(request.destination, pictures, photos, options, replace=request.replace)

    return Operation(work)


def _all_pages(request: SaveRequest, progress: Progress) -> list[Photo]:
    """The pages of the file; the one that is open is not read again."""
    known = request.known
    if known is not None and known[0].page_count == 1:
        return [known[0]]
    if not os.path.lexists(request.path):
        raise MissingPhotoError(
            QCoreApplication.translate("operations", "{photo} is no longer there.").format(photo=request.path)
        )
    pages: list[Photo] = []
    for photo in read_pages(request.path):
        progress.check()
        pages.append(known[0] if known is not None and known[0].page == photo.page else photo)
    return pages


def _pictures(request: SaveRequest, photos: list[Photo], engine: Engine, progress: Progress) -> Iterator[NDArray[Any]]:
    """The pages in colour, one by one."""
    for number, photo in enumerate(photos):
        progress.report(number / len(photos), request.path.name)
        known = request.known
        if known is not None and known[0] is photo:
            coloring = known[1]
        else:
            hints = _hints_of(photo, request.hints)
            coloring = engine.color_aside(photo, request.choice, hints, progress)
        yield render(photo.pixels, coloring.colors, request.look)
        progress.check()


def _hints_of(photo: Photo, hints: HintSet | None) -> HintSet | None:
    """The hints of one page, at its size: the first has them all."""
    return None if hints is None or photo.page > 0 else hints.scaled_to(photo.width, photo.height)


def save_pasted(image: QImage, folder: Path) -> Operation[Path]:
    """Keeps a picture from the clipboard as a file of its own, so that it is a photo like any other."""

    def work(progress: Progress) -> Path:
        del progress
        folder.mkdir(parents=True, exist_ok=True)
        stamp = dt.datetime.now(tz=dt.UTC).astimezone().strftime("%Y-%m-%d %H-%M-%S-%f")
        file = folder / f"pasted {stamp}.png"
        if not image.save(str(file)):
            raise OSError(f"{file} could not be written.")
        return file

    return Operation(work)


@dataclass(frozen=True, slots=True)
class Models:
    """What is installed.

    Attributes:
        usable: Models that can be used, as far as their cards tell.
        broken: What lies there and cannot be used.
        sizes: Bytes of the weight files by the models' names.
    """

    usable: list[InstalledModel]
    broken: list[BrokenModel]
    sizes: dict[str, int]


def read_models() -> Operation[Models]:
    """Looks which models are installed."""

    def work(progress: Progress) -> Models:
        del progress
        usable = list_models()
        return Models(usable, broken_models(), weight_sizes(usable))

    return Operation(work)


def weight_sizes(models: Sequence[InstalledModel]) -> dict[str, int]:
    """Bytes of each model's weight file by its name; it looks at the disk, so call it in the background."""
    found: dict[str, int] = {}
    for model in models:
        try:
            found[model.id] = model.weights.stat().st_size
        except OSError:
            continue  # it has just gone, and who loads it will say so
    return found


def install_model(file: Path, *, replacing: bool = False) -> Operation[InstalledModel]:
    """Checks a weight file in full and installs it; a bad one changes nothing."""
    return Operation(lambda progress: add_model(file, replace=replacing))


def uninstall_model(model: str) -> Operation[None]:
    """Deletes one of the user's own models."""
    return Operation(lambda progress: remove_model(model))
