"""What the next start finds again: the folder, the photo, the way of viewing, unsaved changes, the window's places.

The folder and the photo are settings. The view, the colours that were used last, and which photos have changes that no
coloured copy shows are a small JSON file in the state folder, written atomically a moment after each change. The
changes themselves are in the photos' sidecars (`desktop.keeping`); those that an earlier version kept in the session
file are taken over to there.
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

from PySide6.QtCore import QObject, QSettings, QTimer, Signal

from desktop.atomic import write_atomically
from desktop.canvas import Mode
from desktop.edits import former_edits
from desktop.settings import config_folder
from engine import state_folder

if TYPE_CHECKING:
    from desktop.edits import Edits
    from desktop.flows.opening import Opening
    from desktop.parts import Parts
    from engine import EngineError

log = logging.getLogger(__name__)

FILE = "session.json"
WRITE_AFTER_MS = 500
NOTES = ("colors", "palette")
"""What others have kept here."""
MODES = {mode.name.lower(): mode for mode in (Mode.SINGLE, Mode.SPLIT, Mode.SIDE_BY_SIDE)}


class Restoring(QObject):
    """Keeps the session file, and opens again what was open.

    Args:
        parts: The window.
        opening: Opens the last folder.

    Signals:
        restored (): What was noted the last time is known.
    """

    restored = Signal()

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
        self._notes: dict[str, Any] = {}
        self._later = QTimer(self, singleShot=True, interval=WRITE_AFTER_MS)
        self._later.timeout.connect(self._write_later)

    def restore(self, *, paths: bool) -> None:
        """Brings the window, the view and the edits back.

        Args:
            paths: Whether photos were named on the command line, which then come instead of the last ones.
        """
        self._restore_window()
        self._restore_session()
        self.restored.emit()
        parts = self._parts
        parts.book.changed.connect(self._on_edit)
        parts.keeper.kept_apart.connect(self._tell_apart)
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
        self._parts.keeper.flush()
        try:
            self._write(self._session(), self._names(), next(self._numbers))
        except OSError as error:  # a full disk must not keep the window open
            _tell(error)

    def noted(self, name: str) -> object:
        """What was noted under a name, or stood in the file: whatever a person or another version wrote there."""
        return self._notes.get(name)

    def note(self, name: str, value: Any) -> None:
        """Keeps something small for the next start: plain values, under one of `NOTES`."""
        if value != self._notes.get(name):
            self._notes[name] = value
            self._later.start()

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
        self._take_over(former_edits(fields.get("edits")))
        unsaved = [Path(name) for name in _texts(fields.get("unsaved"))]
        self._parts.book.expect(unsaved)
        self._parts.keeper.load(unsaved, self._parts.reading)
        self._notes = {name: fields[name] for name in NOTES if name in fields}
        mode, split = fields.get("view"), fields.get("split")
        if isinstance(mode, str) and mode in MODES:
            self._parts.canvas.set_mode(MODES[mode])
        if isinstance(split, float) and 0 <= split <= 1:
            self._parts.canvas.set_split(split)

    def _take_over(self, former: dict[Path, tuple[Edits, bool]]) -> None:
        """Has edits that an earlier version kept in the session file written to sidecars."""
        for path, (edits, saved) in former.items():
            self._parts.book.adopt(path, edits, saved=saved)
            self._parts.keeper.keep(path)
            self._touched.add(path)

    def _session(self) -> dict[str, Any]:
        """What this window has to say: its view, its notes, and which photos that were changed in it are unsaved."""
        canvas, book = self._parts.canvas, self._parts.book
        mode = canvas.mode.name.lower() if canvas.mode in MODES.values() else "split"
        unsaved = [str(path) for path in self._touched if book.is_unsaved(path)]
        return {"view": mode, "split": canvas.split, "unsaved": unsaved, **self._notes}

    def _write(self, session: dict[str, Any], touched: frozenset[str], number: int) -> None:
        """Writes the session file; on any thread. What another window wrote about other photos stays.

        Args:
            session: What this window has to say.
            touched: The photos that it speaks of.
            number: Of two calls that wait for each other, the one with the smaller number writes nothing: it is older.
        """
        with self._lock:
            if number < self._written:
                return
            self._written = number
            before = _fields_in(self._file)
            others = [name for name in _texts(before.get("unsaved")) if name not in touched]
            content: dict[str, Any] = {**session, "unsaved": [*others, *session["unsaved"]]}
            # Edits of an earlier version are taken over by now, but for those that a slow disk still waits for.
            rows = cast("list[dict[str, object]]", before["edits"]) if isinstance(before.get("edits"), list) else []
            waiting = [row for row in rows if self._is_waiting(row)]
            if waiting:
                content["edits"] = waiting
            write_atomically(self._file, json.dumps(content, indent=1).encode("ascii"))

    def _is_waiting(self, row: object) -> bool:
        photo = cast("dict[str, object]", row).get("photo") if isinstance(row, dict) else None
        return isinstance(photo, str) and self._parts.keeper.is_waiting(Path(photo))

    def _write_later(self) -> None:
        session, names, number = self._session(), self._names(), next(self._numbers)
        self._parts.writing.run(lambda progress: self._write(session, names, number), failed=_tell)

    def _names(self) -> frozenset[str]:
        return frozenset(str(path) for path in self._touched)

    def _on_edit(self, path: Path) -> None:
        self._touched.add(path)
        self._later.start()

    def _start_later(self, *_: object) -> None:
        self._later.start()

    def _tell_apart(self, path: Path, problem: EngineError) -> None:
        words = self.tr("What you change about {name} is kept by Autochrome itself. {cause}")
        self._parts.window.status.say(words.format(name=path.name, cause=problem))

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


def _fields_in(file: Path) -> dict[str, object]:
    """What a session file says; nothing where it is damaged or not there."""
    try:
        fields = cast("object", json.loads(file.read_bytes()))
    except (OSError, ValueError, RecursionError):
        return {}
    return cast("dict[str, object]", fields) if isinstance(fields, dict) else {}


def _texts(values: object) -> list[str]:
    """The texts in a list that a file holds, whatever it is."""
    found = cast("list[object]", values) if isinstance(values, list) else []
    return [value for value in found if isinstance(value, str)]


def _tell(error: Exception) -> None:
    log.warning("The session file could not be written.", exc_info=error)
