"""The background's acts that have to do with hints; as `desktop.operations`, one function each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt

from desktop.operations import Operation
from desktop.pixels import image_of
from engine import EngineError, SourceKind, read_header, read_palette, read_photo, write_palette

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.coloring import Engine
    from desktop.studio import Choice
    from engine import HintSet, Painting, Palette, Photo, Progress, Pyramid

PICKED_SHARE = 0.002
"""A colour is picked from so much of the photo's longer side around a place, for a single pixel is grain."""
GREYS = (SourceKind.GREY, SourceKind.BITONAL)
"""Photos that have no colour to give."""
MOST_AHEAD_PIXELS = 50_000_000
"""A photo with more is not read ahead."""


class NoColorsError(EngineError):
    """A reference photo has no colours to carry over."""

    title = "This photo cannot be a reference"


def pick_color(pyramid: Pyramid, painting: Painting | None, x: float, y: float) -> Operation[str]:
    """The colour of a place, as "#rrggbb".

    Args:
        pyramid: The photo.
        painting: Its colours; None picks from the photo as it is.
        x: The place, in pixels of the photo.
        y: Likewise.
    """

    def work(progress: Progress) -> str:
        del progress
        reach = max(1, round(PICKED_SHARE * max(pyramid.width, pyramid.height)))
        left, top = (
            min(max(int(place) - reach, 0), side - 1) for place, side in ((x, pyramid.width), (y, pyramid.height))
        )
        size = 2 * reach + 1
        box = (left, top, min(size, pyramid.width - left), min(size, pyramid.height - top))
        part = pyramid.original(0, box) if painting is None else pyramid.colored(0, box, painting)
        ignored, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        return image_of(part).scaled(1, 1, ignored, smooth).pixelColor(0, 0).name()

    return Operation(work)


def read_reference(path: Path, photo: Photo, choice: Choice, engine: Engine) -> Operation[HintSet]:
    """Hints for the open photo out of a similar colour photo.

    Args:
        path: The colour photo.
        photo: The open photo.
        choice: What it is coloured with.
        engine: Compares them.
    """

    def work(progress: Progress) -> HintSet:
        reference = read_photo(path)
        progress.check()
        if reference.source_kind in GREYS:
            raise NoColorsError(
                QCoreApplication.translate("operations", "{photo} has no colours.").format(photo=path),
                QCoreApplication.translate("operations", "Choose a photo in colour of something similar."),
            )
        return engine.reference_hints(photo, choice, reference.pixels, progress)

    return Operation(work)


def read_neighbour(path: Path) -> Operation[Photo | None]:
    """Reads a photo that may be opened next; None where that would take too much."""

    def work(progress: Progress) -> Photo | None:
        header = read_header(path)
        progress.check()
        return read_photo(path) if header.width * header.height <= MOST_AHEAD_PIXELS else None

    return Operation(work)


def read_palette_file(path: Path) -> Operation[Palette]:
    """Reads a palette."""
    return Operation(lambda progress: read_palette(path))


def write_palette_file(path: Path, palette: Palette) -> Operation[None]:
    """Writes a palette."""
    return Operation(lambda progress: write_palette(path, palette))
