"""What the bundled models are for, for translation: it stands in their cards, where no tool looks for texts.

The purpose of a model that a user added is shown as its card has it.
"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

PURPOSES = (
    QT_TRANSLATE_NOOP("ModelPurposes", "Photographs of people, places and things, in natural colours."),
    QT_TRANSLATE_NOOP("ModelPurposes", "As photo, for weak machines: smaller and quicker."),
    QT_TRANSLATE_NOOP("ModelPurposes", "Photographs in full, lively colours, at the price of more mistakes."),
    QT_TRANSLATE_NOOP("ModelPurposes", "Cartoons, comics and line art in flat colours."),
    QT_TRANSLATE_NOOP("ModelPurposes", "The smallest network that learns anything at all: a teaching example."),
    QT_TRANSLATE_NOOP("ModelPurposes", "U-Net without skips or padding, in RGB: shows what goes wrong, and why."),
)


def translated_purpose(purpose: str) -> str:
    """The purpose of a model in the user's language."""
    return QCoreApplication.translate("ModelPurposes", purpose)
