"""The plan of a run: what is to be coloured where, and what needs nothing, settled before anything is written."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, cast

from engine.batch.events import Failed, Outcome, Skipped
from engine.batch.journal import BY_HAND, Row
from engine.batch.naming import Names, Wish
from engine.batch.place import fingerprint
from engine.batch.storage import is_marked
from engine.errors import EngineError
from engine.photo import format_suffix, output_format, source_suffixes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from engine.batch.options import BatchOptions
    from engine.batch.place import Shelf
    from engine.batch.scan import Found
    from engine.batch.sidecars import Recipe, Recipes
    from engine.photo import OutputFormat

THERE = "already there"
SAVED_BY_HAND = "already there, with changes that were made for it in the window"
MADE_HERE = "Autochrome made this picture"

_OWN_SUFFIXES: dict[OutputFormat, frozenset[str]] = {
    "JPEG": frozenset({".jpg", ".jpeg", ".jpe", ".jfif"}),
    "PNG": frozenset({".png"}),
    "TIFF": frozenset({".tif", ".tiff"}),
    "WebP": frozenset({".webp"}),
}
_FORMATS: Mapping[str, str] = {
    ".apng": "PNG",
    ".bmp": "BMP",
    ".dib": "BMP",
    ".gif": "GIF",
    ".avif": "AVIF",
    ".heic": "HEIC",
    ".heif": "HEIC",
    **{suffix: name for name, suffixes in _OWN_SUFFIXES.items() for suffix in suffixes},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One photo to colour.

    Attributes:
        found: The source.
        shelf: Where its output goes and its record is kept.
        wish: What its name was settled from.
        natural: The output format that the source would have by itself, as far as its name tells.
        format: The output's format.
        output: The output.
        replace: Whether it takes the place of one that this program made before.
        hints: How many hints it has.
    """

    found: Found
    shelf: Shelf
    wish: Wish
    natural: OutputFormat
    format: OutputFormat
    output: Path
    replace: bool
    hints: int = 0

    @property
    def key(self) -> bytes:
        """The source as the journal keeps it."""
        return self.shelf.place.key(self.found.path)


@dataclass(frozen=True, slots=True)
class Plan:
    """A plan.

    Attributes:
        items: What is to be coloured.
        outcomes: What needs no work, or cannot be worked on.
        names: Gives out further names.
    """

    items: tuple[Item, ...]
    outcomes: tuple[Outcome, ...]
    names: Names


@dataclass(frozen=True, slots=True)
class _Draft:
    """A photo whose name is not settled yet.

    Of its recipe only what is needed here is kept: there may be very many photos, each with very many hints.
    """

    found: Found
    shelf: Shelf
    row: Row | None
    natural: OutputFormat
    format: OutputFormat
    wish: Wish
    model: str
    settings: str
    digest: str
    hints: int


def make_plan(
    found: Sequence[Found],
    shelves: Sequence[Shelf],
    options: BatchOptions,
    recipes: Recipes,
    check: Callable[[], None] = lambda: None,
) -> Plan:
    """Settles what to do with each photo.

    Args:
        found: What the scan found.
        shelves: The open place of each argument.
        options: What was asked for.
        recipes: How each photo is to be coloured.
        check: Called for each photo, more than once; whatever it raises ends the planning.

    Raises:
        JournalError: If a journal cannot be written.
    """
    names = Names(one.path for one in found)
    outcomes: list[Outcome] = []
    drafts: list[_Draft] = []
    for one in found:
        check()
        try:
            recipe = None if one.cause else recipes.of(one)
        except EngineError as error:
            outcomes.append(Failed(source=one.path, cause=error.sentence, advice=error.advice))
            continue
        if recipe is None:
            outcomes.append(_refused(one))
        else:
            drafts.append(_draft(one, shelves[one.argument], options, recipe))
    items: list[Item] = []
    for draft, output in zip(drafts, names.settle([draft.wish for draft in drafts], check), strict=True):
        check()
        decided = _decided(draft, output)
        if isinstance(decided, Item):
            items.append(decided)
        else:
            outcomes.append(decided)
    return Plan(tuple(items), tuple(outcomes), names)


def _decided(draft: _Draft, output: Path) -> Item | Outcome:
    """Whether a photo is to be coloured, or why not."""
    shelf, row = draft.shelf, draft.row
    if row is not None and _is_done(row, output, draft):
        return skipped(draft.found.path, output, row, draft.hints)
    untouched = shelf.is_untouched(output)
    if untouched and row is not None and _is_by_hand(row, draft.digest):
        return dataclasses.replace(skipped(draft.found.path, output, row, draft.hints), cause=SAVED_BY_HAND)
    if os.path.lexists(output) and not untouched:
        return _adopted(draft, output)
    return Item(
        found=draft.found,
        shelf=shelf,
        wish=draft.wish,
        natural=draft.natural,
        format=draft.format,
        output=output,
        replace=untouched,
        hints=draft.hints,
    )


def suffix_for(source: Path, chosen: OutputFormat) -> str:
    """The suffix of an output: the source's own where it says the same format."""
    return source.suffix if source.suffix.lower() in _OWN_SUFFIXES[chosen] else format_suffix(chosen)


def skipped(source: Path, output: Path, row: Row, hints: int = 0) -> Skipped:
    """The outcome of a photo whose coloured copy is there from before."""
    return Skipped(
        source=source,
        output=output,
        cause=THERE,
        kind=row.kind,
        bits=row.bits,
        pages=row.pages,
        notes=row.notes,
        seconds=row.seconds,
        hints=hints,
    )


def _refused(found: Found) -> Outcome:
    kind = Skipped if found.harmless else Failed
    return kind(source=found.path, cause=found.cause)


def _natural(source: Path) -> OutputFormat:
    """The output's format as far as the source's suffix tells; reading the file may tell better."""
    suffix = source.suffix.lower()
    unknown = "RAW" if suffix in source_suffixes() else "JPEG"
    return output_format(_FORMATS.get(suffix, unknown))


def _draft(found: Found, shelf: Shelf, options: BatchOptions, recipe: Recipe) -> _Draft:
    place, key = shelf.place, shelf.place.key(found.path)
    row = None if options.restart else shelf.journal.row(key)
    natural = _natural(found.path)
    if row is not None and row.natural:
        natural = cast("OutputFormat", row.natural)
    chosen = options.format_for(natural)
    suffix = suffix_for(found.path, chosen)
    wish = Wish(
        source=found.path,
        folder=place.folder_for(found),
        suffix=suffix,
        beside=place.root is None,
        kept=kept_name(row, shelf, suffix),
        usable=partial(_is_usable, shelf=shelf, key=key, restart=options.restart),
    )
    return _Draft(
        found=found,
        shelf=shelf,
        row=row,
        natural=natural,
        format=chosen,
        wish=wish,
        model=recipe.model_hash,
        settings=recipe.settings(options, chosen),
        digest=recipe.digest,
        hints=recipe.hints,
    )


def kept_name(row: Row | None, shelf: Shelf, suffix: str) -> Path | None:
    """The name from an earlier run, as long as it is the right kind of name and nobody else's file bears it now."""
    if row is None or not row.output:
        return None
    output = shelf.place.path(row.output)
    if output.suffix != suffix or not shelf.place.holds(output):
        return None
    made = shelf.journal.made(row.output)
    if made is None or not os.path.lexists(output):
        return output if made is not None else None
    now = fingerprint(output, made.source)
    return output if now is not None and now.size == made.size else None


def _is_usable(output: Path, *, shelf: Shelf, key: bytes, restart: bool) -> bool:
    """Whether a file that is there already is this photo's output, by the journal or, where that is silent, by mark."""
    made = shelf.journal.made(shelf.place.key(output))
    if made is not None:
        return made.source == key and shelf.is_untouched(output)
    return not restart and is_marked(output)


def _is_by_hand(row: Row, digest: str) -> bool:
    """Whether a photo was saved in the window, and its sidecar asks for nothing else since.

    Where it does, a person changed it after saving, and the sidecar has all that is to be seen in the saved file too.
    Without a sidecar that file is all there is.
    """
    by_hand, _, saved = row.settings.partition(":")
    return by_hand == BY_HAND and (not digest or not saved or digest == saved)


def _is_done(row: Row, output: Path, draft: _Draft) -> bool:
    """Whether nothing has changed since a photo was coloured, and the coloured copy is there in its full size."""
    made = draft.shelf.journal.made(row.output)
    now = fingerprint(output, row.source)
    return (
        row.state == "done"
        and draft.shelf.place.path(row.output) == output
        and (row.size, row.mtime_ns) == (draft.found.size, draft.found.mtime_ns)
        and (row.model, row.settings) == (draft.model, draft.settings)
        and made is not None
        and now is not None
        and now.size == made.size
    )


def _adopted(draft: _Draft, output: Path) -> Outcome:
    """Takes a coloured copy into the journal that was made when there was no journal, or another.

    Its time of change is not trusted, so that it is never replaced: who knows what was done to it since.
    """
    found, place = draft.found, draft.shelf.place
    row = Row(
        source=place.key(found.path),
        size=found.size,
        mtime_ns=found.mtime_ns,
        settings=draft.settings,
        model=draft.model,
        natural=draft.natural,
        marked=True,
        output=place.key(output),
        state="done",
    )
    made = fingerprint(output, row.source)
    if made is not None:
        draft.shelf.journal.store(row, dataclasses.replace(made, mtime_ns=0))
    return skipped(found.path, output, row)
