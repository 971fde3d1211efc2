"""What opens over the window, and the page that it shows while no photo is open.

Each dialog is a class of its own module: it is given values, shows itself, and tells the choice by signals or, once it
was accepted, by properties; it changes nothing of the program by itself. What reads files does so on threads of its own
(`desktop.tasks`), so that a slow disk never holds a dialog up. Buttons and keys work the same everywhere: Enter is the
default button, Esc leaves all as it was.
"""

from desktop.dialogs.about import AboutDialog
from desktop.dialogs.error import ErrorDialog, ErrorText
from desktop.dialogs.keys import KeysDialog
from desktop.dialogs.log import LogDialog
from desktop.dialogs.sample import SAMPLE
from desktop.dialogs.save_as import SaveAsDialog
from desktop.dialogs.settings import SettingsDialog
from desktop.dialogs.welcome import WelcomePage

__all__ = [
    "SAMPLE",
    "AboutDialog",
    "ErrorDialog",
    "ErrorText",
    "KeysDialog",
    "LogDialog",
    "SaveAsDialog",
    "SettingsDialog",
    "WelcomePage",
]
