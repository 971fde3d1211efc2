"""Between the settings and the TOML document that keeps them: every value is checked against its field's annotation."""

from __future__ import annotations

import os
import tomllib
from dataclasses import asdict, fields
from typing import Annotated, Any, Literal, cast, get_args, get_origin, get_type_hints
from urllib.parse import quote, unquote_to_bytes

import tomli_w

from desktop.settings.values import Settings, Within

VERSION = 1
"""Of the file's layout; raised only when an older program would misread a newer file."""
VERSION_KEY = "autochrome"
_UNDECODABLE = "file-name:"

Document = dict[str, Any]


def settings_of(document: Document) -> tuple[Settings, list[str]]:
    """The settings that a document states, and the names of the values in it that cannot be used."""
    wrong: list[str] = []
    sections: dict[str, Any] = {}
    for section in fields(Settings):
        table: Any = document.get(section.name, {})
        if not isinstance(table, dict):
            wrong.append(section.name)
            continue
        values, bad = _section_of(cast("type[Any]", section.default_factory), cast("Document", table))
        sections[section.name] = values
        wrong += [f"{section.name}.{name}" for name in bad]
    return Settings(**sections), wrong


def _section_of(kind: type[Any], table: Document) -> tuple[Any, list[str]]:
    annotations = get_type_hints(kind, include_extras=True)
    good: Document = {}
    wrong: list[str] = []
    for name in (known.name for known in fields(kind)):
        if name not in table:
            continue
        value = _from_toml(table[name])
        if _fits(value, annotations[name]):
            good[name] = value
        else:
            wrong.append(name)
    return kind(**good), wrong


def _fits(value: Any, annotation: Any) -> bool:
    """Whether a value is one of those that an annotation allows; `True` is no number here."""
    origin = get_origin(annotation)
    if origin is Literal:
        return isinstance(value, str) and value in get_args(annotation)
    if origin is Annotated:
        _, limits = get_args(annotation)
        return type(value) is int and isinstance(limits, Within) and limits.low <= value <= limits.high
    if origin is tuple:
        return isinstance(value, tuple) and all(isinstance(item, str) for item in cast("tuple[Any, ...]", value))
    return type(value) is annotation


def _from_toml(value: Any) -> Any:
    """A value as the program has it: lists are tuples, and names of files that are no text have their bytes again."""
    if isinstance(value, list):
        return tuple(_from_toml(item) for item in cast("list[Any]", value))
    if isinstance(value, str) and value.startswith(_UNDECODABLE):
        return os.fsdecode(unquote_to_bytes(value.removeprefix(_UNDECODABLE)))
    return value


def _to_toml(value: Any) -> Any:
    """The reverse: a file name of undecodable bytes is written with percent signs, for TOML holds text alone."""
    if isinstance(value, tuple):
        return [_to_toml(item) for item in cast("tuple[Any, ...]", value)]
    if isinstance(value, str) and (value.startswith(_UNDECODABLE) or not _is_text(value)):
        return _UNDECODABLE + quote(os.fsencode(value))
    return value


def _is_text(value: str) -> bool:
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def parsed(content: bytes) -> Document | None:
    """The document, or None where it is none, or none that could be written again."""
    try:
        document = tomllib.loads(content.decode("utf-8"))
        tomli_w.dumps(document)  # numbers of thousands of digits, and nesting without end
    except (ValueError, RecursionError):
        return None
    return document


def merged(document: Document, settings: Settings) -> Document:
    """The document with the settings in it; keys that are not ours stay."""
    together: Document = {VERSION_KEY: VERSION, **document}
    for section, values in asdict(settings).items():
        known = {name: _to_toml(value) for name, value in values.items()}
        together[section] = {**document.get(section, {}), **known}
    return together


def without(document: Document, wrong: list[str]) -> Document:
    """The document without sections that are no tables."""
    return {key: value for key, value in document.items() if key not in wrong}
