"""TOML tables read into frozen dataclasses: each key known, each value of its type and within its bounds.

A field says its bounds where it is declared: `rate: float = within(1e-3, above=0)`. An unknown key is an error that
names the nearest right one, for a misspelt setting that is silently ignored costs hours.
"""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from engine.errors import EngineError


class RecipeError(EngineError):
    """A recipe is missing, is not TOML, or holds a key or value that does not belong there."""

    title = "This recipe cannot be used"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a number may be.

    Attributes:
        low: The least value.
        high: The largest value.
        above: Whether `low` itself is too little.
    """

    low: float
    high: float
    above: bool

    def __contains__(self, value: float) -> bool:
        """Whether a number lies within; what is not finite never does."""
        return math.isfinite(value) and (self.low < value if self.above else self.low <= value) and value <= self.high

    def __str__(self) -> str:
        """As a sentence has it: "greater than 0", "at least 1", "in (0, 1]"."""
        if self.high == math.inf:
            return f"greater than {self.low:g}" if self.above else f"at least {self.low:g}"
        return f"in {'(' if self.above else '['}{self.low:g}, {self.high:g}]"


def within(default: Any, *, low: float = 0.0, high: float = math.inf, above: float | None = None) -> Any:
    """A field of a table whose numbers have bounds; in a list, each of its numbers.

    Args:
        default: The value where the table is silent; `dataclasses.MISSING` for a key that must be there.
        low: The least value.
        high: The largest value.
        above: In place of `low`: values are greater than this.
    """
    bounds = Bounds(low, high, above=False) if above is None else Bounds(above, high, above=True)
    return field(default=default, metadata={"bounds": bounds})


def build(kind: type[Any], table: dict[str, Any], where: str = "") -> Any:
    """Makes a dataclass of a table.

    Args:
        kind: The dataclass. Its fields are numbers, strings, tables (dataclasses or plain), lists of such (tuples), or
            one of some words (`Literal`).
        table: The table, as `tomllib` reads it.
        where: Its dotted place in the recipe with a dot at the end, for messages.

    Raises:
        RecipeError: If a key is unknown or missing, or a value has the wrong type or lies out of bounds.
    """
    hints = get_type_hints(kind)
    fields = {item.name: item for item in dataclasses.fields(kind)}
    for key in table:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            advice = f'Did you mean "{near[0]}"?' if near else f"Known here: {', '.join(fields)}."
            raise RecipeError(f'The recipe has an unknown key "{where}{key}".', advice)
    values: dict[str, Any] = {}
    for key, value in table.items():
        values[key] = _convert(hints[key], value, f"{where}{key}")
        bounds = fields[key].metadata.get("bounds")
        parts: tuple[Any, ...] = values[key] if isinstance(values[key], tuple) else (values[key],)
        if bounds is not None and any(part not in bounds for part in parts):
            raise RecipeError(f'"{where}{key}" in the recipe must be {bounds}; it is {value}.')
    try:
        return kind(**values)
    except TypeError as error:
        raise RecipeError(f"The recipe lacks a key in [{where.rstrip('.') or 'recipe'}]: {error}.") from error


def plain(value: Any) -> Any:
    """A dataclass, or any part of one, as TOML tables and lists; `build` reads it back."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {key: plain(item) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in cast("list[Any]", value)]
    return value


def _convert(kind: Any, value: Any, where: str) -> Any:
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        if not isinstance(value, dict):
            raise RecipeError(f'"{where}" in the recipe must be a table.')
        return build(kind, cast("dict[str, Any]", value), f"{where}.")
    origin = get_origin(kind)
    if origin is Literal:
        return _word(get_args(kind), value, where)
    if origin is tuple:
        return _listed(get_args(kind), value, where)
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    wanted = cast("type[Any]", origin or kind)
    if not isinstance(value, wanted) or (wanted is int and isinstance(value, bool)):
        raise RecipeError(f'"{where}" in the recipe must be of type {wanted.__name__}.')
    return value


def _word(words: tuple[str, ...], value: Any, where: str) -> str:
    if value in words:
        return cast("str", value)
    near = difflib.get_close_matches(str(value), words, n=1)
    advice = f'Did you mean "{near[0]}"?' if near else ""
    raise RecipeError(f'"{where}" in the recipe must be one of {", ".join(words)}.', advice)


def _listed(kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:
    of = "tables" if dataclasses.is_dataclass(kinds[0]) else "values"
    if not isinstance(value, list):
        raise RecipeError(f'"{where}" in the recipe must be a list of {of}.')
    items = cast("list[Any]", value)
    if not isinstance(kinds[-1], types.EllipsisType) and len(items) != len(kinds):
        raise RecipeError(f'"{where}" in the recipe must be a list of {len(kinds)} values.')
    return tuple(_convert(kinds[0], item, where) for item in items)
