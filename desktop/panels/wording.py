"""Numbers, times and paths as people read them."""

from __future__ import annotations

import html
import os
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale

if TYPE_CHECKING:
    from pathlib import Path


def number_text(value: int) -> str:
    """A whole number with the separators of the user's language."""
    return QLocale().toString(value)


def decimal_text(value: float, digits: int = 1) -> str:
    """A number with some digits behind the point, and a true minus sign."""
    return QLocale().toString(float(value), "f", digits).replace("-", "−")


def megabytes_text(size: int) -> str:
    """A file's size in MB of a million bytes."""
    return QCoreApplication.translate("Wording", "{size} MB").format(
        size=decimal_text(size / 1e6, 1 if size < 99.5e6 else 0)
    )


def parameters_text(count: int) -> str:
    """How many parameters a model has."""
    if count < 1_000_000:
        return QCoreApplication.translate("Wording", "{count} parameters").format(count=number_text(count))
    return QCoreApplication.translate("Wording", "{count} million parameters").format(count=decimal_text(count / 1e6))


def rate_text(photos_a_second: float) -> str:
    """How fast photos are coloured."""
    if photos_a_second >= 1:
        return QCoreApplication.translate("Wording", "{rate} photos a second").format(
            rate=decimal_text(photos_a_second)
        )
    return QCoreApplication.translate("Wording", "{seconds} s a photo").format(
        seconds=decimal_text(1 / photos_a_second)
    )


def duration_text(seconds: float) -> str:
    """A time that is left, no more exact than anybody can tell it."""
    whole = max(round(seconds), 1)
    if whole < 60:
        return QCoreApplication.translate("Wording", "{seconds} s").format(seconds=whole)
    minutes = round(whole / 60)
    if minutes < 60:
        return QCoreApplication.translate("Wording", "{minutes} min").format(minutes=minutes)
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        text = QCoreApplication.translate("Wording", "{hours} h {minutes} min")
        return text.format(hours=hours, minutes=minutes)
    days, hours = divmod(round(whole / 3600), 24)
    return QCoreApplication.translate("Wording", "{days} d {hours} h").format(days=days, hours=hours)


def path_text(path: Path | str) -> str:
    """A path or file name, with bytes that are no text written as escapes."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def as_sentence(text: str) -> str:
    """A text that begins with a capital letter: the engine's causes follow a file's name and begin with a small one."""
    return text[:1].upper() + text[1:]


def plain_tooltip(text: str) -> str:
    """A tooltip that shows a text as it is, in lines of a readable length: by itself Qt would take markup in it."""
    return f"<p style='white-space: pre-wrap'>{html.escape(text)}</p>" if text else ""


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters; a card or a file name may bring one of any length."""
    return text if len(text) <= most else f"{text[: most - 1]}…"
