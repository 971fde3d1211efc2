"""The file that keeps the settings: TOML that a person may edit, and that a damaged disk may have changed.

Reading never fails. What cannot be used is set aside as `settings.toml.bad`, everything good in it is taken over, and
the user is told once. Writing is atomic, and keeps the keys that this version does not know.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import tomli_w
from platformdirs import user_config_path
from PySide6.QtCore import QCoreApplication

from desktop.atomic import write_atomically
from desktop.settings.document import VERSION, VERSION_KEY, merged, parsed, settings_of, without
from desktop.settings.values import Settings
from engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.settings.document import Document

CONFIG_VARIABLE = "AUTOCHROME_CONFIG"
"""Environment variable: a folder to use in place of the user's config folder."""
MOST_BYTES = 1 << 20

translate = QCoreApplication.translate


class SettingsError(EngineError):
    """The settings could not be read or written; the program goes on."""

    title = "The settings could not be read in full"


class UnsavedSettingsError(SettingsError):
    """The settings could not be written; the file is as it was."""

    title = "The settings could not be saved"


def config_folder() -> Path:
    """The folder of the settings; AUTOCHROME_CONFIG overrides it."""
    chosen = os.environ.get(CONFIG_VARIABLE)
    return Path(chosen) if chosen else user_config_path("autochrome", appauthor=False)


class SettingsFile:
    """Reads and writes one settings file.

    Args:
        path: The file; None for the user's.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or config_folder() / "settings.toml"
        self._document: Document = {}
        self._may_write = True
        self._lock = threading.Lock()

    def read(self) -> tuple[Settings, SettingsError | None]:
        """The settings, and what was wrong with the file: nothing where it is good or not there."""
        try:
            with self.path.open("rb") as file:
                content = file.read(MOST_BYTES + 1)
        except FileNotFoundError:
            return Settings(), None
        except OSError as error:
            # Perhaps it is good and only out of reach for now: it is left alone, and not written over.
            self._may_write = False
            return Settings(), _unreadable(self.path, error)
        document = parsed(content) if len(content) <= MOST_BYTES else None
        if document is None:
            return Settings(), self._damaged()
        version = document.get(VERSION_KEY, VERSION)
        if type(version) is not int or version < 1:
            return Settings(), self._damaged()
        if version > VERSION:
            return Settings(), self._newer()
        settings, wrong = settings_of(document)
        self._document = without(document, wrong)
        if not wrong:
            return settings, None
        return settings, self._repaired(settings, wrong)

    def write(self, newest: Callable[[], Settings]) -> None:
        """Writes the settings atomically. May be called on any thread.

        Args:
            newest: Gives the settings. It is asked when it is this call's turn, so that of two calls on two threads the
                later one to write never writes the older settings.

        Raises:
            UnsavedSettingsError: If they could not be written; the file is as it was.
        """
        with self._lock:
            if not self._may_write:
                return
            try:
                write_atomically(self.path, tomli_w.dumps(merged(self._document, newest())).encode("utf-8"))
            except (OSError, ValueError) as error:
                raise _unwritable(self.path, error) from error

    def _set_aside(self, sentence: str, advice: str | None = None) -> SettingsError:
        """Moves the file out of the way; the error that tells of it."""
        bad = self.path.with_name(f"{self.path.name}.bad")
        try:
            self.path.replace(bad)
        except OSError:
            # It stays where it is, so nothing may be written over it.
            self._may_write = False
            advice = translate("SettingsFile", "It could not be set aside, so settings are not saved this time.")
            return SettingsError(sentence, advice)
        advice = advice or translate("SettingsFile", "It was kept as {file}, and the defaults are used.")
        return SettingsError(sentence, advice.format(file=bad.name))

    def _damaged(self) -> SettingsError:
        return self._set_aside(translate("SettingsFile", "{file} is damaged.").format(file=self.path))

    def _newer(self) -> SettingsError:
        sentence = translate("SettingsFile", "{file} was written by a newer version of this program.")
        return self._set_aside(sentence.format(file=self.path))

    def _repaired(self, settings: Settings, wrong: list[str]) -> SettingsError:
        sentence = translate("SettingsFile", "{file} has values that cannot be used: {keys}.")
        advice = translate(
            "SettingsFile",
            "It was kept as {file}; these settings have their defaults again, and the others are as they were.",
        )
        problem = self._set_aside(sentence.format(file=self.path, keys=", ".join(wrong)), advice)
        with contextlib.suppress(UnsavedSettingsError):  # the next change of a setting tries again, and tells
            self.write(lambda: settings)
        return problem


def _unreadable(path: Path, error: OSError) -> SettingsError:
    return SettingsError(
        translate("SettingsFile", "{file} cannot be read: {cause}.").format(file=path, cause=error.strerror or error),
        translate("SettingsFile", "The defaults are used, and settings are not saved this time."),
    )


def _unwritable(path: Path, error: Exception) -> UnsavedSettingsError:
    cause = error.strerror if isinstance(error, OSError) and error.strerror else error
    return UnsavedSettingsError(
        translate("SettingsFile", "The settings could not be written to {file}: {cause}.").format(
            file=path, cause=cause
        ),
        translate("SettingsFile", "They hold until the program is closed."),
    )
