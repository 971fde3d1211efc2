"""The composition root: the only place where objects are made and wired, and where they are let go in good order."""

from __future__ import annotations

import logging
import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QFileOpenEvent, QIcon, QKeySequence
from PySide6.QtWidgets import QApplication, QDialog, QMessageBox

from desktop.actions import NEED_PHOTO
from desktop.batches import BatchQueue
from desktop.canvas import Canvas, HintTools
from desktop.collecting import Collecting
from desktop.coloring import Engine
from desktop.dialogs import AboutDialog, KeysDialog, LogDialog, SettingsDialog, WelcomePage
from desktop.document import Document
from desktop.edits import EditBook
from desktop.flows.ahead import EncodingAhead
from desktop.flows.batching import Batching
from desktop.flows.choosing import Choosing
from desktop.flows.coloring import ColoringFlow
from desktop.flows.comparing import Comparing
from desktop.flows.hint_colors import HintColors
from desktop.flows.hint_guidance import Guidance
from desktop.flows.hint_transfer import HintTransfer
from desktop.flows.hinting import Hinting
from desktop.flows.opening import Opening, is_borrowed
from desktop.flows.restoring import Restoring
from desktop.flows.saving import SavingFlow
from desktop.icons import FOLDER as ICONS
from desktop.keeping import Keeper
from desktop.keys import KeyGuard
from desktop.language import install_language
from desktop.library import Library, ThumbnailCache
from desktop.messages import Messages
from desktop.panels import BatchPanel, HintPanel, LookPanel, ModelPanel
from desktop.parts import Parts
from desktop.settings import SettingsFile, SettingsStore
from desktop.studio import Studio
from desktop.tasks import Tasks
from desktop.theme import Theme
from desktop.window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.settings import Settings

SWITCH_SECONDS = 0.001
WARM_UP_MS = 400
"""So long after the start the network is loaded, when the window stands."""


class Application(QApplication):
    """Qt's application, with what Autochrome adds.

    Signals:
        file_opened (object): The system asks to open a file (macOS); its path.
    """

    file_opened = Signal(object)

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(list(arguments))
        self.setApplicationName("autochrome")
        self.setApplicationDisplayName("Autochrome")
        self.setDesktopFileName("org.autochrome.Autochrome")
        self.setWindowIcon(QIcon(str(ICONS / "autochrome.svg")))

    def event(self, event: QEvent) -> bool:
        """Takes files that the system asks to open."""
        if event.type() == QEvent.Type.FileOpen:
            self.file_opened.emit(Path(cast("QFileOpenEvent", event).file()))
            return True
        return super().event(event)


class Autochrome(QObject):
    """The running program.

    Args:
        app: Qt's application.
        make_studio: Makes the models' owner for a device; tests give one with a tiny network.
    """

    def __init__(self, app: QApplication, make_studio: Callable[[str], Studio] | None = None) -> None:
        super().__init__()
        self._collecting = Collecting(self)
        reading = Tasks("reading", 2, self)
        writing = Tasks("writing", 1, self)
        settings = SettingsStore(SettingsFile(), writing, self)
        values = settings.settings
        install_language(app, values.appearance.language)
        self.theme = Theme(app, values.appearance.theme)
        device = values.coloring.device
        drawing, browsing = Tasks("drawing", 2, self), Tasks("browsing", 2, self)
        queue, book = BatchQueue(self), EditBook(self)
        welcome, canvas = WelcomePage(reading), Canvas(drawing)
        library = Library(browsing, ThumbnailCache())
        models, looks, hints, batches = ModelPanel(), LookPanel(), HintPanel(), BatchPanel(queue)
        self.parts = parts = Parts(
            settings=settings,
            messages=Messages(),
            reading=reading,
            saving=Tasks("saving", 1, self),
            writing=writing,
            checking=Tasks("checking", 1, self),
            browsing=browsing,
            drawing=drawing,
            engine=Engine(make_studio(device) if make_studio else Studio(device=device), self),
            document=Document(self),
            book=book,
            keeper=Keeper(book, writing, is_borrowed, self),
            queue=queue,
            window=MainWindow(welcome, canvas, library, [models, looks], hints, batches),
            welcome=welcome,
            canvas=canvas,
            tools=HintTools(self),
            library=library,
            models=models,
            looks=looks,
            hints=hints,
            batches=batches,
        )
        self.opening = Opening(parts)
        self.coloring = ColoringFlow(parts)
        self.choosing = Choosing(parts, self.coloring)
        self.comparing = Comparing(parts, self.choosing, self.coloring)
        self.saving = SavingFlow(parts, self.choosing)
        self.batching = Batching(parts, self.choosing, self.opening)
        self.restoring = Restoring(parts, self.opening)
        self.hinting = Hinting(parts, self.coloring)
        self.hint_colors = HintColors(parts, self.hinting, self.restoring)
        self.guidance = Guidance(parts)
        self.transfer = HintTransfer(parts, self.hint_colors)
        self.ahead = EncodingAhead(parts)
        self.keys = KeyGuard(parts.window)
        self._log: LogDialog | None = None
        self._wire(app)
        self._apply(values)

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Shows the window, with what was named on the command line, or what was open last."""
        self.parts.messages.start()
        self.restoring.restore(paths=bool(paths))
        self.parts.window.show()
        if paths:
            self.opening.open_paths(paths)
        problem = self.parts.settings.problem
        if problem is not None:
            self.parts.messages.show_error(problem)
        self._collecting.settle()
        QTimer.singleShot(WARM_UP_MS, self, self._warm_up)

    def quit(self, *_: object) -> None:
        """Ends the program without asking: the system wants it. Nothing is lost, and what runs goes on later."""
        self.restoring.save()
        QCoreApplication.quit()

    def stop(self, seconds: float = 2.0) -> bool:
        """Ends all work and threads.

        Args:
            seconds: How long each thread may take; the loading of the network cannot be interrupted.

        Returns:
            Whether every thread has ended. If not, `dispose` must not be called.
        """
        self.parts.canvas.clear()
        parts = self.parts
        parts.library.stop()
        parts.keeper.flush()
        ended = [self.ahead.stop(seconds), parts.queue.stop(), parts.engine.stop(seconds)]
        ended += [tasks.stop(seconds) for tasks in self._all_tasks()]
        parts.settings.flush()
        parts.messages.stop()
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self.keys)
        self._collecting.stop()
        return all(ended)

    def dispose(self) -> None:
        """Destroys the window and all that belongs to it, in an order that Qt allows; nothing can be used any more.

        Left to Python, it would happen in an order of its own at the end of the process.
        """
        for owner in (self.parts.window, self):
            owner.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _all_tasks(self) -> tuple[Tasks, ...]:
        parts = self.parts
        return parts.reading, parts.saving, parts.drawing, parts.browsing, parts.checking, parts.writing

    def _wire(self, app: QApplication) -> None:
        parts, actions = self.parts, self.parts.actions
        app.installEventFilter(self.keys)
        self.keys.held.connect(parts.canvas.hold_original)
        if isinstance(app, Application):
            app.file_opened.connect(self._open_file)
        parts.canvas.failed.connect(parts.messages.show_error)
        parts.batches.failed.connect(parts.messages.show_error)
        for tasks in self._all_tasks():
            tasks.unhandled.connect(parts.messages.show_error)
        parts.settings.failed.connect(parts.messages.show_error)
        parts.keeper.failed.connect(parts.messages.show_error)
        parts.settings.changed.connect(self._apply)
        self.opening.weights_given.connect(self.choosing.add_model)
        self.coloring.model_failed.connect(self.choosing.model_failed)
        parts.window.closing.connect(self._on_closing)
        parts.window.status.cancel_requested.connect(self._cancel)
        parts.document.opened.connect(self._on_document)
        parts.document.photo_changed.connect(self._on_document)
        parts.document.edited.connect(self._on_document)
        parts.book.changed.connect(self._on_document)
        undo = parts.document.undo_stack
        actions["undo"].triggered.connect(self._undo)
        actions["redo"].triggered.connect(undo.redo)
        actions["find"].triggered.connect(parts.library.focus_filter)
        undo.canUndoChanged.connect(actions["undo"].setEnabled)
        undo.canRedoChanged.connect(actions["redo"].setEnabled)
        actions["quit"].triggered.connect(parts.window.close)
        actions["cancel"].triggered.connect(self._cancel)
        actions["full_screen"].toggled.connect(self._set_full_screen)
        actions["settings"].triggered.connect(self._show_settings)
        actions["keys"].triggered.connect(self._show_keys)
        actions["about"].triggered.connect(self._show_about)
        actions["log"].triggered.connect(self._show_log)
        # Held, it is Space, which `KeyGuard` sees; from the menu it stays until it is chosen again.
        actions["original"].setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        for name in ("undo", "redo"):
            actions[name].setEnabled(False)
        self._on_document()

    def _apply(self, settings: Settings) -> None:
        """Takes over changed settings."""
        parts = self.parts
        self.theme.set_choice(settings.appearance.theme)
        recent = self._recent(settings)
        parts.library.set_recent(recent)
        parts.welcome.set_recent(recent)
        parts.library.set_thumbnail_size(settings.library.thumbnail_size)

    def _recent(self, settings: Settings) -> list[Path]:
        return [Path(folder) for folder in settings.library.recent]

    def _on_document(self, *_: object) -> None:
        """Brings the title and the acts that need a photo up to date."""
        parts, document = self.parts, self.parts.document
        for name in NEED_PHOTO:
            parts.actions[name].setEnabled(document.usable)
        count = document.photo.page_count if document.photo is not None else 1
        parts.actions["previous_page"].setEnabled(document.page > 0)
        parts.actions["next_page"].setEnabled(document.page + 1 < count)
        path = document.path
        unsaved = path is not None and parts.book.is_unsaved(path)
        parts.window.title_photo(path.name if path is not None else "", unsaved=unsaved)

    def _undo(self) -> None:
        self.parts.finish_acts()  # what is being changed by keys is the act to undo
        self.parts.document.undo_stack.undo()

    def _warm_up(self) -> None:
        self.parts.engine.warm_up(self.parts.document.choice.model)

    def _cancel(self) -> None:
        """Esc: the innermost thing that goes on."""
        parts = self.parts
        if parts.tools.cancel():
            return
        if self.comparing.active:
            self.comparing.leave()
        elif self.choosing.busy:
            self.choosing.cancel()
        elif self.saving.busy:
            self.saving.cancel()
        elif self.transfer.busy:
            self.transfer.cancel()
        elif self.opening.busy:
            self.opening.cancel()
            parts.canvas.set_status(self.tr("Stopped."))
        elif self.coloring.waiting:
            parts.engine.cancel()
            parts.canvas.set_status("")
            self.choosing.go_back()
            parts.window.status.say(self.tr("Stopped."))
        elif not self.hinting.put_tool_away() and parts.actions["full_screen"].isChecked():
            parts.actions["full_screen"].setChecked(False)

    def _on_closing(self, event: QCloseEvent) -> None:
        if self.parts.queue.busy or self.saving.busy:
            question = self.tr(
                "Photos are still being coloured or saved. Quit all the same? Nothing partial is left, and the same "
                "folder goes on from there later."
            )
            buttons = QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No
            answer = QMessageBox.question(self.parts.window, self.tr("Quit"), question, buttons)
            if answer != QMessageBox.StandardButton.Yes:
                event.ignore()
                return
        self.restoring.save()

    def _open_file(self, path: Path) -> None:
        self.opening.open_paths([path])

    def _set_full_screen(self, on: bool) -> None:
        self.parts.window.set_full_screen(on=on)

    def _show_keys(self) -> None:
        _show_modal(KeysDialog(list(self.parts.actions.by_name.values()), self.parts.window, self._keys_of_views()))

    def _keys_of_views(self) -> list[tuple[str, str]]:
        """Keys that the views of the photo have by themselves."""
        return [
            (self.tr("Zoom at the pointer"), self.tr("+ and −, or the wheel")),
            (self.tr("Move the photo"), self.tr("Ctrl and the arrows, or drag")),
            (self.tr("Move the split"), self.tr("Shift and ← →, with Ctrl faster")),
            (self.tr("Take a colouring while comparing"), self.tr("1 to 4")),
            (self.tr("Take a suggested colour"), self._keys_of_suggestions()),
            (self.tr("Show the crosshair, with a tool for hints"), self.tr("Enter")),
            (self.tr("Move the crosshair"), self.tr("the arrows, with Shift finer")),
            (self.tr("Use the tool at the crosshair"), self.tr("Enter, held to draw with the arrows")),
            (self.tr("Bring the crosshair to a place that needs a hint"), self.tr("its number, 1 to 9")),
            (self.tr("Put the crosshair away"), self.tr("Esc")),
            (self.tr("Select the next hint, while selecting"), self.tr("Enter, with Shift the one before")),
            (self.tr("Move the selected hint, while selecting"), self.tr("the arrows, with Shift finer")),
            (self.tr("Go to a photo, among the thumbnails"), self.tr("its name, unless a key begins it")),
        ]

    def _keys_of_suggestions(self) -> str:
        first, *_, last = (act.shortcut() for act in self.parts.hints.suggestion_actions)
        native = QKeySequence.SequenceFormat.NativeText
        return self.tr("{first} to {last}").format(first=first.toString(native), last=last.toString(native))

    def _show_about(self) -> None:
        _show_modal(AboutDialog(self.choosing.installed, self.parts.window))

    def _show_settings(self) -> None:
        _show_modal(SettingsDialog(self.parts.settings, self.theme, self.parts.window))

    def _show_log(self) -> None:
        if self._log is None:
            self._log = LogDialog(self.parts.messages.logbook, self.parts.window)
        self._log.show()
        self._log.raise_()


def _show_modal(dialog: QDialog) -> None:
    """Shows a dialog until it is closed, and lets it go."""
    dialog.exec()
    dialog.deleteLater()


def run(paths: Sequence[Path]) -> int:
    """Runs the window until it is closed.

    Args:
        paths: Photos and folders to open.

    Returns:
        The exit code.
    """
    # The window must not wait long for Python's lock, which threads keep for this long while others want it.
    sys.setswitchinterval(SWITCH_SECONDS)
    app = Application(sys.argv[:1])
    program = Autochrome(app)
    for number in (signal.SIGINT, signal.SIGTERM):  # seen as soon as a timer of the window gives Python a turn
        signal.signal(number, program.quit)
    program.start(paths)
    code = app.exec()
    if not program.stop():
        # Some thread is inside a library and cannot be interrupted. Everything is written, so nothing is lost by it.
        logging.shutdown()
        os._exit(code)
    program.dispose()
    return code
