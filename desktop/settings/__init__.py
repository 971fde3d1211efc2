"""The user's settings: values, the file that keeps them, and the store that holds the present ones.

A `SettingsFile` reads the settings once, when the program starts, and sets a file aside that it cannot use. The
`SettingsStore` holds the newest `Settings`, tells of changes, and has them written in the background. Whoever wants a
change makes new values with `dataclasses.replace` and gives them to `SettingsStore.update`. The window's geometry is
not here: Qt keeps it.
"""

from desktop.settings.file import SettingsError, SettingsFile, UnsavedSettingsError, config_folder
from desktop.settings.store import SettingsStore
from desktop.settings.values import (
    MOST_RECENT,
    Appearance,
    BatchSettings,
    Coloring,
    LibrarySettings,
    Saving,
    Settings,
)

__all__ = [
    "MOST_RECENT",
    "Appearance",
    "BatchSettings",
    "Coloring",
    "LibrarySettings",
    "Saving",
    "Settings",
    "SettingsError",
    "SettingsFile",
    "SettingsStore",
    "UnsavedSettingsError",
    "config_folder",
]
