"""Colours in words, in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.panels.hints.swatch import is_neutral
from engine import color_words

WORDS = (
    QT_TRANSLATE_NOOP("ColorWords", "very dark"),
    QT_TRANSLATE_NOOP("ColorWords", "dark"),
    QT_TRANSLATE_NOOP("ColorWords", "light"),
    QT_TRANSLATE_NOOP("ColorWords", "very light"),
    QT_TRANSLATE_NOOP("ColorWords", "greyish"),
    QT_TRANSLATE_NOOP("ColorWords", "strong"),
    QT_TRANSLATE_NOOP("ColorWords", "vivid"),
    QT_TRANSLATE_NOOP("ColorWords", "black"),
    QT_TRANSLATE_NOOP("ColorWords", "grey"),
    QT_TRANSLATE_NOOP("ColorWords", "white"),
    QT_TRANSLATE_NOOP("ColorWords", "red"),
    QT_TRANSLATE_NOOP("ColorWords", "brown"),
    QT_TRANSLATE_NOOP("ColorWords", "orange"),
    QT_TRANSLATE_NOOP("ColorWords", "yellow"),
    QT_TRANSLATE_NOOP("ColorWords", "olive"),
    QT_TRANSLATE_NOOP("ColorWords", "green"),
    QT_TRANSLATE_NOOP("ColorWords", "turquoise"),
    QT_TRANSLATE_NOOP("ColorWords", "blue"),
    QT_TRANSLATE_NOOP("ColorWords", "purple"),
    QT_TRANSLATE_NOOP("ColorWords", "pink"),
)
"""The words of the engine, for translation: no tool finds them there. A test compares them."""


def color_text(color: str) -> str:
    """A colour in words: "dark red".

    Args:
        color: "#rrggbb".
    """
    lightness, chroma, hue = (_translated(word) for word in color_words(color))
    if lightness and chroma:
        text = QCoreApplication.translate("ColorWords", "{lightness} {chroma} {hue}")
        return text.format(lightness=lightness, chroma=chroma, hue=hue)
    if lightness or chroma:
        text = QCoreApplication.translate("ColorWords", "{quality} {hue}", "dark red, vivid green")
        return text.format(quality=lightness or chroma, hue=hue)
    return hue


def choice_text(color: str | None) -> str:
    """What a hint of a colour says: the colour, "no colour", or "keep what is here"."""
    if color is None:
        return QCoreApplication.translate("ColorWords", "keep what is here")
    return QCoreApplication.translate("ColorWords", "no colour") if is_neutral(color) else color_text(color)


def _translated(word: str) -> str:
    return QCoreApplication.translate("ColorWords", word) if word else ""
