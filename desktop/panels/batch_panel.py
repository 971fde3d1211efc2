"""The batch queue on the screen: its entries, what can be done to them, and the photos that failed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QPushButton,
    QSplitter,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from desktop.batches import BatchState
from desktop.icons import icon
from desktop.library.uri import file_uri
from desktop.panels.batch_delegate import BatchDelegate
from desktop.panels.batch_list import BatchList
from desktop.panels.failure_view import FailureView
from desktop.panels.icon_button import IconButton
from desktop.panels.wording import path_text
from engine import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent, QDropEvent, QResizeEvent

    from desktop.batches import BatchEntry, BatchQueue

WIDE = 600
"""Pixels from which on the failures stand beside the entries, not below them."""
RECORDS = ".autochrome"
"""The folder inside an output folder that a report goes to where its own place is taken."""
PAGE = ".html"


def open_with_system(path: Path) -> bool:
    """Shows a file or folder in the program that the user has for it; whether there is one."""
    return QDesktopServices.openUrl(QUrl.fromEncoded(file_uri(path).encode()))


class BatchPanel(QWidget):
    """The panel of a batch queue.

    Args:
        queue: The queue.
        parent: The owner.
        open_path: Shows a file or folder outside of this program; whether it could.

    Signals:
        add_requested (): The user wants to choose a folder to be coloured.
        dropped (object): Files and folders, a list of `Path`, were dropped here to be coloured.
        photo_requested (object): The user wants to see the photo of this path.
        failed (object): Something could not be shown; an `EngineError`.
    """

    add_requested = Signal()
    dropped = Signal(object)
    photo_requested = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        queue: BatchQueue,
        parent: QWidget | None = None,
        *,
        open_path: Callable[[Path], bool] = open_with_system,
    ) -> None:
        super().__init__(parent)
        self._queue = queue
        self._open_path = open_path
        self.rows = BatchList(queue, self)
        self.list = QListView()
        self.failure_view = FailureView()
        self.add_button = QPushButton(self.tr("Add folder…"))
        self.pause_button = IconButton("pause", self.tr("Pause"))
        self.cancel_button = IconButton("stop", self.tr("Cancel"))
        self.retry_button = IconButton("retry", self.tr("Run again"))
        self.remove_button = IconButton("remove", self.tr("Remove from the queue"))
        self.folder_button = IconButton("open-folder", self.tr("Open the folder of the coloured photos"))
        self.report_button = IconButton("log", self.tr("Open the report"))
        self.empty = QLabel(self.tr("Folders that you add, or drop here, are coloured one after the other."))
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._pages = QStackedLayout()
        self._set_up()
        self._lay_out()
        self._connect()
        self._show_all()

    @property
    def current(self) -> BatchEntry | None:
        """The entry that is selected."""
        return self.rows.entry(self.list.currentIndex().row())

    def select(self, entry: BatchEntry) -> None:
        """Selects an entry."""
        for row in range(self.rows.rowCount()):
            if self.rows.entry(row) is entry:
                self.list.setCurrentIndex(self.rows.index(row))

    def entry_menu(self) -> QMenu:
        """What can be done to the entry that is selected, as a menu that goes when it is closed."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        entry = self.current
        if entry is not None and entry.held_up:
            again = self.failure_view.again_button
            menu.addAction(icon("retry"), again.text(), again.click)
        for button in self._acts:
            menu.addAction(button.icon(), button.text(), button.click).setEnabled(button.isEnabled())
        return menu

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the failures beside the entries where there is room for it."""
        super().resizeEvent(event)
        wide = self.width() >= WIDE
        direction = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        if self._splitter.orientation() != direction:
            self._splitter.setOrientation(direction)
            length = self._splitter.width() if wide else self._splitter.height()
            self._splitter.setSizes([length * 2 // 5, length * 3 // 5])

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Takes files and folders."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Tells what was dropped."""
        event.acceptProposedAction()
        self.dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def _set_up(self) -> None:
        self.list.setModel(self.rows)
        self.list.setItemDelegate(BatchDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setAccessibleName(self.tr("Batch queue"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.add_button.setAccessibleName(self.tr("Add a folder to the queue"))
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setAcceptDrops(True)

    @property
    def _acts(self) -> tuple[IconButton, ...]:
        return (
            self.pause_button,
            self.cancel_button,
            self.retry_button,
            self.remove_button,
            self.folder_button,
            self.report_button,
        )

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.addWidget(self.add_button)
        bar.addStretch(1)
        for button in self._acts:
            bar.addWidget(button)
        self._splitter.addWidget(self.list)
        self._splitter.addWidget(self.failure_view)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setStretchFactor(0, 2)
        self._splitter.setStretchFactor(1, 3)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._splitter)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 8)
        column.setSpacing(4)
        column.addLayout(bar)
        column.addLayout(self._pages, 1)

    def _connect(self) -> None:
        queue = self._queue
        queue.entry_added.connect(self._added)
        queue.entry_changed.connect(self._changed)
        queue.failures_changed.connect(self._changed)
        queue.entry_removed.connect(self._show_all)
        self.list.selectionModel().currentChanged.connect(self._show_current)
        self.list.customContextMenuRequested.connect(self._show_menu)
        self.add_button.clicked.connect(lambda: self.add_requested.emit())
        self.pause_button.clicked.connect(self._pause_or_resume)
        self.cancel_button.clicked.connect(lambda: self._act(queue.cancel))
        self.retry_button.clicked.connect(lambda: self._act(queue.retry))
        self.remove_button.clicked.connect(lambda: self._act(queue.remove))
        self.folder_button.clicked.connect(self._open_folders)
        self.report_button.clicked.connect(self._open_reports)
        self.failure_view.photo_requested.connect(self.photo_requested)
        self.failure_view.retry_requested.connect(lambda: self._act(queue.retry))
        self.failure_view.try_again_requested.connect(lambda: self._act(queue.try_again))
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.list)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self.remove_button.click)

    def _act(self, act: Callable[[BatchEntry], None]) -> None:
        entry = self.current
        if entry is not None:
            act(entry)

    def _pause_or_resume(self) -> None:
        entry = self.current
        if entry is not None:
            self._act(self._queue.resume if entry.state is BatchState.PAUSED else self._queue.pause)

    def _open_folders(self) -> None:
        entry = self.current
        for folder in [] if entry is None else output_folders(entry):
            self._open(folder)

    def _open_reports(self) -> None:
        entry = self.current
        for report in [] if entry is None else reports_to_read(entry):
            self._open(report)

    def _open(self, path: Path) -> None:
        if not self._open_path(path):
            sentence = self.tr("{path} could not be opened.").format(path=path_text(path))
            self.failed.emit(EngineError(sentence, self.tr("Perhaps it was moved, or no program is set up for it.")))

    def _added(self, entry: BatchEntry) -> None:
        current = self.current
        if current is None or not current.state.active:
            self.select(entry)
        self._show_all()

    def _changed(self, entry: BatchEntry) -> None:
        if entry is self.current:
            self._show_current()

    def _show_all(self) -> None:
        self._pages.setCurrentWidget(self._splitter if self.rows.rowCount() else self.empty)
        if self.rows.rowCount() and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.rows.index(0))
        self._show_current()

    def _show_current(self, *_: QModelIndex) -> None:
        entry = self.current
        self.failure_view.show_entry(entry)
        state = None if entry is None else entry.state
        if state is BatchState.PAUSED:
            self.pause_button.set_face("play", self.tr("Go on"))
        else:
            self.pause_button.set_face("pause", self.tr("Pause"))
        self.pause_button.setEnabled(state in (BatchState.RUNNING, BatchState.PAUSED))
        self.cancel_button.setEnabled(state in (BatchState.WAITING, BatchState.RUNNING, BatchState.PAUSED))
        self.retry_button.setEnabled(state is not None and state.ended)
        self.remove_button.setEnabled(state is not None and not state.active)
        self.folder_button.setEnabled(entry is not None and bool(output_folders(entry)))
        self.report_button.setEnabled(entry is not None and bool(entry.reports))

    def _show_menu(self, position: QPoint) -> None:
        self.entry_menu().popup(self.list.viewport().mapToGlobal(position))


def output_folders(entry: BatchEntry) -> list[Path]:
    """The folders that an entry's coloured photos went to, as far as they are known."""
    if entry.options.output is not None:
        return [Path(entry.options.output)]  # the window gives no URLs
    roots = [_root_of(report) for report in entry.reports]
    if not roots and entry.output is not None:
        roots = [entry.output]
    return list(dict.fromkeys(roots))


def reports_to_read(entry: BatchEntry) -> list[Path]:
    """One report for each output folder: the page, which people read, or else the table."""
    best: dict[Path, Path] = {}
    for report in entry.reports:
        root = _root_of(report)
        if root not in best or (report.suffix == PAGE and best[root].suffix != PAGE):
            best[root] = report
    return list(best.values())


def _root_of(report: Path) -> Path:
    """The output folder that a report is about."""
    return next((folder.parent for folder in report.parents if folder.name == RECORDS), report.parent)
