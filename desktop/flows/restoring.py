"""What the next start finds again: the folder, the photo, the way of viewing, unsaved changes, the window's places.

The folder and the photo are settings. The edits and the view are a small JSON file in the state folder, written
atomically a moment after each change, so that not even a crash loses them.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, QSettings, QTimer

from desktop.atomic import write_atomically
from desktop.canvas import Mode
from desktop.settings import config_folder
from engine import state_folder

if TYPE_CHECKING:
    from desktop.flows.opening import Opening
    from desktop.parts import Parts

log = logging.getLogger(__name__)

FILE = "session.json"
WRITE_AFTER_MS = 500
MODES = {mode.name.lower(): mode for mode in (Mode.SINGLE, Mode.SPLIT, Mode.SIDE_BY_SIDE)}


class Restoring(QObject):
    """Keeps the session file, and opens again what was open.

    Args:
        parts: The window.
        opening: Opens the last folder.
    """

    def __init__(self, parts: Parts, opening: Opening) -> None:
        super().__init__(parts.window)
        self._parts = parts
        self._opening = opening
        self._file = state_folder() / FILE
        self._window = QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)
        self._touched: set[Path] = set()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._written = 0
        self._later = QTimer(self, singleShot=True, interval=WRITE_AFTER_MS)
        self._later.timeout.connect(self._write_later)

    def restore(self, *, paths: bool) -> None:
        """Brings the window, the view and the edits back.

        Args:
            paths: Whether photos were named on the command line, which then come instead of the last ones.
        """
        self._restore_window()
        self._restore_session()
        parts = self._parts
        parts.book.changed.connect(self._on_edit)
        parts.canvas.mode_changed.connect(self._start_later)
        parts.canvas.split_changed.connect(self._start_later)
        parts.library.folder_opened.connect(self._remember_folder)
        parts.document.opened.connect(self._remember_photo)
        library = parts.settings.settings.library
        if not paths and library.reopen and library.folder:
            self._opening.reopen(Path(library.folder), Path(library.photo) if library.photo else None)

    def save(self) -> None:
        """Writes everything now; for the end of the program."""
        self._later.stop()
        self._parts.window.leave_full_screen()
        self._window.setValue("geometry", self._parts.window.saveGeometry())
        self._window.setValue("state", self._parts.window.saveState())
        self._window.setValue("library", self._parts.library.save_layout())
        self._window.sync()
        try:
            self._write(self._session(), next(self._numbers))
        except OSError as error:  # a full disk must not keep the window open
            _tell(error)

    def _restore_window(self) -> None:
        for key, restore in (
            ("geometry", self._parts.window.restoreGeometry),
            ("state", self._parts.window.restoreState),
            ("library", self._parts.library.restore_layout),
        ):
            value = self._window.value(key)
            if value is not None:
                with contextlib.suppress(TypeError):  # the file was written by hand
                    restore(value)

    def _restore_session(self) -> None:
        try:
            session = cast("object", json.loads(self._file.read_bytes()))
        except FileNotFoundError:
            return
        except (OSError, ValueError, RecursionError) as error:
            log.warning("The session file could not be read; it is set aside.", exc_info=error)
            with contextlib.suppress(OSError):
                self._file.replace(self._file.with_name(f"{FILE}.bad"))
            return
        if not isinstance(session, dict):
            return
        fields = cast("dict[str, object]", session)
        self._parts.book.read_json(fields.get("edits"))
        mode, split = fields.get("view"), fields.get("split")
        if isinstance(mode, str) and mode in MODES:
            self._parts.canvas.set_mode(MODES[mode])
        if isinstance(split, float) and 0 <= split <= 1:
            self._parts.canvas.set_split(split)

    def _session(self) -> dict[str, Any]:
        """What this window has to say: its view, and the edits that were made in it."""
        canvas = self._parts.canvas
        mode = canvas.mode.name.lower() if canvas.mode in MODES.values() else "split"
        return {"view": mode, "split": canvas.split, "edits": [self._parts.book.row(path) for path in self._touched]}

    def _write(self, session: dict[str, Any], number: int) -> None:
        """Writes the session file; on any thread. What another window wrote about other photos stays.

        Args:
            session: What this window has to say.
            number: Of two calls that wait for each other, the one with the smaller number writes nothing: it is older.
        """
        with self._lock:
            if number < self._written:
                return
            self._written = number
            mine = {row["photo"] for row in session["edits"]}
            others = [row for row in _edits_in(self._file) if row.get("photo") not in mine]
            changed = [row for row in session["edits"] if len(row) > len(("photo", "saved"))]
            content = json.dumps({**session, "edits": [*others, *changed]}, indent=1)
            write_atomically(self._file, content.encode("ascii"))

    def _write_later(self) -> None:
        session, number = self._session(), next(self._numbers)
        self._parts.writing.run(lambda progress: self._write(session, number), failed=_tell)

    def _on_edit(self, path: Path) -> None:
        self._touched.add(path)
        self._later.start()

    def _start_later(self, *_: object) -> None:
        self._later.start()

    def _remember_folder(self, folder: Path) -> None:
        settings = self._parts.settings.settings
        library = replace(settings.library.with_recent(str(folder)), folder=str(folder))
        self._parts.settings.update(replace(settings, library=library))

    def _remember_photo(self) -> None:
        document = self._parts.document
        if document.path is None or document.borrowed:
            return
        settings = self._parts.settings.settings
        self._parts.settings.update(replace(settings, library=replace(settings.library, photo=str(document.path))))


def _edits_in(file: Path) -> list[dict[str, object]]:
    """The edits that a session file holds; none where it is damaged or not there."""
    try:
        rows = cast("object", json.loads(file.read_bytes())["edits"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return []
    found = cast("list[object]", rows) if isinstance(rows, list) else []
    return [cast("dict[str, object]", row) for row in found if isinstance(row, dict)]


def _tell(error: Exception) -> None:
    log.warning("The session file could not be written.", exc_info=error)
