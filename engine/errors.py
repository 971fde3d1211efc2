"""Everything that can go wrong, said so that a user understands it.

Each error tells what happened (`title`), to which file and why (`sentence`), and what to do (`advice`); `str(error)` is
the sentence with the advice. The command line and the window show these texts as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


class EngineError(Exception):
    """The base of all errors that the engine raises on purpose.

    Args:
        sentence: What happened, to which file, and why: a full sentence.
        advice: What the user can do about it; empty where there is nothing to do.
    """

    title = "Something went wrong"

    def __init__(self, sentence: str, advice: str = "") -> None:
        super().__init__(f"{sentence} {advice}".strip())
        self.sentence = sentence
        self.advice = advice

    def __reduce__(self) -> tuple[type[EngineError], tuple[Any, ...]]:
        """Errors cross from worker processes to the batch."""
        return type(self), (self.sentence, self.advice)


class PhotoError(EngineError):
    """An error about one picture file, named in `path`.

    Args:
        path: The picture file.
        cause: Why, in plain words, without the file's name (this is what a report's row shows).
        advice: What the user can do about it.
    """

    title = "This photo could not be used"

    def __init__(self, path: Path, cause: str, advice: str = "") -> None:
        super().__init__(f"{path}: {cause}", advice)
        self.path = path
        self.cause = cause

    def __reduce__(self) -> tuple[type[PhotoError], tuple[Any, ...]]:
        """As of any error, with the path."""
        return type(self), (self.path, self.cause, self.advice)


class UnreadablePhotoError(PhotoError):
    """The file is missing, damaged, empty, or not a picture."""

    title = "This photo could not be read"


class UnsupportedPhotoError(PhotoError):
    """The file is a picture of a format that is not read here, or needs an extra that is not installed."""

    title = "This format is not supported"


class PhotoTooLargeError(PhotoError):
    """The picture has more pixels than fit into the memory of this machine."""

    title = "This photo is too large"


class SaveError(PhotoError):
    """The coloured photo could not be written; nothing was left behind under its name."""

    title = "The coloured photo could not be saved"


class SidecarError(EngineError):
    """A photo's sidecar is damaged, of a newer version, or cannot be read or written; it is left as it is.

    Args:
        path: The sidecar.
        cause: Why, in plain words, without the file's name.
        advice: What the user can do about it.
    """

    title = "The hints of this photo could not be used"

    def __init__(self, path: Path, cause: str, advice: str = "") -> None:
        super().__init__(f"{path}: {cause}", advice)
        self.path = path
        self.cause = cause

    def __reduce__(self) -> tuple[type[SidecarError], tuple[Any, ...]]:
        """As of any error, with the path."""
        return type(self), (self.path, self.cause, self.advice)


class UnknownModelError(EngineError):
    """No model of that name is installed."""

    title = "There is no such model"


class BadWeightsError(EngineError):
    """A weight file is damaged, does not fit its card, or is hostile; the model before it stays in use."""

    title = "This weight file cannot be used"


class NoPhotoError(EngineError):
    """A session was asked for colours before it was given a photo."""

    title = "There is no photo yet"


class OutOfMemoryError(EngineError):
    """Neither the device nor the CPU has enough memory, even for the smallest piece of work."""

    title = "There is not enough memory"


class BadPredictionError(EngineError):
    """A model returned colours that are not finite, or none at all; no picture is made of them."""

    title = "The model's result cannot be used"


class DeviceError(EngineError):
    """The device that was asked for is not on this machine."""

    title = "This device is not available"


class CancelledError(EngineError):
    """The work was cancelled by the user; nothing partial is left."""

    title = "Cancelled"


class PaletteError(EngineError):
    """A palette file could not be read or written; what was there is as it was.

    Args:
        path: The palette file.
        cause: Why, in plain words, without the file's name.
        advice: What the user can do about it.
    """

    title = "This palette could not be used"

    def __init__(self, path: Path, cause: str, advice: str = "") -> None:
        super().__init__(f"{path}: {cause}", advice)
        self.path = path
        self.cause = cause

    def __reduce__(self) -> tuple[type[PaletteError], tuple[Any, ...]]:
        """As of any error, with the path."""
        return type(self), (self.path, self.cause, self.advice)


class GreyReferenceError(EngineError):
    """A photo that colours should be carried over from has none."""

    title = "This photo has no colours"
