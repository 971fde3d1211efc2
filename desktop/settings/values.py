"""What a user can set, as values that never change.

To add a setting, add a field with its default to a section: reading checks values against the field's annotation, and
files without it stay good.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Annotated, Literal

ThemeChoice = Literal["system", "light", "dark"]
LanguageChoice = Literal["system", "en", "de"]
DeviceChoice = Literal["auto", "cpu", "cuda", "mps"]
FormatChoice = Literal["same", "jpeg", "png", "tiff", "webp"]
MAY_BE_JPEG: frozenset[FormatChoice] = frozenset({"same", "jpeg"})

MOST_RECENT = 12
"""How many recent folders are kept."""


@dataclass(frozen=True, slots=True)
class Within:
    """An annotation: a whole number's range, both ends included."""

    low: int
    high: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """How the window looks."""

    theme: ThemeChoice = "system"
    language: LanguageChoice = "system"
    """Takes effect at the next start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coloring:
    """How photos are coloured when they are opened."""

    model: str = "photo"
    """The id of the model that is chosen at the start."""
    device: DeviceChoice = "auto"
    white_balance: bool = False
    """Whether a new photo's look begins with the automatic white balance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """How coloured photos are saved, where the user does not say otherwise."""

    format: FormatChoice = "same"
    quality: Annotated[int, Within(1, 100)] = 92
    mark: bool = True
    """Whether files say that their colours are synthetic."""
    metadata: bool = True
    """Whether EXIF, XMP and IPTC of the source are carried over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibrarySettings:
    """The left side of the window, and what it showed last."""

    thumbnail_size: Annotated[int, Within(64, 512)] = 128
    """The longer side of a thumbnail, in device-independent pixels."""
    recent: tuple[str, ...] = ()
    """Folders, the newest first, at most `MOST_RECENT`."""
    reopen: bool = True
    """Whether the last folder and photo are opened again at the start."""
    folder: str = ""
    """The folder that was open last; empty where none was."""
    photo: str = ""
    """The photo that was open last; empty where none was."""

    def with_recent(self, folder: str) -> LibrarySettings:
        """The same with a folder at the head of the recent ones."""
        others = [known for known in self.recent if known != folder]
        return replace(self, recent=(folder, *others)[:MOST_RECENT])


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSettings:
    """How folders are coloured in the queue."""

    jobs: Annotated[int, Within(0, 256)] = 0
    """Threads that read, render and save; 0 is one for each core."""
    salvage: bool = False
    """Whether to colour what is left of files that are cut off."""
    exact_luma: bool = False
    """Whether the luma of JPEGs is kept bit for bit; photos of which that is not possible are not coloured then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that the user can set; the defaults are what a new user gets."""

    appearance: Appearance = field(default_factory=Appearance)
    coloring: Coloring = field(default_factory=Coloring)
    saving: Saving = field(default_factory=Saving)
    library: LibrarySettings = field(default_factory=LibrarySettings)
    batch: BatchSettings = field(default_factory=BatchSettings)

    @property
    def keeps_luma(self) -> bool:
        """Whether the queue keeps luma bit for bit: it is wished, and what is saved may be JPEGs."""
        return self.batch.exact_luma and self.saving.format in MAY_BE_JPEG
