"""What is known of the photos of a folder, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Container, Mapping
    from collections.abc import Set as AbstractSet
    from pathlib import Path


class PhotoState(Enum):
    """What became of a photo."""

    NEW = auto()
    COLORED = auto()
    FAILED = auto()


class StateFilter(Enum):
    """Which photos to show; coloured copies are shown only by the last."""

    ALL = auto()
    NEW = auto()
    COLORED = auto()
    FAILED = auto()
    HINTS = auto()
    EDITED = auto()
    COPIES = auto()


class PhotoFile(NamedTuple):
    """A photo's file as it was found.

    Nothing in it but itself is of concern to the garbage collector, which stops everything while it goes through the
    tens of thousands of these that a folder may have; so its path is made when it is asked for.

    Attributes:
        key: Where it stands among its neighbours; no two files of a folder have the same. The file's name is its end.
        folder: Where it is.
        name: Its name, fit to be shown: what is not text is replaced.
        folded: The name for comparing without regard to case.
        mtime_ns: When it was changed last.
        size: Its bytes.
        has_hints: Whether a sidecar lies beside it.
    """

    key: tuple[Any, str]
    folder: Path
    name: str
    folded: str
    mtime_ns: int
    size: int
    has_hints: bool

    @property
    def path(self) -> Path:
        """The file."""
        return self.folder / self.key[1]

    @property
    def file_name(self) -> str:
        """Its name on disk, which need not be text."""
        return self.key[1]


@dataclass(frozen=True, slots=True)
class Mark:
    """What became of a photo, and why.

    Attributes:
        state: What became of it.
        cause: Why it failed, in a sentence; else empty.
    """

    state: PhotoState = PhotoState.NEW
    cause: str = ""


NEW = Mark()


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the records of earlier runs say of a folder.

    Attributes:
        marks: What became of its photos, by file name; those not named are new.
        copies: The names of files in it that are coloured copies of its photos.
    """

    marks: dict[str, Mark] = field(default_factory=dict[str, Mark])
    copies: set[str] = field(default_factory=set[str])


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to a folder between two looks at it.

    Attributes:
        removed: Photos that are gone.
        added: Photos that are new.
        changed: Photos whose content or sidecar is another, as they are now.
    """

    removed: tuple[PhotoFile, ...] = ()
    added: tuple[PhotoFile, ...] = ()
    changed: tuple[PhotoFile, ...] = ()

    def __len__(self) -> int:
        return len(self.removed) + len(self.added) + len(self.changed)

    @classmethod
    def between(cls, before: dict[str, PhotoFile], after: list[PhotoFile]) -> Changes:
        """The changes that make one listing, by file name, into another."""
        names = {file.file_name for file in after}
        return cls(
            removed=tuple(file for name, file in before.items() if name not in names),
            added=tuple(file for file in after if file.file_name not in before),
            changed=tuple(file for file in after if before.get(file.file_name, file) != file),
        )


@dataclass(frozen=True, slots=True)
class PhotoFilter:
    """Which photos of a folder are shown.

    Attributes:
        words: All of them occur in the name, without regard to case.
        state: What became of the photo.
    """

    words: tuple[str, ...] = ()
    state: StateFilter = StateFilter.ALL

    @classmethod
    def of(cls, text: str, state: StateFilter = StateFilter.ALL) -> PhotoFilter:
        """The filter that a user means by a text."""
        return cls(tuple(text.casefold().split()), state)

    def select(
        self,
        files: list[PhotoFile],
        marks: Mapping[str, Mark],
        edited: Container[Path],
        copies: AbstractSet[str] = frozenset(),
    ) -> list[PhotoFile]:
        """The photos that are shown, out of all.

        Args:
            files: All.
            marks: What became of them, by file name.
            edited: Those with unsaved changes.
            copies: The names of those that are coloured copies of others.
        """
        for word in self.words:
            files = [file for file in files if word in file.folded]
        if copies or self.state is StateFilter.COPIES:
            wanted = self.state is StateFilter.COPIES
            files = [file for file in files if (file.file_name in copies) == wanted]
        match self.state:
            case StateFilter.ALL | StateFilter.COPIES:
                return list(files)
            case StateFilter.HINTS:
                return [file for file in files if file.has_hints]
            case StateFilter.EDITED:
                return [file for file in files if file.path in edited]
            case _:
                return [file for file in files if marks.get(file.file_name, NEW).state.name == self.state.name]
