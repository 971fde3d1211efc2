"""Sidecars: a photo's hints, and how else it is to be coloured, in a small file that goes along with it.

`x.jpg.autochrome.json` lies beside `x.jpg`, or in a folder that mirrors the photos' tree:

    {"autochrome": 1, "photo": {"width": 1600, "height": 1200}, "model": "photo", "variant": 2,
     "look": {"saturation": 1.0, "vibrance": 0.0, "temperature": 0.0, "white_balance": false,
              "evenness": 0.0},
     "hints": [{"points": [[412.0, 96.5], [430.0, 99.0, 0.5]], "radius": 6.0, "color": "#7d2a2f"},
               {"points": [[40.0, 30.0]], "radius": 12.0, "color": null}]}

Every key but "autochrome", the version of this format, may be absent; `engine.hints.Hint` says what a hint's fields
mean, and a point's third number is the pressure. "photo" is the size that the hints were painted at, so that they can
be scaled to another scan. Keys that this version does not know are kept, wherever they stand. A file of a newer version
is read as far as it is understood, and never written. A file that cannot be understood is an error, and stays as it is:
there may be hours of work in it.
"""

from __future__ import annotations

import json
import math
import os
import stat
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, cast

from engine.errors import SaveError, SidecarError
from engine.hints import Hint, HintPoint, HintSet
from engine.photo import new_file
from engine.render import Look

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SUFFIX = ".autochrome.json"
VERSION = 1
MOST_BYTES = 64_000_000
"""A larger file is no sidecar: this is a million of a pen's points."""
MOST_PIXELS = 10_000_000
"""On a side of a photo; what says more is damaged."""
LOOK_RANGES = {
    "saturation": (0.0, 100.0),
    "vibrance": (-1.0, 1.0),
    "temperature": (-100.0, 100.0),
    "evenness": (0.0, 1.0),
}
KNOWN = frozenset({"autochrome", "photo", "model", "variant", "look", "hints"})
KNOWN_INSIDE = {"photo": frozenset({"width", "height"}), "look": frozenset({*LOOK_RANGES, "white_balance"})}
KNOWN_OF_HINT = frozenset({"points", "radius", "color"})
MEND = "Repair it in a text editor, or move it away; until then it stays as it is."


@dataclass(frozen=True, slots=True)
class Sidecar:
    """What is kept of one photo.

    Attributes:
        width: Of the photo that the hints were painted on, upright; None if nobody said.
        height: Of that photo; None exactly where `width` is.
        model: Name of the model to colour it with; None for the usual one.
        variant: Which of that model's palettes for the photo, 0 for the likeliest; None for the model's own choice.
        look: How to show the colours; None for the usual look.
        hints: The hints, in pixels of width×height; later ones lie over earlier ones.
        unknown: What else the file says; keys inside "photo" and "look" stand in mappings under these names.
        read_only: Whether the file is of a newer version, and so is not written.

    Raises:
        ValueError: If a number is out of its range, or only one of width and height is given.
    """

    width: int | None = None
    height: int | None = None
    model: str | None = None
    variant: int | None = None
    look: Look | None = None
    hints: tuple[Hint, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict[str, Any], hash=False)
    read_only: bool = False

    def __post_init__(self) -> None:
        """Checks the numbers."""
        if (self.width is None) != (self.height is None):
            raise ValueError("the photo has a width without a height, or the other way round")
        for side in (self.width, self.height):
            if side is not None and not 1 <= side <= MOST_PIXELS:
                raise ValueError(f"the photo has a side of {side} pixels")
        if self.model is not None and not self.model:
            raise ValueError("the model has no name")
        if self.variant is not None and self.variant < 0:
            raise ValueError(f"there is no variant {self.variant}")
        for name, (low, high) in LOOK_RANGES.items():
            value = 1.0 if self.look is None else getattr(self.look, name)
            if not low <= value <= high:
                raise ValueError(f"{name} is {value}, not between {low:g} and {high:g}")

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing; what is unknown does not count."""
        return self.model is None and self.variant is None and self.look is None and not self.hints

    def hint_set(self, width: int, height: int) -> HintSet:
        """The hints for the photo as it is now.

        Args:
            width: The photo's, upright; the hints are scaled if it is another than they were painted at.
            height: The photo's.
        """
        return HintSet(self.width or width, self.height or height, self.hints).scaled_to(width, height)


def sidecar_path(photo: Path, folder: Path | None = None) -> Path:
    """Where a photo's sidecar lies.

    Args:
        photo: The photo.
        folder: The folder that holds it; None for the photo's own.
    """
    return (folder or photo.parent) / f"{photo.name}{SUFFIX}"


def read_sidecar(path: Path) -> Sidecar | None:
    """Reads a sidecar.

    Args:
        path: The file, by `sidecar_path`.

    Returns:
        None if there is no such file.

    Raises:
        SidecarError: If it cannot be read, is damaged, or is of a newer version that is not understood.
    """
    content = read_sidecar_bytes(path)
    return None if content is None else parse_sidecar(path, content)


def read_sidecar_bytes(path: Path) -> bytes | None:
    """The content of a sidecar, for `parse_sidecar`. Returns and raises as `read_sidecar`."""
    try:
        # Without waiting: a pipe of this name would never come to an end.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if _is_no_name(path):
            return None
        raise _unreadable(path, error) from error
    try:
        with open(descriptor, "rb") as file:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise SidecarError(path, "it is not a file.", "Move it away, or rename it.")
            if status.st_size > MOST_BYTES:
                raise damaged_sidecar(path, f"no sidecar is {status.st_size / 1e6:,.0f} MB large")
            return file.read(MOST_BYTES)
    except OSError as error:
        raise _unreadable(path, error) from error


def parse_sidecar(path: Path, content: bytes) -> Sidecar:
    """What the content of a sidecar says. Raises as `read_sidecar`.

    Args:
        path: The file, for the message.
        content: Its bytes.
    """
    newer = False
    try:
        fields = _fields_of(content)
        newer = _version_of(fields) > VERSION
        return _sidecar_of(fields, read_only=newer)
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise newer_sidecar(path) if newer else damaged_sidecar(path, _plain(error)) from error


def write_sidecar(path: Path, sidecar: Sidecar) -> None:
    """Writes a sidecar, whole or not at all. One that is empty, and has nothing unknown, is removed.

    What the file there says beyond this version's knowledge is kept; of two unknown keys of one name, the given
    sidecar's counts. A file that says the same already is not touched. The folder is made if need be.

    Args:
        path: The file, by `sidecar_path`.
        sidecar: What to write.

    Raises:
        SidecarError: If it cannot be written, or the file there is damaged or newer; it is as it was then.
        ValueError: If an unknown value is none that JSON can hold.
    """
    former = read_sidecar_bytes(path)
    there = None if former is None else parse_sidecar(path, former)
    if sidecar.read_only or (there is not None and there.read_only):
        raise newer_sidecar(path)
    if there is not None:
        sidecar = _with_unknown_of(sidecar, there)
    try:
        content = _text_of(sidecar).encode("ascii")
    except (TypeError, RecursionError) as error:
        raise ValueError(f"a sidecar cannot hold this: {error}") from error
    try:
        if sidecar.is_empty and not sidecar.unknown:
            path.unlink(missing_ok=True)
            return
        if content == former:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # A link to a file elsewhere stays one.
        target = path.resolve() if path.is_symlink() else path
    except OSError as error:
        raise SidecarError(
            path, f"it cannot be written: {error.strerror}.", "Check the folder's permissions."
        ) from error
    try:
        with new_file(target, _check_size, replace=True) as file:
            file.write(content)
    except SaveError as error:
        raise SidecarError(path, error.cause, error.advice) from error


def newer_sidecar(path: Path) -> SidecarError:
    """The error about a sidecar of a newer version, where reading what is understood of it is not enough."""
    return SidecarError(
        path, "it was written by a newer version of this program.", "Install that version; it stays as it is."
    )


def damaged_sidecar(path: Path, why: str) -> SidecarError:
    """The error about a sidecar that cannot be understood."""
    return SidecarError(path, f"it is damaged: {why}.", MEND)


def _check_size(path: Path, size: int) -> None:
    if path.stat().st_size != size:
        raise OSError("the file was cut off")


def _is_no_name(path: Path) -> bool:
    """Whether no file can be called so, for its name is longer than the disk allows: then there is no sidecar."""
    try:
        return len(os.fsencode(path.name)) > os.pathconf(path.parent, "PC_NAME_MAX")
    except (OSError, ValueError, AttributeError):
        return False


def _unreadable(path: Path, error: OSError) -> SidecarError:
    return SidecarError(path, f"it cannot be read: {error.strerror}.", "Check its permissions and the disk.")


def _plain(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is no text in UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return f"it is no JSON ({error.msg}, line {error.lineno})"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


# What a file says, checked on its way in.


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text} is not a number of JSON, or too large")
    return value


def _unrepeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):  # which of them was meant is not for us to say, and only one could be kept
        raise ValueError("one of its keys stands twice in one place")
    return found


def _fields_of(content: bytes) -> dict[str, Any]:
    text = content.decode("utf-8-sig")
    document = json.loads(text, parse_float=_finite, parse_constant=_finite, object_pairs_hook=_unrepeated)
    if not isinstance(document, dict) or "autochrome" not in document:
        raise ValueError('it has no "autochrome"')
    return cast("dict[str, Any]", document)


def _version_of(fields: dict[str, Any]) -> int:
    version = _whole(fields["autochrome"], '"autochrome"')
    if version < VERSION:
        raise ValueError(f"there never was a version {version}")
    return version


def _sidecar_of(fields: dict[str, Any], *, read_only: bool) -> Sidecar:
    photo, look = (_mapping(fields.get(name), name) for name in ("photo", "look"))
    hints = [] if fields.get("hints") is None else _list(fields["hints"], '"hints"')
    model, variant = _text(fields.get("model"), '"model"'), fields.get("variant")
    return Sidecar(
        width=None if photo.get("width") is None else _whole(photo["width"], '"width"'),
        height=None if photo.get("height") is None else _whole(photo["height"], '"height"'),
        model=model,
        variant=None if variant is None else _whole(variant, '"variant"'),
        look=_look_of(look),
        hints=tuple(_hint_of(hint, n) for n, hint in enumerate(hints, 1)),
        unknown=_unknown_of(fields, photo=photo, look=look),
        read_only=read_only,
    )


def _unknown_of(fields: dict[str, Any], **inside: dict[str, Any]) -> dict[str, Any]:
    unknown = _others(fields, KNOWN)
    for name, inner in inside.items():
        others = _others(inner, KNOWN_INSIDE[name])
        if others:
            unknown[name] = others
    return unknown


def _others(fields: Mapping[str, Any], known: Iterable[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in known}


def _look_of(fields: dict[str, Any]) -> Look | None:
    given = {name: value for name, value in fields.items() if name in KNOWN_INSIDE["look"] and value is not None}
    if not given:
        return None
    balanced = given.pop("white_balance", False)
    if not isinstance(balanced, bool):
        raise TypeError('"white_balance" is neither true nor false')
    return Look(**{name: _number(value, f'"{name}"') for name, value in given.items()}, white_balance=balanced)


def _hint_of(value: Any, number: int) -> Hint:
    try:
        fields = _mapping(value, "it")
        points, radius, color = (_there(fields, name) for name in ("points", "radius", "color"))
        return Hint(
            tuple(_point_of(point) for point in _list(points, '"points"')),
            _number(radius, '"radius"'),
            _text(color, '"color"'),
            _others(fields, KNOWN_OF_HINT),
        )
    except (ValueError, TypeError) as error:
        raise ValueError(f"hint {number}: {error}") from error


def _point_of(value: Any) -> HintPoint:
    numbers = _list(value, "a point")
    if len(numbers) not in (2, 3):
        raise ValueError("a point is not two numbers or three")
    return HintPoint(*(_number(number, "a point's number") for number in numbers))


def _there(fields: dict[str, Any], name: str) -> Any:
    if name not in fields:
        raise ValueError(f'there is no "{name}"')
    return fields[name]


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError(f"{name} is no list")
    return cast("list[Any]", value)


def _text(value: Any, name: str) -> str | None:
    if not isinstance(value, str | None):
        raise TypeError(f"{name} is no text")
    return value


def _mapping(value: Any, name: str) -> dict[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"{name} is no object")
    return cast("dict[str, Any]", value)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is no number")
    return float(value)


def _whole(value: Any, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} is no whole number")
    return value


# What is written.


def _with_unknown_of(sidecar: Sidecar, there: Sidecar) -> Sidecar:
    """The sidecar, with what the file there has that this version does not know."""
    unknown = {**there.unknown, **sidecar.unknown}
    for name in KNOWN_INSIDE.keys() & unknown.keys():
        unknown[name] = {**there.unknown.get(name, {}), **sidecar.unknown.get(name, {})}
    by_hint = {hint: hint.unknown for hint in there.hints}
    hints = tuple(
        replace(hint, unknown={**by_hint[hint], **hint.unknown}) if by_hint.get(hint) else hint
        for hint in sidecar.hints
    )
    return replace(sidecar, unknown=unknown, hints=hints)


def _text_of(sidecar: Sidecar) -> str:
    """The file's text: a line for each key and each hint, so that people, and tools that compare, find their way."""
    unknown = {name: value for name, value in sidecar.unknown.items() if name not in KNOWN}
    size = {"width": sidecar.width, "height": sidecar.height} if sidecar.width is not None else {}
    look = {} if sidecar.look is None else asdict(sidecar.look)
    parts: dict[str, Any] = {
        "photo": {**_inside(sidecar, "photo"), **size},
        "model": sidecar.model,
        "variant": sidecar.variant,
        "look": {**_inside(sidecar, "look"), **look},
    }
    known = {name: value for name, value in parts.items() if value not in (None, {})}
    lines = [f"{_json(name)}: {_json(value)}" for name, value in {"autochrome": VERSION, **known, **unknown}.items()]
    if sidecar.hints:
        lines.append('"hints": [\n  ' + ",\n  ".join(_json(_plain_hint(hint)) for hint in sidecar.hints) + "\n ]")
    return "{" + ",\n ".join(lines) + "}\n"


def _inside(sidecar: Sidecar, name: str) -> dict[str, Any]:
    return _others(sidecar.unknown.get(name, {}), KNOWN_INSIDE[name])


def _plain_hint(hint: Hint) -> dict[str, Any]:
    points = [[x, y] if pressure == 1 else [x, y, pressure] for x, y, pressure in hint.points]
    return {**_others(hint.unknown, KNOWN_OF_HINT), "points": points, "radius": hint.radius, "color": hint.color}


def _json(value: Any) -> str:
    # In ASCII, so that halves of characters, which JSON may hold and files may not, can be written too.
    return json.dumps(value, allow_nan=False)
