"""What the window is made of, as one value: `desktop.app` makes it, and each flow takes from it what it connects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop.actions import Actions
    from desktop.batches import BatchQueue
    from desktop.canvas import Canvas, HintTools
    from desktop.coloring import Engine
    from desktop.dialogs.welcome import WelcomePage
    from desktop.document import Document
    from desktop.edits import EditBook
    from desktop.keeping import Keeper
    from desktop.library import Library
    from desktop.messages import Messages
    from desktop.panels import BatchPanel, HintPanel, LookPanel, ModelPanel
    from desktop.settings import SettingsStore
    from desktop.tasks import Tasks
    from desktop.window import MainWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Everything that there is one of.

    Attributes:
        settings: What the user set.
        messages: Where errors are shown and logged.
        reading: Threads that read photos.
        saving: The thread that saves, one photo after the other.
        writing: The thread that writes settings and the session.
        checking: The thread that checks and installs models, and compares reference photos.
        browsing: Threads that list folders and make thumbnails.
        drawing: Threads that make tiles.
        engine: The networks.
        document: The open photo.
        book: The edits of all photos.
        keeper: Where they are kept on the disk.
        queue: The batches.
        window: The main window.
        welcome: The page without a photo.
        canvas: The photo.
        tools: What the pointer does with hints on it.
        library: The folder browser.
        models: The panel of models.
        looks: The panel of looks.
        hints: The panel of hints.
        batches: The panel of the queue.
    """

    settings: SettingsStore
    messages: Messages
    reading: Tasks
    saving: Tasks
    writing: Tasks
    checking: Tasks
    browsing: Tasks
    drawing: Tasks
    engine: Engine
    document: Document
    book: EditBook
    keeper: Keeper
    queue: BatchQueue
    window: MainWindow
    welcome: WelcomePage
    canvas: Canvas
    tools: HintTools
    library: Library
    models: ModelPanel
    looks: LookPanel
    hints: HintPanel
    batches: BatchPanel

    @property
    def actions(self) -> Actions:
        """Every act by name."""
        return self.window.actions_by_name

    def finish_acts(self) -> None:
        """Ends what is being changed by keys, before anything that needs the photo's edits as they are."""
        self.looks.finish()
        self.hints.finish()
