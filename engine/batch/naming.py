"""The outputs' names, settled before anything is written.

A name is free if no other output of this run, no source, and no file on the disk bears it; names that differ only by
case or by the composition of accents count as one, for some disks hold them for one. Sources that would give one name
keep their suffixes in it: `a.jpg` and `a.tif` become `a-jpg.png` and `a-tif.png`.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import threading
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

LONGEST = 255
"""Bytes that nearly all file systems allow in a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The name that a photo's output would have if all names were free.

    Attributes:
        source: The photo.
        folder: The output's folder.
        suffix: The output's suffix with its dot.
        beside: Whether the output goes beside its source, and so is called `x-color` from the start.
        kept: The name that it had in an earlier run; it keeps it, whatever the others are called.
        usable: Asked about a file that already exists under a name: whether it is this photo's output.
    """

    source: Path
    folder: Path
    suffix: str
    usable: Callable[[Path], bool]
    beside: bool = False
    kept: Path | None = None


@dataclass(slots=True)
class _Numbers:
    """Which numbers outputs of one name bear.

    Attributes:
        following: Never tried so far, nor is any after it.
        taken: Before that, the numbers of files that lie on the disk; one may be another photo's own output.
    """

    following: int = 2
    taken: dict[int, None] = field(default_factory=dict[int, None])

    def take(self, number: int, *, given: bool) -> None:
        """Notes that a number was tried, and whether an output of this run bears it."""
        self.following = max(self.following, number + 1)
        if given:
            self.taken.pop(number, None)
        else:
            self.taken[number] = None


class Names:
    """Gives out names, none twice. Safe to use from several threads.

    Args:
        sources: Every photo of this run.
    """

    def __init__(self, sources: Iterable[Path]) -> None:
        self._sources = {folded(source) for source in sources}
        self._given: set[str] = set()
        self._numbers: dict[str, _Numbers] = {}
        self._lock = threading.Lock()

    def settle(self, wishes: Sequence[Wish], check: Callable[[], None] = lambda: None) -> list[Path]:
        """Names for many outputs at once, in the order of the wishes.

        Args:
            wishes: What they would be called.
            check: Called for each; whatever it raises ends it.
        """
        with self._lock:
            self._given.update(folded(wish.kept) for wish in wishes if wish.kept is not None)
            first = [folded(_candidates(wish, _stem(wish, alone=True))[0]) for wish in wishes]
            alike = Counter([*first, *self._given])
            settled: list[Path] = []
            for wish, name in zip(wishes, first, strict=True):
                check()  # each looks at the disk, and that may be one far away
                settled.append(wish.kept or self._first_free(wish, alone=alike[name] < 2))
            return settled

    def settle_again(self, wish: Wish, former: Path) -> Path:
        """Another name for one output whose format turned out to be another than its source's suffix promised."""
        with self._lock:
            self._given.discard(folded(former))
            return self._first_free(wish, alone=True)

    def _first_free(self, wish: Wish, *, alone: bool) -> Path:
        stem = _stem(wish, alone=alone)
        for candidate in _candidates(wish, stem):
            if self._is_free(candidate, wish):
                self._given.add(folded(candidate))
                return candidate
        return self._first_free_number(wish, stem)

    def _first_free_number(self, wish: Wish, stem: str) -> Path:
        """`x-color-2` and so on. Thousands may be called alike, so the numbers given out are not tried again."""
        numbers = self._numbers.setdefault(folded(wish.folder / f"{stem}{wish.suffix}"), _Numbers())
        for number in itertools.chain(tuple(numbers.taken), itertools.count(numbers.following)):
            candidate = wish.folder / shortened(stem, f"-color-{number}{wish.suffix}")
            free = self._is_free(candidate, wish)
            numbers.take(number, given=free or folded(candidate) in self._given)
            if free:
                self._given.add(folded(candidate))
                return candidate
        raise AssertionError("the numbers never end")

    def _is_free(self, candidate: Path, wish: Wish) -> bool:
        name = folded(candidate)
        if name in self._given or name == folded(wish.source):
            return False
        if os.path.lexists(candidate):
            return wish.usable(candidate)
        return name not in self._sources


def folded(path: Path) -> str:
    """A path as a disk may see it that tells neither case nor the composition of accents apart."""
    return unicodedata.normalize("NFC", os.fspath(path).casefold())


def shortened(stem: str, tail: str) -> str:
    """`stem` + `tail`, with the stem cut where the name would be too long; the same stem is always cut alike.

    Args:
        stem: May be of any length.
        tail: What must stay: a counter and the suffix.
    """
    if len(os.fsencode(stem + tail)) <= LONGEST:
        return stem + tail
    tail = f"~{hashlib.sha256(os.fsencode(stem)).hexdigest()[:8]}{tail}"
    while len(os.fsencode(stem + tail)) > LONGEST:
        stem = stem[:-1]
    return stem + tail


def _stem(wish: Wish, *, alone: bool) -> str:
    """What the output is called after: with the source's suffix in it where others would be called alike."""
    stem, kind = wish.source.stem, wish.source.suffix.lower().lstrip(".")
    return stem if alone or not kind else f"{stem}-{kind}"


def _candidates(wish: Wish, stem: str) -> list[Path]:
    """The names to try before there are numbers in them, the best first."""
    tails = [f"-color{wish.suffix}"] if wish.beside else [wish.suffix, f"-color{wish.suffix}"]
    return [wish.folder / shortened(stem, tail) for tail in tails]
