"""What a bug report needs to say, and what it must not: the names of people."""

from __future__ import annotations

import getpass
import os
import platform
import re
import sys
import traceback
from importlib import metadata
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import quote

import PySide6
from PySide6.QtCore import QLocale, qVersion
from PySide6.QtGui import QGuiApplication

if TYPE_CHECKING:
    from collections.abc import Sequence

LOG_LINES = 50


def program_version() -> str:
    """The version of this program; "unknown" where it runs from a folder that was never installed."""
    try:
        return metadata.version("autochrome")
    except metadata.PackageNotFoundError:
        return "unknown"


def bug_report(error: BaseException | None, log_lines: Sequence[str]) -> str:
    """The text of "Copy details", in English whatever the window speaks: it is for those who mend the program.

    Args:
        error: What happened; None for a report about no error.
        log_lines: The newest lines of the log.
    """
    torch = sys.modules.get("torch")
    lines = [
        f"Autochrome {program_version()}",
        f"Python {platform.python_version()}, PySide6 {PySide6.__version__}, Qt {qVersion()}",
        f"torch {getattr(torch, '__version__', 'unknown')}" if torch else "torch is not loaded",
        f"{platform.platform()}, {QGuiApplication.platformName()}, {QLocale().name()}",
    ]
    if error is not None:
        lines += ["", *"".join(traceback.format_exception(error)).splitlines()]
    lines += ["", f"The last {LOG_LINES} lines of the log:", *log_lines[-LOG_LINES:]]
    return without_names("\n".join(lines)) + "\n"


def without_names(text: str) -> str:
    """The text with the user's home folder as `~`, and without the user's name in other paths."""
    for home in _spellings(Path.home()):
        text = re.sub(re.escape(home) + r"(?![\w-])", "~", text, flags=re.IGNORECASE if sys.platform == "win32" else 0)
    name = _user_name()
    if len(name) > 1:
        text = re.sub(rf"(?<=[/\\]){re.escape(name)}(?=[/\\\s\"':]|$)", "user", text, flags=re.MULTILINE)
    return text


def _spellings(home: Path) -> list[str]:
    """The ways in which texts write a folder: as it is, resolved, escaped, and percent-encoded; the longest first."""
    folders: set[str] = set()
    for folder in (home, home.resolve()):
        plain = str(folder)
        folders |= {plain, folder.as_posix(), plain.replace("\\", "\\\\"), quote(os.fsencode(folder.as_posix()))}
    return sorted((folder for folder in folders if len(PurePath(folder).parts) > 1), key=len, reverse=True)


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
