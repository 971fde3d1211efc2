"""Palettes as files: GIMP's .gpl, which GIMP, Krita, Inkscape and others exchange.

The format is a text: the line "GIMP Palette", then "Name: …" and "Columns: …", then a line a colour, red, green and
blue from 0 to 255 and a name (GIMP's own reader, app/core/gimppalette-load.c). "#" begins a comment. Some programs add
"Channels: RGBA" and a fourth number; transparency is nothing that a photo has, so it is left out.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.color.swatches import is_color
from engine.errors import PaletteError

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "GIMP Palette"
MOST_BYTES = 1 << 20
MOST_COLORS = 10_000
_FIELD = re.compile(r"(\w+):(.*)")
_LEVEL = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Palette:
    """A named collection of colours.

    Attributes:
        name: What people call it; one line.
        colors: "#rrggbb", lower case.
        names: A name for each colour, empty where it has none; one line each.

    Raises:
        ValueError: If there is not one name a colour, or a colour is not of that form.
    """

    name: str
    colors: tuple[str, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        if len(self.colors) != len(self.names):
            raise ValueError(f"{len(self.colors)} colours with {len(self.names)} names")
        for color in self.colors:
            if not is_color(color):
                raise ValueError(f'"{color}" is not a colour of the form #rrggbb')


def read_palette(path: Path) -> Palette:
    """Reads a palette.

    Args:
        path: A .gpl file. A palette without a name of its own is called by the file's.

    Raises:
        PaletteError: If the file cannot be read, is no such palette, or a line of it is damaged.
    """
    lines = _text_of(path).splitlines()
    if not _is_palette(lines):
        raise PaletteError(path, "it is not a GIMP palette.", "Choose a file that ends in .gpl.")
    fields: dict[str, str] = {}
    entries: list[tuple[str, str]] = []
    for number, line in enumerate(lines[1:], start=2):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if not entries and (field := _FIELD.fullmatch(text)):
            fields[field[1].lower()] = field[2].strip()
            continue
        entry = _entry(text, with_alpha=fields.get("channels", "").upper() == "RGBA")
        if entry is None:
            raise PaletteError(path, f"line {number} is not a colour.", "Repair that line, or choose another file.")
        entries.append(entry)
    if not entries:
        raise PaletteError(path, "there are no colours in it.", "Choose another file.")
    if len(entries) > MOST_COLORS:
        raise PaletteError(path, f"it has more than {MOST_COLORS} colours.", "Choose another file.")
    colors, names = zip(*entries, strict=True)
    return Palette(fields.get("name") or path.stem, colors, names)


def write_palette(path: Path, palette: Palette) -> None:
    """Writes a palette; another palette of that name is replaced, whole or not at all.

    Args:
        path: The file; by custom its name ends in .gpl.
        palette: The colours.

    Raises:
        PaletteError: If there is no colour, it could not be written, or the file is there and is no palette; then it
            stays as it was.
    """
    if not palette.colors:
        raise PaletteError(path, "there is no colour to save.", "Choose a few colours first.")
    if os.path.lexists(path) and not _is_palette(_text_of(path).splitlines()):
        raise PaletteError(path, "a file of this name is there that is not a palette.", "Choose another name.")
    lines = [HEADER, f"Name: {_one_line(palette.name)}", "Columns: 0", "#"]
    for color, name in zip(palette.colors, palette.names, strict=True):
        red, green, blue = bytes.fromhex(color[1:])
        lines.append(f"{red:3} {green:3} {blue:3}\t{_one_line(name)}".rstrip())
    try:
        _write(path, ("\n".join(lines) + "\n").encode("utf-8", "replace"))
    except OSError as error:
        raise PaletteError(
            path, f"it could not be written: {error.strerror or error}.", "Choose another folder."
        ) from error


def _write(path: Path, content: bytes) -> None:
    """Writes beside the file, and moves over it when all is on the disk."""
    target = path.resolve()  # so that a link stays one
    temporary = target.with_name(f".autochrome-{secrets.token_hex(6)}.part")
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def _text_of(path: Path) -> str:
    """The file's text, in UTF-8 or, as old programs wrote it, Latin-1."""
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise PaletteError(path, f"it could not be read: {error.strerror or error}.", "Choose another file.") from error
    if len(content) > MOST_BYTES:
        raise PaletteError(path, "it is too large for a palette.", "Choose another file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def _is_palette(lines: list[str]) -> bool:
    return bool(lines) and lines[0].strip() == HEADER


def _entry(text: str, *, with_alpha: bool) -> tuple[str, str] | None:
    """The colour of a line and its name; None if it does not begin with three levels."""
    count = 4 if with_alpha else 3
    parts = text.split(maxsplit=count)
    levels = parts[:3]
    if len(parts) < count or not all(_LEVEL.fullmatch(level) and int(level) <= 255 for level in levels):
        return None
    return f"#{bytes(int(level) for level in levels).hex()}", parts[count].strip() if len(parts) > count else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
