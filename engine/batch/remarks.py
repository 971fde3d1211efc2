"""What there is to say about one photo of a batch, in plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.errors import EngineError, PhotoError, UnsupportedPhotoError
from engine.photo import SourceKind, exact_luma_obstacle

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from engine.photo import Photo


class NothingToDoError(EngineError):
    """A photo turned out to need no colours; the sentence says why."""

    title = "There is nothing to do"


def check_exact_luma(path: Path) -> None:
    """Refuses a file whose luma cannot be kept bit for bit, from its header alone.

    Raises:
        PhotoError: If it cannot be kept, or the file cannot be read.
    """
    obstacle = exact_luma_obstacle(path)
    if obstacle:
        raise UnsupportedPhotoError(path, obstacle, "Its lightness can be kept instead, with --luma lightness.")


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
