"""What the bundled models are for, for translation: it stands in their cards, where no tool looks for texts.

The purpose of a model that a user added is shown as its card has it.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

PURPOSES = (QT_TRANSLATE_NOOP("ModelPurposes", "Photographs of people, places and things, in natural colours."),)


def translated_purpose(purpose: str) -> str:
    """The purpose of a model in the user's language."""
    return QCoreApplication.translate("ModelPurposes", purpose)
