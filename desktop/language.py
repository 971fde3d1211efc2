"""The language of the window: the program's own translation, and Qt's for its standard buttons and dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

FOLDER = Path(__file__).parent.parent / "resources" / "translations"
LANGUAGES = ("en", "de")


def chosen_locale(language: str) -> QLocale:
    """The locale of a setting.

    Args:
        language: system, or one of `LANGUAGES`.

    Returns:
        The system's own where it is asked for, otherwise one of the language. It also shapes numbers and dates.
    """
    return QLocale.system() if language == "system" else QLocale(language)


def install_language(app: QApplication, language: str) -> list[QTranslator]:
    """Has the program speak a language from now on; English where there is no translation.

    Args:
        app: The application. It owns the translators.
        language: system, or one of `LANGUAGES`.

    Returns:
        The translators that were installed.
    """
    locale = chosen_locale(language)
    QLocale.setDefault(locale)
    installed: list[QTranslator] = []
    system = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    spoken = next((code for code in _codes(locale) if code in LANGUAGES), "en")
    # English too: it has the plurals ("1 photo", "2 photos").
    for name, folder in ((f"qtbase_{spoken}", system), (f"autochrome_{spoken}", str(FOLDER))):
        translator = QTranslator(app)
        if translator.load(name, folder):
            app.installTranslator(translator)
            installed.append(translator)
    return installed


def _codes(locale: QLocale) -> list[str]:
    """The languages that a user prefers, as two letters, the dearest first."""
    return [name.replace("_", "-").split("-")[0].lower() for name in locale.uiLanguages()]
