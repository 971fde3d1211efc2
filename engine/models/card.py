"""Cards: what is known about a weight file, kept as `<id>.toml` beside `<id>.safetensors`."""

from __future__ import annotations

import datetime as dt
import math
import re
import stat
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar, cast

from engine.errors import BadWeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

MAX_CARD_BYTES = 1 << 16
"""Ours have some four thousand; what a key of many dots takes to be read grows with its square."""
MAX_ID_LENGTH = 64
INFERENCE_SIDES = range(32, 4097)

Value = TypeVar("Value")
Table = dict[str, Any]

_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
_KINDS: dict[type[Any], str] = {str: "text", int: "a whole number", dict: "a table", list: "a list"}
MAX_SATURATION = 4.0
_ADVICE = "Use the card that came with the weights."


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """The facts about one weight file.

    Attributes:
        id: Name of the model and of its two files: see `is_model_id`.
        purpose: What it is for, one sentence.
        architecture: A name of `engine.models.registry.ARCHITECTURES`.
        licence: SPDX name of the weights' licence.
        sha256: Of the whole weight file, 64 lower-case hexadecimal digits.
        parameters: Number of trained parameters; 0 where nothing is learned.
        inference_side: The network's size in use: photos are resized to about this many pixels squared.
        saturation: The saturation that its colours are shown with unless the user says otherwise: a model trained for
            accuracy is brown, and this is how far it may be made vivid before that costs more than it gives.
        evenness: How far each region between lines takes one colour unless the user says otherwise, in [0, 1]: for
            models of cartoons.
        date: When it was made, ISO 8601; empty where it is not known.
        commit: The commit of this program that made it; empty where it is not known.
        network: The architecture's numbers; absent ones take its defaults.
        photos: How many photos it was trained on; 0 where that is not known.
        collections: The collections that these came from.
        training: The whole training table, `photos` and `collections` among it.
        recipe: The settings of its training.
        metrics: Measured figures: finite numbers, tables of them for each source, and the `command` that gave them.
        more: Keys that this version does not know.
    """

    id: str
    purpose: str
    architecture: str
    licence: str
    sha256: str
    parameters: int
    inference_side: int
    saturation: float = 1.0
    evenness: float = 0.0
    date: str = ""
    commit: str = ""
    network: Mapping[str, Any] = field(default_factory=Table)
    photos: int = 0
    collections: tuple[str, ...] = ()
    training: Mapping[str, Any] = field(default_factory=Table)
    recipe: Mapping[str, Any] = field(default_factory=Table)
    metrics: Mapping[str, Any] = field(default_factory=Table)
    more: Mapping[str, Any] = field(default_factory=Table)


def is_model_id(text: str) -> bool:
    """Whether a text can name a model: lower-case letters, digits, `.`, `_`, `-`, and a file name on every system."""
    if re.fullmatch(r"[a-z0-9][a-z0-9._-]*", text) is None or len(text) > MAX_ID_LENGTH:
        return False
    return not text.endswith(".") and text.split(".")[0] not in _RESERVED


def read_card(path: Path) -> ModelCard:
    """Reads a card file.

    Raises:
        BadWeightsError: If it is missing, is not TOML, lacks a key, or has a value of the wrong type; it names the key.
    """
    return parse_card(read_card_text(path), str(path))


def read_card_text(path: Path) -> str:
    """The text of a card file, not yet looked at.

    Raises:
        BadWeightsError: If it is missing, far too large, or not text.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise BadWeightsError(f"{path} cannot be read: it is not a file.", _ADVICE)
        if status.st_size > MAX_CARD_BYTES:
            raise BadWeightsError(f"{path} is far larger than a card.", _ADVICE)
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise BadWeightsError(
            f"There is no card {path}.", "A model is a .safetensors file and its .toml card."
        ) from error
    except UnicodeDecodeError as error:
        raise BadWeightsError(f"{path} is not a card: it is not text.", _ADVICE) from error
    except OSError as error:
        raise BadWeightsError(f"{path} cannot be read: {error.strerror}.") from error


def parse_card(text: str, origin: str) -> ModelCard:
    """Makes a card of TOML text.

    Args:
        text: The card.
        origin: Where it came from, for error messages.

    Raises:
        BadWeightsError: As `read_card`.
    """
    if len(text) > MAX_CARD_BYTES:
        raise BadWeightsError(f"{origin} is far larger than a card.", _ADVICE)
    try:
        table = tomllib.loads(text)
        _check_finite(table, origin, "")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadWeightsError(f"{origin} is not a card: {error}.", _ADVICE) from error
    fields = _Fields(table, origin)
    training = fields.take("training", dict, Table())
    card = ModelCard(
        id=fields.require("id", str),
        purpose=fields.require("purpose", str),
        architecture=fields.require("architecture", str),
        licence=fields.require("licence", str),
        sha256=fields.require("sha256", str),
        parameters=fields.require("parameters", int),
        inference_side=fields.require("inference_side", int),
        saturation=_saturation(fields, origin),
        evenness=_evenness(fields, origin),
        date=_date(fields),
        commit=fields.take("commit", str, ""),
        network=fields.take("network", dict, Table()),
        photos=_Fields(training, origin, "training.").take("photos", int, 0),
        collections=_collections(training, origin),
        training=training,
        recipe=fields.take("recipe", dict, Table()),
        metrics=_metrics(fields, origin),
        more=fields.rest(),
    )
    _check(card, origin)
    return card


class _Fields:
    """The keys of a table, taken one by one and checked for their types."""

    def __init__(self, table: Mapping[str, Any], origin: str, where: str = "") -> None:
        self._table = table
        self._origin = origin
        self._where = where
        self._taken: set[str] = set()

    def take(self, key: str, kind: type[Value], default: Value) -> Value:
        """The value of a key, or the default where the key is absent."""
        self._taken.add(key)
        if key not in self._table:
            return default
        value = self._table[key]
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            wanted = _KINDS.get(kind, "of another kind")
            raise BadWeightsError(f'{self._origin}: "{self._where}{key}" must be {wanted}.', _ADVICE)
        return value

    def require(self, key: str, kind: type[Value]) -> Value:
        """The value of a key that must be there."""
        if key not in self._table:
            raise BadWeightsError(f'{self._origin}: the card lacks "{self._where}{key}".', _ADVICE)
        return self.take(key, kind, cast("Value", None))

    def rest(self) -> Table:
        """What was not taken."""
        return {key: value for key, value in self._table.items() if key not in self._taken}


def _date(fields: _Fields) -> str:
    """TOML has dates of its own; text is as good."""
    value = fields.take("date", object, "")
    return value.isoformat() if isinstance(value, dt.date) else fields.take("date", str, "")


def _saturation(fields: _Fields, origin: str) -> float:
    value = fields.take("saturation", object, 1.0)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= MAX_SATURATION:
        raise BadWeightsError(f'{origin}: "saturation" must be a number above 0, at most {MAX_SATURATION:g}.', _ADVICE)
    return float(value)


def _evenness(fields: _Fields, origin: str) -> float:
    value = fields.take("evenness", object, 0.0)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 1:
        raise BadWeightsError(f'{origin}: "evenness" must be a number between 0 and 1.', _ADVICE)
    return float(value)


def _collections(training: Mapping[str, Any], origin: str) -> tuple[str, ...]:
    names: list[Any] = _Fields(training, origin, "training.").take("collections", list, [])
    if not all(isinstance(name, str) for name in names):
        raise BadWeightsError(f'{origin}: "training.collections" must be a list of names.', _ADVICE)
    return tuple(cast("list[str]", names))


def _metrics(fields: _Fields, origin: str) -> Table:
    metrics: Table = fields.take("metrics", dict, Table())
    _Fields(metrics, origin, "metrics.").take("command", str, "")
    return metrics


def _check_finite(value: Any, origin: str, where: str) -> None:
    """TOML knows nan and inf; a measured figure or a setting is neither, and JSON cannot carry them."""
    if isinstance(value, dict):
        for key, item in cast("Table", value).items():
            _check_finite(item, origin, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for item in cast("list[Any]", value):
            _check_finite(item, origin, where)
    elif isinstance(value, float) and not math.isfinite(value):
        raise BadWeightsError(f'{origin}: "{where}" must be a finite number.', _ADVICE)


def _check(card: ModelCard, origin: str) -> None:
    """Values of the right type that can still not be."""
    if not is_model_id(card.id):
        raise BadWeightsError(
            f'{origin}: "id" cannot be {card.id!r}.',
            "Lower-case letters, digits, dots, dashes and underscores can be used.",
        )
    if re.fullmatch(r"[0-9a-f]{64}", card.sha256) is None:
        raise BadWeightsError(f'{origin}: "sha256" must be 64 hexadecimal digits in lower case.', _ADVICE)
    if card.inference_side not in INFERENCE_SIDES:
        least, most = INFERENCE_SIDES[0], INFERENCE_SIDES[-1]
        raise BadWeightsError(f'{origin}: "inference_side" must lie between {least} and {most} pixels.', _ADVICE)
    if card.parameters < 0:
        raise BadWeightsError(f'{origin}: "parameters" must be 0 or more.', _ADVICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """A model whose card could be read; its weights are looked at when they are loaded.

    Attributes:
        card: The facts about it.
        weights: The weight file.
        bundled: Whether it came with the program, and so is neither replaced nor removed.
    """

    card: ModelCard
    weights: Path
    bundled: bool

    @property
    def id(self) -> str:
        """The name of the model."""
        return self.card.id
