"""The titles of all errors, for translation: they are class attributes, where the translation's tools find no text."""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

TITLES = (
    QT_TRANSLATE_NOOP("ErrorTitles", "Another run is at work"),
    QT_TRANSLATE_NOOP("ErrorTitles", "Something went wrong"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This photo could not be used"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This photo could not be read"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This format is not supported"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This photo is too large"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The coloured photo could not be saved"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The hints of this photo could not be used"),
    QT_TRANSLATE_NOOP("ErrorTitles", "There is no such model"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This weight file cannot be used"),
    QT_TRANSLATE_NOOP("ErrorTitles", "There is no photo yet"),
    QT_TRANSLATE_NOOP("ErrorTitles", "There is not enough memory"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The model's result cannot be used"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This device is not available"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This palette could not be used"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This photo has no colours"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The installed models were not changed"),
    QT_TRANSLATE_NOOP("ErrorTitles", "There is nothing to do"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The record of this folder cannot be used"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The settings could not be read in full"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The settings could not be saved"),
    QT_TRANSLATE_NOOP("ErrorTitles", "This photo cannot be a reference"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The cluster cannot be used"),
    QT_TRANSLATE_NOOP("ErrorTitles", "The storage cannot be used"),
)


def translated_title(title: str) -> str:
    """The title of an error in the user's language."""
    return QCoreApplication.translate("ErrorTitles", title)
