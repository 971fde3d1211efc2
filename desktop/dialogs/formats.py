"""The formats that a coloured photo can be saved in, and what each of them cannot hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QCoreApplication, QLocale

from engine import chosen_format, natural_format

if TYPE_CHECKING:
    from desktop.settings.values import FormatChoice
    from engine import Photo

OutputFormat = Literal["JPEG", "PNG", "TIFF", "WebP"]

SUFFIXES: dict[OutputFormat, tuple[str, ...]] = {
    "JPEG": (".jpg", ".jpeg", ".jpe"),
    "PNG": (".png",),
    "TIFF": (".tif", ".tiff"),
    "WebP": (".webp",),
}
"""The usual one first."""
LOSSY: frozenset[OutputFormat] = frozenset({"JPEG", "WebP"})
_LONGEST_SIDE: dict[OutputFormat, int] = {"JPEG": 65_500, "WebP": 16_383}

translate = QCoreApplication.translate


def format_for(choice: FormatChoice, photo: Photo) -> OutputFormat:
    """The format that a photo is saved in by a setting; for "same" as the engine does it for whole folders."""
    return chosen_format(choice, natural_format(photo))


def holds(format: OutputFormat, photo: Photo) -> bool:
    """Whether a photo of this size can be saved in a format at all."""
    return max(photo.width, photo.height) <= _LONGEST_SIDE.get(format, max(photo.width, photo.height))


def losses(format: OutputFormat, photo: Photo) -> list[str]:
    """What a format cannot hold of a photo, each a sentence; nothing where it holds all."""
    told: list[str] = []
    if not holds(format, photo):
        sentence = translate("Formats", "{format} holds {limit} pixels a side at most; this photo has {side}.")
        limit, side = _LONGEST_SIDE[format], max(photo.width, photo.height)
        locale = QLocale()
        told.append(sentence.format(format=format, limit=locale.toString(limit), side=locale.toString(side)))
    if photo.page_count > 1 and format != "TIFF":
        sentence = translate("Formats", "{format} holds one page; this file has {count}. Choose TIFF.")
        told.append(sentence.format(format=format, count=photo.page_count))
    if photo.bit_depth > 8 and format in LOSSY:
        told.append(translate("Formats", "{format} holds 8 bits; the 16 bits are reduced.").format(format=format))
    if photo.alpha is not None and format == "JPEG":
        told.append(translate("Formats", "JPEG holds no transparency; the photo is put on white."))
    return told


def can_save(format: OutputFormat, photo: Photo) -> bool:
    """Whether saving in a format succeeds, whatever is lost."""
    return holds(format, photo) and (format == "TIFF" or photo.page_count == 1)


def format_of_name(name: str) -> OutputFormat | None:
    """The format that a file's suffix stands for; None where it has none of ours."""
    stem, dot, suffix = name.rpartition(".")
    if not stem:
        return None
    return next((format for format, own in SUFFIXES.items() if f"{dot}{suffix}".lower() in own), None)


def with_suffix(name: str, format: OutputFormat) -> str:
    """A file's name with the suffix of a format in place of another picture's; other dots in it are no suffix."""
    present = format_of_name(name)
    if present == format:
        return name
    return (name if present is None else name.rpartition(".")[0]) + SUFFIXES[format][0]
