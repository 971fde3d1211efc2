"""What a batch tells while it runs: one dataclass an event. Listeners may print them, draw them or collect them."""

from __future__ import annotations

import dataclasses
import json
import os
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, cast

from engine.batch.storage.names import named


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that a batch tells its listener."""

    name: ClassVar[str] = "event"

    def to_json(self) -> str:
        """The event as one line of JSON, in ASCII, so that no name can break it.

        Bytes of a file name that are no text stand as lone surrogates, as in Python's own paths.
        """
        fields = {field.name: _plain(getattr(self, field.name)) for field in dataclasses.fields(self)}
        return json.dumps({"event": self.name, **fields})


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin(Event):
    """The scan is over.

    Attributes:
        total: How many photos there are, with those that are already done.
    """

    name: ClassVar[str] = "begin"
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """A photo was read and goes through the network now.

    Attributes:
        source: The photo.
    """

    name: ClassVar[str] = "started"
    source: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned(Event):
    """What a dry run would do with one photo.

    Attributes:
        source: The photo.
        output: Where its coloured copy would go.
        replace: Whether it would take the place of a copy that this program made before.
        hints: How many hints its sidecar has.
    """

    name: ClassVar[str] = "planned"
    source: Path
    output: Path
    replace: bool = False
    hints: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome(Event):
    """What became of one photo.

    Attributes:
        source: The photo.
        output: Its coloured copy, where there is one.
        cause: Why it failed or was skipped, in plain words.
        advice: What the user can do about it.
        kind: What the source was: grey, bitonal, toned or colour. Empty if it was not read.
        bits: Bits of the source's channels; 0 if it was not read.
        pages: How many pages the source has; 0 if it was not read.
        notes: Remarks in plain words.
        seconds: The work that it took.
        hints: How many hints of its sidecar shaped its colours.
    """

    source: Path
    output: Path | None = None
    cause: str = ""
    advice: str = ""
    kind: str = ""
    bits: int = 0
    pages: int = 0
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    hints: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Outcome):
    """The photo was coloured."""

    name: ClassVar[str] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped(Outcome):
    """There was nothing to do: its coloured copy is already there, or the photo is itself one."""

    name: ClassVar[str] = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Outcome):
    """The photo could not be coloured; the batch goes on."""

    name: ClassVar[str] = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Event):
    """A remark about the batch as a whole.

    Attributes:
        text: A full sentence.
    """

    name: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Event):
    """Nothing can be read or saved for now: a disk is full, or gone. The run waits, and goes on by itself.

    Attributes:
        folder: The folder that cannot be read or written to.
        cause: Why, in plain words.
        advice: What the user can do about it.
    """

    name: ClassVar[str] = "waiting"
    folder: Path
    cause: str
    advice: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Event):
    """The run goes on after it waited.

    Attributes:
        folder: The folder that is as it should be again.
        seconds: How long the run waited.
    """

    name: ClassVar[str] = "resumed"
    folder: Path
    seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary(Event):
    """The last event.

    Attributes:
        done: Photos coloured by this run.
        failed: Photos that could not be coloured.
        skipped: Photos with nothing to do.
        interrupted: Whether the run was stopped before its end; the same command goes on.
        seconds: How long the run took.
        reports: The reports that were written.
        hinted: Photos among the coloured ones that had hints.
        stages: Seconds of work by stage, summed over all threads: read, network, save.
        busy: By group of threads, the share of its time that it worked while photos were waiting, in [0, 1].
        estimate: Of a dry run, the seconds that the run would take, judged by a sample; None where that is unknown.
        sample: Of a dry run, how many photos were coloured on trial for that.
    """

    name: ClassVar[str] = "summary"
    done: int
    failed: int
    skipped: int
    interrupted: bool = False
    seconds: float = 0.0
    reports: tuple[Path, ...] = ()
    hinted: int = 0
    stages: Mapping[str, float] = field(default_factory=lambda: dict[str, float]())
    busy: Mapping[str, float] = field(default_factory=lambda: dict[str, float]())
    estimate: float | None = None
    sample: int = 0


def shown(path: Path | str) -> str:
    """A path for people: bytes that are no text, and control characters, are written as escapes; URLs as they are."""
    text = named(os.fspath(path))
    if text.isprintable():
        return text
    try:
        raw = os.fsencode(text)
    except UnicodeEncodeError:  # half of a surrogate pair, which JSON may hold
        raw = text.encode("utf-8", "surrogatepass")
    text = raw.decode("utf-8", "backslashreplace")
    return "".join(
        character.encode("unicode_escape").decode() if unicodedata.category(character) == "Cc" else character
        for character in text
    )


def _plain(value: Any) -> Any:
    """A value that JSON knows."""
    if isinstance(value, Path | str):
        return named(str(value))
    if isinstance(value, tuple):
        return [_plain(item) for item in cast("tuple[Any, ...]", value)]
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in cast("Mapping[str, Any]", value).items()}
    return round(value, 3) if isinstance(value, float) else value
